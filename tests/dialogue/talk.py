"""Conversations for tests of the turn: a caller, a texter, and what stands in the records."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import count
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

import actions
from actions.base import PortalAction
from dialogue import AlreadyOurs, Kind, Line, OncePerWebhook, Reply, Utterance, converse
from dialogue.greeting import call_came, we_rang
from dialogue.state import State
from dialogue.testing import ActionsInProcess, ScriptedRasa
from portal import conversations
from portal.database import Base, transaction
from portal.records import Conversation, Outbox, Phone, StaffTask
from portal.testing import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from dialogue.moment import Message, Moment, Said

MAIN = "+12025550100"
HUGHES, ORTEGA, LANDLINE = "+12025550117", "+12025550143", "+12025550111"
SHARED, WANG, PETROVA = "+12025550188", "+12025550164", "+12025550135"
SAFE, OPTED_OUT, STRANGER = "+12025550122", "+12025550198", "+12025550166"
BORN, PIN = "11211948", "730264"
LOCALES = ("en-US", "es-US")

MEANINGS: Mapping[str, str] = {
    "did my lab work come in": "results_status",
    "ya salieron mis análisis": "results_status",
    "a rash on my arm that itches": "clinical_question",
    "my pills are running out": "request_refill",
    "i do not remember my pin": "forgot_pin",
    "thank you so much": "thanks",
    "what can you do": "help",
    "that will be everything for now": "goodbye",
    "i feel like i am dying here": "emergency",
    "who won the game": "out_of_scope",
    "another tongue please": "change_language",
    "never write to this number": "opt_out",
    "sorry come again please dear": "repeat",
    "my ears are old, mind your speed": "slower",
}
RESULTS, NONSENSE = "did my lab work come in", "flurb the wozzle"
_number = count(1)


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        """Return the instant that it is now."""
        return self.at


def model(clock: Callable[[], datetime], **meanings: str) -> ScriptedRasa:
    """Return a model that runs the real actions and keeps what it is asked."""
    every = [kind(clock) for kind in _kinds()]
    return ScriptedRasa(model=ActionsInProcess(every, {**MEANINGS, **meanings}))


@cache
def _kinds() -> tuple[type[PortalAction], ...]:
    """Return the actions that there are, found as the action server finds them."""
    for module in iter_modules(actions.__path__):
        if module.name != "__main__":
            import_module(f"actions.{module.name}")
    every = PortalAction.__subclasses__()
    return tuple(kind for kind in every if kind.__module__.startswith("actions."))


@dataclass
class Talk:
    """One conversation, and the last thing that was said in it."""

    line: Line
    id: UUID
    clock: Clock = field(default_factory=Clock)
    reply: Reply = field(default=None)  # type: ignore[assignment]

    @property
    def rasa(self) -> ScriptedRasa:
        """Return the model."""
        assert isinstance(self.line.rasa, ScriptedRasa)
        return self.line.rasa

    @property
    def names(self) -> list[str]:
        """Return the names of the prompts of the last reply."""
        return [prompt.name for prompt in self.reply.prompts]

    @property
    def row(self) -> Conversation:
        """Return the conversation's row."""
        with transaction(read_only=True) as session:
            return session.get_one(Conversation, self.id)

    @property
    def state(self) -> State:
        """Return where the conversation stands."""
        return State.of(self.row)

    def say(self, words: str) -> list[str]:
        """Say something on a call."""
        return self._turn(Kind.SPEECH, words)

    def press(self, keys: str) -> list[str]:
        """Press keys."""
        return self._turn(Kind.DIGITS, keys)

    def stay_silent(self) -> list[str]:
        """Say nothing."""
        return self._turn(Kind.SILENCE)

    def text(self, body: str) -> list[str]:
        """Send a text: it is written down first, as it is when it comes."""
        with transaction() as session:
            row = session.get_one(Conversation, self.id)
            turn = row.next_turn
            conversations.write_turn(
                session,
                row,
                number=turn,
                speaker="caller",
                kind="text",
                text=body,
                at=self.clock.at,
            )
            row.next_turn += 1
        utterance = Utterance(self.id, turn, Kind.TEXT, body)
        self.reply = converse(self.line, utterance, receipt=AlreadyOurs(), at=self.clock.at)
        return self.names

    def decide(self, decide: Callable[[Moment], Said | Message]) -> list[str]:
        """Let something else than the usual chain decide the next turn."""
        return self._turn(Kind.SILENCE, decide=decide)

    def utterance(self, kind: Kind, words: str = "") -> Utterance:
        """Return the next thing heard."""
        turn = self.reply.turn if self.reply else 1
        return Utterance(self.id, turn, kind, words)

    def _turn(
        self,
        kind: Kind,
        words: str = "",
        decide: Callable[[Moment], Said | Message] | None = None,
    ) -> list[str]:
        utterance = self.utterance(kind, words)
        receipt = once(utterance)
        self.reply = converse(
            self.line, utterance, receipt=receipt, at=self.clock.at, decide=decide
        )
        return self.names


def once(utterance: Utterance) -> OncePerWebhook:
    """Return the receipt of a turn's webhook; the answer is what was said, as text."""
    return OncePerWebhook("voice", f"{utterance.conversation}:{utterance.turn}", "", repr)


def called(number: str | None = HUGHES, *, to: str = MAIN, clock: Clock | None = None) -> Talk:
    """Return a call that has just been greeted; None is a hidden number."""
    talk = _opened(number, to, clock or Clock(), "voice")
    talk.decide(call_came)
    return talk


def texted(number: str = HUGHES, *, clock: Clock | None = None) -> Talk:
    """Return a text session that is empty so far."""
    return _opened(number, MAIN, clock or Clock(), "sms")


def rung(asked: Outbox, clock: Clock) -> Talk:
    """Return a call that we placed, just picked up."""
    with transaction() as session:
        phone = session.get_one(Phone, asked.phone_id)
        number = phone.e164
    talk = _opened(number, MAIN, clock, "voice", direction="outbound")
    talk.decide(lambda moment: we_rang(moment, moment.session.get_one(Outbox, asked.id)))
    return talk


def _opened(number: str | None, to: str, clock: Clock, channel: str, **more: Any) -> Talk:
    with transaction() as session:
        clinic = conversations.clinic_for(session, to)
        phone = conversations.phone_for(session, number, at=clock.at)
        opened = conversations.open_call(
            session,
            provider_sid=f"CA{next(_number):032}",
            clinic=clinic,
            phone=phone,
            locale="en-US",
            at=clock.at,
            **more,
        )
        opened.channel = channel
    return Talk(Line(model(clock), LOCALES), opened.id, clock)


def proved(talk: Talk, born: str = BORN, pin: str = PIN) -> Talk:
    """Ask for results and prove who is calling."""
    talk.say(RESULTS)
    talk.press(born)
    talk.press(pin)
    return talk


def tasks() -> list[StaffTask]:
    """Return the tasks of staff, oldest first, without the demo's own."""
    with transaction(read_only=True) as session:
        made = select(StaffTask).where(StaffTask.conversation_id.is_not(None))
        return list(session.scalars(made.order_by(StaffTask.created_at, StaffTask.id)))


def outbox() -> list[Outbox]:
    """Return what waits to go out, oldest first."""
    with transaction(read_only=True) as session:
        return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def everything(*without: str) -> str:
    """Return every column of every row of every table, opened, as one text."""
    with transaction(read_only=True) as session:
        return "\n".join(
            repr(tuple(row))
            for table in Base.metadata.sorted_tables
            if table.name not in without
            for row in session.execute(select(table))
        )
