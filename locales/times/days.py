"""Days that are named from today or by their weekday, each written as ``#0``."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from locales.times import calendar
from locales.times.calendar import ahead, months_ahead, nearest, week
from locales.times.clocks import clock
from locales.times.dates import LONGEST, YEAR, year_of
from locales.times.scene import Days, rule
from locales.times.words import words

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence
    from datetime import date

    from locales.times.scene import Rule, Scene

UNIT = r"(?P<unit>DAY|WEEK|MONTH|YEAR)"
COUNT = r"(?P<count>\d{1,2})"
MONTH = rf"(?P<within>M\d+(?: {YEAR})?|NEXT MONTH|MONTH COMING|THIS MONTH|COMING MONTH|MONTH)"
PLACE = r"(?:(?P<place>[1-5])n?th|LAST)"
UNITS = "(?:DAY|WEEK|MONTH|YEAR|HOUR|MINUTE)"
EVERY_DAY = 7
FEW = 3
SOON = 3  # months in which "the 31st" or "Monday the 7th" is looked for
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
# "In eight days" and "in fifteen days" are one week and two where weeks are counted so.
WHOLE_WEEKS = {8: 7, 15: 14}
SHARE = "(?P<share>EARLY|MID|LATE|BEGIN|END|FIRSTHALF|SECONDHALF)"
SHARES = {
    **dict.fromkeys(("EARLY", "BEGIN"), (0, 9)),
    "MID": (10, 19),
    **dict.fromkeys(("LATE", "END"), (20, 30)),
    "FIRSTHALF": (0, 14),
    "SECONDHALF": (15, 30),
}
# Of a week: Monday and Tuesday, Tuesday to Thursday, Thursday and Friday.
WEEK_SHARES = {
    **dict.fromkeys(("EARLY", "BEGIN", "FIRSTHALF"), (0, 1)),
    "MID": (1, 3),
    **dict.fromkeys(("LATE", "END", "SECONDHALF"), (3, 4)),
}


def _one(scene: Scene, day: date) -> str:
    return scene.keep(Days(first=day, last=day))


def _days_ahead(days: int) -> Callable[[re.Match[str], Scene], str]:
    return lambda _, scene: _one(scene, ahead(scene.today, days))


def counted(start: date, count: int, unit: str, lang: str) -> date:
    """Return the day that is so many days, weeks, months or years after ``start``."""
    if unit == "DAY":
        return ahead(start, WHOLE_WEEKS.get(count, count) if lang == "es" else count)
    if unit == "WEEK":
        return ahead(start, EVERY_DAY * count)
    return months_ahead(start, count if unit == "MONTH" else count * calendar.MONTHS)


def _in(found: re.Match[str], scene: Scene) -> str:
    return _one(scene, counted(scene.today, int(found["count"]), found["unit"], scene.lang))


def _within(found: re.Match[str], scene: Scene) -> str:
    last = counted(scene.today, int(found["count"]), found["unit"], "en")
    return scene.keep(Days(first=scene.today, last=last))


def _next_days(_: re.Match[str], scene: Scene) -> str:
    return scene.keep(Days(first=scene.today, last=ahead(scene.today, FEW)))


def _in_eight(found: re.Match[str], scene: Scene) -> str:
    """Return "de hoy en ocho": a week from the day that is named."""
    start = {"TODAY": scene.today, "TOMORROW": ahead(scene.today, 1)}.get(found["from"])
    start = start or nearest(int(found["from"][1]), scene.today)
    return _one(scene, counted(start, int(found["count"]), "DAY", "es"))


def _in_minutes(found: re.Match[str], scene: Scene) -> str:
    count = 30 if found["count"] == "HALF" else int(found["count"])
    if found["unit"] == "HOUR" and found["count"] != "HALF":
        count *= 60
    then = scene.now + timedelta(minutes=count)
    return f"{_one(scene, then.date())} @{then.hour}:{then.minute:02}!m"


def month_named(written: str, scene: Scene) -> Days:
    """Return the month that ``MONTH`` found; one that is named is this or the coming one."""
    today = scene.today
    if not written.startswith("M") or written.startswith("MONTH"):
        later = "NEXT" in written or "COMING" in written
        return calendar.month(today.year, today.month + later)
    number, _, year = written[1:].partition(" ")
    if year:
        return calendar.month(year_of(year, scene), int(number))
    return calendar.month(today.year + (int(number) < today.month), int(number))


def _month(found: re.Match[str], scene: Scene) -> str | None:
    return None if found["within"] == "MONTH" else scene.keep(month_named(found["within"], scene))


def _share(found: re.Match[str], scene: Scene) -> str:
    """Return the beginning, the middle or the end of a month: ten days; of none, the coming."""
    first, last = SHARES[found["share"]]
    within = month_named(found["within"], scene)
    days = _share_of(within, first, last)
    if found["within"] == "MONTH" and days.last and days.last < scene.today:
        within = calendar.month(scene.today.year, scene.today.month + 1)
        days = _share_of(within, first, last)
    return scene.keep(days)


def _share_of(within: Days, first: int, last: int) -> Days:
    start, end = within.ends()
    return Days(first=ahead(start, first), last=min(ahead(start, last), end))


def _share_of_week(found: re.Match[str], scene: Scene) -> str:
    first, last = WEEK_SHARES[found["share"]]
    monday = ahead(scene.today, EVERY_DAY * ("NEXT" in found[0]) - scene.today.weekday())
    if found["within"] == "WEEK" and ahead(monday, last) < scene.today:
        monday = ahead(monday, EVERY_DAY)
    return scene.keep(Days(first=ahead(monday, first), last=ahead(monday, last)))


def _nth(found: re.Match[str], scene: Scene) -> str:
    """Return the first week of a month, its second Tuesday, and the like."""
    place = int(found["place"] or -1)
    within = month_named(found["within"], scene)
    if found["what"] == "WEEK":
        return scene.keep(calendar.nth_week(place, within))
    day = calendar.nth_weekday(place, int(found["what"][1]), within)
    if day < scene.today and found["within"] == "MONTH":
        within = calendar.month(scene.today.year, scene.today.month + 1)
        day = calendar.nth_weekday(place, int(found["what"][1]), within)
    return _one(scene, day)


def _weeks_ahead(weeks: int) -> Callable[[re.Match[str], Scene], str]:
    return lambda _, scene: scene.keep(week(ahead(scene.today, EVERY_DAY * weeks)))


def _weekend(found: re.Match[str], scene: Scene) -> str:
    if found[0].endswith("s"):
        return scene.keep(Days(weekdays=(SATURDAY, SUNDAY), way="every"))
    start = ahead(scene.today, -scene.today.weekday())
    start = ahead(start, SATURDAY + EVERY_DAY * ("NEXT" in found[0]))
    return scene.keep(Days(first=start, last=ahead(start, 1)))


def _year(found: re.Match[str], scene: Scene) -> str:
    year = scene.today.year + ("NEXT" in found[0])
    first = calendar.month_start(year, 1)
    return scene.keep(Days(first=first, last=ahead(calendar.month_start(year + 1, 1), -1)))


def _of_month(found: re.Match[str], scene: Scene) -> str | None:
    """Return "the 4th": the next such day, or with a weekday the next that is both."""
    day, weekday = int(found["day"]), found.groupdict().get("weekday")
    if not 0 < day <= LONGEST or (found[0] == "THE 1" and scene.lang == "en"):
        return None
    today = scene.today
    months = [calendar.month(today.year, today.month + later).ends() for later in range(SOON)]
    days = [ahead(first, day - 1) for first, last in months if ahead(first, day - 1) <= last]
    fits = [each for each in days if each >= today and _is(each, weekday)]
    return _one(scene, fits[0]) if fits else None


def _whole(found: re.Match[str], scene: Scene) -> str | None:
    return _of_month(found, scene) if found.string == f" {found[0]} " else None


def _day_or_hour(found: re.Match[str], _: Scene) -> str | None:
    """Return "Monday 9" as a time of that day, where the 9th is no Monday soon."""
    hour = clock(int(found["day"]))
    return f"{found['lead']} {hour}" if hour else None


def _is(day: date, weekday: str | None) -> bool:
    return weekday is None or day.weekday() == int(weekday)


def _weekday(way: str) -> Callable[[re.Match[str], Scene], str]:
    return lambda found, scene: scene.keep(Days(weekdays=(int(found["weekday"]),), way=way))


def _after_next(found: re.Match[str], scene: Scene) -> str:
    day = calendar.in_next_week(int(found["weekday"]), scene.today)
    return _one(scene, ahead(day, EVERY_DAY))


def _week_on(found: re.Match[str], scene: Scene) -> str:
    return _one(scene, ahead(nearest(int(found["weekday"]), scene.today), EVERY_DAY))


W = r"W(?P<weekday>\d)"
DATE = r"(?P<day>\d{1,2})"


@cache
def day_rules(lang: str) -> Sequence[Rule]:
    """Return the rules that write days as signs, in their order."""
    soft = words(lang)["soft"]
    end = rf"(?! {UNITS} )(?= (?:$|,|[A-Z@#]|{soft} ))"
    return (
        rule(r"WEEK AFTER NEXT(?: WEEK)?|NEXT NEXT WEEK|NEXT WEEK AFTER NEXT", _weeks_ahead(2)),
        rule(r"(?:NEXT |THIS |COMING )?WEEKENDs?", _weekend),
        rule(rf"{PLACE} (?P<what>WEEK|W\d) (?:OF |IN )?{MONTH}", _nth),
        rule(rf"(?P<what>WEEK|W\d) (?P<place>)LAST OF {MONTH}", _nth),
        rule(rf"{SHARE} (?:OF |IN )?{MONTH}", _share),
        rule(
            rf"{SHARE} (?:OF |IN )?(?P<within>(?:NEXT |THIS )?WEEK)",
            _share_of_week,
        ),
        rule(rf"(?:NEXT|COMING|WITHIN) {COUNT} {UNIT}", _within),
        rule(rf"{COUNT} (?:COMING|NEXT) {UNIT}", _within),
        rule(r"(?:NEXT|COMING|WITHIN) DAY", _next_days),
        rule(r"THIS WEEK", _weeks_ahead(0)),
        rule(r"(?:NEXT|COMING) WEEK|WEEK COMING|OTHER WEEK", _weeks_ahead(1)),
        rule(r"(?:NEXT|THIS) YEAR", _year),
        rule(MONTH, _month),
        rule(rf"(?:OF |FROM )?(?P<from>TODAY|TOMORROW|W\d) IN {COUNT}(?: DAY)?", _in_eight),
        rule(rf"IN {COUNT} {UNIT}", _in),
        rule(rf"{COUNT} {UNIT} OUT", _in),
        rule(r"IN (?P<count>\d{1,2}|HALF) (?P<unit>HOUR|MINUTE)", _in_minutes),
        rule(r"OVERMORROW|DAY AFTER TOMORROW", _days_ahead(2)),
        rule(r"TODAY", _days_ahead(0)),
        rule(r"TOMORROW", _days_ahead(1)),
        rule(rf"{W} (?:, )?(?:THE )?{DATE}(?:th)?{end}", _of_month),
        rule(rf"(?P<lead>{W}) {DATE}{end}", _day_or_hour),
        rule(rf"THE {DATE}(?:th)?{end}", _of_month),
        rule(rf"{DATE}th", _whole),
        rule(rf"{DATE}th(?= (?:FROM|AT|[#@$]|MORNING|AFTERNOON|OR ))", _of_month),
        rule(rf"(?:EVERY )?{W}s", _weekday("every")),
        rule(rf"EVERY {W}", _weekday("every")),
        rule(rf"{W} AFTER NEXT", _after_next),
        rule(rf"{W} WEEK(?! OF)", _week_on),
        rule(rf"(?:NEXT|OTHER) {W}", _weekday("next")),
        rule(rf"(?:THIS |COMING |NEXT )*{W}(?: (?:COMING|NEXT))?", _weekday("nearest")),
        rule(r"WORKDAYS", lambda _, scene: scene.keep(Days(weekdays=(0, 1, 2, 3, 4), way="every"))),
    )
