"""Days of birth as people say and write them.

A wrong date that looks right is worse than none, so what is written in figures or with
a month's name is read here; Duckling is asked only for the rest, and believed only about
a day of a year that stands in the text: it makes silent mistakes, spelled years among
them. Whoever uses an answer reads it back.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from babel.core import Locale
from babel.dates import get_month_names

from locales.digits import ascii_digits, joins, numbers_of, said_digits, value_of
from locales.phrases import fold, phrases
from locales.times.duckling_days import entities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OLDEST = 1900
CENTURY = 100
NOON = time(12)
YEAR_DIGITS, PAIR = 4, 2
SPELLED, ALIKE = 5, 0.85  # letters and likeness from which a misspelt month is believed
_BETWEEN = r"(?:\D{1,3}|\s*tháng\s*|\s*năm\s*)"  # Vietnamese numbers its months
_TRIPLE = re.compile(rf"(?<!\d)(\d{{1,4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{4}}|\d{{2}})(?!\d)")
_EIGHT = re.compile(r"(?<!\d)\d{8}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SUFFIXED = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|o|er|e|º|°|ª|日|일)$")
Parts = tuple[int, int, int]


def birth_date(text: str, lang: str, today: date) -> date | None:
    """Return the one day of birth that ``text`` names, from 1900 to ``today``; else None.

    Where day and month could change places, English is read month first (the order that
    the prompt asks for) and every other language day first.
    """
    figures = unicodedata.normalize("NFC", ascii_digits(text))
    read = chain(
        _eight_figures(figures),
        _figures(figures, lang, today),
        _named(figures, lang, today),
        _eight_figures(said_digits(figures, lang)),
    )
    found = (_day(parts, today) for parts in read)
    return next((day for day in found if day), None) or _duckling(figures, lang, today)


def _day(parts: Parts, today: date) -> date | None:
    with suppress(ValueError):
        day = date(*parts)
        return day if day.year >= OLDEST and day <= today else None
    return None


def _full_year(written: str, today: date) -> int:
    year = int(written)
    if len(written) > PAIR:
        return year
    century = today.year - today.year % CENTURY
    return century + year if century + year <= today.year else century - CENTURY + year


def _eight_figures(text: str) -> Iterator[Parts]:
    for found in _EIGHT.findall(text):
        yield int(found[:4]), int(found[4:6]), int(found[6:])
        yield int(found[4:]), int(found[:2]), int(found[2:4])
        yield int(found[4:]), int(found[2:4]), int(found[:2])


def _figures(text: str, lang: str, today: date) -> Iterator[Parts]:
    for first, second, third in _TRIPLE.findall(text):
        if len(first) > PAIR:
            yield int(first), int(second), int(third)
            continue
        year, one, two = _full_year(third, today), int(first), int(second)
        orders = ((year, one, two), (year, two, one))
        yield from orders if lang == "en" else reversed(orders)


@cache
def _months(lang: str) -> Mapping[str, int]:
    known = Locale.parse(lang)
    names: dict[str, int] = {}
    for width in ("abbreviated", "wide"):
        for context in ("stand-alone", "format"):
            for month, name in get_month_names(width, context, known).items():
                names[fold(name)] = month
    return names | {"sept": 9} if lang == "en" else names


def _named(text: str, lang: str, today: date) -> Iterator[Parts]:
    """Yield what a text with the name of a month says: the day and the year are around it."""
    words = fold(text)
    name = _month_in(words, lang)
    if name:
        before, _, after = f" {words} ".partition(f" {name[0]} ")
        yield from _around(name[1], (_numbers(before, lang), _numbers(after, lang)), today)


def _month_in(words: str, lang: str) -> tuple[str, int] | None:
    """Return the month that is named, as it is written there, and its number."""
    months = _months(lang)
    for name in sorted(months, key=len, reverse=True):
        if f" {name} " in f" {words} ":
            return name, months[name]
    long = [word for word in words.split() if len(word) >= SPELLED and word.isalpha()]
    near = ((word, get_close_matches(word, months, n=1, cutoff=ALIKE)) for word in long)
    return next(((word, months[found[0]]) for word, found in near if found), None)


def _around(month: int, numbers: tuple[list[str], list[str]], today: date) -> Iterator[Parts]:
    """Yield the readings of what stands before and after a month."""
    before, after = numbers
    row = [*before[-1:], *after]
    for at, written in enumerate(row):
        year, rest = _year(written, row[at + 1 :]), row[:at]
        if year and rest:
            yield _full_year(year, today), month, int(rest[-1])
    if row and len(row[0]) == YEAR_DIGITS and len(row) == PAIR:
        yield int(row[0]), month, int(row[1])


def _year(written: str, rest: Sequence[str]) -> str | None:
    """Return the year that begins here: "1948", "19" and "48", or, last, "48"."""
    if len(written) == YEAR_DIGITS:
        return written
    together = "".join((written, *rest))
    if len(written) <= PAIR and len(together) == YEAR_DIGITS and written in {"19", "20"}:
        return together
    return written if len(written) == PAIR and not rest else None


def _numbers(words: str, lang: str) -> list[str]:
    """Return the numbers in a row of words, their ordinals among them, in order."""
    row: list[list[int | str]] = [[]]
    for word in words.split():
        value = _value(word, lang)
        if value is not None:
            row[-1].append(value)
        elif word not in joins(lang):
            row.append([])
    return [number for group in row for number in numbers_of(group)]


def _value(word: str, lang: str) -> int | str | None:
    suffixed = _SUFFIXED.match(word)
    if suffixed:
        return suffixed[1]
    ordinals: Mapping[str, int] = phrases(lang).get("day_ordinals", {})
    return ordinals.get(word, value_of(word, lang))


def _duckling(text: str, lang: str, today: date) -> date | None:
    """Return a day that Duckling finds, if its year stands in the text in figures."""
    years = {int(year) for year in _YEAR.findall(text)}
    if not years:
        return None
    for entity in entities(text, lang, datetime.combine(today, NOON)):
        value = entity["value"]
        day = date.fromisoformat(str(value["value"])[:10]) if value.get("grain") == "day" else None
        if day and day.year in years and day <= today:
            return day
    return None
