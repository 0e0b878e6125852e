"""The sign of every word and phrase that tells something of a time."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from babel.core import Locale
from babel.dates import get_month_names

from locales.phrases import fold
from locales.times.figures import figured
from locales.times.words import any_of, words

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST_MONTH = 3


@cache
def signs(lang: str) -> Mapping[str, str]:
    """Return what each phrase is written over with: "day after tomorrow" is OVERMORROW."""
    known = words(lang)
    named = {
        sign: phrases for sign, phrases in known.items() if sign[0].isupper() or sign[0].isdigit()
    }
    holidays = {f"H:{name.replace(' ', '_')}": each for name, each in known["holidays"].items()}
    table = {
        figured(fold(phrase), lang).strip(): sign
        for sign, phrases in (named | holidays).items()
        for phrase in phrases
    }
    table = {phrase: sign + _article(phrase, sign) for phrase, sign in table.items()}
    return table | _weekdays(lang) | _months(lang)


def _article(phrase: str, sign: str) -> str:
    """Return the article that ends a Spanish phrase: "antes del" 15 is before a day."""
    return " THE" if phrase.endswith((" del", " el")) and not sign.endswith("THE") else ""


def _weekdays(lang: str) -> dict[str, str]:
    plural = words(lang)["plural"]
    named = {
        fold(name): f"W{day}" for day, names in words(lang)["weekdays"].items() for name in names
    }
    several = {name + plural: f"{sign}s" for name, sign in named.items() if name[-1] != plural}
    return several | named


def _months(lang: str) -> dict[str, str]:
    wide = get_month_names("wide", "format", Locale.parse(lang))
    return {fold(name): f"M{month}" for month, name in wide.items() if len(name) > SHORTEST_MONTH}


@cache
def finder(lang: str) -> re.Pattern[str]:
    """Return what finds the phrases that have a sign, the longest first."""
    return re.compile(rf"(?<= )(?:{any_of(signs(lang))})(?= )")
