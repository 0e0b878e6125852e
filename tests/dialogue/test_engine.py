"""One turn at a time, each once, and nothing open while the model thinks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

import locales
from dialogue import Answered, InFlight, Kind, OncePerWebhook, converse
from portal import conversations, idempotency
from portal.answers import Answer, Prompt
from portal.conversations import LEASE
from portal.database import transaction
from portal.records import Audit, Conversation, Idempotency, Turn
from tests.dialogue.talk import NONSENSE, RESULTS, Talk, called, once, proved, tasks, texted

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dialogue.moment import Question
    from dialogue.turns import Utterance

pytestmark = pytest.mark.usefixtures("demo_database")


def _taken(call: Talk, utterance: Utterance) -> str:
    receipt = once(utterance)
    converse(call.line, utterance, receipt=receipt, at=call.clock.at)
    return receipt.answer


def _counted() -> tuple[int, int, int]:
    with transaction(read_only=True) as session:
        rows = [session.scalar(select(func.count(each.id))) or 0 for each in (Turn, Audit)]
    return rows[0], rows[1], len(tasks())


def test_what_was_heard_and_said_is_written_with_what_was_understood() -> None:
    called().say("what can you do")
    with transaction(read_only=True) as session:
        turns = session.scalars(select(Turn).order_by(Turn.number, Turn.speaker)).all()
    assert [(turn.number, turn.speaker, turn.kind) for turn in turns[-2:]] == [
        (2, "caller", "speech"),
        (2, "line", "prompts"),
    ]
    heard, said = turns[-2:]
    assert (heard.text, said.intent, said.confidence) == ("what can you do", "help", 1.0)
    assert [prompt["name"] for prompt in said.prompts] == ["line.help", "line.menu"]
    assert said.milliseconds is not None


def test_the_same_webhook_again_gets_the_same_bytes_and_does_nothing() -> None:
    call = called()
    utterance = call.utterance(Kind.SPEECH, "operator")
    answer, before = _taken(call, utterance), _counted()
    with pytest.raises(Answered) as again:
        _taken(call, utterance)
    assert again.value.answer == answer
    assert _counted() == before


def test_an_old_webhook_under_a_new_id_hears_the_last_thing_again() -> None:
    call = called()
    old = call.utterance(Kind.SPEECH, "operator")
    call.say("what can you do")
    before = _counted()
    receipt = OncePerWebhook("voice", "another id", "", repr)
    reply = converse(call.line, old, receipt=receipt, at=call.clock.at)
    assert (reply.prompts, reply.choices, reply.turn) == (
        call.reply.prompts,
        call.reply.choices,
        call.reply.turn,
    )
    assert _counted() == before


def test_of_eight_equal_webhooks_at_once_one_takes_the_turn() -> None:
    call = called()
    utterance = call.utterance(Kind.SPEECH, "operator")

    def take(_: int) -> str:
        try:
            return _taken(call, utterance)
        except Answered as answered:
            return answered.answer
        except InFlight:
            return ""

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(take, range(8)))
    assert len({answer for answer in answers if answer}) == 1
    assert [question.turn for question in call.rasa.asked] == []
    assert call.row.next_turn == 3


def test_while_the_model_thinks_no_other_turn_of_the_conversation_is_taken() -> None:
    call = called()
    refused: list[bool] = []

    def meanwhile(question: Question) -> None:
        other = call.utterance(Kind.DIGITS, "0")
        receipt = OncePerWebhook("voice", "another id", "", repr)
        with pytest.raises(InFlight):
            converse(call.line, other, receipt=receipt, at=call.clock.at)
        refused.append(question.text == "what can you do")

    call.rasa.first = meanwhile
    call.say("what can you do")
    assert (refused, call.row.lease_until, call.row.lease_by) == ([True], None, None)


def test_while_the_model_thinks_the_database_is_free(demo_database: Engine) -> None:
    call = called()

    def meanwhile(_: Question) -> None:
        with demo_database.begin() as connection:
            connection.exec_driver_sql("PRAGMA user_version=7")

    call.rasa.first = meanwhile
    call.say("what can you do")
    with demo_database.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA user_version").scalar() == 7


def test_a_turn_whose_process_died_can_be_taken_once_its_lease_ran_out() -> None:
    call = called()
    with transaction() as session:
        assert conversations.take_lease(session, call.id, "somebody", at=call.clock.at)
    with pytest.raises(InFlight):
        call.say(NONSENSE)
    call.clock.at += LEASE + timedelta(seconds=1)
    assert call.say(NONSENSE) == ["line.missed"]


def test_a_refused_turn_leaves_nothing_behind() -> None:
    call = called()
    with transaction() as session:
        conversations.take_lease(session, call.id, "somebody", at=call.clock.at)
    before = _counted()
    with pytest.raises(InFlight):
        call.say(NONSENSE)
    call.clock.at += LEASE + timedelta(seconds=1)
    assert _counted() == before
    assert call.say("operator") == ["handoff.transferring"]


def test_who_hung_up_while_the_model_thought_leaves_no_state() -> None:
    call = proved(called())

    def hang_up(_: Question) -> None:
        with transaction() as session:
            row = session.get_one(Conversation, call.id)
            conversations.end(session, row, outcome="hung_up", at=call.clock.at)

    call.rasa.first = hang_up
    call.press("1")
    assert (call.row.state, call.row.assurance, call.row.outcome) == ({}, 0, "hung_up")
    with transaction(read_only=True) as session:
        answers = session.scalars(
            select(Idempotency.answer).where(Idempotency.conversation_id == call.id)
        )
        assert set(answers) == {idempotency.EMPTY_ANSWER}


def test_the_model_is_told_where_it_is_and_not_who_is_asking() -> None:
    call = proved(called())
    question = call.rasa.asked[-1]
    assert (question.locale, question.channel, question.turn) == ("en-US", "voice", 4)
    assert question.conversation == call.id.hex
    told = repr(vars(question))
    assert str(call.row.patient_id) not in told
    assert "2025550117" not in told


def test_the_open_flow_goes_along_and_closes_with_its_last_answer() -> None:
    call = proved(called())
    assert call.row.flow == "results"
    call.press("2")
    assert call.row.flow == "results"
    call.press("1")
    assert (call.rasa.asked[-1].flow, call.row.flow) == ("results", None)


def test_a_choice_costs_no_understanding() -> None:
    call = proved(called())
    call.press("2")
    question = call.rasa.asked[-1]
    assert question.text == ""
    assert question.parsed == {
        "intent": "choose_option",
        "confidence": 1.0,
        "entities": [{"entity": "choice", "value": "paper_copy"}],
        "text": "",
    }


def test_a_flows_own_answers_are_asked_again_on_the_way_back() -> None:
    call = proved(called())
    with transaction() as session:
        row = session.get_one(Conversation, call.id)
        row.state = {**row.state, "answers": ["first", "second"]}
    call.press("#")
    asked = call.rasa.asked[-1].parsed
    assert asked
    assert (asked["intent"], asked["entities"][0]["value"]) == ("choose_option", "back")
    assert call.state.answers == ["first"]


def test_a_text_carries_no_turn_and_is_never_stale() -> None:
    talk = texted()
    talk.text("what can you do")
    utterance = talk.utterance(Kind.TEXT, "operator")
    assert utterance.turn == talk.row.next_turn
    assert talk.text("operator") == ["handoff.call_back"]


def test_what_an_action_answers_is_said_as_it_is() -> None:
    call = called()
    call.rasa.model = None
    told = Prompt(name="results.none")
    call.rasa.answers = {RESULTS: Answer(prompts=(told,), flow="results", topic="results")}
    assert call.say(RESULTS) == ["results.none"]
    assert (call.row.flow, call.state.topic) == ("results", "results")


@given(words=st.lists(st.text(max_size=120), min_size=1, max_size=6), keyed=st.booleans())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_words_and_no_keys_break_a_turn(words: list[str], *, keyed: bool) -> None:
    call = called()
    for text in words:
        assert (call.press if keyed else call.say)(text)
        said = [locales.spoken(p.name, p.details, p.locale or "en-US") for p in call.reply.prompts]
        assert all(said)


@given(words=st.lists(st.text(max_size=120), min_size=1, max_size=6), secret=st.text(max_size=12))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_keyed_in_place_of_a_secret_proves_anybody(words: list[str], secret: str) -> None:
    call = called()
    call.say(RESULTS)
    for text in [secret, *words]:
        assert call.press(text)
    assert call.row.assurance == 0
