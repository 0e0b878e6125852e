"""Digits as people write and say them, in any script, as ASCII digits."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from locales.phrases import fold, phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TEN, HUNDRED, THOUSAND = 10, 100, 1000
SMALLEST_TENS = 20


def ascii_digits(text: str) -> str:
    """Return ``text`` with the decimal digits of any script written as 0-9."""
    return "".join(_ascii(character) for character in text)


def _ascii(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def digits_in(text: str) -> str:
    """Return only the digits of ``text``, as 0-9, in their order."""
    return "".join(c for c in ascii_digits(text) if c.isascii() and c.isdigit())


def said_digits(text: str, lang: str) -> str:
    """Return the digits that ``text`` spells, as a whole, in words or figures.

    "One nine four eight", "nineteen forty eight" and "mil novecientos cuarenta y ocho"
    are all "1948". Empty where any other word is in it.
    """
    values = [value_of(word, lang) for word in fold(text).split() if word not in joins(lang)]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return ""
    return "".join(numbers_of(known))


@cache
def _words(lang: str) -> Mapping[str, int]:
    return {fold(str(word)): value for word, value in phrases(lang).get("numbers", {}).items()}


@cache
def joins(lang: str) -> frozenset[str]:
    """Return the words that may stand between the parts of a number ("forty *and* two")."""
    return frozenset(fold(word) for word in phrases(lang).get("number_joins", ()))


def value_of(word: str, lang: str) -> int | str | None:
    """Return the value of a number word; figures come back as they are, as text."""
    if word.isdecimal():
        return word
    return _words(lang).get(word)


def numbers_of(values: Iterable[int | str]) -> Iterator[str]:
    """Yield the numbers that a row of number words makes: 19, 40, 8 are "19" and "48"."""
    current: int | None = None
    for value in values:
        joined = (
            None if isinstance(value, str) or current is None else joined_number(current, value)
        )
        if joined is None and current is not None:
            yield str(current)
        if isinstance(value, str):
            yield value
            current = None
        else:
            current = value if joined is None else joined
    if current is not None:
        yield str(current)


def joined_number(before: int, value: int) -> int | None:
    """Return the one number that two words make together, or None where they are two."""
    if value in {HUNDRED, THOUSAND}:
        return before * value if before < HUNDRED else None
    for unit, least in ((THOUSAND, THOUSAND), (HUNDRED, HUNDRED), (TEN, SMALLEST_TENS)):
        if before >= least and before % unit == 0 and 0 < value < unit:
            return before + value
    return None
