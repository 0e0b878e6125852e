"""Proving who is calling, branch by branch, and what must never be told or kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import conversations
from portal.access import IdentityNeeded, access_for
from portal.database import transaction
from portal.outbox import prompts_of
from portal.pins import matching
from portal.records import Conversation, Patient
from portal.testing import NOON
from tests.dialogue.talk import (
    BORN,
    HUGHES,
    LANDLINE,
    PIN,
    RESULTS,
    SHARED,
    STRANGER,
    Talk,
    called,
    everything,
    outbox,
    proved,
    rung,
    tasks,
    texted,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dialogue import Reply

pytestmark = pytest.mark.usefixtures("demo_database")

WRONG_PIN, NEW_PIN, UNKNOWN_DATE = "730265", "820461", "06051950"
ASK_DATE, ASK_PIN = ["identity.ask_birth_date"], ["identity.ask_pin"]
ASK_NEW_PIN = ["identity.proved", "identity.ask_new_pin"]
HUGHES_RESULTS = [
    "results.intro",
    "results.not_back",
    "results.normal",
    "results.note_keep_habits",
]
PERSON = ["identity.no_match", "handoff.transferring"]


def _at_pin(number: str | None = HUGHES, born: str = BORN) -> Talk:
    call = called(number)
    if call.state.step == "language":
        call.press("1")
    call.say(RESULTS)
    call.press(born)
    return call


def _at_other_ways(number: str = HUGHES, born: str = BORN) -> Talk:
    call = _at_pin(number, born)
    call.press("1")
    return call


def _values(reply: Reply) -> list[str | None]:
    return [choice.value for choice in reply.choices]


def _code() -> str:
    (text,) = [row for row in outbox() if row.kind == "text"]
    return str(prompts_of(text)[0].details["code"])


def _patient(born: str) -> Patient:
    with transaction(read_only=True) as session:
        return next(p for p in session.scalars(select(Patient)) if p.birth_date == born)


# By birth date and PIN.


@pytest.mark.parametrize("born", [BORN, "21111948", "19481121"])
def test_a_birth_date_is_taken_in_every_order(born: str) -> None:
    call = called()
    assert call.say(RESULTS) == ["identity.why", *ASK_DATE]
    assert call.press(born) == ASK_PIN
    assert call.press(PIN) == ["identity.proved", *HUGHES_RESULTS]


def test_secrets_are_asked_by_key_alone_and_with_their_length() -> None:
    call = called()
    call.say(RESULTS)
    asked = call.reply.expect
    call.press(BORN)
    assert (asked.kind, asked.digits) == ("secret", 8)
    assert (call.reply.expect.kind, call.reply.expect.digits) == ("secret", 6)


def test_what_was_wanted_is_answered_after_the_proof_and_not_understood_again() -> None:
    call = proved(called())
    first, second = call.rasa.asked
    assert (first.text, first.parsed) == (RESULTS, None)
    assert (second.text, second.parsed and second.parsed["intent"]) == (RESULTS, "results_status")


def test_who_has_proved_it_once_is_not_asked_again_in_that_call() -> None:
    call = proved(called())
    call.press("#")
    assert call.say(RESULTS) == HUGHES_RESULTS


def test_a_proof_ends_with_its_call() -> None:
    call = proved(called())
    with transaction() as session:
        row = session.get_one(Conversation, call.id)
        conversations.end(session, row, outcome="hung_up", at=NOON)
    with transaction() as session, pytest.raises(IdentityNeeded):
        access_for(session, call.id, level=1)


def test_a_wrong_pin_is_not_fatal() -> None:
    call = _at_pin()
    assert call.press(WRONG_PIN) == ["identity.no_match"]
    assert _values(call.reply) == ["try_again", "no_pin"]
    assert call.press("1") == ASK_DATE
    call.press(BORN)
    assert call.press(PIN)[0] == "identity.proved"


def test_three_wrong_tries_bring_a_person_with_no_other_words() -> None:
    call = _at_pin()
    for _ in range(2):
        assert call.press(WRONG_PIN) == ["identity.no_match"]
        call.say("try again")
        call.press(BORN)
    assert call.press(WRONG_PIN) == PERSON


def test_after_three_wrong_tries_nothing_more_is_asked() -> None:
    call = _at_pin()
    for _ in range(2):
        call.press(WRONG_PIN)
        call.press("1")
        call.press(BORN)
    call.press(WRONG_PIN)
    assert call.say(RESULTS) == PERSON


def test_wrong_and_unknown_are_told_alike() -> None:
    wrong, unknown = _at_pin(), _at_pin(born=UNKNOWN_DATE)
    wrong.press(WRONG_PIN)
    unknown.press(PIN)
    assert (wrong.names, _values(wrong.reply)) == (unknown.names, _values(unknown.reply))
    assert wrong.reply.expect == unknown.reply.expect


def test_a_pin_that_is_not_finished_is_asked_again_and_costs_no_try() -> None:
    call = _at_pin()
    assert call.press("7302") == ["line.not_caught", "identity.ask_pin"]
    assert call.row.failures == 0


def test_whoever_never_finishes_a_pin_gets_a_person() -> None:
    call = _at_pin()
    said = [call.press("73") for _ in range(4)]
    assert "handoff.transferring" in said[-1] or call.reply.then == "hangup"


def test_patients_on_one_telephone_are_told_apart_by_their_birth_dates() -> None:
    call = _at_pin(SHARED, "07191962")
    assert call.press("615208")[0] == "identity.proved"
    assert call.row.patient_id == _patient("1962-07-19").id


def test_a_child_is_never_proved_whatever_pin_is_keyed() -> None:
    assert _at_pin(SHARED, "02022012").press("615208") == ["identity.no_match"]


def test_a_patient_may_call_from_any_telephone_and_from_a_hidden_number() -> None:
    assert _at_pin(STRANGER).press(PIN)[0] == "identity.proved"
    assert _at_pin(None).press(PIN)[0] == "identity.proved"


# Without a PIN: a code, or a call to the number on file.


def test_a_lone_one_in_place_of_the_pin_offers_other_ways() -> None:
    call = _at_other_ways()
    assert call.names == ["identity.prove_other_way"]
    assert _values(call.reply) == ["text_code", "call_me"]


def test_saying_that_it_is_forgotten_leads_there_through_the_birth_date() -> None:
    call = called()
    assert call.say("i do not remember my pin")[-1:] == ASK_DATE
    assert call.press(BORN) == ["identity.prove_other_way"]


def test_a_code_proves_and_then_a_pin_is_set_by_keying_it_twice() -> None:
    call = _at_other_ways()
    assert call.press("1") == ["identity.code_sent", "identity.ask_code"]
    assert call.press(_code()) == ASK_NEW_PIN
    assert call.press(NEW_PIN) == ["identity.ask_new_pin_again"]
    assert call.press(NEW_PIN) == ["identity.pin_set", *HUGHES_RESULTS]
    assert matching([_patient("1948-11-21").pin_hash], NEW_PIN) == [0]


def test_a_wrong_code_is_asked_again_and_the_third_brings_a_person() -> None:
    call = _at_other_ways()
    call.press("1")
    wrong = "000000" if _code() != "000000" else "000001"
    assert call.press(wrong) == ["identity.code_no_match", "identity.ask_code"]
    assert call.press(wrong) == ["identity.code_no_match", "identity.ask_code"]
    assert call.press(wrong) == PERSON


def test_a_code_is_promised_in_the_same_words_to_nobody() -> None:
    call = _at_other_ways(born=UNKNOWN_DATE)
    assert call.press("1") == ["identity.code_sent", "identity.ask_code"]
    assert outbox() == []


def test_we_hang_up_and_ring_the_number_on_file_and_go_on_there() -> None:
    call = _at_other_ways(LANDLINE, "01301941")
    assert call.press("2") == ["identity.ringing_you"]
    assert call.reply.then == "hangup"
    back = rung(outbox()[0], call.clock)
    assert back.names == ["identity.call_back_hello"]
    assert back.press("1") == ["identity.why", *ASK_DATE]
    assert back.press("01301941") == ASK_NEW_PIN
    back.press(NEW_PIN)
    assert back.press(NEW_PIN)[:2] == ["identity.pin_set", "results.none"]


def test_on_that_call_another_birth_date_proves_nothing() -> None:
    call = _at_other_ways(LANDLINE, "01301941")
    call.press("2")
    back = rung(outbox()[0], call.clock)
    back.press("1")
    assert back.press(BORN) == ["identity.no_match"]
    assert back.row.assurance == 0


def test_whoever_picks_up_and_did_not_ask_hears_nothing_more() -> None:
    call = _at_other_ways()
    call.press("2")
    back = rung(outbox()[0], call.clock)
    assert back.press("2") == ["identity.wrong_person"]
    assert back.reply.then == "hangup"


def test_whoever_picks_up_hears_the_name_that_gives_nothing_away() -> None:
    call = _at_other_ways()
    call.press("2")
    assert rung(outbox()[0], call.clock).reply.prompts[0].details["clinic"] == "Maple Street Clinic"


def test_a_machine_that_picks_up_is_hung_up_on_and_not_put_through_to_staff() -> None:
    call = _at_other_ways()
    call.press("2")
    back = rung(outbox()[0], call.clock)
    for _ in range(3):
        back.stay_silent()
    assert (back.reply.then, back.reply.transfer_to) == ("hangup", None)


def test_the_same_goodbye_is_said_where_nobody_can_be_rung() -> None:
    call = _at_other_ways(born=UNKNOWN_DATE)
    assert call.press("2") == ["identity.ringing_you"]
    assert [row.kind for row in outbox()] == []


# A new PIN.


def _at_new_pin() -> Talk:
    call = _at_other_ways()
    call.press("1")
    call.press(_code())
    return call


def test_two_pins_that_differ_are_asked_anew() -> None:
    call = _at_new_pin()
    call.press(NEW_PIN)
    assert call.press("820462") == ["identity.pins_differ", "identity.ask_new_pin"]


@pytest.mark.parametrize("easy", ["111111", "123456", "112148", "12"])
def test_a_pin_that_is_too_easy_is_refused(easy: str) -> None:
    assert _at_new_pin().press(easy) == ["identity.pin_too_easy", "identity.ask_new_pin"]


def test_after_three_pins_that_would_not_do_it_goes_on_without_one() -> None:
    call = _at_new_pin()
    call.press("111111")
    call.press("222222")
    assert call.press("333333") == ["identity.pin_too_easy", *HUGHES_RESULTS]


def test_a_pin_need_not_be_set_and_pound_goes_on_without_one() -> None:
    assert _at_new_pin().press("#") == HUGHES_RESULTS
    assert matching([_patient("1948-11-21").pin_hash], PIN) == [0]


def test_pound_at_the_second_entry_asks_for_the_first_again() -> None:
    call = _at_new_pin()
    call.press(NEW_PIN)
    assert call.press("#") == ["identity.ask_new_pin"]


# By text: the birth year and no more.


def test_the_birth_year_lets_a_text_say_that_there_is_a_message() -> None:
    talk = texted()
    assert talk.text(RESULTS) == ["identity.ask_birth_year"]
    assert talk.text("1948") == ["results.text_message"]
    assert talk.row.assurance == 1


def test_a_wrong_year_is_told_as_an_unknown_telephone_is() -> None:
    wrong, unknown = texted(), texted(STRANGER)
    for talk in (wrong, unknown):
        talk.text(RESULTS)
        assert talk.text("1949") == ["identity.year_no_match", "identity.ask_birth_year"]


def test_three_wrong_years_bring_a_call_from_a_person() -> None:
    talk = texted()
    talk.text(RESULTS)
    talk.text("1949")
    talk.text("1950")
    assert talk.text("1951") == ["identity.year_no_match", "handoff.call_back"]


def test_words_in_place_of_the_year_are_something_else_on_their_mind() -> None:
    talk = texted()
    talk.text(RESULTS)
    assert talk.text("what can you do")[0] == "line.help"


def test_a_texter_with_a_message_may_have_us_ring_and_hears_the_results_there() -> None:
    talk = texted()
    talk.text(RESULTS)
    talk.text("1948")
    assert talk.text("1") == ["identity.ring_soon"]
    call = rung(outbox()[0], talk.clock)
    assert call.press("1") == ["identity.why", *ASK_DATE]
    call.press(BORN)
    assert call.press(PIN) == ["identity.proved", *HUGHES_RESULTS]


def test_no_pin_is_ever_asked_for_by_text() -> None:
    talk = texted()
    assert talk.text("i do not remember my pin") == ["identity.needs_call"]
    assert talk.text("call me") == ["identity.ring_soon"]
    assert [row.kind for row in outbox()] == ["call"]


def test_who_answers_yes_to_being_rung_is_rung() -> None:
    talk = texted()
    talk.text("i do not remember my pin")
    assert talk.text("yes please") == ["identity.ring_soon"]


def test_who_does_not_want_to_be_rung_is_heard_all_the_same() -> None:
    talk = texted()
    talk.text("i do not remember my pin")
    assert talk.text("what can you do")[0] == "line.help"
    assert outbox() == []


# What is never kept.


def _a_call_full_of_secrets() -> Talk:
    call = _at_pin()
    call.press(WRONG_PIN)
    call.press("1")
    call.press(BORN)
    call.press("1")
    call.press("1")
    call.press(_code())
    call.press(NEW_PIN)
    call.press(NEW_PIN)
    return call


def test_no_secret_is_in_any_column_of_any_table() -> None:
    assert _a_call_full_of_secrets().names[0] == "identity.pin_set"
    kept = everything()
    assert [s for s in (BORN, WRONG_PIN, NEW_PIN) if s in kept] == []
    assert kept.count("1948-11-21") == 1  # the patient's own, which is encrypted
    assert _code() not in everything("outbox")


def test_no_secret_can_be_read_in_the_database_file(demo_database: Engine) -> None:
    _a_call_full_of_secrets()
    code = _code()
    assert demo_database.url.database
    files = Path(demo_database.url.database).parent.glob("portal.db*")
    raw = b"".join(path.read_bytes() for path in files)
    assert [s for s in (BORN, "1948-11-21", WRONG_PIN, NEW_PIN, code) if s.encode() in raw] == []


def test_no_secret_is_logged(capfd: pytest.CaptureFixture[str]) -> None:
    _a_call_full_of_secrets()
    logged = "".join(capfd.readouterr())
    assert [s for s in (BORN, WRONG_PIN, NEW_PIN, _code()) if s in logged] == []


def test_no_secret_reaches_the_model() -> None:
    call = _a_call_full_of_secrets()
    asked = repr([vars(question) for question in call.rasa.asked])
    for secret in (BORN, WRONG_PIN, NEW_PIN, _code(), "1948"):
        assert secret not in asked


def test_of_a_secret_the_transcript_keeps_that_it_came() -> None:
    _at_pin().press("73*")
    kept = everything()
    assert "••••••••" in kept
    assert "••*" in kept


def test_a_lock_of_the_telephone_is_told_before_anything_is_asked() -> None:
    for _ in range(4):
        call = _at_pin(born=UNKNOWN_DATE)
        for _ in range(3):
            call.press(WRONG_PIN)
            call.press("1")
            call.press(UNKNOWN_DATE)
    assert called().say(RESULTS) == PERSON


def test_a_lock_while_the_clinic_is_closed_ends_in_a_promise() -> None:
    call = _at_pin()
    call.clock.at = NOON.replace(hour=23)
    for _ in range(2):
        call.press(WRONG_PIN)
        call.press("1")
        call.press(BORN)
    assert call.press(WRONG_PIN)[:3] == [
        "identity.no_match",
        "handoff.closed",
        "handoff.call_back",
    ]
    assert [task.topic for task in tasks()] == ["identity"]
