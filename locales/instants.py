"""How days and times are said and written: whole phrases, for each language its own.

Spoken, a time is put so that any voice reads it right ("at 2:30 in the afternoon",
never "14:30"); texted, it is short. Languages without a style of their own here use
Babel's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_time, get_timezone_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOON = 12
EVENING = 18
LAST_HOUR = 23


@dataclass(frozen=True)
class Style:
    """How one language says a day and a time of day, and puts them together.

    Each pattern takes ``{day}`` and ``{time}``; ``date_long`` is a date with its year.
    """

    day: Callable[[date], str]
    time: Callable[[datetime], str]
    date_long: Callable[[date], str]
    when: str
    by: str
    on: str


def _named(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def _ordinal(number: int) -> str:
    teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _clock(at: datetime) -> str:
    hour = at.hour % 12 or 12
    return f"{hour}:{at.minute:02}" if at.minute else str(hour)


def _on_the_hour(at: datetime, hour: int) -> bool:
    return (at.hour, at.minute) == (hour, 0)


def _english_time(at: datetime) -> str:
    if _on_the_hour(at, NOON):
        return "noon"
    if _on_the_hour(at, 0):
        return "midnight"
    part = (
        "in the morning"
        if at.hour < NOON
        else "in the afternoon"
        if at.hour < EVENING
        else "in the evening"
    )
    return f"{_clock(at)} {part}"


def _spanish_part(at: datetime) -> str:
    # "la madrugada" until six: "3 de la mañana" is understood, but said less.
    for until, part in ((6, "madrugada"), (NOON, "mañana"), (20, "tarde")):
        if at.hour < until:
            return part
    return "noche"


def _spanish_time(at: datetime) -> str:
    if _on_the_hour(at, NOON):
        return "al mediodía"
    if _on_the_hour(at, 0):
        return "a la medianoche"
    article = "a la" if at.hour % 12 == 1 else "a las"
    return f"{article} {_clock(at)} de la {_spanish_part(at)}"


def _spanish_day(day: date) -> str:
    return "primero" if day.day == 1 else str(day.day)


SPOKEN: Mapping[str, Style] = {
    "en": Style(
        day=lambda day: f"{_named(day, 'EEEE, MMMM', 'en_US')} {_ordinal(day.day)}",
        time=_english_time,
        date_long=lambda day: f"{_named(day, 'MMMM', 'en_US')} {_ordinal(day.day)}, {day.year}",
        when="on {day}, at {time}",
        by="by {day}, at {time}",
        on="on {day}",
    ),
    "es": Style(
        day=lambda day: (
            f"{_named(day, 'EEEE', 'es_US')} {_spanish_day(day)} de {_named(day, 'MMMM', 'es_US')}"
        ),
        time=_spanish_time,
        date_long=lambda day: (
            f"{_spanish_day(day)} de {_named(day, 'MMMM', 'es_US')} de {day.year}"
        ),
        when="el {day}, {time}",
        by="antes del {day}, {time}",
        on="el {day}",
    ),
}


def _texted_time(at: datetime) -> str:
    # Not CLDR's: its narrow space doubles the price of a text, and the full stops
    # of "p. m." run into the end of a sentence.
    half = "AM" if at.hour < NOON else "PM"
    return f"{at.hour % 12 or 12}:{at.minute:02} {half}"


def _texted_style(locale: str, *, day: str, long: str, when: str, by: str) -> Style:
    return Style(
        day=lambda value: _named(value, day, locale),
        time=_texted_time,
        date_long=lambda value: _named(value, long, locale),
        when=f"{when} {{day}}, {{time}}",
        by=f"{by} {{day}}, {{time}}",
        on=f"{when} {{day}}",
    )


TEXTED: Mapping[str, Style] = {
    "en": _texted_style("en_US", day="EEE MMM d", long="MMM d, y", when="on", by="by"),
    "es": _texted_style(
        "es_US", day="EEEE d 'de' MMM", long="d 'de' MMM 'de' y", when="el", by="antes del"
    ),
}


def _cldr(locale: str) -> Style:
    known = Locale.parse(locale)
    return Style(
        day=lambda day: format_date(day, "full", locale=known),
        time=lambda at: format_time(at, "short", tzinfo=at.tzinfo, locale=known),
        date_long=lambda day: format_date(day, "long", locale=known),
        when="{day} {time}",
        by="{day} {time}",
        on="{day}",
    )


def _style(locale: str, *, texted: bool) -> Style:
    styles = TEXTED if texted else SPOKEN
    return styles.get(locale.partition("-")[0]) or _cldr(locale.replace("-", "_"))


def when(at: datetime, locale: str, *, texted: bool) -> str:
    """Return "on Tuesday, January 5th, at 2 in the afternoon"; ``at`` is in its own zone."""
    style = _style(locale, texted=texted)
    return style.when.format(day=style.day(at.date()), time=style.time(at))


def by(at: datetime, locale: str, *, texted: bool) -> str:
    """Return "by Tuesday, January 5th, at 3 in the afternoon".

    A deadline is said to the next full hour: nobody remembers 2:37, and a promise
    may be kept early but not late.
    """
    style = _style(locale, texted=texted)
    until = _full_hour(at)
    return style.by.format(day=style.day(until.date()), time=style.time(until))


def _full_hour(at: datetime) -> datetime:
    whole = at.replace(minute=0, second=0, microsecond=0)
    # Past eleven at night the next full hour is midnight of another day, which confuses.
    if whole == at or at.hour == LAST_HOUR:
        return at
    return whole + timedelta(hours=1)


def on(day: date, locale: str, *, texted: bool) -> str:
    """Return "on November 16th, 2026"."""
    style = _style(locale, texted=texted)
    return style.on.format(day=style.date_long(day))


def weekday(day: date, locale: str, *, texted: bool) -> str:
    """Return "on Thursday, November 26th": a day that is near, with its weekday."""
    style = _style(locale, texted=texted)
    return style.on.format(day=style.day(day))


def zone(at: datetime, locale: str) -> str:
    """Return "Pacific Time": what the clock is called by which ``at`` is told.

    A place whose zone Babel has no name for (much of Indiana) has that of the big zone
    whose clock it keeps, summer and winter; else the offset has to do. Raises TypeError
    where ``at`` has an offset but no zone.
    """
    if not isinstance(at.tzinfo, ZoneInfo):
        raise TypeError
    twins = (at.astimezone(each) for each in map(ZoneInfo, BIG_ZONES) if _is_twin(at, each))
    names = [_zone_name(each, locale) for each in (at, *twins)]
    return next((name for name in names if not _is_offset(name)), names[0])


BIG_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)


def _zone_name(at: datetime, locale: str) -> str:
    known = locale.replace("-", "_")
    return get_timezone_name(at, "long", locale=known, zone_variant="generic")


def _is_twin(at: datetime, other: ZoneInfo) -> bool:
    half_a_year_on = at + timedelta(days=182)
    return all(
        each.utcoffset() == each.astimezone(other).utcoffset() for each in (at, half_a_year_on)
    )


def _is_offset(name: str) -> bool:
    return any(character.isdigit() for character in name)
