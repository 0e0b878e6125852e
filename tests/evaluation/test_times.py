"""How well the reader of times understands what patients say: ``times/<language>.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from locales.when import appointment_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from _pytest.mark import ParameterSet

    from locales.when import TimeSaid

    Entry = Mapping[str, Any]

SETS = Path(__file__).parent / "times"
LANGUAGES = ("en", "es")
NOW = datetime(2026, 11, 24, 10, 20)  # noqa: DTZ001 - wall time of the clinic
OPENS, CLOSES = time(8), time(17)
WORKING_DAYS = frozenset(range(5))
A_MOMENT = timedelta(seconds=1)
# A reader that takes more than this for another time is not to book visits.
LEAST_RIGHT = 0.9


@dataclass(frozen=True)
class Heard:
    """One expression, what may be meant by it, and what the reader makes of it."""

    text: str
    meanings: tuple[Entry, ...]
    said: TimeSaid | None

    @property
    def is_right(self) -> bool:
        """Return whether it was read as one of its meanings."""
        return any(_is(meaning, self.said) for meaning in self.meanings)

    def __str__(self) -> str:
        """Return what went wrong, for whoever has to mend it."""
        return f"{self.text!r} was read as {_shown(self.said)} and not {self.meanings}"


@cache
def _heard(language: str) -> tuple[Heard, ...]:
    return tuple(_read(entry, language) for entry in _listed(f"{language}.yml"))


def _read(entry: Entry, language: str) -> Heard:
    text = entry["text"]
    meanings = (entry, *entry.get("or", ()))
    return Heard(text, meanings, appointment_time(text, language, NOW, (OPENS, CLOSES)))


def _listed(name: str) -> list[Entry]:
    return yaml.safe_load((SETS / name).read_text(encoding="utf-8")) or []


def _is(meaning: Entry, said: TimeSaid | None) -> bool:
    if "time" in meaning or said is None:
        return "time" in meaning and said is None
    return _is_wish(meaning, said) if "weekdays" in meaning else _is_span(meaning, said)


def _is_span(meaning: Entry, said: TimeSaid) -> bool:
    start, end = (datetime.fromisoformat(meaning[name]) for name in ("from", "to"))
    days = {day.weekday() for day in _days(start.date(), (end - A_MOMENT).date())}
    holds = said.weekdays is None or days <= said.weekdays
    return holds and said.span(NOW) == (start, end) and said.grain == meaning["grain"]


def _is_wish(meaning: Entry, said: TimeSaid) -> bool:
    """Compare where the clinic is open: from midnight and from eight is the same wish."""
    wanted = _wish(
        meaning["weekdays"],
        (_as_time(meaning, "from_time"), _as_time(meaning, "until_time")),
        (_as_date(meaning, "first_day"), _as_date(meaning, "last_day")),
    )
    hours, days = (said.from_time, said.until_time), (said.first_day, said.last_day)
    return wanted == _wish(said.weekdays, hours, days)


def _wish(
    weekdays: Any, hours: tuple[time | None, time | None], days: tuple[date | None, date | None]
) -> tuple[Any, ...]:
    """Return the days and hours that suit: dates where the wish ends, else days of the week."""
    on = WORKING_DAYS if weekdays is None else WORKING_DAYS & frozenset(weekdays)
    opens, closes = max(hours[0] or OPENS, OPENS), min(hours[1] or CLOSES, CLOSES)
    first, last = days[0] or NOW.date(), days[1]
    if last is None:
        return on, first, opens, closes
    return frozenset(day for day in _days(first, last) if day.weekday() in on), opens, closes


def _days(first: date, last: date) -> Iterator[date]:
    for days in range((last - first).days + 1):
        yield first + timedelta(days=days)


def _as_time(meaning: Entry, name: str) -> time | None:
    return time.fromisoformat(meaning[name]) if name in meaning else None


def _as_date(meaning: Entry, name: str) -> date | None:
    return date.fromisoformat(meaning[name]) if name in meaning else None


def _shown(said: TimeSaid | None) -> str:
    if said is None:
        return "no time"
    try:
        start, end = said.span(NOW)
    except (TypeError, ValueError):
        return str(said)
    return f"{start.isoformat()} to {end.isoformat()}, {said.grain} ({said})"


def _cases() -> Iterator[ParameterSet]:
    known = {entry["text"]: entry for entry in _listed("known_failures.yml")}
    for language in LANGUAGES:
        for heard in _listed(f"{language}.yml"):
            failure = known.get(heard["text"])
            marks = [pytest.mark.xfail(strict=True, reason=failure["why"])] if failure else []
            yield pytest.param(
                language, heard["text"], marks=marks, id=f"{language}: {heard['text']}"
            )


@pytest.mark.parametrize(("language", "text"), list(_cases()))
def test_a_time_is_read_as_it_is_meant(language: str, text: str) -> None:
    """What somebody says of when they want to come is what is looked for."""
    heard = next(each for each in _heard(language) if each.text == text)
    assert heard.is_right, str(heard)


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_are_understood(language: str) -> None:
    """Of all that people say of when they want to come, little is read as another time."""
    heard = _heard(language)
    right = sum(each.is_right for each in heard)
    share = right / len(heard)
    print(f"{language}: {right} of {len(heard)} times are read as meant ({share:.1%})")  # noqa: T201
    assert share >= LEAST_RIGHT


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_expression_stands_twice(language: str) -> None:
    """Each expression has one entry, and counts once."""
    texts = [entry["text"] for entry in _listed(f"{language}.yml")]
    assert len(texts) == len(set(texts))


def test_known_failures_are_expressions_of_the_sets() -> None:
    """A failure that is known names an expression that is there."""
    texts = {entry["text"] for language in LANGUAGES for entry in _listed(f"{language}.yml")}
    assert {entry["text"] for entry in _listed("known_failures.yml")} <= texts
