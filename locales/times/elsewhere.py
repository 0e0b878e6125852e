"""Times of visits in languages whose words are not listed: Duckling's, put together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from locales.times.duckling_days import entities
from locales.times.merging import answer
from locales.times.scene import Days, Hours

if TYPE_CHECKING:
    from locales.times.said import TimeSaid

HOUR = 60
DAYS = {"day": 1, "week": 7}
MONTH = 28


def read_elsewhere(text: str, lang: str, now: datetime) -> TimeSaid | None:
    """Return the times that Duckling finds in ``text``, days and times of day joined."""
    days: list[Days] = []
    hours: list[Hours] = []
    for entity in entities(text, lang, now):
        _take(entity["value"], days, hours, now)
    return answer(days, hours, now.date())


def _take(value: dict[str, Any], days: list[Days], hours: list[Hours], now: datetime) -> None:
    start, end = _edge(value.get("from") or value), _edge(value.get("to"))
    grain = (value.get("from") or value.get("to") or value)["grain"]
    if start is None or grain in {"year", "quarter"}:
        return
    if grain in {"hour", "minute", "second"}:
        _take_hours(start, end, grain, hours)
        if start.date() != now.date():
            days.append(Days(first=start.date(), last=start.date()))
        return
    last = (end or start + timedelta(days=DAYS.get(grain, MONTH))) - timedelta(days=1)
    days.append(Days(first=start.date(), last=last.date(), grain=grain))


def _take_hours(start: datetime, end: datetime | None, grain: str, hours: list[Hours]) -> None:
    first = start.hour * HOUR + start.minute
    if end:
        last = end.hour * HOUR + end.minute
        hours.append(Hours(start=first, end=last or None, part=True))
    else:
        hours.append(Hours(start=first, exact=True, grain="hour" if grain == "hour" else "minute"))


def _edge(value: dict[str, Any] | None) -> datetime | None:
    if not value or "value" not in value:
        return None
    return datetime.fromisoformat(str(value["value"])[:19])
