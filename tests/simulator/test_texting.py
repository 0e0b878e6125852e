"""Texts: https://www.twilio.com/docs/messaging/twiml#twilios-request-to-your-application."""

from __future__ import annotations

import re

from werkzeug.wrappers import Response

from simulator.phone import Fault
from simulator.texting import segments
from tests.simulator.line import ACCOUNT, CALLER, CLINIC, Line


def echo() -> Line:
    """Return a line that repeats each text."""
    return Line({"/sms/incoming": lambda form: f"<Message>You said {form['Body']}</Message>"})


def test_a_text_says_who_writes_what_to_whom() -> None:
    """Every parameter that the page lists is there; the three names of the id are the same."""
    line = echo()
    line.text_phone().text("results")
    form = line.forms("/sms/incoming")[0]
    assert re.fullmatch(r"SM[0-9a-f]{32}", form["MessageSid"])
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"]
    assert (form["AccountSid"], form["From"], form["To"]) == (ACCOUNT, CALLER, CLINIC)
    assert (form["Body"], form["NumMedia"], form["NumSegments"]) == ("results", "0", "1")


def test_the_answers_come_back_and_stand_in_the_thread() -> None:
    """<Message>, with or without <Body>, is a text to this telephone; an empty one is none."""
    line = Line(
        {"/sms/incoming": "<Message>one</Message><Message><Body>two</Body></Message><Message/>"}
    )
    phone = line.text_phone()
    assert phone.text("hi") == ["one", "two"]
    assert [(text.mine, text.body) for text in phone.thread] == [
        (True, "hi"),
        (False, "one"),
        (False, "two"),
    ]


def test_an_empty_response_is_no_answer() -> None:
    """<Response/>: nothing is sent."""
    assert Line({"/sms/incoming": ""}).text_phone().text("hi") == []


def test_pictures_are_announced() -> None:
    """NumMedia, and an address and a type for each."""
    line = echo()
    line.text_phone().text("", pictures=2)
    form = line.forms("/sms/incoming")[0]
    assert (form["NumMedia"], form["MediaContentType1"], form["MessageSid"][:2]) == (
        "2",
        "image/jpeg",
        "MM",
    )


def test_a_very_long_text_travels_in_pieces() -> None:
    """A Body holds 1600 characters: https://www.twilio.com/docs/api/errors/21617."""
    line = echo()
    line.text_phone().text("x" * 3300)
    assert [len(form["Body"]) for form in line.forms("/sms/incoming")] == [1600, 1600, 100]


def test_segments_are_counted_as_billed() -> None:
    """160 characters of GSM-7 are one, 161 two; one accent outside GSM-7 makes it 70 and 67.

    https://www.twilio.com/docs/glossary/what-sms-character-limit
    """
    assert [
        segments("a" * 160),
        segments("a" * 161),
        segments("í" * 70),
        segments("í" * 71),
        segments(""),
    ] == [
        1,
        2,
        1,
        2,
        1,
    ]


def test_a_line_that_fails_says_nothing_and_is_found_out() -> None:
    """The texter hears nothing; the error is kept."""
    phone = Line({"/sms/incoming": Response("oops", 500)}).text_phone()
    assert phone.text("hi") == []
    assert [error.code for error in phone.errors] == [11200]


def test_a_text_delivered_twice_has_the_same_id() -> None:
    """The repetition is the same message, and its answer is not shown again."""
    line = echo()
    phone = line.text_phone()
    phone.faults.add(Fault.TWICE)
    assert phone.text("hi") == ["You said hi"]
    first, second = line.forms("/sms/incoming")
    assert first["MessageSid"] == second["MessageSid"]
    assert phone.disagreements == []


def test_a_late_text_comes_after_a_while_and_once_more_after_the_next() -> None:
    """Late: some seconds on its way, and a copy behind the next text."""
    spent: list[float] = []
    line = echo()
    phone = line.text_phone()
    phone.wait = spent.append
    phone.faults.add(Fault.LATE)
    phone.text("first")
    phone.faults.clear()
    phone.text("second")
    assert [form["Body"] for form in line.forms("/sms/incoming")] == ["first", "second", "first"]
    assert spent == [8]
