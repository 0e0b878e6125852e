"""Which days are talked about: those that were offered or asked for, and their weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from locales.phrases import contains
from locales.weekdays import weekday_alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from actions.caller import Caller
    from actions.draft import Draft
    from locales.when import TimeSaid


def in_view(caller: Caller, draft: Draft, text: str, said: TimeSaid | None) -> TimeSaid | None:
    """Return what was said with a lone weekday as that of the weeks that are talked about."""
    weekday = weekday_alone(text, caller.turn.lang) if said else None
    if said is None or weekday is None or said.first_day != said.last_day:
        return said
    day = next((day for day in _in_sight(caller, draft, text) if day.weekday() == weekday), None)
    return replace(said, first_day=day, last_day=day) if day else said


def _in_sight(caller: Caller, draft: Draft, text: str) -> Iterator[date]:
    """Yield the days that were offered, those that were asked for, and their week's.

    "The same week", of a visit that is moved, is the one in which it is now.
    """
    if draft.moves and contains(text, caller.turn.lang, "same_week"):
        yield from _week_from(_monday(caller.visit_starts(draft.moves).date()))
        return
    yield from _days(caller, draft)
    first, last = draft.times.first_day, draft.times.last_day
    if first and last:
        yield from (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    if draft.offered:
        week = _week_from(week_of(caller, draft))
        yield from (day for day in week if day > caller.now.date())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week_from(monday: date) -> Iterator[date]:
    yield from (monday + timedelta(days=ahead) for ahead in range(7))


def week_of(caller: Caller, draft: Draft) -> date:
    """Return the Monday of the week that was talked about: that of the first time offered."""
    day = next(_days(caller, draft), caller.now.date())
    return _monday(day)


def _days(caller: Caller, draft: Draft) -> Iterator[date]:
    yield from (caller.wall(offer).date() for offer in draft.offered)
