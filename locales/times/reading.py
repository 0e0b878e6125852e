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
from locales.times.relations import relation_rules
from locales.times.scene import NoSuchDayError, Scene, ruled
from locales.times.signs import signs_of
from locales.times.words import words

if TYPE_CHECKING:
    from datetime import datetime, time

    from locales.times.said import TimeSaid

HOUR = 60
_DAYISH = r"(?:W\ds?|M\d+|TODAY|TOMORROW|OVERMORROW|\d+th|H:\w+|NEXT|THIS|COMING)"


def read(text: str, lang: str, now: datetime, hours: tuple[time, time]) -> TimeSaid | None:
    """Return the times that ``text`` names, in a language whose words are listed."""
    opens, closes = (each.hour * HOUR + each.minute for each in hours)
    scene = Scene(lang=lang, now=now, opens=opens, closes=closes)
    try:
        left = _days_read(_wished(signs_of(text, lang), lang), scene)
    except (NoSuchDayError, OverflowError):
        return None
    left = ruled(left, HOURS, scene)
    if not scene.hours:
        ruled(_alone(left, lang), ALONE, scene)
    kept = [scene.at(sign) for sign in re.findall(r"(?<= )#\d+(?= )", left)]
    return answer(kept, scene.hours, scene.today)


def _days_read(said: str, scene: Scene) -> str:
    for rules in (
        DATES,
        clock_rules(scene.lang),
        day_rules(scene.lang),
        relation_rules(scene.lang),
    ):
        said = ruled(said, rules, scene)
    return said


def _wished(said: str, lang: str) -> str:
    """Return what is wished: neither what is past nor the time a visit is moved from."""
    for pattern in _unwished(lang):
        said = pattern.sub("_", said)
    return said


@cache
def _unwished(lang: str) -> tuple[re.Pattern[str], ...]:
    unit = r"(?:DAY|WEEK|MONTH|YEAR|HOUR|MINUTE|NIGHT|MORNING|AFTERNOON|EVENING)"
    patterns = (
        rf"(?:LAST|PAST) (?:\d+ )?(?:W\d|{unit}|M\d+)(?: (?:NIGHT|MORNING|AFTERNOON|EVENING))?(?! OF)",
        rf"(?:W\d|{unit}|M\d+|\d+ {unit}) PASSED",
        rf"\d+ {unit} AGO|AGO \d+ {unit}|YESTERDAY(?: (?:MORNING|AFTERNOON|EVENING|NIGHT))?",
        rf"{words(lang)['past']}(?: [a-z]+){{0,4}}(?: THE)? {_DAYISH}(?: \d+(?:th)?(?: \d{{4}})?)?",
        rf"{words(lang)['move']} (?:[^,]*?) ?(?:TO|A|FORTO)(?= (?:NEXT |THIS |THE |COMING |EARLY |AT |LATE )*(?:W\d|M\d|TODAY|TOMORROW|OVERMORROW|WEEK|MONTH|\d|H:))",
    )
    return tuple(re.compile(rf"(?<= )(?:{pattern})(?= )") for pattern in patterns)


def _alone(left: str, lang: str) -> str:
    """Return what is left where "early" and "late" tell a time of day, not a delay."""
    if re.search(rf" {words(lang)['too']} (?:EARLY|LATE) ", left):
        return ""
    alone = re.fullmatch(rf" (?:{words(lang)['soft']} )*EARLY(?: {words(lang)['soft']})* ", left)
    return left if "#" in left or alone else ""
