"""What is offered where nothing fits: the nearest to what was wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import time

    from portal.free_time import Offer, Search
    from portal.wanted import Times

# A day further off, or a weekday that was not wanted, counts as much as three hours.
A_DAY = 180.0
BEFORE = 0.1
MINUTES_OF_A_DAY = 24 * 60
# Read further only when what is near is full.
DAYS_AROUND = (timedelta(days=4), timedelta(days=16), timedelta(days=400))


def ranked(search: Search, *, enough: int) -> list[Offer]:
    """Return what is nearest to what is wanted, nearest first; at least ``enough`` if there are.

    What the clinicians who were asked for have comes first, however far away it is;
    what others have only fills up.
    """
    found = _by_distance(search, enough)
    if len(found) >= enough or search.wanted.clinicians is None:
        return found
    anybody = replace(search, wanted=replace(search.wanted, clinicians=None))
    asked_for = set(found)
    return found + [each for each in _by_distance(anybody, enough) if each not in asked_for]


def distance(times: Times, wall: datetime) -> float:
    """Return how far from what was wanted a visit begins, in minutes.

    Of two days that are as far away, the later one is nearer.
    """
    weekday = times.weekdays is not None and wall.weekday() not in times.weekdays
    return (_days_off(times, wall.date()) + weekday) * A_DAY + _minutes_off(times, wall.time())


def _by_distance(search: Search, enough: int) -> list[Offer]:
    times = search.wanted.times
    found: list[Offer] = []
    for days in DAYS_AROUND:
        found = search.on(_around(search, times, days))
        if len(found) >= enough:
            break
    return sorted(found, key=lambda each: (distance(times, search.wall(each)), each.starts_at))


def _around(search: Search, times: Times, days: timedelta) -> list[date]:
    """Return the days that are wanted, and so many before and after them."""
    first = min(max(times.first_day or search.first_day, search.first_day), search.last_day)
    last = min(max(times.last_day or first, first), search.last_day)
    return search.days(first - days, last + days)


def _days_off(times: Times, day: date) -> float:
    if times.first_day is not None and day < times.first_day:
        return (times.first_day - day).days + BEFORE
    if times.last_day is not None and day > times.last_day:
        return (day - times.last_day).days
    return 0.0


def _minutes_off(times: Times, wall: time) -> float:
    began = _minutes(wall)
    early = _minutes(times.from_time) - began if times.from_time else 0
    return max(early, began - _last_minute(times), 0)


def _last_minute(times: Times) -> int:
    """Return the last minute of the day at which the visit may begin."""
    if times.exact and times.from_time:
        return _minutes(times.from_time)
    return _minutes(times.until_time) - 1 if times.until_time else MINUTES_OF_A_DAY


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute
