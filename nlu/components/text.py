"""Text as the pipeline cuts and compares it. No Rasa here."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from locales.phrases import fold

# Han, kana and Hangul syllables are words of their own as far as counting goes. Korean puts spaces
# between phrases, but glues particles to them; one piece a syllable lets n-grams see the stem.
_ALONE = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f]"
)
_WORD = re.compile(rf"{_ALONE.pattern}|[^\s{_ALONE.pattern[1:-1]}]+")

LONGEST = 1600
"""Characters of one utterance that are read: what Twilio lets one text hold."""


class Piece(NamedTuple):
    """A token before it is Rasa's: what was written, where, and what it is compared as."""

    text: str
    start: int
    lemma: str


def pieces(text: str) -> list[Piece]:
    """Cut text at spaces and around each CJK character, leaving out mere punctuation."""
    found = (Piece(m.group(), m.start(), fold(m.group())) for m in _WORD.finditer(text))
    return [piece for piece in found if piece.lemma.strip()]


def unmarked(text: str) -> str:
    """Write text as people without accents on their keyboard do: every other character stays."""
    apart = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def _is_lead(char: str) -> bool:
    """Tell what may stand before a slash without being seen, and the slash itself."""
    return char == "/" or char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Zs", "Mn"}


def speech(text: str) -> str:
    """Return what a person said, without a leading slash: no text is ever a command of Rasa's."""
    start = next((i for i, char in enumerate(text) if not _is_lead(char)), len(text))
    return text[start : start + LONGEST].strip()
