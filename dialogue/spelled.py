"""Finds numbers that are written in words, in any of the languages, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from babel.core import Locale
from babel.dates import get_month_names

from locales.digits import joins, numbers_of, value_of
from locales.phrases import fold, languages, phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEAST_TWO_DIGITS = 10
YEAR_DIGITS, PAIR = 4, 2
CONNECTIVES = frozenset({"de", "del", "do", "of", "the", "el", "le", "la", "em", "en"})
"""What stands between the parts of a date, in languages that have such words."""

_WORD = re.compile(r"[^\W_]+")
_SUFFIXED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|o|er|e|º|ª|日|일)")
_TIGHT = re.compile(r"[\s,.\-\u2013/()'\u2019]*")
_NOTHING = re.compile(r"(?!)")


class Date(NamedTuple):
    """A date as it is written: the year may have two digits only."""

    year: str
    month: int
    day: int


@dataclass(frozen=True)
class Word:
    """A word of the text, folded, and where it stands."""

    text: str
    start: int
    end: int


def spelled_digits(text: str) -> Iterator[tuple[int, int, int]]:
    """Give start, end and number of digits of each row of digits with a word among them."""
    words = _words(text)
    for lang in languages():
        for row in _rows(text, words, lang):
            values = [value_of(word.text, lang) for word in row]
            known = [value for value in values if value is not None]
            if any(isinstance(value, int) for value in known):
                yield row[0].start, row[-1].end, sum(map(len, numbers_of(known)))
        for found in _glued(lang).finditer(text):
            yield *found.span(), len(found[0])


def _rows(text: str, words: list[Word], lang: str) -> Iterator[list[Word]]:
    """Give the rows of number words with nothing but space and commas between them."""
    row: list[Word] = []
    for word in words:
        joined = row and _TIGHT.fullmatch(text, row[-1].end, word.start)
        if value_of(word.text, lang) is not None and (joined or not row):
            row.append(word)
        elif joined and word.text in joins(lang):
            continue
        else:
            if row:
                yield row
            row = [word] if value_of(word.text, lang) is not None else []
    if row:
        yield row


@cache
def _glued(lang: str) -> re.Pattern[str]:
    """Return what finds six or more digits written without space, as Chinese and Korean are."""
    signs = "".join(
        str(word)
        for word, value in phrases(lang).get("numbers", {}).items()
        if len(str(word)) == 1 and value < LEAST_TWO_DIGITS and not str(word).isascii()
    )
    return re.compile(f"[{signs}]{{6,}}") if signs else _NOTHING


def spelled_dates(text: str) -> Iterator[tuple[int, int, Date]]:
    """Give start, end and reading of each full date in which the month has its name."""
    words = _words(text)
    for lang in languages():
        for place, word in enumerate(words):
            if word.text in _months(lang):
                yield from _date_around(text, words, place, lang)


def _date_around(
    text: str, words: list[Word], place: int, lang: str
) -> Iterator[tuple[int, int, Date]]:
    before = _numbers(text, words[place::-1], lang)
    after = _numbers(text, words[place:], lang)
    # Before the month one number counts ("take 2 pills, 21 November"), though it may
    # be two words ("twenty first").
    row = [*_read(before[::-1], lang)[-1:], *_read(after, lang)]
    reading = _date(row, _months(lang)[words[place].text])
    if reading:
        parts = [words[place], *before, *after]
        yield min(each.start for each in parts), max(each.end for each in parts), reading


def _numbers(text: str, words: list[Word], lang: str) -> list[Word]:
    """Return the numbers that follow the first word (in either direction) without a break."""
    found: list[Word] = []
    last = words[0]
    for word in words[1:]:
        between = text[min(last.end, word.end) : max(last.start, word.start)]
        if not _TIGHT.fullmatch(between):
            break
        if _value(word.text, lang) is not None:
            found.append(word)
        elif word.text not in joins(lang) | CONNECTIVES:
            break
        last = word
    return found


def _read(words: list[Word], lang: str) -> list[str]:
    values = [_value(word.text, lang) for word in words]
    return list(numbers_of(value for value in values if value is not None))


def _date(row: list[str], month: int) -> Date | None:
    """Return what the numbers around a month say: day and year, or year and day."""
    if len(row) < PAIR:
        return None
    if len(row[0]) == YEAR_DIGITS:
        return Date(row[0], month, int(row[1]))
    year = row[1]
    if year in {"19", "20"} and len(row) > PAIR and len(row[2]) == PAIR:
        year += row[2]
    return Date(year, month, int(row[0])) if len(year) in {PAIR, YEAR_DIGITS} else None


def _value(word: str, lang: str) -> int | str | None:
    suffixed = _SUFFIXED.fullmatch(word)
    if suffixed:
        return suffixed[1]
    ordinals: Mapping[str, int] = phrases(lang).get("day_ordinals", {})
    return ordinals.get(word, value_of(word, lang))


@cache
def _months(lang: str) -> Mapping[str, int]:
    known = Locale.parse(lang)
    names = {
        fold(name): month
        for width in ("abbreviated", "wide")
        for context in ("stand-alone", "format")
        for month, name in get_month_names(width, context, known).items()
    }
    return {name: month for name, month in names.items() if name.isalpha()} | {"sept": 9}


def _words(text: str) -> list[Word]:
    return [Word(fold(found[0]), *found.span()) for found in _WORD.finditer(text)]
