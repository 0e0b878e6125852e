"""When a caller would like to come, in the wall time of the clinic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)
OPEN_END = timedelta(days=60)  # how far "after the 15th" reaches: as far as openings do


@dataclass(frozen=True, kw_only=True)
class TimeSaid:
    """The times that a text names; None is nothing said. Days are inclusive.

    A visit suits that begins at or after ``from_time`` and before ``until_time``;
    ``exact`` says that ``from_time`` is the very minute asked for (``until_time`` is then
    None). ``weekdays`` counts from Monday, which is 0. ``grain`` is how fine the words
    were: ``minute``, ``hour``, ``day``, ``week`` or ``month``.
    """

    first_day: date | None = None
    last_day: date | None = None
    from_time: time | None = None
    until_time: time | None = None
    exact: bool = False
    weekdays: frozenset[int] | None = None
    grain: str = "day"

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """Return the first instant meant and the first one after it, as wall time.

        Where no day is named it is the next one, from ``now``, that has the time of day.
        """
        first, last = self._days(now)
        start = datetime.combine(first, self.from_time or time())
        return start, max(self._end(first, last), start)

    def _end(self, first: date, last: date) -> datetime:
        if self.exact and self.from_time:
            start = datetime.combine(first, self.from_time)
            return start + timedelta(minutes=1 if self.grain == "minute" else 60)
        if self.until_time:
            return datetime.combine(last, self.until_time)
        return datetime.combine(last, time()) + DAY

    def _days(self, now: datetime) -> tuple[date, date]:
        if self.first_day or self.last_day:
            first = self.first_day or min(now.date(), self.last_day or now.date())
            return first, self.last_day or first + OPEN_END
        day = now.date()
        while not self._has(day, now):
            day += DAY
        return day, day

    def _has(self, day: date, now: datetime) -> bool:
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if self.exact and self.from_time:
            return datetime.combine(day, self.from_time) > now
        if not (self.from_time or self.until_time):
            return day > now.date()
        return self._end(day, day) > now
