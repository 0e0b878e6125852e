"""A text as a row of signs: figures for numbers, capitals for the words that tell a time."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache

from locales.digits import ascii_digits
from locales.phrases import fold
from locales.times.figures import figured
from locales.times.vocabulary import finder, signs
from locales.times.words import any_of, months, never, words

LONG, ALIKE = 6, 0.85  # letters and likeness from which a misspelt name is believed
_BEFORE_FOLDING = (
    (re.compile(r"(?<=day|row)['’`´]s\b", re.IGNORECASE), " is"),
    (re.compile(r"(?<=\d)\s?([ap])\s?\.?\s?m\b\.?", re.IGNORECASE), r" \1m "),
    (re.compile(r"\b([ap])\.\s?m\b\.?", re.IGNORECASE), r" \1 m "),
    (re.compile(r"(?<=\d)([ap])\b", re.IGNORECASE), r" \1m "),
    (re.compile(r"(?<=\d)\s?h\s?(?=\d\d\b)", re.IGNORECASE), ":"),
    (re.compile(r"(?<=\d\d)\s?(?:hrs?|hs|h)\b\.?", re.IGNORECASE), ":00 "),
    (re.compile(r"(?<=\d)\s?(?:hrs?|hs|h)\b\.?", re.IGNORECASE), " hours "),
    (re.compile(r"(?<=\d)(?:st|nd|rd|th|ro|do|er|ra|º|°|ª|o)\b\.?", re.IGNORECASE), "th "),
    (re.compile(r"(?<=\d)(?=ish\b)", re.IGNORECASE), " "),
    (re.compile(r"(?<=[a-z])-(?=[a-z])", re.IGNORECASE), " "),
    (re.compile(r"(?<=[a-z])\.(?=\s?\d)", re.IGNORECASE), " "),
    (re.compile(r"@"), " at "),
    (re.compile(r"\$"), " kmoney "),
    # As it is texted.
    (re.compile(r"\bx (?=la\b)", re.IGNORECASE), "por "),
    (re.compile(r"\b2mor+ow?\b", re.IGNORECASE), "tomorrow"),
    (re.compile(r"\baft(?:e?rnoo?n|rnoons?)\b", re.IGNORECASE), "afternoon"),
    (re.compile(r"#"), " khash "),
)
# Folding would drop these between figures: words stand for them meanwhile.
_KEPT = {":": "ktime", "/": "kslash", "-": "kdash", ".": "kpoint"}
_KEPT_BETWEEN = re.compile(r"(?<=\d)\s?([:/.-])\s?(?=\d)")
_BREAK = re.compile(r"[.,;!?…¿¡—–\n]+|\s-+\s")
_LONG_FIGURES = re.compile(
    r"(?<= )(?:1[ -])?\d{3}[ .-]\d{3}[ .-]\d{4}(?= )"
    r"|(?<= )\d{3}[ -]\d{4}(?= )|(?<= )(?:\d ){4,}\d(?= )|(?<= )\d{5,}(?= )"
    r"|(?<= )(?:kmoney|khash) ?[\d.]+(?= )|(?<= )\d+(?:\.\d+){3,}(?= )"
)


def signs_of(text: str, lang: str) -> str:
    """Return ``text`` as signs between single blanks, one at either end.

    What has no meaning in a time stays as a folded word; what cannot be one ("20 mg",
    a telephone number) becomes ``_``.
    """
    said = figured(_LONG_FIGURES.sub("_", _folded(text)), lang)
    said = never(lang).sub("_", _LONG_FIGURES.sub("_", said))
    said = _named(said, lang)
    said = finder(lang).sub(lambda found: signs(lang)[found[0]], said)
    return _tidied(_spelled_right(said, lang))


def _folded(text: str) -> str:
    said = unicodedata.normalize("NFC", ascii_digits(text))
    for pattern, instead in _BEFORE_FOLDING:
        said = pattern.sub(instead, said)
    said = _KEPT_BETWEEN.sub(lambda found: _KEPT[found[1]], said)
    said = fold(_BREAK.sub(" kbreak ", said)).replace("kbreak", ",")
    for mark, kept in _KEPT.items():
        said = said.replace(kept, mark)
    return f" {said} "


def _named(said: str, lang: str) -> str:
    """Return ``said`` with signs for names that only their neighbours make sure of."""
    for pattern in _short_months(lang):
        said = pattern.sub(lambda found: f"{found[1]}M{months(lang)[found[2]]}", said)
    if lang == "es":
        return _HOURS_ARTICLE.sub("AT ", said)
    return _SHORT_DAYS.sub(r"\1W5", _SHORT_SUNDAYS.sub(r"\1W6", said))


@cache
def _short_months(lang: str) -> tuple[re.Pattern[str], ...]:
    month = any_of(months(lang))
    return (
        re.compile(rf"(?<= )()({month})(?= (?:the |el )?\d)"),
        re.compile(rf"(\d(?:th)? (?:of |de )?)({month})(?= )"),
        re.compile(rf"((?<= )(?:{_BEFORE_MONTHS}) )({month})(?= )"),
    )


_HOURS_ARTICLE = re.compile(r"(?<= )(?:las (?=\d)|la (?=1[ :]))")
_BEFORE_MONTHS = "in|of|de|by|mid|next|this|late|until|early|after|before|through|till|during"
_BEFORE_DAYS = "anything|open|got|have|on|this|next|or|and|fri|any|every|coming"
_SHORT_DAYS, _SHORT_SUNDAYS = (
    re.compile(
        rf"((?<= )(?:{_BEFORE_DAYS}) |^ |(?<= )(?=\w+ (?:at|morning|afternoon|noon|\d)))"
        rf"{name}(?= )"
    )
    for name in ("sat", "sun")
)


def _spelled_right(said: str, lang: str) -> str:
    """Return ``said`` with signs for misspelt days, and for months beside a figure."""
    row = said.split()
    for at, word in enumerate(row):
        if len(word) >= LONG - 1 and word.isalpha() and word.islower():
            beside = {each for each in row[max(at - 2, 0) : at + 2] if each[0].isdigit()}
            row[at] = _meant(word, lang, by_figure=bool(beside))
    return f" {' '.join(row)} "


def _meant(word: str, lang: str, *, by_figure: bool) -> str:
    names = [name for name in _spelled(lang, by_figure) if name[0] == word[0]]
    if word in words(lang)["no_days"]:
        return word
    near = get_close_matches(word, names, n=1, cutoff=ALIKE)
    return signs(lang)[near[0]] if near else word


@cache
def _spelled(lang: str, by_figure: bool) -> tuple[str, ...]:  # noqa: FBT001 - a key
    """Return the names of days, and of months if they count, that are long enough to misspell."""
    kinds = r"[WM]\d+s?" if by_figure else r"W\ds?"
    return tuple(
        name
        for name, sign in signs(lang).items()
        if len(name) >= LONG and re.fullmatch(kinds, sign)
    )


_PLURALS = re.compile(r"(?<= )THES (?=W\d)(?:W\ds?(?: (?:OR|AND|,)(?: THES?)?)? ?)+")
_TIDY = (
    (re.compile(r"(?<= )(W\d|TODAY|TOMORROW) NO (?=W\d |TODAY |TOMORROW )"), r"\1 CORRECTION "),
    (re.compile(r"(?<= )NO(?= )"), "NOT"),
    (re.compile(r"(?<=\d) am(?= )"), " AM"),
    (re.compile(r"(?<=\d) pm(?= )"), " PM"),
    (re.compile(r"(?<= )(?:1|a|un|una|EVERY) (?=W\d )"), "EVERY "),
    (re.compile(r"(?<= )(W\d) (MORNING|AFTERNOON|EVENING)s(?= )"), r"\1s \2"),
    (re.compile(r"(?<= )(MORNING|AFTERNOON|EVENING)s(?= )"), r"\1"),
    (re.compile(r"(?<= )(W\d|TOMORROW|TODAY) (?:AM|am)(?= )"), r"\1 MORNING"),
    (re.compile(r"(?<= )(W\d|TOMORROW|TODAY) (?:PM|pm)(?= )"), r"\1 AFTERNOON"),
    (re.compile(r"(?<= )UNTIL (?=AFTER |FROM )"), ""),
    (re.compile(r"(?<= )BEFORE (?=END )"), "BY "),
    (re.compile(r"(?<= )(?:BEGIN|EARLY) NEXT YEAR(?= )"), "M1 NEXT YEAR"),
    (re.compile(r"(?<= )OR AFTER(?= [$,]| $)"), "ONWARD"),
    (re.compile(r"(?<= )OR BEFORE(?= [$,]| $)"), "ORBEFORE"),
    (re.compile(r"(?<= )(?:ON|LA) "), ""),
    (re.compile(r"(?<= )(?:AT|A) ABOUT(?= )"), "AT"),
    (re.compile(r"(?<= )ABOUT (?=AT |A |NOON |MIDNIGHT |LUNCH |THE |[WM]\d)"), ""),
    (re.compile(r"(?<= )(?:EVERY|THES) (?!W\d)"), ""),
    (re.compile(r"(?<= )THE DAY (?=\d)"), "THE "),
    (re.compile(r"(?<= )THE (?!\d)"), ""),
    (re.compile(r"(?<= )IN (?!\d|HALF)"), ""),
    (re.compile(r"(?<= )(OF|FROM|BETWEEN) AT (\d\d?(?::\d\d)?) A (?:AT )?(?=\d)"), r"FROM \2 TO "),
    (re.compile(r"(?<= )(OF|FROM|BETWEEN) (\d\d?(?::\d\d)?) A (?:AT )?(?=\d)"), r"FROM \2 TO "),
    (re.compile(r"(?<= )A (?=AT |NOON |MIDNIGHT )"), ""),
    (re.compile(r"(?<= )AT (?=AT |NOON |MIDNIGHT |MORNING |AFTERNOON |EVENING )"), ""),
    (re.compile(r"(?<= )DAY (?=\d{1,2} )(?!\d+ (?:DAY|WEEK|HOUR))"), "THE "),
)


def _tidied(said: str) -> str:
    said = _PLURALS.sub(
        lambda found: re.sub(r"W(\d)s?", r"W\1s", found[0]).replace("THES ", ""), said
    )
    for pattern, instead in _TIDY:
        said = pattern.sub(instead, said)
    return said
