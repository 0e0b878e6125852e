"""What is known while a text is read: the day, the clinic's hours, and what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

MIDNIGHT = 24 * 60


class NoSuchDayError(ValueError):
    """A day is named that no calendar has, such as the 30th of February."""


@dataclass(frozen=True, kw_only=True)
class Days:
    """A stretch of days, both ends inclusive and None for open; or weekdays, not yet dated.

    ``way`` says of weekdays which are meant: the ``nearest`` one after today, the one in
    the ``next`` calendar week, ``every`` one, a ``range``, or those that do ``not`` suit.
    """

    first: date | None = None
    last: date | None = None
    grain: str = "day"
    weekdays: tuple[int, ...] = ()
    way: str = ""

    def ends(self) -> tuple[date, date]:
        """Return both ends of a stretch that is not open; raises ValueError."""
        if self.first is None or self.last is None:
            raise ValueError("an open stretch of days")
        return self.first, self.last


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A stretch of a day in minutes after midnight; ``exact`` is the very minute ``start``."""

    start: int | None = None
    end: int | None = None
    exact: bool = False
    grain: str = "hour"
    either: bool = False  # `start` could as well be twelve hours later
    part: bool = False  # the morning, the afternoon ...


@dataclass(kw_only=True)
class Scene:
    """A text that is being read; ``days`` are referred to in it as ``#0``, ``#1``."""

    lang: str
    now: datetime
    opens: int
    closes: int
    days: list[Days] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Return the day it is."""
        return self.now.date()

    def keep(self, days: Days) -> str:
        """Return the sign of ``days``, which are kept."""
        self.days.append(days)
        return f"#{len(self.days) - 1}"

    def at(self, sign: str) -> Days:
        """Return the days that a sign such as ``#0`` refers to."""
        return self.days[int(sign.removeprefix("#"))]


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Scene], str | None]]


def rule(pattern: str, read: Callable[[re.Match[str], Scene], str | None]) -> Rule:
    """Return a rule that writes what ``read`` returns over whole signs; None leaves them."""
    return re.compile(rf"(?<= )(?:{pattern})(?= )"), read


def ruled(said: str, rules: Sequence[Rule], scene: Scene) -> str:
    """Return ``said`` with each of ``rules`` applied wherever it fits."""
    for pattern, read in rules:
        said = pattern.sub(lambda found, read=read: _or_left(read(found, scene), found[0]), said)  # type: ignore[misc]
    return said


def _or_left(written: str | None, found: str) -> str:
    return found if written is None else written
