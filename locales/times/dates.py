"""Days that are named by their date, read before times of day: their figures are no hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from locales.times.calendar import coming, dated, month_start
from locales.times.scene import Days, rule

if TYPE_CHECKING:
    import re
    from datetime import date

    from locales.times.scene import Scene

CENTURY, JANUARY, DECEMBER, LONGEST = 100, 1, 12, 31
YEAR = r"(?P<year>(?:OF |, |OF THE |THE )?(?:(?:19|20)\d\d|20 [23]\d|(?:OF )?(?:NEXT|THIS) YEAR))"
NO_HOUR = (
    r"(?! (?:AM|PM|OCLOCK|HOUR|AND HALF|AND QUARTER|[0-5]\d(?: (?:AM|PM|$|MORNING|AFTERNOON))))"
)
MONTH = r"M(?P<month>\d+)"
DAY = r"(?P<day>\d{1,2})"


def _one(scene: Scene, day: date) -> str:
    return scene.keep(Days(first=day, last=day))


def _iso(found: re.Match[str], scene: Scene) -> str:
    return _one(scene, dated(int(found[1]), int(found[2]), int(found[3])))


def _figures(found: re.Match[str], scene: Scene) -> str:
    year = int(found[3])
    full = year if year >= CENTURY else scene.today.year // CENTURY * CENTURY + year
    number, day = _ordered(int(found[1]), int(found[2]), scene.lang)
    return _one(scene, dated(full, number, day))


def _ordered(first: int, second: int, lang: str) -> tuple[int, int]:
    """Return month and day: English has the month first, unless there is no such month."""
    number, day = (first, second) if lang == "en" else (second, first)
    return (day, number) if number > DECEMBER >= day else (number, day)


def _pair(found: re.Match[str], scene: Scene) -> str | None:
    number, day = _ordered(int(found[1]), int(found[3]), scene.lang)
    if not (JANUARY <= number <= DECEMBER and 0 < day <= LONGEST):
        return None
    if found[2] != "/" and day <= DECEMBER:
        return None  # "10-12" are rather hours
    return _one(scene, coming(day, number, scene.today))


def _named(found: re.Match[str], scene: Scene) -> str:
    day, number = int(found["day"]), int(found["month"])
    if found["year"]:
        return _one(scene, dated(year_of(found["year"], scene), number, day))
    return _one(scene, coming(day, number, scene.today))


def year_of(written: str, scene: Scene) -> int:
    """Return the year that ``YEAR`` found."""
    if "NEXT" in written:
        return scene.today.year + 1
    return scene.today.year if "THIS" in written else int(written.replace(" ", "")[-4:])


def _in_month(found: re.Match[str], scene: Scene) -> str:
    """Return the third of next month; of this month it may be past."""
    start = month_start(scene.today.year, scene.today.month + ("NEXT" in found[0]))
    day = dated(start.year, start.month, int(found["day"]))
    if day < scene.today and "THIS" not in found[0]:
        start = month_start(scene.today.year, scene.today.month + 1)
        day = dated(start.year, start.month, int(found["day"]))
    return _one(scene, day)


def _two(found: re.Match[str], scene: Scene) -> str:
    """Return two days of one month, which is named once: "del 7 al 11 de diciembre"."""
    days = [
        coming(int(found[name]), int(found["month"]), scene.today) for name in ("first", "second")
    ]
    return f"{_one(scene, days[0])} {found['between']} {_one(scene, days[1])}"


_FIRST, _SECOND = r"(?:THE )?(?P<first>\d{1,2})(?:th)?", r"(?:THE )?(?P<second>\d{1,2})(?:th)?"
_BETWEEN = r"(?P<between>A|TO|UNTIL|AND|OR|-)"
_NOT_ONE = r"(?P<day>[2-9]|\d\d)"  # "one in June" is no day
DATES = (
    rule(rf"{_FIRST} {_BETWEEN} {_SECOND} (?:OF )?{MONTH}(?! \d{{4}})", _two),
    rule(rf"{MONTH} {_FIRST} {_BETWEEN} {_SECOND}(?! (?:AM|PM|\d))", _two),
    rule(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", _iso),
    rule(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", _figures),
    rule(r"(\d{1,2})([/-])(\d{1,2})", _pair),
    rule(rf"(?:THE )?{DAY}(?:th (?:OF )?| OF ){MONTH}(?: {YEAR})?", _named),
    rule(rf"{MONTH} (?:THE )?{DAY}(?:th)?{NO_HOUR}(?: {YEAR})?", _named),
    rule(rf"THE {DAY} {MONTH}(?: {YEAR})?", _named),
    rule(rf"{_NOT_ONE} {MONTH}(?: {YEAR})?", _named),
    rule(rf"(?:THE )?{DAY}(?:th(?: OF)?| OF) (?:NEXT |THIS |COMING )?MONTH", _in_month),
    rule(rf"(?:NEXT|THIS|COMING) MONTH (?:THE )?{DAY}th", _in_month),
)
