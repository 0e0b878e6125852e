"""A day of the week by its name alone, which means the one that was just talked about."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from babel.core import Locale
from babel.dates import get_day_names

from locales.digits import value_of
from locales.phrases import fold, phrases
from locales.times.words import months

if TYPE_CHECKING:
    from collections.abc import Mapping


def weekday_alone(text: str, lang: str) -> int | None:
    """Return the one weekday (0 is Monday) that ``text`` names without saying which one.

    "Thursday then" among times of the week after next is that week's; "this Thursday" or
    "Thursday the 3rd" says itself which one it is.
    """
    words = fold(text).split()
    named = {_names(lang)[word] for word in words if word in _names(lang)}
    if len(named) != 1 or any(_points(word, lang) for word in words):
        return None
    places = (place for place, word in enumerate(words) if word in _names(lang))
    # "Wednesday the second", "miércoles dos": the day of the month follows at once.
    if any(_has_number(words[place + 1 :], lang) for place in places):
        return None
    return named.pop()


@cache
def _names(lang: str) -> Mapping[str, int]:
    wide = get_day_names("wide", "format", Locale.parse(lang))
    return {fold(name): day for day, name in wide.items()}


def _points(word: str, lang: str) -> bool:
    """Return whether a word says in which week or month a weekday is."""
    return word in months(lang) or word in phrases(lang).get("points_to_a_week", ())


def _has_number(following: list[str], lang: str) -> bool:
    """Return whether a day of the month follows at once, an article before it or not."""
    leads = phrases(lang).get("place_leads", ())
    return any(_is_number(word, lang) for word in [w for w in following[:2] if w not in leads][:1])


def _is_number(word: str, lang: str) -> bool:
    return (
        word[0].isdecimal()
        or word in phrases(lang).get("day_ordinals", {})
        or value_of(word, lang) is not None
    )
