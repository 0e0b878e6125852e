"""Words that are understood without a model: commands, yes and no, emergencies.

Both environments read this module, so it imports nothing beyond YAML. The lists are
data, ``phrases/<language>.yml``; every entry is compared folded.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER = Path(__file__).with_name("phrases")

# Words that carriers and the law know; they count whatever language we think we speak,
# and with no word around them.
IN_ANY_LANGUAGE = frozenset({"opt_out", "cancel_words", "opt_in", "help"})
LAST = -1
LONGEST_COMMAND, LONGEST_FILLER = 15, 3  # words

_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ى": "ي", "ة": "ه", "ـ": None, "ی": "ي"})
_APOSTROPHES = frozenset("'’‘ʼ`´＇")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_GLUED = re.compile(r"[\uac00-\ud7af]")
_CLAUSE_ENDS = re.compile(r"[.,;:!?\n\u3002\uff0c\uff01\uff1f\u060c\u061f\u2026\u2014]")
_GAP, _BREAK = "..", "|"
# Words that ".." may stand for. What takes an emergency back reaches less far.
_GAP_WORDS, _HARMLESS_GAP_WORDS = 5, 3


def fold(text: str) -> str:
    """Return ``text`` as it is compared: no case, marks, apostrophes or punctuation.

    Digits of every script become 0-9; what is neither letter nor digit becomes one space.
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(map(_folded, apart)).translate(_LETTERS)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _folded(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Mn", "Cf"} or character in _APOSTROPHES:
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    return character if kind[0] in {"L", "N", "M"} else " "


@cache
def phrases(lang: str) -> Mapping[str, Any]:
    """Return the lists of a language (``es``), as its file has them; empty if it has none."""
    path = FOLDER / f"{lang}.yml"
    if not path.exists():
        return {}
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have lists."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@cache
def _list(lang: str, name: str) -> frozenset[str]:
    langs = languages() if name in IN_ANY_LANGUAGE else (lang,)
    return frozenset(fold(str(entry)) for each in langs for entry in phrases(each).get(name, ()))


def heard(text: str, lang: str, name: str) -> bool:
    """Return whether ``text``, as a whole, is on the list ``name``.

    "Please", "um" and the like around it do not count, except for the carriers' words,
    where only the whole message does.
    """
    if name in IN_ANY_LANGUAGE:
        return fold(text) in _list(lang, name) and not _means_another_word(text, name)
    return not _bare(fold(text), lang).isdisjoint(_list(lang, name))


heard_in = heard


@cache
def _exactly(name: str) -> frozenset[str]:
    return frozenset(_marked(str(e)) for lang in languages() for e in phrases(lang).get(name, ()))


def _marked(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text.casefold())))


def _means_another_word(text: str, name: str) -> bool:
    """Return whether marks tell this word from one on the list.

    Vietnamese for "right" and for "stop" differ in nothing else; who writes without
    marks is taken at the letter.
    """
    return not _marked(text).isascii() and _marked(text) not in _exactly(name)


def _bare(words: str, lang: str) -> set[str]:
    """Return ``words`` as they are, and with less and less politeness around them.

    A long utterance is no command, and taking it apart from both ends would take long.
    """
    if words.count(" ") >= LONGEST_COMMAND:
        return {words}
    fillers = _list(lang, "fillers")
    found: set[str] = set()
    waiting = [words]
    while waiting:
        now = waiting.pop()
        if now not in found:
            found.add(now)
            waiting += _with_one_less(now, fillers)
    return found


def _with_one_less(words: str, fillers: frozenset[str]) -> Iterator[str]:
    split = words.split()
    for size in range(1, min(len(split), LONGEST_FILLER + 1)):
        if " ".join(split[:size]) in fillers:
            yield " ".join(split[size:])
        if " ".join(split[-size:]) in fillers:
            yield " ".join(split[:-size])


def contains(text: str, lang: str, name: str) -> bool:
    """Return whether ``text`` says a phrase of the list ``name`` anywhere, and means it.

    What is on the list ``<name>_alone`` counts too, where it is the whole text. Only for
    ``emergency`` does the language's file know what takes it back: a denial right before
    it in the same clause ("no chest pain"), words that name something else ("chest
    X-ray"), and for illnesses that may be history, "years ago".
    """
    if heard(text, lang, f"{name}_alone"):
        return True
    said = _clauses(text, lang)
    if name == "emergency":
        return _means_emergency(said, lang)
    return any(_finder(lang, name).finditer(said))


def kind_named(text: str, lang: str) -> str | None:
    """Return the code of the one kind of visit that ``text`` names (``follow_up``), or None.

    Where two are named ("a shot at my check-up"), nothing is certain.
    """
    said = _clauses(text, lang)
    kinds = phrases(lang).get("kinds", {})
    named = [code for code in kinds if _kind_finder(lang, code).search(said)]
    return named[0] if len(named) == 1 else None


def _clauses(text: str, lang: str) -> str:
    """Return folded text with a bar between its clauses, and harmless expressions gone."""
    cut = [fold(part) for part in _CLAUSE_ENDS.split(text)]
    said = f" {f' {_BREAK} '.join(part for part in cut if part)} "
    return _finder(lang, "harmless").sub(f" {_BREAK} ", said)


