"""A day of the week by its name alone, which means the one that was just talked about."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from babel.core import Locale
from babel.dates import get_day_names

from locales.phrases import fold, phrases
from locales.times.words import months

if TYPE_CHECKING:
    from collections.abc import Mapping

HOURS = 12


def weekday_alone(text: str, lang: str) -> int | None:
    """Return the one weekday (0 is Monday) that ``text`` names without saying which one.

    "Thursday then" among times of the week after next is that week's; "this Thursday" or
    "Thursday the 3rd" says itself which one it is.
    """
    words = fold(text).split()
    named = {_names(lang)[word] for word in words if word in _names(lang)}
    if len(named) != 1 or any(_tells_which(word, lang) for word in words):
        return None
    return named.pop()


@cache
def _names(lang: str) -> Mapping[str, int]:
    wide = get_day_names("wide", "format", Locale.parse(lang))
    return {fold(name): day for day, name in wide.items()}


def _tells_which(word: str, lang: str) -> bool:
    lists = phrases(lang)
    return (
        word in months(lang)
        or word in lists.get("points_to_a_week", ())
        or word in lists.get("day_ordinals", {})
        # "3rd", or a figure that is no hour.
        or (word[0].isdecimal() and not (word.isdecimal() and int(word) <= HOURS))
    )
