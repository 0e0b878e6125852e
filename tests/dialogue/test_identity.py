"""Proving by birth date and PIN: what is asked, what counts, what is told."""

from __future__ import annotations

import pytest

from portal import conversations
from portal.access import IdentityNeeded, access_for
from portal.database import transaction
from portal.records import Conversation
from portal.testing import NOON
from tests.dialogue.proving import (
    ASK_DATE,
    ASK_PIN,
    HUGHES_RESULTS,
    PERSON,
    UNKNOWN_DATE,
    WRONG_PIN,
    at_pin,
    patient,
    values,
)
from tests.dialogue.talk import (
    BORN,
    PIN,
    RESULTS,
    SHARED,
    STRANGER,
    called,
    proved,
)

pytestmark = pytest.mark.usefixtures("demo_database")


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
    call = at_pin()
    assert call.press(WRONG_PIN) == ["identity.no_match"]
    assert values(call.reply) == ["try_again", "no_pin"]
    assert call.press("1") == ASK_DATE
    call.press(BORN)
    assert call.press(PIN)[0] == "identity.proved"


def test_three_wrong_tries_bring_a_person_with_no_other_words() -> None:
    call = at_pin()
    for _ in range(2):
        assert call.press(WRONG_PIN) == ["identity.no_match"]
        call.say("try again")
        call.press(BORN)
    assert call.press(WRONG_PIN) == PERSON


def test_after_three_wrong_tries_nothing_more_is_asked() -> None:
    call = at_pin()
    for _ in range(2):
        call.press(WRONG_PIN)
        call.press("1")
        call.press(BORN)
    call.press(WRONG_PIN)
    assert call.say(RESULTS) == PERSON


def test_wrong_and_unknown_are_told_alike() -> None:
    wrong, unknown = at_pin(), at_pin(born=UNKNOWN_DATE)
    wrong.press(WRONG_PIN)
    unknown.press(PIN)
    assert (wrong.names, values(wrong.reply)) == (unknown.names, values(unknown.reply))
    assert wrong.reply.expect == unknown.reply.expect


def test_a_pin_that_is_not_finished_is_asked_again_and_costs_no_try() -> None:
    call = at_pin()
    assert call.press("7302") == ["line.not_caught", "identity.ask_pin"]
    assert call.row.failures == 0


def test_whoever_never_finishes_a_pin_gets_a_person() -> None:
    call = at_pin()
    said = [call.press("73") for _ in range(4)]
    assert "handoff.transferring" in said[-1] or call.reply.then == "hangup"


def test_patients_on_one_telephone_are_told_apart_by_their_birth_dates() -> None:
    call = at_pin(SHARED, "07191962")
    assert call.press("615208")[0] == "identity.proved"
    assert call.row.patient_id == patient("1962-07-19").id


def test_a_child_is_never_proved_whatever_pin_is_keyed() -> None:
    assert at_pin(SHARED, "02022012").press("615208") == ["identity.no_match"]


def test_a_patient_may_call_from_any_telephone_and_from_a_hidden_number() -> None:
    assert at_pin(STRANGER).press(PIN)[0] == "identity.proved"
    assert at_pin(None).press(PIN)[0] == "identity.proved"


def test_what_waited_for_the_proof_comes_again_with_its_words() -> None:
    call = proved(called())
    again = call.rasa.asked[-1]
    assert again.text == RESULTS
    assert (again.parsed or {}) == {
        "text": RESULTS,
        "intent": "results_status",
        "confidence": 1.0,
        "entities": [],
    }


def test_a_key_that_waited_for_the_proof_comes_again_without_words() -> None:
    """A 1 would be read as a time of day."""
    call = called()
    call.press("1")
    call.press(BORN)
    call.press(PIN)
    again = call.rasa.asked[-1]
    assert (again.text, (again.parsed or {})["text"]) == ("", "")
    assert (again.parsed or {})["intent"] == "results_status"
