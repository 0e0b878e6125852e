"""A person now, or a promise that somebody owns; never a promise alone."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogue.handoff import failed_transfer
from portal.database import transaction
from portal.records import Phone
from portal.testing import NOON
from tests.dialogue.talk import HUGHES, ORTEGA, Clock, Talk, called, tasks, texted

pytestmark = pytest.mark.usefixtures("demo_database")

NIGHT = NOON.replace(hour=22)
FRONT_DESK, NURSES = "+12025550102", "+12025550103"
RASH = "a rash on my arm that itches"
MORNING = NIGHT.replace(hour=8) + timedelta(days=1)


def _at_night(number: str | None = HUGHES) -> Talk:
    call = called(number, clock=Clock(NIGHT))
    if call.state.step == "language":
        call.press("1")
    return call


def _at_number() -> Talk:
    call = _at_night(None)
    call.press("0")
    return call


def test_an_open_clinic_with_a_number_is_rung() -> None:
    call = called()
    call.press("0")
    assert (call.reply.then, call.reply.transfer_to) == ("transfer", FRONT_DESK)
    assert tasks() == []


def test_a_closed_clinic_says_when_it_opens_and_promises_a_call() -> None:
    call = _at_night()
    assert call.press("0") == ["handoff.closed", "handoff.call_back", "line.anything_else"]
    assert call.reply.prompts[0].details["opens"] == MORNING


def test_the_promise_is_the_deadline_of_a_task_that_somebody_owns() -> None:
    call = _at_night()
    call.press("0")
    (task,) = tasks()
    assert (task.kind, task.pool, task.topic) == ("call_back", "front_desk", "person")
    assert call.reply.prompts[1].details["due"] == task.due_at == NIGHT + timedelta(hours=24)


def test_what_is_said_of_instants_is_in_the_clinics_zone() -> None:
    call = called(to="+12025550101", clock=Clock(NOON.replace(hour=3)))
    call.press("0")
    spoken = [at for prompt in call.reply.prompts for at in prompt.details.values()]
    assert [str(at.tzinfo) for at in spoken] == ["America/Los_Angeles"] * 2
    assert spoken[0].astimezone(ZoneInfo("America/Los_Angeles")).hour == 9


def test_asking_twice_makes_one_task() -> None:
    call = _at_night()
    call.press("0")
    call.press("0")
    assert len(tasks()) == 1


def test_after_the_promise_the_call_goes_on_or_ends() -> None:
    call = _at_night()
    call.press("0")
    assert call.press("1") == ["line.menu"]
    call.press("0")
    assert call.press("2") == ["line.goodbye"]
    assert call.reply.then == "hangup"


@pytest.mark.parametrize(("words", "said"), [("yes", "line.menu"), ("no thanks", "line.goodbye")])
def test_asked_what_else_a_yes_and_a_no_are_answers(words: str, said: str) -> None:
    call = _at_night()
    call.press("0")
    assert call.say(words) == [said]


def test_in_another_language_it_goes_to_whoever_speaks_it() -> None:
    _at_night(ORTEGA).press("0")
    assert [task.pool for task in tasks()] == ["language:es"]


def test_symptoms_bring_a_nurse_on_the_first_utterance() -> None:
    call = called()
    assert call.say(RASH) == ["handoff.nurse_transferring"]
    assert call.reply.transfer_to == NURSES


def test_at_night_symptoms_become_a_nurses_task_for_the_morning() -> None:
    call = _at_night()
    assert call.say(RASH)[1:3] == ["handoff.nurse_line", "handoff.nurse_call_back"]
    (task,) = tasks()
    assert (task.kind, task.pool) == ("nurse_call_back", "nurse")
    assert task.due_at == MORNING + timedelta(hours=2)


def test_the_menu_has_a_key_for_whoever_feels_sick() -> None:
    call = called()
    (key,) = [c.key for c in call.reply.choices if c.label == "handoff.choice_nurse"]
    assert call.press(key) == ["handoff.nurse_transferring"]


def test_what_the_line_cannot_do_yet_it_says_and_brings_a_person() -> None:
    call = called()
    words = "my pills are running out"
    assert call.say(words) == ["handoff.not_by_phone_yet", "handoff.transferring"]
    assert call.state.topic == "request_refill"


def test_a_transfer_that_nobody_took_becomes_a_promise() -> None:
    call = called()
    call.press("0")
    assert call.decide(failed_transfer)[:2] == ["handoff.transfer_failed", "handoff.call_back"]
    assert [task.pool for task in tasks()] == ["front_desk"]


def test_a_nurse_who_did_not_pick_up_rings_back_the_same_day() -> None:
    call = called()
    call.say(RASH)
    assert call.decide(failed_transfer)[1] == "handoff.nurse_call_back"
    (task,) = tasks()
    assert (task.pool, task.topic) == ("nurse", "clinical_question")
    assert task.due_at == NOON.replace(hour=17)


def test_a_hidden_number_is_put_through_while_somebody_is_there() -> None:
    call = called(None)
    assert call.press("1")[-1] == "line.menu"
    assert call.press("0") == ["handoff.transferring"]


def test_a_hidden_number_is_promised_nothing_before_it_has_left_one() -> None:
    call = _at_number()
    assert call.names == ["handoff.closed", "handoff.ask_number"]
    assert (call.reply.expect.kind, call.reply.expect.digits) == ("secret", 10)
    assert tasks() == []


def test_its_ten_digits_are_read_back_and_then_promised_a_call() -> None:
    call = _at_number()
    assert call.press("2025550166") == ["handoff.number_confirm"]
    assert call.reply.prompts[0].details["phone"] == "+12025550166"
    assert "handoff.call_back" in call.press("1")
    with transaction(read_only=True) as session:
        assert session.get_one(Phone, tasks()[0].phone_id).e164 == "+12025550166"


def test_a_number_that_was_misheard_is_asked_again() -> None:
    call = _at_number()
    call.press("2025550167")
    assert call.press("2") == ["handoff.ask_number"]
    call.press("2025550166")
    assert "handoff.call_back" in call.say("yes")


def test_a_number_is_kept_whichever_word_for_yes_is_said() -> None:
    call = _at_number()
    call.press("2025550166")
    assert "handoff.call_back" in call.say("yeah")


def test_a_number_that_is_too_short_is_asked_again_and_not_for_ever() -> None:
    call = _at_number()
    assert call.press("20255") == ["handoff.number_again"]
    call.press("20255")
    assert call.press("20255") == ["line.goodbye"]
    assert (call.reply.then, tasks()) == ("hangup", [])


def test_silence_at_the_number_ends_the_call() -> None:
    call = _at_number()
    call.stay_silent()
    call.stay_silent()
    assert call.stay_silent() == ["line.goodbye"]


def test_a_patient_with_a_hidden_number_is_rung_where_a_nurse_is_needed_too() -> None:
    call = _at_night(None)
    call.say(RASH)
    call.press("2025550166")
    assert "handoff.nurse_call_back" in call.press("1")
    assert [task.kind for task in tasks()] == ["nurse_call_back"]


def test_a_texter_is_never_transferred() -> None:
    talk = texted()
    assert talk.text("operator") == ["handoff.call_back"]
    assert (talk.reply.then, talk.reply.transfer_to) == ("listen", None)
