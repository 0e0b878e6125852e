"""What was found in a text, as the one answer that it gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import reduce
from typing import TYPE_CHECKING

from locales.times.calendar import WEEK, ahead, nearest
from locales.times.relations import dated
from locales.times.said import TimeSaid
from locales.times.scene import MIDNIGHT, Days, Hours

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


HALF_DAY, HOUR = 12 * 60, 60
ALL = frozenset(range(WEEK))


def answer(days: Sequence[Days], hours: Sequence[Hours], today: date) -> TimeSaid | None:
    """Return the days and hours that all of them allow; None where nothing is said."""
    when, at = _days(days, today), _hours(hours)
    if when is None and at in {None, Hours()}:
        return None
    said = TimeSaid() if when is None else when
    if at is None or at == Hours():
        return said
    return replace(
        said,
        from_time=_time(at.start),
        until_time=_time(at.end),
        exact=at.exact,
        grain=at.grain,
    )


def _time(minutes: int | None) -> time | None:
    if minutes is None or minutes >= MIDNIGHT:
        return None
    return time(minutes // HOUR, minutes % HOUR)


def _hours(found: Sequence[Hours]) -> Hours | None:
    exact = [each for each in found if each.exact]
    rest = [each for each in found if not each.exact]
    if exact:
        return _either(_halved(exact, rest))
    parts, others = [h for h in rest if h.part], [h for h in rest if not h.part]
    whole = [reduce(_parts, parts)] if parts else []
    merged: Hours | None = None
    for each in [*others, *whole]:
        merged = each if merged is None else _both(merged, each)
    return merged


def _halved(exact: Sequence[Hours], rest: Sequence[Hours]) -> list[Hours]:
    """Return exact times in the part of the day that is named beside them."""
    return [next(filter(None, (_in(each, part) for part in rest)), each) for each in exact]


def _in(exact: Hours, part: Hours) -> Hours | None:
    if not exact.either or exact.start is None:
        return None
    starts = (exact.start % HALF_DAY, exact.start % HALF_DAY + HALF_DAY)
    fits = [at for at in starts if (part.start or 0) <= at < (part.end or MIDNIGHT)]
    return replace(exact, start=fits[0]) if fits else None


def _either(exact: Sequence[Hours]) -> Hours:
    """Return the one exact time, or the stretch that holds several."""
    starts = sorted({each.start for each in exact if each.start is not None})
    if len(starts) == 1:
        return exact[0]
    return Hours(start=starts[0], end=starts[-1] + (1 if exact[-1].grain == "minute" else HOUR))


def _parts(one: Hours, other: Hours) -> Hours:
    """Return the part that is part of the other ("early" of "morning"), else both together."""
    (first, last), (start, end) = _edges(one), _edges(other)
    if first <= start and end <= last:
        return other
    if start <= first and last <= end:
        return one
    return Hours(start=min(first, start), end=max(last, end), part=True)


def _edges(hours: Hours) -> tuple[int, int]:
    return hours.start or 0, hours.end or MIDNIGHT


def _both(one: Hours, other: Hours) -> Hours:
    (first, last), (start, end) = _edges(one), _edges(other)
    start, end = max(first, start), min(last, end)
    if start >= end:
        # "My ride works mornings so after one"; "before nine or after five" is no one stretch.
        return one if other.part else Hours()
    return Hours(start=start or None, end=end if end < MIDNIGHT else None)


def _days(found: Sequence[Days], today: date) -> TimeSaid | None:
    if not found:
        return None
    spans = [each for each in found if not each.weekdays]
    if any(each.way == "every" for each in found):
        found = [replace(each, way="every") if each.way == "nearest" else each for each in found]
    named = [each for each in found if each.way in {"nearest", "next", "range"}]
    wishes = _wished([each for each in found if each.way in {"every", "not"}])
    if _apart(spans) and not named:
        return _several([each.first for each in spans if each.first])
    span = _spanned(spans)
    if span is None:
        return _by_weekday(named, wishes, today)
    return _within(span, named, wishes, today)


def _wished(found: Sequence[Days]) -> frozenset[int] | None:
    every = {day for each in found if each.way == "every" for day in each.weekdays}
    never = {day for each in found if each.way == "not" for day in each.weekdays}
    left = frozenset((every or ALL) - never)
    return None if not found or not left else left


def _apart(spans: Sequence[Days]) -> bool:
    """Return whether only single days are named, and more than one."""
    single = all(each.first and each.first == each.last for each in spans)
    return single and len({each.first for each in spans}) > 1


def _several(days: Sequence[date]) -> TimeSaid:
    first, last = min(days), max(days)
    weekdays = frozenset(day.weekday() for day in days) if (last - first).days < WEEK else None
    return TimeSaid(first_day=first, last_day=last, weekdays=weekdays)


def _spanned(spans: Sequence[Days]) -> Days | None:
    """Return the days that all stretches share; where they share none, all of them."""
    return reduce(_shared, spans) if spans else None


def _shared(one: Days, other: Days) -> Days:
    first = max(filter(None, (one.first, other.first)), default=None)
    last = min(filter(None, (one.last, other.last)), default=None)
    if first and last and first > last:
        return Days(
            first=min(one.first or first, other.first or first),
            last=max(one.last or last, other.last or last),
            grain="day",
            way="apart",
        )
    finer = one if _length(one) <= _length(other) else other
    return Days(first=first, last=last, grain=finer.grain)


def _length(days: Days) -> int:
    return (days.last - days.first).days if days.first and days.last else 999


def _by_weekday(named: Sequence[Days], wishes: frozenset[int] | None, today: date) -> TimeSaid:
    if not named:
        return TimeSaid(weekdays=wishes)
    days = sorted(day for each in named for day in _dates(each, today))
    several = frozenset(day.weekday() for day in days) if len(days) > 1 else None
    return TimeSaid(first_day=days[0], last_day=days[-1], weekdays=several)


def _dates(named: Days, today: date) -> list[date]:
    if named.way == "range":
        start = nearest(named.weekdays[0], today)
        return [ahead(start, each) for each in range(len(named.weekdays))]
    day = dated(named, today).first
    return [day] if day else []


def _within(
    span: Days, named: Sequence[Days], wishes: frozenset[int] | None, today: date
) -> TimeSaid:
    asked = frozenset(day for each in named for day in each.weekdays)
    if span.first and span.first != span.last and asked:
        return _asked(span, asked, wishes)
    first = span.first
    if first and span.last and first < today <= span.last and first != span.last:
        first = today
    return TimeSaid(first_day=first, last_day=span.last, weekdays=wishes, grain=span.grain)


def _asked(span: Days, asked: frozenset[int], wishes: frozenset[int] | None) -> TimeSaid:
    """Return the named weekdays of a week, or of a longer stretch all such days."""
    assert span.first  # noqa: S101 - asked by its caller
    weekdays = asked if wishes is None else asked & wishes
    if span.last is None or _length(span) >= WEEK:
        if span.last is None and len(asked) == 1:
            day = nearest(next(iter(asked)), ahead(span.first, -1))
            return TimeSaid(first_day=day, last_day=day)
        return TimeSaid(first_day=span.first, last_day=span.last, weekdays=weekdays)
    days = [ahead(span.first, each) for each in range(_length(span) + 1)]
    fits = [day for day in days if day.weekday() in weekdays] or days
    several = weekdays if len(fits) > 1 else None
    return TimeSaid(first_day=fits[0], last_day=fits[-1], weekdays=several)
