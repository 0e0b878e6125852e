"""Whole calls: from the ring to the goodbye, over signed webhooks and the documents between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.answers import Answer, Prompt
from portal.database import transaction
from portal.records import Conversation, Phone
from portal.testing import NOON
from simulator.phone import Pickup, State
from tests.dialogue.talk import (
    BORN,
    HUGHES,
    LANDLINE,
    MAIN,
    ORTEGA,
    PIN,
    RESULTS,
    STRANGER,
    outbox,
    tasks,
)
from tests.web import BASE, Web, verbs, words

if TYPE_CHECKING:
    from simulator.phone import Phone as Telephone


def _conversations() -> list[Conversation]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(Conversation).order_by(Conversation.id)))


def _at_results(web: Web) -> Telephone:
    phone = web.called()
    phone.say(RESULTS)
    phone.press(BORN + PIN)
    return phone


def test_a_patient_calls_proves_who_they_are_and_hears_their_results(web: Web) -> None:
    phone = _at_results(web)
    assert "Your blood count, done on June 8th, 2026, is not back yet." in words(phone)
    assert "Your cholesterol test is back. It is in the normal range." in words(phone)
    assert "LDL" not in words(phone)


def test_the_whole_call_can_be_made_by_keys_alone(web: Web) -> None:
    phone = web.called()
    phone.press("1")
    phone.press(BORN)
    phone.press(PIN)
    phone.press("2")
    assert "paper copy" in words(phone)
    phone.press("1")
    phone.press("2")
    assert (phone.state, phone.why) == (State.ENDED, "the line hung up")
    assert [task.kind for task in tasks()] == ["paper_copy"]


def test_the_same_in_spanish(web: Web) -> None:
    phone = web.called(ORTEGA)
    phone.say("ya salieron mis análisis")
    phone.press("03051957")
    phone.press("482915")
    heard = phone.latest
    assert {each.language for each in heard} == {"es-US"}
    assert "Ya llegó el resultado de su prueba de azúcar" in words(phone)


def test_a_stranger_hears_each_language_in_its_own_voice(web: Web) -> None:
    phone = web.called(STRANGER)
    assert [each.language for each in phone.latest][-3:] == ["en-US", "es-US", "en-US"]
    phone.press("2")
    assert {each.language for each in phone.latest[:-1]} == {"es-US"}


def test_a_hidden_number_is_answered(web: Web) -> None:
    phone = web.called("anonymous")
    phone.press("1")
    assert phone.state is State.LISTENING
    assert _conversations()[0].phone_id is None


def test_the_number_that_was_called_is_the_clinic_that_answers(web: Web) -> None:
    assert "Harbor West Family Clinic" in words(web.called(to="+12025550101"))
    assert "Maple Street Family Clinic" not in words(web.called(to="+12025550101"))


def test_an_unknown_number_is_answered_by_the_first_clinic(web: Web) -> None:
    assert "Maple Street Family Clinic" in words(web.called(to="+12025550199"))


@pytest.mark.parametrize(
    ("called", "rung"), [(MAIN, "+12025550102"), ("+12025550101", "+12025550104")]
)
def test_without_records_the_clinic_that_was_called_is_rung(
    web: Web, called: str, rung: str
) -> None:
    with web.locked():
        phone = web.called(to=called)
    assert [event.text for event in phone.events if event.kind == "dial"] == [rung]


def test_silence_is_heard_out_and_then_a_person_is_rung(web: Web) -> None:
    phone = web.called()
    for _ in range(3):
        phone.stay_silent()
    assert phone.state is State.TRANSFERRED


# A transfer.


def test_staff_hear_what_comes_before_the_caller_is_put_through(web: Web) -> None:
    phone = _at_results(web)
    phone.press("0")
    assert phone.state is State.TRANSFERRED
    whispered = [event.text for event in phone.events if event.kind == "whisper"]
    assert whispered[0] == "A patient is on the line. Language: English. Topic: test results."
    assert "Hughes" not in " ".join(whispered)


@pytest.mark.parametrize(("number", "shown"), [("anonymous", MAIN), (HUGHES, None)])
def test_who_hides_their_number_is_put_through_under_the_clinics(
    web: Web, number: str, shown: str | None
) -> None:
    phone = web.called(number)
    answer = web.post(f"{BASE}/voice/turn/main/en-US/2", {**phone.parameters, "Digits": "0"})
    (dial,) = [verb for verb in verbs(answer) if verb.name == "Dial"]
    assert dial.attributes.get("callerId") == shown


def test_after_they_spoke_the_call_is_over(web: Web) -> None:
    phone = web.called()
    phone.press("0")
    phone.other_hangs_up()
    assert phone.state is State.ENDED


@pytest.mark.parametrize("pickup", [Pickup.BUSY, Pickup.NO_ANSWER, Pickup.FAILED, Pickup.DECLINED])
def test_a_transfer_that_nobody_takes_becomes_a_promise(web: Web, pickup: Pickup) -> None:
    phone = web.called()
    phone.pickup = pickup
    phone.press("0")
    assert "call you back" in words(phone)
    assert (phone.state, len(tasks())) == (State.LISTENING, 1)


def test_the_wrong_key_at_the_whisper_does_not_take_the_call(web: Web) -> None:
    phone = web.called()
    phone.pickup_key = "5"
    phone.press("0")
    assert len(tasks()) == 1


def test_a_topic_that_has_no_words_is_told_as_not_known(web: Web) -> None:
    phone = web.called()
    phone.press("0")
    whispered = [event.text for event in phone.events if event.kind == "whisper"]
    assert whispered[0].endswith("Topic: not known.")


# The end.


def test_a_call_that_is_over_keeps_no_state_and_no_proof(web: Web) -> None:
    phone = _at_results(web)
    phone.hang_up()
    (call,) = _conversations()
    assert (call.assurance, call.state, call.outcome) == (0, {}, "hung_up")
    assert call.ended_at == NOON


def test_the_model_forgets_a_call_that_is_over(web: Web) -> None:
    web.called().hang_up()
    assert web.rasa.forgotten == [_conversations()[0].id.hex]


def test_a_call_ended_by_the_line_keeps_what_it_came_to(web: Web) -> None:
    phone = web.called()
    phone.say("that will be everything for now")
    assert (phone.state, _conversations()[0].outcome) == (State.ENDED, "completed")


def test_a_status_of_a_call_that_is_going_on_ends_nothing(web: Web) -> None:
    phone = web.called()
    form = {**phone.log[0].form, "CallStatus": "in-progress"}
    assert web.post(f"{BASE}/voice/status", form).status_code == 204
    assert _conversations()[0].ended_at is None


def test_a_status_of_a_call_that_nobody_knows_is_taken(web: Web) -> None:
    form = {**web.called().log[0].form, "CallStatus": "completed", "CallSid": "CA" + "9" * 32}
    assert web.post(f"{BASE}/voice/status", form).status_code == 204


# A call that we place.


def test_a_landline_patient_is_rung_and_sets_a_pin_there(web: Web) -> None:
    phone = web.called(LANDLINE)
    phone.say("i do not remember my pin")
    phone.press("01301941")
    phone.press("2")
    assert phone.state is State.ENDED
    back = web.answered(outbox()[0], LANDLINE)
    back.press("1")
    back.press("01301941")
    back.press("820461")
    back.press("820461")
    assert "Your new PIN is set." in words(back)


def test_a_call_that_nobody_asked_for_is_hung_up_on(web: Web) -> None:
    asked = _asked(web)
    asked.id = asked.phone_id
    assert web.answered(asked).state is State.ENDED
    assert len(_conversations()) == 1


def test_a_machine_that_picks_up_hears_nothing(web: Web) -> None:
    phone = web.answered(_asked(web), answered_by="machine_start")
    assert (phone.state, phone.heard) == (State.ENDED, [])


def test_a_person_that_picks_up_is_asked_whether_it_is_them(web: Web) -> None:
    phone = web.answered(_asked(web), answered_by="human")
    assert "someone asked us to" in words(phone)
    assert "Hughes" not in words(phone)


def _asked(web: Web) -> object:
    phone = web.called()
    phone.say("i do not remember my pin")
    phone.press(BORN)
    phone.press("2")
    return outbox()[0]


# Before the carrier.


def test_no_address_carries_anything_about_anybody(web: Web) -> None:
    phone = _at_results(web)
    phone.press("0")
    phone.hang_up()
    for exchange in phone.log:
        path = exchange.url.removeprefix(BASE)
        assert [s for s in ("2025550117", BORN, PIN, "1948", "Hughes") if s in path] == []


def test_each_answer_is_a_document_of_the_carriers(web: Web) -> None:
    phone = _at_results(web)
    phone.hang_up()
    answered = [(each.status, each.header("Content-Type")) for each in phone.log[:-1]]
    assert set(answered) == {(200, "text/xml; charset=utf-8")}


def test_one_telephone_has_one_row_however_often_it_calls(web: Web) -> None:
    web.called(STRANGER).hang_up()
    web.called(STRANGER).hang_up()
    with transaction(read_only=True) as session:
        numbers = [phone.e164 for phone in session.scalars(select(Phone))]
    assert numbers.count(STRANGER) == 1


def test_keys_that_are_no_secret_may_be_pressed_or_said(web: Web) -> None:
    asked = Answer(prompts=(Prompt(name="line.welcome"),), flow="booking", keys=4)
    web.rasa.model, web.rasa.otherwise = None, asked
    phone = web.called()
    phone.say("a time in march please")
    assert phone.gather
    assert (phone.gather.num_digits, phone.gather.dtmf, phone.gather.speech) == (4, True, True)
    phone.press("031")
    assert phone.state is State.LISTENING
    phone.press("5")
    assert (web.rasa.asked[-1].text, web.rasa.asked[-1].flow) == ("0315", "booking")
    phone.say("the fifteenth of march")
    assert web.rasa.asked[-1].text == "the fifteenth of march"
