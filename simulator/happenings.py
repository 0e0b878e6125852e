"""What can happen on a call, told in the order it happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from simulator.document import Verb


class State(StrEnum):
    """Where the call is."""

    RINGING = "ringing"
    TALKING = "talking"
    LISTENING = "listening"
    RECORDING = "recording"
    TRANSFERRED = "transferred"
    ENDED = "ended"


class Pickup(StrEnum):
    """What happens to the telephone that a <Dial> rings."""

    ANSWERED = "answered"
    DECLINED = "declined"  # picked up, and the whisper's question not accepted
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


@dataclass(frozen=True)
class Heard:
    """Something the caller heard: words in a voice, or a recording from an address."""

    text: str
    voice: str | None = None
    language: str | None = None
    url: str | None = None
    rate: str | None = None


@dataclass(frozen=True)
class Event:
    """One thing that happened on the line; ``seconds`` is how long it takes."""

    kind: str
    text: str = ""
    voice: str | None = None
    language: str | None = None
    url: str | None = None
    rate: str | None = None
    seconds: float = 0


def heard(events: list[Event]) -> list[Heard]:
    """Return what of these events reached the caller's ear."""
    return [
        Heard(e.text, e.voice, e.language, e.url, e.rate)
        for e in events
        if e.kind in {"say", "play"}
    ]


@dataclass(frozen=True)
class Recording:
    """What was left after the beep; the words stand for the sound."""

    sid: str
    call_sid: str
    url: str
    seconds: int
    text: str = field(repr=False)


@dataclass
class Pending:
    """A <Dial> or <Record> that is going on."""

    verb: Verb
    sid: str
    words: list[str] = field(default_factory=list)


def new_sid(prefix: str) -> str:
    """Return a fresh identifier of Twilio's shape: two letters and 32 hexadecimal digits."""
    return prefix + uuid4().hex
