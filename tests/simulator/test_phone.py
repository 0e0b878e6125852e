"""A call's webhooks: https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Response

from simulator.phone import HIDDEN, Fault, Phone, State
from simulator.transport import NoAnswer
from tests.simulator.line import ACCOUNT, BASE, CALLER, CLINIC, TOKEN, Line, called, twiml, words

if TYPE_CHECKING:
    from collections.abc import Mapping


def test_the_first_webhook_says_who_calls_whom() -> None:
    """Every parameter that the page lists as always sent is there."""
    line, _ = called("<Gather/>")
    form = line.forms("/voice/incoming")[0]
    assert re.fullmatch(r"CA[0-9a-f]{32}", form["CallSid"])
    assert (form["AccountSid"], form["ApiVersion"]) == (ACCOUNT, "2010-04-01")
    assert (form["From"], form["To"], form["Caller"], form["Called"]) == (
        CALLER,
        CLINIC,
        CALLER,
        CLINIC,
    )
    assert (form["CallStatus"], form["Direction"]) == ("ringing", "inbound")
    assert form["StirVerstat"] == "TN-Validation-Passed-A"


def test_a_hidden_number_is_called_anonymous() -> None:
    """Nobody's number and nobody's attestation."""
    line = Line({"/voice/incoming": "<Hangup/>"})
    line.phone(HIDDEN).call()
    form = line.forms("/voice/incoming")[0]
    assert form["From"] == "anonymous"
    assert "StirVerstat" not in form


def test_two_calls_are_two_conversations() -> None:
    """Each call has its own CallSid, from the same telephone too."""
    line, phone = called("<Hangup/>")
    phone.call()
    first, second = line.forms("/voice/incoming")
    assert first["CallSid"] != second["CallSid"]


def test_webhooks_are_signed_as_twilio_signs() -> None:
    """The signature is Twilio's own for the address with its query and the parameters of the form.

    https://www.twilio.com/docs/usage/security#validating-requests
    """
    _, phone = called("<Redirect>/voice/turn?x=caf%C3%A9&amp;cb=a%2Fb</Redirect>")
    for exchange in phone.log:
        signature = exchange.request.headers["X-Twilio-Signature"]
        assert RequestValidator(TOKEN).validate(exchange.url, exchange.form, signature)
    assert phone.log[1].url == f"{BASE}/voice/turn?x=caf%C3%A9&cb=a%2Fb"


def test_the_documented_signature_comes_out() -> None:
    """The vector of Twilio's own tests: token 12345, the address and form of its example."""
    signatures: list[str] = []

    def transport(
        _url: str, headers: Mapping[str, str], _form: object
    ) -> tuple[int, dict[str, str], bytes]:
        signatures.append(headers["X-Twilio-Signature"])
        return 204, {}, b""

    phone = Phone(BASE, ACCOUNT, "12345", CALLER, CLINIC, transport)
    number = {"Caller": "+14158675309", "From": "+14158675309", "To": "+18005551212"}
    form = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", **number}
    phone.webhooks.notify("https://mycompany.com/myapp.php?foo=1&bar=2", form)
    assert signatures == ["RSOYDt4T1cUTdK1PDd93/VVr8B8="]


def test_the_end_is_reported() -> None:
    """The completed callback: status, duration in seconds, sequence number, RFC 2822 time."""
    line, phone = called("<Gather/>")
    phone.hang_up()
    phone.hang_up()
    (form,) = line.forms("/voice/status")
    assert (form["CallStatus"], form["CallDuration"], form["SequenceNumber"]) == (
        "completed",
        "0",
        "0",
    )
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", form["Timestamp"])
    assert phone.why == "you hung up"


def test_a_line_that_fails_ends_the_call_with_an_apology() -> None:
    """A 500 is error 11200; the caller hears the carrier's sentence."""
    _, phone = called({"/voice/incoming": Response("oops", 500)})
    assert (phone.state, phone.error) == (State.ENDED, 11200)
    assert words(phone) == ["We are sorry, an application error has occurred. Goodbye."]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response("<Response><Say>", content_type="text/xml"), 12100),
        (Response("<Response><Shout/></Response>", content_type="text/xml"), 12200),
        (Response("<Response/>", content_type="text/html"), 12300),
    ],
)
def test_a_bad_document_in_the_middle_ends_the_call(answer: Response, error: int) -> None:
    """12100, 12200 and 12300 end the call wherever they turn up."""
    _, phone = called('<Gather action="/next" numDigits="1"/>', next=answer)
    phone.press("1")
    assert (phone.state, phone.error) == (State.ENDED, error)


def test_the_fallback_address_is_asked_once() -> None:
    """The fallback hears the error and its address, and carries the call on.

    https://www.twilio.com/docs/voice/twiml#fallback-url
    """
    line = Line(
        {"/voice/incoming": Response("oops", 500), "/fallback": "<Say>please call back</Say>"}
    )
    phone = line.phone(fallback_url=f"{BASE}/fallback")
    phone.call()
    assert words(phone) == ["please call back"]
    form = line.forms("/fallback")[0]
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{BASE}/voice/incoming")


