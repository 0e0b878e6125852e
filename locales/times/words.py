"""What a language's words mean in a time, read from its list (``en.yml``)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from babel.core import Locale
from babel.dates import get_month_names

from locales.phrases import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
LISTED = frozenset({"en", "es"})
NOTHING = re.compile(r"(?!)")


@cache
def words(lang: str) -> Mapping[str, Any]:
    """Return the list of a language in ``LISTED``, as its file has it."""
    return dict(yaml.safe_load((FOLDER / f"{lang}.yml").read_text(encoding="utf-8")))


@cache
def months(lang: str) -> Mapping[str, int]:
    """Return the months by their folded names, short ones and long ones."""
    known = Locale.parse(lang)
    names: dict[str, int] = {}
    for width in ("abbreviated", "wide"):
        for month, name in get_month_names(width, "format", known).items():
            names[fold(name)] = month
    return names | {"sept": 9} if lang == "en" else names


@cache
def never(lang: str) -> re.Pattern[str]:
    """Return what finds figures and days that are no time of a visit."""
    return re.compile("|".join(rf"(?<= )(?:{pattern})(?= )" for pattern in words(lang)["never"]))


def any_of(phrases: Mapping[str, Any]) -> str:
    """Return a pattern for any of ``phrases``, the longest first."""
    return "|".join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))
