"""Reading TwiML: https://www.twilio.com/docs/api/errors/12100, 12200 and 12300."""

from __future__ import annotations

import pytest

from simulator.document import MESSAGING, Failure, read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" <?xml version='1.0'?><Response/>",
        b"<Response><Say>hi</Response>",
        b"<Response><Say voice=alice>hi</Say></Response>",
        b"<Response><Say>bell \x08</Say></Response>",
        b"<response/>",
        b"<html><body>Internal Server Error</body></html>",
    ],
)
def test_what_is_not_twiml_is_12100(body: bytes) -> None:
    """A leading space, an unclosed element, an unquoted attribute, a control character."""
    with pytest.raises(Failure) as failure:
        read(body, "text/xml")
    assert failure.value.code == 12100


@pytest.mark.parametrize(
    "inside",
    [
        "<say>lower case</say>",
        "<Sey>misspelt</Sey>",
        "<Say mood='glad'>unknown attribute</Say>",
        "<Say><Say>nested</Say></Say>",
        "<Gather><Redirect>/x</Redirect></Gather>",
        "<Gather>loose words</Gather>",
        "<Redirect method='GET'>/x</Redirect>",
        "<Record loop='2'/>",
        "<Number>+12025550100</Number>",
        "<Enqueue>support</Enqueue>",
    ],
)
def test_what_the_schema_does_not_know_is_12200(inside: str) -> None:
    """Misspelt or unexpected elements and attributes, and whatever this simulator does not play."""
    with pytest.raises(Failure) as failure:
        read(f"<Response>{inside}</Response>".encode(), "text/xml")
    assert failure.value.code == 12200


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/json", ""])
def test_a_document_of_another_type_is_12300(content_type: str) -> None:
    """Only text/xml and application/xml are taken."""
    with pytest.raises(Failure) as failure:
        read(b"<Response/>", content_type)
    assert failure.value.code == 12300


def test_a_well_formed_document_is_read_whole() -> None:
    """Every script and mark survives the reading."""
    verbs = read(
        "<Response><Say>Phòng khám ¡hola! العيادة &amp; 诊所</Say></Response>".encode(),
        "text/xml; charset=utf-8",
    )
    assert [(verb.name, verb.text) for verb in verbs] == [
        ("Say", "Phòng khám ¡hola! العيادة & 诊所")
    ]


def test_texts_take_messages_alone() -> None:
    """A voice verb in the answer to a text is a mistake."""
    assert [
        verb.text
        for verb in read(b"<Response><Message>hi</Message></Response>", "text/xml", MESSAGING)
    ] == ["hi"]
    with pytest.raises(Failure):
        read(b"<Response><Say>hi</Say></Response>", "text/xml", MESSAGING)
