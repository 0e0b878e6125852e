"""People's names as they are said and heard: folded words, and how alike two of them sound."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jellyfish

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).with_name("names.toml")
# Folding leaves these as they are: they are letters of their own, without a mark.
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "\u0131": "i"})
_APOSTROPHES = "['\u2019\u02bc`\u00b4]"
_LATIN = r"[a-zA-Z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]+"
_WORD = re.compile(rf"{_LATIN}(?:{_APOSTROPHES}{_LATIN})*")
_APOSTROPHE = re.compile(_APOSTROPHES)
_POSSESSIVE = re.compile(rf"{_APOSTROPHES}s$", re.IGNORECASE)
_PAUSE = re.compile(r"[,;:!?\n\u2026\u2014]")
_STOP = "."

# As a Spanish speaker hears: b and v are one sound, s, z and soft c another; h is silent.
_SPANISH = (
    (re.compile(r"c(?=[eiy])|z"), "s"),
    (re.compile(r"qu(?=[ei])|c(?!h)|q"), "k"),
    (re.compile(r"g(?=[ei])|x"), "j"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"v|w"), "b"),
)


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of a sentence: folded, whether it begins in a capital, whether a pause is before."""

    said: str
    is_capital: bool
    after_pause: bool


@cache
def lists(name: str) -> frozenset[str]:
    """Return the words of a list of ``names.toml``."""
    return frozenset(str(_source()[name]).split())


@cache
def phrases(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a list of ``names.toml``, each as its words."""
    return tuple(tuple(phrase.split()) for phrase in _source()[name])


@cache
def _source() -> dict[str, str | list[str]]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """Return ``text`` without case, marks and apostrophes: as names are compared."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return _APOSTROPHE.sub("", plain.translate(_LETTERS))


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a sentence that are in Latin letters, without the 's of a genitive."""
    return tuple(_words(unicodedata.normalize("NFC", text)))


def _words(text: str) -> Iterator[Word]:
    end, before = 0, ""
    for found in _WORD.finditer(text):
        plain = found.group()
        said = fold(_POSSESSIVE.sub("", plain))
        yield Word(
            said=said,
            is_capital=plain[:1].isupper() and not plain[1:].isupper(),
            after_pause=_is_pause(text[end : found.start()], before),
        )
        end, before = found.end(), said


def _is_pause(gap: str, before: str) -> bool:
    stops = _STOP in gap and before not in lists("short")
    return stops or bool(_PAUSE.search(gap))


def alike(one: str, other: str, lang: str) -> float:
    """Return from 0 to 1 how alike two folded words look and sound to a speaker of ``lang``.

    Spelling (Jaro-Winkler) and sound (Metaphone, made for English) count the same. In
    Spanish the spelling is compared as it is heard as well.
    """
    pairs = [(one, other)]
    if lang == "es":
        pairs.append((_heard(one), _heard(other)))
    return max(_alike(*pair) for pair in pairs)


def _alike(one: str, other: str) -> float:
    spelled = jellyfish.jaro_winkler_similarity(one, other)
    sounded = jellyfish.jaro_winkler_similarity(
        jellyfish.metaphone(one), jellyfish.metaphone(other)
    )
    return (spelled + sounded) / 2


def _heard(word: str) -> str:
    for spelling, sound in _SPANISH:
        word = spelling.sub(sound, word)
    return word
