"""However somebody proved who they are, and on whichever channel, the held time is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogue.moment import meaning
from portal import demo, holds
from portal.database import transaction
from portal.records import Patient
from portal.testing import NOON
from tests.dialogue.held import (
    ASKED,
    BOOK,
    at_call,
    at_text,
    held_on,
    hold,
    kept,
    places,
    scripted,
)
from tests.dialogue.proving import NEW_PIN, code
from tests.dialogue.talk import BORN, PIN, Clock, called, outbox, rung, tasks, texted

if TYPE_CHECKING:
    from sqlalchemy import Engine

demo_clinic = pytest.mark.usefixtures("demo_database")


@demo_clinic
def test_what_ran_out_is_not_asked_about() -> None:
    clock, _ = kept()
    clock.at += holds.HOLD_AFTER_CALL
    assert at_call(clock).names == ["identity.proved", "line.help", "line.anything_else"]


@demo_clinic
def test_nor_is_what_somebody_elses_conversation_holds() -> None:
    clock = Clock()
    held_on("voice", clock, born="1957-03-05")
    assert at_call(clock).names == ["identity.proved", "line.help", "line.anything_else"]


@demo_clinic
def test_a_code_in_place_of_a_pin_leads_there_once_the_new_pin_is_set() -> None:
    clock, _ = kept()
    call = scripted(called(clock=clock))
    call.say(BOOK)
    call.press(BORN)
    call.press("1")
    call.press("1")
    assert call.press(code()) == ["identity.proved", "identity.ask_new_pin"]
    call.press(NEW_PIN)
    assert call.press(NEW_PIN) == ["identity.pin_set", "booking.go_on"]
    assert call.press("1") == ["line.welcome"]


@demo_clinic
def test_who_sets_no_new_pin_is_asked_all_the_same() -> None:
    clock, _ = kept()
    call = scripted(called(clock=clock))
    call.say(BOOK)
    call.press(BORN)
    call.press("1")
    call.press("1")
    call.press(code())
    assert call.press("#") == ["booking.go_on"]


@demo_clinic
def test_a_call_that_a_text_asked_for_goes_on_from_the_texts() -> None:
    clock, _ = kept("sms")
    talk = texted(clock=clock)
    talk.text("i do not remember my pin")
    talk.text("1")
    call = scripted(rung(outbox()[0], clock))
    call.press("1")
    call.press(BORN)
    assert call.press(PIN) == ASKED


@demo_clinic
def test_by_text_the_place_has_the_name_that_texts_may_tell() -> None:
    clock, made = kept()
    talk = at_text(clock)
    assert talk.names == ["booking.go_on"]
    assert talk.reply.prompts[0].details["clinic"] == places(made)[1].text_safe_name


@demo_clinic
def test_no_text_tells_of_it_to_who_wants_none_told() -> None:
    clock, made = kept()
    with transaction() as session:
        found = hold(made)
        assert found
        session.get_one(Patient, found.patient_id).text_level = 0
    assert at_text(clock).names == ["line.help", "line.anything_else"]


@pytest.mark.parametrize("before", ["voice", "sms"])
def test_it_goes_on_over_the_other_channel(engine: Engine, before: str) -> None:
    """A call's hold is offered in a text session, and a text's on a call, on both databases."""
    del engine
    with transaction() as session:
        demo.seed(session, NOON)
    clock, made = kept(before)
    talk = at_text(clock) if before == "voice" else at_call(clock)
    assert talk.names[-1] == "booking.go_on"
    assert (talk.text if before == "voice" else talk.press)("1") == ["line.welcome"]
    assert talk.rasa.asked[-1].parsed == meaning("choose_option", "go_on")
    assert hold(made)
    assert tasks() == []
