"""The two ends of a turn: what a channel heard, and what it is to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from portal.answers import Choice, Prompt


class Kind(StrEnum):
    """How an utterance reached us."""

    SPEECH = "speech"
    DIGITS = "digits"
    TEXT = "text"
    SILENCE = "silence"


@dataclass(frozen=True)
class Utterance:
    """One thing heard; ``text`` is the words, or the keys that were pressed."""

    conversation: UUID
    turn: int
    kind: Kind
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class Expect:
    """What the next utterance may be.

    ``speech`` is words or one key, ``keys`` words or exactly ``digits`` keys (a day, a
    time of day), ``key`` one key alone, ``secret`` exactly ``digits`` keys that nobody
    else gets to see, ``none`` nothing.
    """

    kind: str = "speech"
    digits: int = 1


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the channel says now; ``turn`` is the number the next utterance will carry."""

    prompts: tuple[Prompt, ...]
    choices: tuple[Choice, ...] = ()
    expect: Expect = field(default_factory=Expect)
    then: str = "listen"
    transfer_to: str | None = field(default=None, repr=False)
    pace: str = "normal"
    locale: str
    turn: int
