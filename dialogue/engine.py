"""One turn: hear, decide who answers, ask the model if need be, say, remember."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from dialogue import identity, interceptors, ladder, steps
from dialogue.asking import PIN
from dialogue.closing import reply_again, settle
from dialogue.handoff import give_up
from dialogue.heeding import heed, not_understood
from dialogue.moment import Line, Message, Moment, Question, Said
from dialogue.rasa import RasaTrouble
from dialogue.redaction import without_secrets
from dialogue.state import State
from dialogue.turns import Kind, Reply, Utterance
from portal import conversations
from portal.database import transaction
from portal.records import Clinic, Conversation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from dialogue.receipts import Receipt
    from portal.answers import Answer

MOST_QUESTIONS = 2


def converse(
    line: Line,
    utterance: Utterance,
    *,
    receipt: Receipt,
    at: datetime,
    decide: Callable[[Moment], Said | Message] | None = None,
) -> Reply:
    """Return the reply to one utterance; ``decide`` replaces the usual chain.

    One transaction where the dialogue can answer by itself; two, with Rasa and
    the action between them, where it cannot (three where the model is asked twice):
    no transaction is ever open over a network call. Raises :class:`Answered`,
    :class:`InFlight`, or whatever broke; then the channel apologises.
    """
    started = perf_counter()
    utterance = _without_secrets(utterance, at)
    compared = _compared(line, utterance, at)
    with transaction() as session:
        receipt.claim(session, utterance.conversation, at)
        moment = open_moment(line, session, utterance, at)
        moment.compared = compared
        if moment.is_stale:
            return _said_before(moment, receipt)
        decided = (decide or usual)(moment)
        if isinstance(decided, Said):
            return _close(moment, decided, receipt, started)
        question = _question(moment, decided)
    turn = _Turn(line, utterance, receipt, at, started)
    return _answered(turn, decided, question)


@dataclass(frozen=True)
class _Turn:
    """What stays the same for as long as one turn takes; ``started`` in seconds."""

    line: Line
    utterance: Utterance
    receipt: Receipt
    at: datetime
    started: float


def _answered(turn: _Turn, message: Message, question: Question, asked: int = 1) -> Reply:
    """Return the reply that the model's answer leads to, once it was asked again if need be.

    A yes that only the model understood, at a question of the dialogue's own, may send
    what was put off until then: that is a second question, and never a third.
    """
    answer = _asked(turn.line, question)
    with transaction() as session:
        moment = open_moment(turn.line, session, turn.utterance, turn.at)
        heeded = heed(moment, message, answer)
        if isinstance(heeded, Message) and asked == MOST_QUESTIONS:
            heeded = not_understood(moment)
        if isinstance(heeded, Said):
            return _close(moment, heeded, turn.receipt, turn.started, answer)
        question = _question(moment, heeded)
    return _answered(turn, heeded, question, asked + 1)


def _without_secrets(utterance: Utterance, at: datetime) -> Utterance:
    """Take a birth date, a PIN or a code out of what was said; texts come without already."""
    if utterance.kind != Kind.SPEECH:
        return utterance
    return replace(utterance, text=without_secrets(utterance.text, at.date())[0])


def _compared(line: Line, utterance: Utterance, at: datetime) -> frozenset[UUID] | None:
    """Return whose PIN was keyed, compared outside the turn's transaction."""
    if utterance.kind != Kind.DIGITS or len(utterance.text) != PIN.digits:
        return None
    with transaction(read_only=True) as session:
        conversation = session.get_one(Conversation, utterance.conversation)
        return identity.compare(_moment(line, session, conversation, utterance, at))


def open_moment(line: Line, session: Session, utterance: Utterance, at: datetime) -> Moment:
    """Return the moment of a turn: the conversation's row and state, held until it is over."""
    conversation = conversations.held(session, utterance.conversation)
    return _moment(line, session, conversation, utterance, at)


def _moment(
    line: Line, session: Session, conversation: Conversation, utterance: Utterance, at: datetime
) -> Moment:
    clinic = session.get_one(Clinic, conversation.clinic_id)
    state = State.of(conversation)
    return Moment(line, session, conversation, clinic, state, utterance, at)


def usual(moment: Moment) -> Said | Message:
    """Return what the dialogue says by itself, or the message for the model."""
    if moment.utterance.kind == Kind.SILENCE:
        return ladder.silent(moment) or give_up(moment, "silence")
    for handler in HANDLERS:
        decided = handler(moment)
        if decided is not None:
            return decided
    return Message(text=moment.utterance.text)


def _question(moment: Moment, message: Message) -> Question:
    """Return what the model is asked; the state is written, for the action reads it there."""
    conversation = moment.conversation
    moment.state.keep(conversation)
    return Question(
        conversation=conversation.id.hex,
        turn=moment.utterance.turn,
        locale=conversation.locale,
        channel=conversation.channel,
        flow=conversation.flow,
        text=message.text,
        parsed=message.parsed,
    )


def _asked(line: Line, question: Question) -> Answer | None:
    try:
        return line.rasa.ask(question)
    except RasaTrouble:
        return None


def _close(
    moment: Moment, said: Said, receipt: Receipt, started: float, answer: Answer | None = None
) -> Reply:
    reply = settle(moment, said, started=started, answer=answer)
    receipt.keep(moment.session, reply)
    return reply


def _said_before(moment: Moment, receipt: Receipt) -> Reply:
    """Return what was last said: this webhook belongs to a turn long answered."""
    conversations.release_lease(moment.conversation)
    reply = reply_again(moment)
    receipt.keep(moment.session, reply)
    return reply


HANDLERS: tuple[Callable[[Moment], Said | Message | None], ...] = (
    interceptors.emergency,
    interceptors.person,
    interceptors.repeat,
    interceptors.slower,
    interceptors.back,
    interceptors.change_language,
    steps.at_question,
    steps.at_keys,
    steps.at_choice,
)
