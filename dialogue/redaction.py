"""Takes out of what was texted or said what nobody should tell a machine, before it is kept.

A text lies about in handsets and in carriers' logs. A birth date, a PIN or a code
in one is masked before it is stored or understood, and whoever sent it is told why.
Other long numbers (telephones, insurance) are masked as well, without a word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dialogue.spelled import spelled_dates, spelled_digits
from locales.digits import ascii_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MASK = "\u2022\u2022\u2022"
OLDEST_YEAR, CENTURY = 1900, 100
# A date of the last year is that of a visit or a test, unless a birth is spoken of.
RECENT = timedelta(days=366)
# One of the next half year is that of a visit that is wanted.
COMING = timedelta(days=183)
LAST_HOUR = 24
CODE_DIGITS, SOCIAL_SECURITY, CARD_DIGITS = 6, 9, 13
LONG_RUN, PAIR = 6, 2

_BORN = re.compile(
    r"\b(?:born|birth|dob|b-?day|nac[ií]|cumplea|n[ée]e? le|naissance|nasc)|рожд|родил|sinh"
    r"|生日|出生|생일|생년|태어|ميلاد|مولود",
    re.IGNORECASE,
)
_BETWEEN = r"(?:\s?[/.,\-\u2013年月년월]\s?|\s|\s?tháng\s|\s?năm\s)"
_TRIPLE = re.compile(
    rf"(?<!\d)(?<!\d[/.\-])(\d{{1,4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{4}}|\d{{2}})(?!:?\d)"
)
_EIGHT = re.compile(r"(?<!\d)\d{8}(?!\d)")
_PHONE = re.compile(
    r"(?<![\d+])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)|\+\d[\d\s.-]{6,16}\d"
)
_SOCIAL = re.compile(r"(?<!\d)\d{3}([ -])\d{2}\1\d{4}(?!\d)")
_YEARS = re.compile(r"(?:19|20)\d{2}[ -](?:19|20)\d{2}")
# One run of figures, or groups of equal length: "730264", "730-264", "7 3 0 2 6 4".
_RUN = re.compile(
    r"(?<!\d)(?:\d{6,}"
    r"|\d([ -])\d(?:\1\d){4,}"
    r"|\d\d([ -])\d\d(?:\2\d\d)+"
    r"|\d{3}[ -]\d{3}"
    r"|\d{4}([ -])\d{4}(?:\3\d{4})+)(?!:?\d)"
)
_PAIRS = re.compile(r"(\d\d)-(\d\d)-(\d\d)")
# Four or five figures are a secret only where they are called one.
_MARKED = re.compile(
    r"(?<!zip )(?<!area )(?<!postal )"
    r"\b(?:pin|code|c[oó]digo|clave|contraseña|password|senha|пин|код|m[aã] s[oố]|密码|비밀번호)"
    r"(?!\s+postal)\W{0,3}(?:\w{1,7}\W{1,3}){0,2}?(\d(?:[ -]?\d){3,4})(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Span:
    """Where a number stands, and whether it is a secret."""

    start: int
    end: int
    is_secret: bool = True


def without_secrets(text: str, today: date) -> tuple[str, bool]:
    """Return ``text`` with its long numbers masked, and whether one of them was a secret.

    ``today`` tells a birth date from that of a visit. A birth *year* alone stays: it
    is what the line asks for by text.
    """
    kept, found = unicodedata.normalize("NFC", text), False
    for finder in _FINDERS:
        spans = list(finder(ascii_digits(kept), today))
        kept = _masked(kept, spans)
        found = found or any(span.is_secret for span in spans)
    return kept, found


def _masked(text: str, spans: list[Span]) -> str:
    for span in sorted(spans, key=lambda each: each.start, reverse=True):
        text = text[: span.start] + MASK + text[span.end :]
    return text


def _is_birth_date(text: str, readings: list[tuple[int, int, int]], today: date) -> bool:
    """Return whether one of ``readings`` (year, month, day) can be a day of birth."""
    newest = today if _BORN.search(text) else today - RECENT
    days = [_day(reading) for reading in readings]
    return any(
        day is not None and OLDEST_YEAR <= day.year <= newest.year and day <= newest for day in days
    )


def _day(parts: tuple[int, int, int]) -> date | None:
    try:
        return date(*parts)
    except ValueError:
        return None


def _full_year(written: str, today: date) -> int:
    year = int(written)
    if len(written) > PAIR:
        return year
    century = today.year - today.year % CENTURY
    return century + year if century + year <= today.year else century - CENTURY + year


def _dates_in_figures(text: str, today: date) -> Iterator[Span]:
    found = _TRIPLE.search(text)
    while found:
        is_birth = _are_figures_of_birth(text, found, today)
        if is_birth:
            yield Span(*found.span())
        # What is none may begin with the hour of a visit: the date itself comes after it.
        found = _TRIPLE.search(text, found.end() if is_birth else found.start(2))


def _are_figures_of_birth(text: str, found: re.Match[str], today: date) -> bool:
    first, second, third = found.groups()
    year, one, two = _full_year(third, today), int(first), int(second)
    if len(third) == PAIR and not _BORN.search(text):
        between = [text[found.end(place) : found.start(place + 1)] for place in (1, 2)]
        is_mixed = bool(between[0].strip()) != bool(between[1].strip())  # "6/12 10": at ten
        if is_mixed or _is_of_these_days((one, two), int(third), today):
            return False
    last = int(third) if len(third) == PAIR else 0
    readings = [(year, one, two), (year, two, one), (one, two, last)]
    return _is_birth_date(text, readings, today)


def _is_of_these_days(pair: tuple[int, int], short_year: int, today: date) -> bool:
    """Return whether a day and a month, in either order, are of a visit that was or may come."""
    year = today.year - today.year % CENTURY + short_year
    days = (_day((year, pair[0], pair[1])), _day((year, pair[1], pair[0])))
    return any(day is not None and today - RECENT < day <= today + COMING for day in days)


def _dates_of_eight(text: str, today: date) -> Iterator[Span]:
    for found in _EIGHT.finditer(text):
        head, tail = found[0][:4], found[0][4:]
        day_first = (int(tail), int(head[2:]), int(head[:2]))
        month_first = (int(tail), int(head[:2]), int(head[2:]))
        year_first = (int(head), int(tail[:2]), int(tail[2:]))
        if _is_birth_date(text, [year_first, month_first, day_first], today):
            yield Span(*found.span())


def _dates_in_words(text: str, today: date) -> Iterator[Span]:
    is_of_birth = _BORN.search(text) is not None
    for start, end, (year, month, day) in spelled_dates(text):
        # "The eleventh of December, eleven o'clock" names no year.
        is_hour = len(year) == PAIR and int(year) <= LAST_HOUR and not is_of_birth
        if not is_hour and _is_birth_date(text, [(_full_year(year, today), month, day)], today):
            yield Span(start, end)


def _phones(text: str, _today: date) -> Iterator[Span]:
    return (Span(*found.span(), is_secret=False) for found in _PHONE.finditer(text))


def _runs(text: str, today: date) -> Iterator[Span]:
    for found in _RUN.finditer(text):
        if not _YEARS.fullmatch(found[0]) and not _is_visit(text, found[0], today):
            digits = sum(character.isdigit() for character in found[0])
            yield Span(*found.span(), is_secret=_is_secret_length(digits))


def _is_visit(text: str, run: str, today: date) -> bool:
    """Return whether three pairs ("06-12-26") are a day of these days and not a code."""
    pairs = _PAIRS.fullmatch(run)
    if pairs is None or _BORN.search(text):
        return False
    return _is_of_these_days((int(pairs[1]), int(pairs[2])), int(pairs[3]), today)


def _is_secret_length(digits: int) -> bool:
    return digits in {CODE_DIGITS, SOCIAL_SECURITY} or digits >= CARD_DIGITS


def _social_security(text: str, _today: date) -> Iterator[Span]:
    return (Span(*found.span()) for found in _SOCIAL.finditer(text))


def _marked(text: str, _today: date) -> Iterator[Span]:
    return (Span(*found.span(1)) for found in _MARKED.finditer(text))


def _in_words(text: str, _today: date) -> Iterator[Span]:
    for start, end, digits in spelled_digits(text):
        if digits >= LONG_RUN:
            yield Span(start, end, is_secret=_is_secret_length(digits))


_FINDERS: tuple[Callable[[str, date], Iterator[Span]], ...] = (
    _dates_in_words,
    _dates_in_figures,
    _dates_of_eight,
    _phones,
    _social_security,
    _runs,
    _marked,
    _in_words,
)
