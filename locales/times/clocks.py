"""Times of day, each written as ``@9:30?m``: an hour, and how it was said.

``!`` is sure, ``?`` may as well be twelve hours later; ``m`` names minutes, ``h`` does not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from locales.times.scene import Rule, rule
from locales.times.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from locales.times.scene import Scene

NOON, HOURS, MINUTES = 12, 24, 60
DUSK = 5  # "at night" from here on is the evening, before it the small hours
H = r"(?P<hour>\d{1,2})"
MM = r"(?P<minute>[0-5]\d)"
HALF = r"(?P<half>AM|PM)"
CLOCK = r"@\d+:\d\d[?!][hm]"
SHARES = {"HALF": 30, "QUARTER": 15}
# Minutes that are said before an hour ("ten to three").
ROUND = frozenset({5, 10, 15, 20, 25})


def clock(
    hour: int, minute: int = 0, half: str | None = None, *, named: bool = False
) -> str | None:
    """Return the sign of a time of day, or None where there is no such time.

    ``half`` is AM or PM; ``named`` says that minutes were said, if only "o o".
    """
    sure = hour == 0 or hour > NOON or half is not None
    if half and 0 < hour <= NOON:
        hour = hour % NOON + (NOON if half == "PM" else 0)
    if hour >= HOURS or not 0 <= minute < MINUTES:
        return None
    return f"@{hour}:{minute:02}{'!' if sure else '?'}{'m' if minute or named else 'h'}"


def _plain(found: re.Match[str], _: Scene) -> str | None:
    known = found.groupdict()
    minute = known.get("minute")
    return clock(int(found["hour"]), int(minute or 0), known.get("half"), named=bool(minute))


def _led(found: re.Match[str], scene: Scene) -> str | None:
    """Return what leads up to a time, kept, and the time."""
    read = _plain(found, scene)
    return read and f"{found['lead']} {read}"


def _share(found: re.Match[str]) -> int:
    written = found["share"]
    return SHARES.get(written) or int(written)


def _past(found: re.Match[str], _: Scene) -> str | None:
    share = _share(found)
    return clock(int(found["hour"]), share) if share in ROUND | {30} else None


def _to(found: re.Match[str], _: Scene) -> str | None:
    share, hour = _share(found), int(found["hour"])
    if share not in ROUND or not 0 < hour <= HOURS:
        return None
    said = found.groupdict().get("lead")
    if hour > share and not said and found["share"] != "QUARTER" and "MINUTE" not in found[0]:
        return None  # "10 to 12" are two hours
    before = hour - 1 or NOON
    return clock(before, MINUTES - share)


def _with(found: re.Match[str], scene: Scene) -> str | None:
    if scene.lang != "es" and found["share"].isdecimal():
        return None
    minutes = _share(found)
    if (
        found["share"].isdecimal()
        and not found["lead"]
        and minutes not in {20, 25, 35, 40, 45, 50, 55}
    ):
        return None
    return clock(int(found["hour"]), minutes)


def _pair(found: re.Match[str], _: Scene) -> str:
    read = [
        each if each.startswith("@") else clock(*map(int, each.replace(":", " ").split())) or each
        for each in (found["a"], found["b"])
    ]
    return f"FROM {read[0]} TO {read[1]}"


def _bare(found: re.Match[str], scene: Scene) -> str | None:
    if int(found["minute"]) % 5:
        return None
    return _plain(found, scene)


def _whole(found: re.Match[str], scene: Scene) -> str | None:
    """Return a time in four figures that stand alone, if the clinic is open then."""
    hour, minute = int(found["hour"]), int(found["minute"])
    if found.string != f" {found[0]} ":
        return None
    opened = scene.opens <= hour * MINUTES + minute <= scene.closes
    return clock(hour, minute, named=True) if opened and not minute % 5 else None


def _named_half(found: re.Match[str], _: Scene) -> str | None:
    hour, minute = map(int, found["clock"][1:-2].split(":"))
    return clock(hour, minute, found["half"], named=found["clock"][-1] == "m")


def _in_part(found: re.Match[str], _: Scene) -> str | None:
    hour, minute = map(int, found["clock"][1:-2].split(":"))
    if found["clock"][-2] == "!":
        return None
    return f"@{_in_the(found['part'], hour)}:{minute:02}!{found['clock'][-1]}"


def _in_the(part: str, hour: int) -> int:
    """Return the hour of 0-23 that "3 in the ``part``" is."""
    if part == "MORNING":
        return hour
    if part == "DAWN":
        return hour % NOON
    if part == "AFTERNOON":
        return hour % NOON + NOON
    return hour % NOON + NOON if DUSK <= hour < NOON else hour % NOON


@cache
def clock_rules(lang: str) -> Sequence[Rule]:
    """Return the rules that write times of day as signs, in their order."""
    soft = words(lang)["soft"]
    end = rf"(?= (?:$|,|[A-LN-Z]|MORNING|NOT|[@#]|{soft} ))"
    hm = rf"{H}(?:[:. ]{MM})?(?:th)?"
    lead = r"(?P<lead>AFTER|BEFORE|UNTIL|BY|SINCE|FROM)"
    one = rf"(?:{CLOCK}|\d{{1,2}}(?:[: ][0-5]\d)?)"
    return (
        rule(rf"{H}[:. ]{MM} {HALF}", _plain),
        rule(rf"{H} {HALF}", _plain),
        rule(rf"{H}{MM} {HALF}", _plain),
        rule(rf"{H}:{MM}", _plain),
        rule(r"(?:AT )?NOON", lambda *_: "@12:00!h"),
        rule(r"(?:AT )?MIDNIGHT", lambda *_: "@0:00!h"),
        rule(rf"(?:AT )?(?P<share>HALF|QUARTER|\d{{1,2}}) PAST {H}", _past),
        rule(
            rf"(?P<lead>AT |FORTO )?(?P<share>QUARTER|\d{{1,2}}) (?:MINUTE )?(?:TO|FORTO) (?:AT )?{H}(?! (?:[0-5]\d|AM|PM|DAY|WEEK|MONTH))",
            _to,
        ),
        rule(rf"(?P<lead>AT |A )?{H} MINUS (?P<share>QUARTER|\d{{1,2}})", _to_before),
        rule(
            rf"(?P<lead>AT |A )?{H} AND (?P<share>HALF|QUARTER|\d{{1,2}})(?! (?:DAY|WEEK|MONTH|HOUR|MINUTE))",
            _with,
        ),
        rule(rf"(?P<share>5|10|15|20|25) AFTER {H}{end}", _past),
        rule(rf"(?:AT )?{hm} OCLOCK", _plain),
        rule(rf"(?:AT )?{H}{MM} HOURS?", _plain),
        rule(rf"AT {H} HOUR", _plain),
        rule(
            rf"(?:BETWEEN|FROM) (?:AT )?(?P<a>{one}) (?:AND|TO|UNTIL|A|OR) (?:AT )?(?P<b>{one})(?! (?:DAY|WEEK|MONTH|HOUR|MINUTE|AM|PM))",
            _pair,
        ),
        rule(rf"(?P<a>{CLOCK}) (?:TO|UNTIL|A) (?:AT )?(?P<b>{one}){end}", _pair),
        rule(rf"(?P<a>\d{{1,2}}(?: [0-5]\d)?) (?:TO|UNTIL|A) (?:AT )?(?P<b>{CLOCK})", _pair),
        rule(
            rf"(?<!THE )(?P<a>\d{{1,2}})(?: TO |-)(?P<b>\d{{1,2}}){end}(?! (?:DAY|WEEK|MONTH|HOUR|MINUTE))",
            _pair,
        ),
        rule(rf"AT {hm} ISH|{hm.replace('hour', 'h2').replace('minute', 'm2')} ISH", _about),
        rule(rf"AT {hm}{end}(?! (?:DAY|WEEK|MONTH|HOUR|MINUTE|YEAR))", _plain),
        rule(rf"(?:AT|A|(?P<lead>TODAY|TOMORROW|OVERMORROW|W\d|#\d+)) {H}{MM}{end}", _run_together),
        rule(rf"A {hm}{end}(?! (?:DAY|WEEK|MONTH|HOUR|MINUTE|YEAR))", _plain),
        rule(rf"{lead} (?:AT )?{hm}{end}(?! (?:DAY|WEEK|MONTH|HOUR|MINUTE|YEAR))", _led),
        rule(
            rf"(?P<lead>{CLOCK}(?: ,)? (?:OR|AND)) (?:AT )?{hm}{end}(?! (?:DAY|WEEK|MONTH))", _led
        ),
        rule(rf"(?P<lead>{CLOCK} (?:, |NOT )*CORRECTION(?: ,)?) {hm}{end}", _led),
        rule(rf"{hm}(?= (?:ONWARD|ORBEFORE) )", _plain),
        rule(rf"(?P<a>\d{{1,2}}) OR (?P<b>{CLOCK})", _pair),
        rule(rf"{H}{MM}", _whole),
        rule(rf"(?P<lead>FORTO) (?:AT )?{H}{end}", _for_hour),
        rule(rf"(?<! \d )(?<! \d\d )(?<!_ ){H} {MM}{end}", _bare),
        rule(
            rf"(?P<lead>TODAY|TOMORROW|OVERMORROW) {H}{end}(?! (?:DAY|WEEK|MONTH|HOUR|MINUTE|YEAR))",
            _led,
        ),
        rule(
            rf"(?<!THE )(?<!W\d ){H}(?= (?:OF )?(?:MORNING|AFTERNOON|EVENING|NIGHT|DAWN) )", _plain
        ),
        rule(rf"(?P<clock>{CLOCK}) {HALF}", _named_half),
        rule(
            rf"(?P<clock>{CLOCK}) (?:OF )?(?P<part>MORNING|AFTERNOON|EVENING|NIGHT|DAWN)", _in_part
        ),
    )


def _to_before(found: re.Match[str], _: Scene) -> str | None:
    share = _share(found)
    return clock(int(found["hour"]) - 1 or NOON, MINUTES - share) if share in ROUND else None


def _about(found: re.Match[str], _: Scene) -> str | None:
    hour = found["hour"] or found["h2"]
    minute = found["minute"] or found["m2"]
    return clock(int(hour), int(minute or 0), named=bool(minute))


def _run_together(found: re.Match[str], _: Scene) -> str | None:
    read = clock(int(found["hour"]), int(found["minute"]), named=True)
    return f"{found['lead']} {read}" if read and found["lead"] else read


def _for_hour(found: re.Match[str], scene: Scene) -> str | None:
    return _plain(found, scene) if "AT" in found[0] else None
