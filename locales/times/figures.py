"""Figures for numbers that are spelled: "twenty first" is 21th, "nine oh five" is 9 05."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from locales.digits import joined_number, joins, value_of
from locales.phrases import phrases
from locales.times.words import any_of, words

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS = (
    "days?|weeks?|months?|hours?|minutes?|dias?|semanas?|mes(?:es)?|horas?|minutos?|years?|anos?"
)
_OH = re.compile(r"(?<= )(?<! \d )(\d{1,2}) (?:oh|o|0) (\d)(?= )(?! \d)")
_HALF_OF_DAY = re.compile(r"(?<=\d) ([ap]) m(?= )")


def figured(said: str, lang: str) -> str:
    """Return folded words with figures for the numbers among them; ordinals end in "th"."""
    row: list[str] = []
    held: _Number = _Number(row)
    for word in said.split():
        if not held.takes(word, lang):
            held.end()
            row.append(word)
    held.end()
    joined = _HALF_OF_DAY.sub(r" \1m", _OH.sub(r"\1 0\2", f" {' '.join(row)} "))
    return _few(lang).sub(lambda found: f"{words(lang)['few'][found[1]]} ", joined)


@cache
def _few(lang: str) -> re.Pattern[str]:
    return re.compile(rf"(?<= )({any_of(words(lang)['few'])}) (?=(?:{UNITS}) )")


class _Number:
    """The number that is being spelled, and the row it goes to when it ends."""

    def __init__(self, row: list[str]) -> None:
        self.row = row
        self.value: int | None = None
        self.join = ""

    def takes(self, word: str, lang: str) -> bool:
        """Return whether ``word`` is part of a number, or may join two."""
        if self.value is not None and not self.join and word in joins(lang):
            self.join = word
            return True
        ordinal = _ordinals(lang).get(word)
        value = ordinal or (None if word in words(lang)["numbers_not"] else value_of(word, lang))
        if not isinstance(value, int):
            return False
        self._add(value)
        if ordinal:
            self.end("th")
        return True

    def _add(self, value: int) -> None:
        joined = None if self.value is None else joined_number(self.value, value)
        if joined is None:
            self.end()
            self.value = value
        else:
            self.value, self.join = joined, ""

    def end(self, suffix: str = "") -> None:
        """Put the number down, and the word after it that joined nothing."""
        if self.value is not None:
            self.row.append(f"{self.value}{suffix}")
        if self.join:
            self.row.append(self.join)
        self.value, self.join = None, ""


def _ordinals(lang: str) -> Mapping[str, int]:
    found: Mapping[str, int] = phrases(lang).get("day_ordinals", {})
    return found
