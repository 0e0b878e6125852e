"""Times that are past: told of something else they are no wish, alone they are an answer."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from locales.times import calendar
from locales.times.calendar import ahead
from locales.times.days import counted
from locales.times.scene import Days, rule, ruled
from locales.times.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from locales.times.scene import Rule, Scene

UNIT = r"(?P<unit>DAY|WEEK|MONTH|YEAR)"
ANY_UNIT = "(?:DAY|WEEK|MONTH|YEAR|HOUR|MINUTE|NIGHT|MORNING|AFTERNOON|EVENING)"
PART = "(?:MORNING|AFTERNOON|EVENING|NIGHT)"
WEEK = 7


def gone(said: str, scene: Scene) -> str:
    """Return signs without the times that are past, unless nothing else is said.

    "Last Tuesday" in answer to "when?" is a day that nobody can book, and the caller is
    told so; in "I saw her last Tuesday" it is no day that is asked for.
    """
    told = re.search(rf" {words(scene.lang)['past']} ", said)
    if not told and _alone(scene.lang).fullmatch(said):
        return ruled(said, _days(), scene)
    return _finder().sub("_", said)


_GONE = (
    rf"(?:LAST|PAST) (?:\d+ )?(?:W\d|{ANY_UNIT}|M\d+)(?: {PART})?(?! OF)",
    rf"(?:W\d|{ANY_UNIT}|M\d+|\d+ {ANY_UNIT}) PASSED(?: {PART})?",
    rf"\d+ {ANY_UNIT} AGO|AGO \d+ {ANY_UNIT}|YESTERDAY(?: {PART})?",
)


@cache
def _finder() -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<= )(?:{each})(?= )" for each in _GONE))


@cache
def _alone(lang: str) -> re.Pattern[str]:
    """Return what finds a past time that stands alone, or with "book me for" and an hour."""
    rest = rf"{words(lang)['soft']}|{words(lang)['booking']}|,"
    hour = r"\d[\d:]*|AM|PM"
    return re.compile(rf" (?:(?:{rest}) )*+(?:{'|'.join(_GONE)})(?: (?:{rest}|{hour}))*+ ")


@cache
def _days() -> Sequence[Rule]:
    return (
        rule(r"YESTERDAY", lambda _, scene: _kept(scene, -1)),
        rule(r"(?:LAST|PAST) W(?P<weekday>\d)|W(?P<day>\d) PASSED", _weekday),
        rule(rf"(?P<count>\d+) {UNIT} AGO", _ago),
        rule(rf"AGO (?P<count>\d+) {UNIT}", _ago),
        rule(r"(?:LAST|PAST) WEEK|WEEK PASSED", _week),
        rule(r"(?:LAST|PAST) MONTH|MONTH PASSED", _month),
    )


def _kept(scene: Scene, days: int) -> str:
    day = ahead(scene.today, days)
    return scene.keep(Days(first=day, last=day))


def _weekday(found: re.Match[str], scene: Scene) -> str:
    weekday = int(found["weekday"] or found["day"])
    return _kept(scene, -((scene.today.weekday() - weekday - 1) % WEEK + 1))


def _ago(found: re.Match[str], scene: Scene) -> str:
    day = counted(scene.today, -int(found["count"]), found["unit"], "en")
    return scene.keep(Days(first=day, last=day))


def _week(_: re.Match[str], scene: Scene) -> str:
    return scene.keep(calendar.week(ahead(scene.today, -WEEK)))


def _month(_: re.Match[str], scene: Scene) -> str:
    return scene.keep(calendar.month(scene.today.year, scene.today.month - 1))
