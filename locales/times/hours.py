"""Times of day put together: exact ones, parts of the day, after, before, from .. to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from locales.times.clocks import CLOCK
from locales.times.scene import MIDNIGHT, Hours, rule

if TYPE_CHECKING:
    import re

    from locales.times.scene import Scene

NOON, HALF_DAY, HOUR = 12 * 60, 12 * 60, 60
LATEST = 120  # "as late as possible" is the last two hours of the clinic's day
# Parts of the day, in hours: Duckling's own bounds. Those of "early" and "late" are ours.
PARTS = {
    "MORNING": (4, 12),
    "AFTERNOON": (12, 19),
    "EVENING": (18, 24),
    "NIGHT": (18, 24),
    "DAWN": (0, 6),
    "LUNCH": (12, 14),
    "AFTER LUNCH": (13, 17),
    "AFTER WORK": (17, 21),
    "AFTER SCHOOL": (15, 21),
    "BEFORE LUNCH": (4, 12),
    "BEFORE WORK": (4, 9),
    "EARLY MORNING": (4, 9),
    "MID MORNING": (9, 11),
    "LATE MORNING": (10, 12),
    "EARLY AFTERNOON": (12, 15),
    "MID AFTERNOON": (14, 16),
    "LATE AFTERNOON": (15, 19),
    "EARLY EVENING": (18, 20),
    "LATE EVENING": (20, 24),
    "EARLY NIGHT": (18, 20),
    "LATE NIGHT": (20, 24),
}
T, A, B = rf"(?P<a>{CLOCK})", rf"(?P<a>{CLOCK})", rf"(?P<b>{CLOCK})"


def minutes(sign: str, scene: Scene) -> int:
    """Return the minutes after midnight of a time; which half of the day the hours tell."""
    said, other = halves(sign)
    return said if other is None else likelier(said, other, scene)


def halves(sign: str) -> tuple[int, int | None]:
    """Return the minutes after midnight that a sign may mean, the earlier first."""
    hour, minute = map(int, sign[1:-2].split(":"))
    said = hour * HOUR + minute
    if sign[-2] == "!":
        return said, None
    return said % HALF_DAY, said % HALF_DAY + HALF_DAY


def likelier(early: int, late: int, scene: Scene) -> int:
    """Return the time in the clinic's hours, or the one nearer to them; the early one in doubt."""
    return min((early, late), key=lambda each: _away(each, scene))


def _away(at: int, scene: Scene) -> int:
    if scene.opens <= at <= scene.closes:
        return 0
    return scene.opens - at if at < scene.opens else at - scene.closes


def _kept(scene: Scene, hours: Hours) -> str:
    scene.hours.append(hours)
    return "~"


def _range(found: re.Match[str], scene: Scene) -> str:
    start, other = halves(found["a"])
    last, later = halves(found["b"])
    if later is None and other is not None:
        start = other if other < last else start
    elif other is not None:
        start = likelier(start, other, scene)
    if later is not None and last <= start:
        last = later
    return _kept(scene, Hours(start=start, end=last if last > start else MIDNIGHT))


def _after(found: re.Match[str], scene: Scene) -> str:
    return _kept(scene, Hours(start=minutes(found["a"], scene)))


def _before(found: re.Match[str], scene: Scene) -> str:
    return _kept(scene, Hours(end=minutes(found["a"], scene)))


def _part(found: re.Match[str], scene: Scene) -> str:
    first, last = PARTS[found["part"]]
    end = last * HOUR
    if found["part"] == "EARLY MORNING":
        end = max(end, scene.opens + HOUR)
    return _kept(scene, Hours(start=first * HOUR, end=end, part=True))


def _turned(found: re.Match[str], _: Scene) -> str:
    return f"{found['how']} {found['part']}"


def _not_part(found: re.Match[str], scene: Scene) -> str:
    first, last = PARTS[found["part"]]
    if found["part"] == "MORNING":
        return _kept(scene, Hours(start=last * HOUR))
    return _kept(scene, Hours(end=first * HOUR))


def _latest(_: re.Match[str], scene: Scene) -> str:
    return _kept(scene, Hours(start=scene.closes - LATEST))


def _exact(found: re.Match[str], scene: Scene) -> str:
    start, other = halves(found["a"])
    grain = "minute" if found["a"][-1] == "m" else "hour"
    hours = Hours(start=start, exact=True, grain=grain)
    if other is not None:
        hours = replace(hours, start=likelier(start, other, scene), either=True)
    return _kept(scene, hours)


def _early(_: re.Match[str], scene: Scene) -> str:
    return _kept(
        scene,
        Hours(
            start=PARTS["EARLY MORNING"][0] * HOUR, end=max(9 * HOUR, scene.opens + HOUR), part=True
        ),
    )


def _late(_: re.Match[str], scene: Scene) -> str:
    first, last = PARTS["LATE AFTERNOON"]
    return _kept(scene, Hours(start=first * HOUR, end=last * HOUR, part=True))


_DAY_PARTS = "MORNING|AFTERNOON|EVENING|NIGHT"
HOURS = (
    rule(rf"{A} (?:, |NOT )*CORRECTION (?:, |AT )*{B}", lambda found, _: found["b"]),
    rule(rf"(?:BETWEEN|FROM|OF) {A} (?:AND|TO|UNTIL|A) (?:AT )?{B}", _range),
    rule(rf"{A} (?:TO|UNTIL|A) (?:AT )?{B}", _range),
    rule(rf"AFTER (?:AT )?{A} (?:AND |BUT |, )*BEFORE (?:AT )?{B}", _range),
    rule(rf"NOT AFTER (?:AT )?{A}", _before),
    rule(rf"NOT BEFORE (?:AT )?{A}", _after),
    rule(rf"(?:AFTER|FROM) (?:AT )?{A}(?: ONWARD)?", _after),
    rule(rf"{A} ONWARD", _after),
    rule(rf"(?:BEFORE|UNTIL|BY) (?:AT )?{A}", _before),
    rule(rf"{A} ORBEFORE", _before),
    rule(rf"SINCE (?:AT )?{A}", lambda *_: "_"),
    rule(r"(?P<part>MORNING|AFTERNOON) (?:, )?(?P<how>EARLY|LATE|MID)", _turned),
    rule(rf"NOT (?:IN )?(?P<part>{_DAY_PARTS})", _not_part),
    rule(rf"(?P<part>{_DAY_PARTS}) (?:FAILS|NOT)", _not_part),
    rule(r"(?P<part>(?:EARLY|LATE|MID) (?:IN |OF )?(?:MORNING|AFTERNOON|EVENING|NIGHT))", _part),
    rule("(?P<part>" + "|".join(sorted(PARTS, key=len, reverse=True)) + ")", _part),
    rule(r"LATEST", _latest),
    rule(T, _exact),
)
ALONE = (
    rule(r"EARLY", _early),
    rule(r"LATE", _late),
)
