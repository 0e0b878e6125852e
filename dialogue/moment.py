"""What the handlers of one turn are given, and what they may give back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from dialogue.turns import Expect, Utterance
from portal.answers import Answer, Choice, Prompt
from portal.records import Phone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from dialogue.state import State
    from portal.records import Clinic, Conversation


class Rasa(Protocol):
    """The dialogue model, over HTTP or scripted."""

    def ask(self, question: Question) -> Answer:
        """Return the answer; raises :class:`dialogue.rasa.RasaTrouble`."""

    def forget(self, conversation: str) -> None:
        """Drop what the model remembers of a conversation."""

    def is_ready(self) -> bool:
        """Return whether the model answers."""


@dataclass(frozen=True)
class Line:
    """What the dialogue needs of the house: the model, and the languages that are whole."""

    rasa: Rasa
    locales: tuple[str, ...]


@dataclass
class Moment:
    """One turn in the making, inside one transaction.

    ``compared`` is whose PIN was keyed, found out before the transaction.
    """

    line: Line
    session: Session
    conversation: Conversation
    clinic: Clinic
    state: State
    utterance: Utterance
    at: datetime
    compared: frozenset[UUID] | None = None

    @property
    def lang(self) -> str:
        """Return the language whose phrase lists apply."""
        return self.conversation.locale.partition("-")[0]

    @property
    def phone(self) -> Phone | None:
        """Return the telephone that is on the line; None while it hides its number."""
        number = self.conversation.phone_id
        return self.session.get(Phone, number) if number else None

    @property
    def is_stale(self) -> bool:
        """Return whether this utterance of a call answers a prompt that is no longer open.

        Texts carry no such number: whatever comes is the next thing said.
        """
        return self.is_call and self.utterance.turn != self.conversation.next_turn

    @property
    def is_call(self) -> bool:
        """Return whether the caller is on the telephone (else they text)."""
        return self.conversation.channel == "voice"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a handler decided to say, and what it expects next."""

    prompts: tuple[Prompt, ...] = ()
    choices: tuple[Choice, ...] = ()
    expect: Expect = field(default_factory=Expect)
    then: str = "listen"
    transfer_to: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something for the model: words, or a meaning that needs no understanding.

    ``before`` is said ahead of the answer ("Thank you.").
    """

    text: str = field(default="", repr=False)
    parsed: Mapping[str, Any] | None = field(default=None, repr=False)
    before: tuple[Prompt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """A message as it goes to the model: nothing in it says who is asking."""

    conversation: str
    turn: int
    locale: str
    channel: str
    flow: str | None
    text: str = field(repr=False)
    parsed: Mapping[str, Any] | None = field(default=None, repr=False)


def prompts(*names: str, **details: Any) -> tuple[Prompt, ...]:
    """Return prompts of these names, all with the same details."""
    return tuple(Prompt(name=name, details=details) for name in names)


def meaning(intent: str, value: str | None = None, text: str = "") -> dict[str, Any]:
    """Return a parse of something whose meaning is certain (a key, a keyword)."""
    entities = [{"entity": "choice", "value": value}] if value is not None else []
    return {"intent": intent, "confidence": 1.0, "entities": entities, "text": text}
