"""Whatever breaks, the caller hears an apology in their language and gets a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogue import Answered, Kind, Utterance, converse
from dialogue.troubles import apologise
from portal.testing import NOON
from tests.dialogue.talk import (
    ORTEGA,
    RESULTS,
    Clock,
    Talk,
    called,
    once,
    proved,
    tasks,
    texted,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dialogue.moment import Moment, Said

pytestmark = pytest.mark.usefixtures("demo_database")

PERSON = ["line.trouble", "handoff.transferring"]


def _breaks(_: Moment) -> Said:
    message = "a handler broke"
    raise RuntimeError(message)


def _with_broken_action(database: Engine) -> Talk:
    """Return a call of somebody proved, whose results cannot be read any more."""
    call = proved(called())
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE lab_result")
    return call


def test_a_model_that_is_down_is_apologised_for_and_a_person_is_rung() -> None:
    call = called()
    call.rasa.is_down = True
    assert call.say(RESULTS) == PERSON
    assert call.reply.transfer_to == "+12025550102"


def test_at_night_the_apology_comes_with_a_promise_that_has_an_owner() -> None:
    call = called(clock=Clock(NOON.replace(hour=23)))
    call.rasa.is_down = True
    assert call.say(RESULTS)[:3] == ["line.trouble", "handoff.closed", "handoff.call_back"]
    assert [task.topic for task in tasks()] == ["trouble"]


def test_the_apology_is_in_the_callers_language() -> None:
    call = called(ORTEGA)
    call.rasa.is_down = True
    call.say("ya salieron mis análisis")
    assert (call.names, call.reply.locale) == (PERSON, "es-US")


def test_a_texter_is_apologised_to_as_well() -> None:
    talk = texted()
    talk.rasa.is_down = True
    assert talk.text(RESULTS) == ["line.trouble", "handoff.call_back"]


def test_what_the_dialogue_answers_by_itself_needs_no_model() -> None:
    call = called()
    call.rasa.is_down = True
    assert call.say("operator") == ["handoff.transferring"]
    assert call.say("I have chest pain")[0] == "emergency.call_911"
    assert call.rasa.asked == []


def test_once_the_model_is_back_the_conversation_goes_on() -> None:
    call = proved(called())
    call.rasa.is_down = True
    call.press("1")
    call.rasa.is_down = False
    assert call.say(RESULTS)[0] == "results.intro"


def test_an_action_that_broke_is_apologised_for(demo_database: Engine) -> None:
    assert _with_broken_action(demo_database).say(RESULTS) == PERSON


def test_what_broke_in_an_action_is_logged_by_its_kind_alone(
    demo_database: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    call = _with_broken_action(demo_database)
    capfd.readouterr()
    call.say(RESULTS)
    logged = "".join(capfd.readouterr())
    assert "OperationalError" in logged
    assert [secret for secret in ("lab_result", call.id.hex, RESULTS) if secret in logged] == []


def _broken(call: Talk, utterance: Utterance) -> str:
    receipt = once(utterance)
    with pytest.raises(RuntimeError):
        converse(call.line, utterance, receipt=receipt, at=NOON, decide=_breaks)
    apologise(call.line, utterance, receipt=receipt, at=NOON)
    return receipt.answer


def test_a_turn_that_broke_is_answered_and_the_next_one_can_be_taken() -> None:
    call = called()
    answer = _broken(call, call.utterance(Kind.SPEECH, "hello"))
    assert "line.trouble" in answer
    assert (call.row.lease_until, call.row.next_turn) == (None, 3)


def test_the_same_webhook_gets_the_same_apology_again() -> None:
    call = called()
    utterance = call.utterance(Kind.SPEECH, "hello")
    answer = _broken(call, utterance)
    with pytest.raises(Answered) as again:
        converse(call.line, utterance, receipt=once(utterance), at=NOON)
    assert again.value.answer == answer


def test_an_apology_changes_nothing_where_the_turn_was_answered_after_all() -> None:
    call = called()
    utterance = call.utterance(Kind.SPEECH, "what can you do")
    call.say("what can you do")
    with pytest.raises(Answered):
        apologise(call.line, utterance, receipt=once(utterance), at=NOON)
    assert call.row.next_turn == 3
