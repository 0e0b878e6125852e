"""Which words a qualified person has read, kept in ``reviews.toml``.

An entry is bound to a hash of the English and of the translation: when either
changes, the review no longer counts.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locales.catalogues import translated
from locales.wording import CHANNELS, forms, names, wording

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = Path(__file__).with_name("reviews.toml")


def fingerprint(name: str, locale: str) -> str:
    """Return the hash of a prompt's English and its words in ``locale``."""
    seen: list[str] = []
    for channel in CHANNELS:
        text = wording(name).on(channel)
        if text is not None:
            seen += [channel, *forms(text), *(translated(name, channel, text, locale) or ())]
    return hashlib.sha256("\x00".join(seen).encode()).hexdigest()[:16]


@cache
def _reviews() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(PATH.read_text(encoding="utf-8"))


def unreviewed_in(
    locale: str, reviews: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[str, ...]:
    """Return the prompts without a review that is true of today's words."""
    done = (_reviews() if reviews is None else reviews).get(locale, {})
    return tuple(
        name for name in names() if done.get(name, {}).get("words") != fingerprint(name, locale)
    )