def test_a_redirected_webhook_loses_what_was_gathered() -> None:
    """A 3xx answer is followed without Digits: the classic trailing slash."""
    moved = Response(status=308, headers={"Location": "/next/"})
    line, phone = called(
        {
            "/voice/incoming": '<Gather action="/next" numDigits="1"/>',
            "/next": moved,
            "/next/": "<Say>who?</Say>",
        }
    )
    phone.press("7")
    assert line.forms("/next")[0]["Digits"] == "7"
    assert "Digits" not in line.forms("/next/")[0]
    assert words(phone) == ["who?"]


def test_redirects_without_end_end_the_call() -> None:
    """Error 11215: https://www.twilio.com/docs/api/errors/11215."""
    _, phone = called(
        {"/voice/incoming": Response(status=302, headers={"Location": "/voice/incoming"})}
    )
    assert phone.error == 11215


def test_an_address_fragment_is_not_sent_nor_signed() -> None:
    """Connection overrides live in the fragment.

    https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
    """
    _, phone = called(
        "<Redirect>/voice/turn#rt=6500&amp;rc=1</Redirect>", **{"voice/turn": "<Hangup/>"}
    )
    assert phone.log[1].url == f"{BASE}/voice/turn"
    assert phone.error is None


def test_nobody_there_ends_the_call() -> None:
    """A line that is down is error 11200, not an exception in the caller's hand."""

    def nobody(_url: str, _headers: object, _form: object) -> tuple[int, dict[str, str], bytes]:
        raise NoAnswer

    phone = Phone(BASE, ACCOUNT, TOKEN, CALLER, CLINIC, nobody)
    phone.call()
    assert (phone.state, phone.error) == (State.ENDED, 11200)


def menu() -> tuple[Line, Phone]:
    """Return a call at a question that counts how often it was answered."""
    return called('<Gather action="/next" numDigits="1"/>', next=_again)


def _again(_: object) -> str:
    return '<Say>heard</Say><Gather action="/next" numDigits="1"/>'


def test_a_webhook_delivered_twice_has_the_same_ids() -> None:
    """Deliver twice: the very same parameters and idempotency token, and both answers are kept."""
    line, phone = menu()
    phone.faults.add(Fault.TWICE)
    phone.press("1")
    first, second = line.forms("/next")
    assert first == second
    repeated = phone.log[-1]
    assert repeated.fault is Fault.TWICE
    assert repeated.repeats is phone.log[-2]
    assert repeated.request is phone.log[-2].request
    assert phone.disagreements == []


def test_a_line_that_answers_a_repetition_otherwise_is_found_out() -> None:
    """Disagreements lists the webhooks whose repetition did not get the stored answer."""
    answers = iter(["<Say>one</Say>", "<Say>two</Say>"])
    _, phone = called('<Gather action="/next" numDigits="1"/>', next=lambda _: next(answers))
    phone.faults.add(Fault.TWICE)
    phone.press("1")
    assert [exchange.text for exchange in phone.disagreements] == [
        twiml("<Say>two</Say>").get_data(as_text=True)
    ]
    assert words(phone) == ["one"]


def test_a_webhook_can_arrive_twice_at_the_same_moment() -> None:
    """Deliver at once: both are under way together; one answer is followed, both are kept."""
    line, phone = menu()
    phone.faults.add(Fault.AT_ONCE)
    phone.press("1")
    assert len(line.forms("/next")) == 2
    assert words(phone) == ["heard"]
    assert phone.log[-1].fault is Fault.AT_ONCE


def test_a_late_copy_arrives_after_the_next_turn() -> None:
    """Deliver late: the old webhook comes again once the conversation has moved on."""
    line, phone = menu()
    phone.faults.add(Fault.LATE)
    phone.press("1")
    phone.faults.clear()
    phone.press("2")
    assert [form["Digits"] for form in line.forms("/next")] == ["1", "2", "1"]
    assert words(phone) == ["heard", "heard"]


def test_a_late_copy_arrives_after_the_end_at_the_latest() -> None:
    """What is still on its way when the call ends is delivered afterwards."""
    line, phone = menu()
    phone.faults.add(Fault.LATE)
    phone.press("1")
    phone.hang_up()
    assert line.asked[-1][0] == "/next"
    assert line.asked[-2][0] == "/voice/status"


def test_a_forged_copy_is_refused_and_the_call_goes_on() -> None:
    """Wrong signature: the copy comes first, and changes nothing."""
    line, phone = menu()
    phone.faults.add(Fault.FORGED)
    phone.press("1")
    forged, true = phone.log[-2:]
    assert (forged.fault, forged.status) == (Fault.FORGED, 403)
    assert true.status == 200
    assert len(line.forms("/next")) == 1


def test_an_answer_that_takes_too_long_does_not_arrive() -> None:
    """Slow answer: the line was asked, Twilio stopped waiting after 15 seconds."""
    spent: list[float] = []
    line, phone = menu()
    phone.webhooks.wait = spent.append
    phone.faults.add(Fault.SLOW)
    phone.press("1")
    assert len(line.forms("/next")) == 1
    assert (phone.state, phone.error, spent) == (State.ENDED, 11200, [15])


def test_status_callbacks_can_come_twice() -> None:
    """Status callbacks are repeated, as a retrying carrier does."""
    line, phone = menu()
    phone.faults.add(Fault.STATUS_TWICE)
    phone.hang_up()
    first, second = line.forms("/voice/status")
    assert first == second