def _means_emergency(said: str, lang: str) -> bool:
    sign = _finder(lang, "emergency").search(said)
    while sign and _denied(said[: sign.start()], lang):
        # What was denied goes, so that the denial reaches over "or" to what follows.
        said = said[: sign.start()] + said[sign.end() :]
        sign = _finder(lang, "emergency").search(said)
    return bool(sign) or _means_illness(said, lang)


def _means_illness(said: str, lang: str) -> bool:
    illnesses = _finder(lang, "emergency_or_history").finditer(said)
    return any(
        not _denied(said[: illness.start()], lang) and not _is_history(said, illness, lang)
        for illness in illnesses
    )


def _denied(before: str, lang: str) -> bool:
    """Return whether the clause so far ends in a denial ("I do not have any ...")."""
    return bool(_denial(lang).search(before.rpartition(_BREAK)[2]))


@cache
def _denial(lang: str) -> re.Pattern[str]:
    denials = "|".join(sorted(map(re.escape, _list(lang, "denials")), key=len, reverse=True))
    between = "|".join(map(re.escape, _list(lang, "denied_across")))
    if not denials:
        return _NOTHING
    start = "" if _SPACELESS.search(denials) else "(?:^| )"
    return re.compile(rf"{start}(?:{denials})(?: (?:{between or '_'}))*\s*$")


def _is_history(said: str, illness: re.Match[str], lang: str) -> bool:
    start = said.rfind(_BREAK, 0, illness.start()) + 1
    end = said.find(_BREAK, illness.end() - 1)
    clause = f" {said[start : end if end >= 0 else len(said)].strip()} "
    if _finder(lang, "now").search(clause):
        return False
    return bool(_finder(lang, "history").search(clause))


_NOTHING = re.compile(r"(?!)")


@cache
def _finder(lang: str, name: str) -> re.Pattern[str]:
    """Return what finds any phrase of a list, the longest first."""
    return _any_of(phrases(lang).get(name, ()), name)


@cache
def _kind_finder(lang: str, code: str) -> re.Pattern[str]:
    return _any_of(phrases(lang)["kinds"][code], code)


def _any_of(phrases_listed: Iterable[str], name: str) -> re.Pattern[str]:
    entries = sorted(phrases_listed, key=len, reverse=True)
    gap = _HARMLESS_GAP_WORDS if name == "harmless" else _GAP_WORDS
    return re.compile("|".join(_as_pattern(e, gap) for e in entries)) if entries else _NOTHING


def _as_pattern(phrase: str, gap: int) -> str:
    parts = [fold(part) for part in phrase.split(_GAP)]
    words = rf" (?:\S+ ){{0,{gap}}}".join(
        re.escape(part).replace(r"\ ", rf" (?:\{_BREAK} )?") for part in parts
    )
    # Chinese and Japanese write no spaces; Korean glues its particles behind.
    before = "" if _SPACELESS.search(phrase) else " "
    after = "" if _SPACELESS.search(phrase) or _GLUED.search(phrase) else "(?= )"
    return before + words + after


@cache
def _values(lang: str, name: str) -> Mapping[str, int]:
    return {fold(str(word)): value for word, value in phrases(lang).get(name, {}).items()}


def _value(text: str, lang: str, name: str) -> int | None:
    known = _values(lang, name)
    asked = {short for words in _bare(fold(text), lang) for short in _without_lead(words, lang)}
    return next((known[words] for words in sorted(asked, key=len) if words in known), None)


def _without_lead(words: str, lang: str) -> Iterator[str]:
    """Yield ``words``, and without the "number" or "press" that leads up to a number."""
    yield words
    for lead in _list(lang, "number_leads"):
        if words.startswith(f"{lead} "):
            yield words[len(lead) + 1 :]


def ordinal(text: str, lang: str) -> int | None:
    """Return the place that ``text`` names as a whole ("the second one": 2; the last: -1)."""
    return _value(text, lang, "ordinals")


def number(text: str, lang: str) -> int | None:
    """Return the key 0-9 that ``text`` names as a whole ("two", "number two", "press 2")."""
    found = _value(text, lang, "numbers")
    if found is not None:
        return found if found in range(10) else None
    asked = {short for words in _bare(fold(text), lang) for short in _without_lead(words, lang)}
    return next((int(words) for words in asked if len(words) == 1 and words.isdecimal()), None)


@cache
def common_words(lang: str) -> frozenset[str]:
    """Return folded everyday words that tell this language from the others."""
    return _list(lang, "common")


def language_named(text: str, lang: str) -> str | None:
    """Return the language (``es``) that ``text`` asks for as a whole, in its own words or ours."""
    words = fold(text)
    for named in languages():
        asked = _bare(words, lang) | _bare(words, named)
        if asked & (_asks(lang, named) | _asks(named, named)):
            return named
    return None


@cache
def _asks(lang: str, named: str) -> frozenset[str]:
    ways = phrases(lang).get("language_asks", ())
    names = phrases(lang).get("languages", {}).get(named, ())
    spelled = {fold(way.format(name)) for way in ways for name in names}
    return frozenset(spelled | {fold(name) for name in names})
