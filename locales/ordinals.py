"""Which of the things that were read out is meant, said in a sentence: "let me have the second"."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from locales.phrases import fold, ordinal, phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 15
"""How many words a sentence may have that picks by place: beyond that it is a story."""


def place_said(text: str, lang: str) -> int | None:
    """Return the place that ``text`` names, as a whole or in a short sentence; -1 is the last.

    In a sentence it has to be said of what was read out ("the second one", "the first of
    those"), since "the second of June" and "on second thought" name no place.
    """
    whole = ordinal(text, lang)
    words = fold(text)
    if whole is not None or len(words.split()) > LONGEST:
        return whole
    found = {_values(lang)[match[1] or match[2]] for match in _finder(lang).finditer(f" {words} ")}
    return found.pop() if len(found) == 1 and not _is_denied(words, lang) else None


@cache
def _values(lang: str) -> dict[str, int]:
    """Return the ordinals by their folded words, without the article that leads up to them."""
    leads = phrases(lang).get("place_leads", ())
    folded = {fold(str(word)): value for word, value in phrases(lang).get("ordinals", {}).items()}
    return {_without(word, leads): value for word, value in folded.items()}


def _without(word: str, leads: Sequence[str]) -> str:
    first, _, rest = word.partition(" ")
    return rest if rest and first in leads else word


@cache
def _finder(lang: str) -> re.Pattern[str]:
    lists = phrases(lang)
    leads, follows = _either(lists.get("place_leads", ())), _either(lists.get("place_follows", ()))
    ordinals = _either(_values(lang))
    if not (leads and follows and ordinals):
        return re.compile(r"(?!)()()")
    # Without an article only at the beginning, and with what it is the first of: "first one".
    named = rf"^ ({ordinals})(?= (?:{_either(lists.get('place_nouns', ()))}) )"
    return re.compile(rf" (?:{leads}) ({ordinals})(?= (?:{follows}) | $)|{named}")


def _either(entries: object) -> str:
    listed = [fold(str(entry)) for entry in entries]  # type: ignore[attr-defined]
    return "|".join(map(re.escape, sorted(listed, key=len, reverse=True)))


def _is_denied(words: str, lang: str) -> bool:
    """Return whether the sentence says no to a place ("not the first one")."""
    denials = _either(phrases(lang).get("place_denials", ()))
    return bool(denials) and bool(re.search(rf"\b(?:{denials})\b", words))
