"""Days that are told by other days: after, before, from .. to, not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from locales.times import calendar
from locales.times.calendar import ahead, in_next_week, nearest
from locales.times.days import COUNT, EVERY_DAY, FRIDAY, UNIT, counted
from locales.times.duckling_days import holiday
from locales.times.scene import Days, rule
from locales.times.words import words

if TYPE_CHECKING:
    from datetime import date

    from locales.times.scene import Scene

A, B = r"(?P<a>#\d+)", r"(?P<b>#\d+)"


def dated(days: Days, today: date) -> Days:
    """Return ``days`` with the date of the one weekday that it names."""
    if not days.weekdays:
        return days
    read = in_next_week if days.way == "next" else nearest
    day = read(days.weekdays[0], today)
    return Days(first=day, last=day)


def _ends(found: re.Match[str], scene: Scene, name: str = "a") -> tuple[date, date]:
    days = dated(scene.at(found[name]), scene.today)
    first = days.first or scene.today
    return first, days.last or first


def _holiday(found: re.Match[str], scene: Scene) -> str | None:
    day = holiday(found["name"].replace("_", " "), scene.today)
    return scene.keep(Days(first=day, last=day)) if day else None


def _from_day(found: re.Match[str], scene: Scene) -> str:
    day = counted(_ends(found, scene)[0], int(found["count"]), found["unit"], "en")
    return scene.keep(Days(first=day, last=day))


def _before_day(found: re.Match[str], scene: Scene) -> str:
    day = counted(_ends(found, scene)[0], -int(found["count"]), found["unit"], "en")
    return scene.keep(Days(first=day, last=day))


def _next_to(found: re.Match[str], scene: Scene) -> str:
    first, last = _ends(found, scene)
    day = ahead(last, 1) if "AFTER" in found[0] else ahead(first, -1)
    return scene.keep(Days(first=day, last=day))


def _week_by(found: re.Match[str], scene: Scene) -> str:
    weeks = {"AFTER": 1, "BEFORE": -1}.get(found["how"], 0)
    return scene.keep(calendar.week(ahead(_ends(found, scene)[0], EVERY_DAY * weeks)))


def _weekday_after(found: re.Match[str], scene: Scene) -> str | None:
    days = scene.at(found["a"])
    if not days.weekdays or days.way == "every":
        return None
    first, last = _ends(found, scene, "b")
    if found["how"] == "AFTER":
        day = nearest(days.weekdays[0], last)
    else:
        day = ahead(nearest(days.weekdays[0], ahead(first, -1)), -EVERY_DAY)
    return scene.keep(Days(first=day, last=day))


def _range(found: re.Match[str], scene: Scene) -> str:
    a, b = scene.at(found["a"]), scene.at(found["b"])
    if a.weekdays and b.weekdays:
        span = (b.weekdays[0] - a.weekdays[0]) % EVERY_DAY
        days = tuple((a.weekdays[0] + each) % EVERY_DAY for each in range(span + 1))
        whole = days == tuple(range(FRIDAY + 1))
        return scene.keep(Days(weekdays=days, way="every" if whole else "range"))
    first = _ends(found, scene)[0]
    last = _ends(found, scene, "b")[1]
    if b.weekdays and last < first:
        last = nearest(b.weekdays[0], first)
    return scene.keep(Days(first=first, last=max(first, last)))


def _after(found: re.Match[str], scene: Scene) -> str:
    return scene.keep(Days(first=ahead(_ends(found, scene)[1], 1)))


def _ailing_since(found: re.Match[str], scene: Scene) -> str | None:
    ailing = words(scene.lang)["ailing"]
    return "_" if re.search(rf" {ailing} ", found.string) else None


def _or(found: re.Match[str], scene: Scene) -> str | None:
    """Return a date and a weekday of which either will do, the weekday by its date."""
    pair = [scene.at(found[name]) for name in ("a", "b")]
    if len([days for days in pair if days.weekdays and days.way != "every"]) != 1:
        return None
    if not all(days.weekdays or days.first == days.last for days in pair):
        return None
    return " ".join(scene.keep(dated(days, scene.today)) for days in pair)


def _since(found: re.Match[str], scene: Scene) -> str:
    return scene.keep(Days(first=_ends(found, scene)[0]))


def _before(found: re.Match[str], scene: Scene) -> str:
    return scene.keep(_until(scene.today, ahead(_ends(found, scene)[0], -1)))


def _by(found: re.Match[str], scene: Scene) -> str:
    return scene.keep(_until(scene.today, _ends(found, scene)[1]))


def _until(today: date, last: date) -> Days:
    return Days(first=min(today, last), last=last)


def _not(found: re.Match[str], scene: Scene) -> str:
    written = [each for each in found[0].split() if each.startswith("#")]
    return " ".join(_without(scene.at(each), scene) for each in written)


def _without(days: Days, scene: Scene) -> str:
    """Return what is left when ``days`` do not suit: the other weekdays, or later days."""
    if days.weekdays:
        return scene.keep(Days(weekdays=days.weekdays, way="not"))
    if days.first and days.last and days.first <= scene.today:
        return scene.keep(Days(first=ahead(days.last, 1)))
    return "_"


RELATIONS = (
    rule(r"H:(?P<name>\w+)", _holiday),
    rule(rf"(?:INSTEAD (?:OF )?){A}(?: (?:AT )?@\S+)?", lambda *_: ""),
    rule(rf"{A} (?:, |NOT )*CORRECTION (?:, |OF |FOR )*{B}", lambda found, _: found["b"]),
    rule(rf"{A} , NOT , {B}", lambda found, _: found["b"]),
    rule(rf"{COUNT} {UNIT} (?:FROM|AFTER|ONWARD|OF) {A}", _from_day),
    rule(rf"{COUNT} {UNIT} BEFORE {A}", _before_day),
    rule(rf"DAY (?:RIGHT )?(?:AFTER|BEFORE) (?:OF )?{A}", _next_to),
    rule(
        rf"(?:FOLLOWING )?WEEK (?P<how>AFTER|BEFORE|OF|FROM|FOLLOWING) (?:OF |THE )*{A}",
        _week_by,
    ),
    rule(rf"{A} (?P<how>AFTER|BEFORE) {B}", _weekday_after),
    rule(rf"BETWEEN {A} (?:AND|TO|OR|UNTIL) {B}", _range),
    rule(rf"(?:FROM |OF )?{A} (?:TO|UNTIL|A|-) {B}", _range),
    rule(rf"(?:SINCE|FROM|FOR) {A}", _ailing_since),
    rule(rf"SINCE {A}", lambda *_: "_"),
    rule(rf"(?:NOT|MINUS) {A}(?: (?:OR|AND|NOT)(?: NOT)? #\d+)*", _not),
    rule(rf"{A}(?:(?: AND #\d+)*(?: [a-z,]+){{0,4}} FAILS| NOT)(?! #)", _not),
    rule(rf"AFTER {A}", _after),
    rule(rf"FROM {A}(?: ONWARD)?", _since),
    rule(rf"{A} ONWARD", _since),
    rule(rf"{A} (?:OR|AND|,) (?:OR )?{B}", _or),
    rule(rf"BEFORE {A}", _before),
    rule(rf"(?:BY|UNTIL) {A}", _by),
    rule(rf"{A} ORBEFORE", _by),
)
