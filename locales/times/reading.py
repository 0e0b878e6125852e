"""The times of a visit that a text names: read step by step, each step on what the last left."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from locales.times.clocks import clock_rules
from locales.times.dates import DATES
from locales.times.days import day_rules
from locales.times.hours import ALONE, HOURS
from locales.times.merging import answer
from locales.times.past import gone
from locales.times.relations import RELATIONS
from locales.times.scene import NoSuchDayError, Scene, ruled
from locales.times.signs import signs_of
from locales.times.words import words

if TYPE_CHECKING:
    from datetime import datetime, time

    from locales.times.said import TimeSaid

HOUR = 60
_DAYISH = r"(?:W\ds?|M\d+|TODAY|TOMORROW|OVERMORROW|\d+th|H:\w+|NEXT|THIS|COMING)"
_LEADS = "(?:NEXT|THIS|THE|COMING|EARLY|AT|LATE)"
_PART = "(?:MORNING|AFTERNOON|EVENING|NIGHT)"
_LATER = r"(?:WEEK|MONTH|MORNING|AFTERNOON|EVENING|NOON|\d+(?::\d\d)?)"
# One time, which another follows that is rather wished.
_ONE = rf"(?:THE )?(?:W\ds?|TODAY|TOMORROW|\d+th|AT \d+)(?: (?:AT )?\d[\d:]*)?(?: {_PART})?"
_OTHER = rf"(?=.* (?:{_DAYISH}|NOON|AT \d+|WEEK) )(?! (?:OR|AND|TO|UNTIL|A) {_LEADS}?)"


def read(text: str, lang: str, now: datetime, hours: tuple[time, time]) -> TimeSaid | None:
    """Return the times that ``text`` names, in a language whose words are listed."""
    opens, closes = (each.hour * HOUR + each.minute for each in hours)
    scene = Scene(lang=lang, now=now, opens=opens, closes=closes)
    try:
        left = _days_read(_wished(gone(signs_of(text, lang), scene), lang), scene)
    except (NoSuchDayError, OverflowError):
        return None
    left = ruled(left, HOURS, scene)
    if not scene.hours:
        ruled(_alone(left, lang), ALONE, scene)
    kept = [scene.at(sign) for sign in re.findall(r"(?<= )#\d+(?= )", left)]
    return answer(kept, scene.hours, scene.today)


def _days_read(said: str, scene: Scene) -> str:
    for rules in (DATES, clock_rules(scene.lang), day_rules(scene.lang), RELATIONS):
        said = ruled(said, rules, scene)
    return said


def _wished(said: str, lang: str) -> str:
    """Return what is wished: not when something happened, nor the time a visit is moved from."""
    for pattern, instead in _unwished(lang):
        said = pattern.sub(instead, said)
    return said


@cache
def _unwished(lang: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    past, move = words(lang)["past"], words(lang)["move"]
    patterns = (
        (rf"{past}(?: [a-z]+){{0,4}}(?: THE)? {_DAYISH}(?: \d+(?:th)?(?: \d{{4}})?)?", "_"),
        (
            rf"{move} (?:[^,]*?) ?(?:TO|A|FORTO|UNTIL)(?= (?:{_LEADS} )*(?:{_DAYISH}|{_LATER}))",
            "MOVED",
        ),
        (rf"{words(lang)['unable']} (?:[A-Za-z]+ ){{1,6}}?{_ONE}{_OTHER}", "_"),
        (rf"{words(lang)['mine']} (?:[a-z]+ ){{0,2}}{_ONE}{_OTHER}", "_"),
        (r"MOVED(?= \d{1,2}(?::\d\d)? )", "AT"),
    )
    return tuple((re.compile(rf"(?<= )(?:{each})(?= )"), instead) for each, instead in patterns)


def _alone(left: str, lang: str) -> str:
    """Return what is left where "early" and "late" tell a time of day, not a delay."""
    if re.search(rf" {words(lang)['too']} (?:EARLY|LATE) ", left):
        return ""
    soft = words(lang)["soft"]
    alone = re.fullmatch(rf" (?:{soft} )*+EARLY(?: {soft})*+ ", left)
    return left if "#" in left or alone else ""
