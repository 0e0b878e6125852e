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
HM = rf"{H}(?:[:. ]{MM})?"
NO_UNIT = r"(?! (?:DAY|WEEK|MONTH|YEAR|HOUR|MINUTE))"
CLOCK = r"@\d+:\d\d[?!][hm]"
SHARES = {"HALF": 30, "QUARTER": 15}
# Minutes that are said before an hour ("ten to three").
ROUND = frozenset({5, 10, 15, 20, 25})
# Minutes that "y" adds to an hour even where nothing leads up to it.
MINUTES_ALONE = frozenset({20, 25, 35, 40, 45, 50, 55})


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
    sure = found["lead"] or re.search("QUARTER|MINUTE|FORTO", found[0])
    if hour > share and not sure:
        return None  # "10 to 12" are two hours
    before = hour - 1 or NOON
    return clock(before, MINUTES - share)


def _less(found: re.Match[str], _: Scene) -> str | None:
    share = _share(found)
    return clock(int(found["hour"]) - 1 or NOON, MINUTES - share) if share in ROUND else None


def _and(found: re.Match[str], scene: Scene) -> str | None:
    """Return "las diez y veinte"; the figures of "10 and 12" are two hours."""
    minutes, figures = _share(found), found["share"].isdecimal()
    if figures and (scene.lang != "es" or not (found["lead"] or minutes in MINUTES_ALONE)):
        return None
    return clock(int(found["hour"]), minutes)


def _pair(found: re.Match[str], _: Scene) -> str:
    return f"FROM {_hour(found['a'])} TO {_hour(found['b'])}"


def _hour(written: str) -> str:
    if written.startswith("@"):
        return written
    hour, _, minute = written.replace(":", " ").partition(" ")
    return clock(int(hour), int(minute or 0), named=bool(minute)) or written


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
    end = rf"{NO_UNIT}(?= (?:$|,|[A-LN-Z]|MORNING|NOT|[@#]|{soft} ))"
    return (*_told_by_halves(), *_told_by_shares(end), *_pairs(end), *_led_up_to(end), *_parts())


def _told_by_halves() -> Sequence[Rule]:
    return (
        rule(rf"{H}[:. ]{MM} {HALF}", _plain),
        rule(rf"{H} {HALF}", _plain),
        rule(rf"{H}{MM} {HALF}", _plain),
        rule(rf"{H}:{MM}", _plain),
        rule(r"(?:AT |ABOUT )?NOON", lambda *_: "@12:00!h"),
        rule(r"(?:AT )?MIDNIGHT", lambda *_: "@0:00!h"),
    )


def _told_by_shares(end: str) -> Sequence[Rule]:
    share = r"(?P<share>HALF|QUARTER|\d{1,2})"
    alone = rf"(?<! \d )(?<! \d\d ){share}"
    to = rf"{alone} (?:MINUTE )?(?:TO|FORTO) (?:AT )?{H}{NO_UNIT}(?! (?:[0-5]\d|AM|PM))"
    return (
        rule(rf"(?:AT |ABOUT )?{share} PAST {H}", _past),
        rule(rf"(?P<lead>AT |ABOUT |FORTO )?{to}", _to),
        rule(rf"(?:AT |A )?{H} MINUS {share}", _less),
        rule(rf"(?P<lead>AT |A |ABOUT )?{H} AND {share}{NO_UNIT}", _and),
        rule(rf"(?P<share>5|10|15|20|25) AFTER {H}{end}", _past),
        rule(rf"(?:AT |ABOUT )?{HM} OCLOCK", _plain),
        rule(rf"(?:AT )?{H}{MM} HOURS?", _plain),
        rule(rf"AT {H} HOUR", _plain),
    )


def _pairs(end: str) -> Sequence[Rule]:
    one = rf"(?:{CLOCK}|\d{{1,2}}(?:[: ][0-5]\d)?)"
    a, b = rf"(?:AT |ABOUT )?(?P<a>{one})", rf"(?:AT |ABOUT )?(?P<b>{one})"
    figure = r"\d{1,2}(?: [0-5]\d)?"
    return (
        rule(rf"(?:BETWEEN|FROM) {a} (?:AND|TO|UNTIL|A|OR) {b}{NO_UNIT}(?! (?:AM|PM))", _pair),
        rule(rf"(?P<a>{CLOCK}) (?:TO|UNTIL|A) {b}{end}", _pair),
        rule(rf"(?P<a>\d{{1,2}} [0-5]\d) (?:TO|UNTIL|A) {b}{end}", _pair),
        rule(rf"(?P<a>{figure}) (?:TO|UNTIL|A) (?:AT )?(?P<b>{CLOCK})", _pair),
        rule(rf"(?<!THE )(?P<a>\d{{1,2}})(?: TO |-)(?P<b>\d{{1,2}}){end}", _pair),
    )


def _led_up_to(end: str) -> Sequence[Rule]:
    before = r"(?P<lead>AFTER|BEFORE|UNTIL|BY|SINCE|FROM)"
    day = r"(?P<lead>TODAY|TOMORROW|OVERMORROW|W\d|#\d+)"
    return (
        rule(rf"(?:AT |ABOUT )?{HM} ISH", _plain),
        rule(rf"AT {HM}{NO_UNIT}(?! _)", _plain),
        rule(rf"(?:A|ABOUT) {HM}{end}", _plain),
        rule(rf"(?:AT|A|ABOUT) {H}{MM}{end}", _plain),
        rule(rf"{day} {H}{MM}{end}", _led),
        rule(rf"{before} (?:AT |ABOUT )?{HM}{end}", _led),
        rule(rf"(?P<lead>{CLOCK}(?: ,)? (?:OR|AND)) (?:AT )?{HM}{end}", _led),
        rule(rf"(?P<lead>{CLOCK} (?:, |NOT )*CORRECTION(?: ,)?) {HM}{end}", _led),
        rule(rf"{HM}(?= (?:ONWARD|ORBEFORE) )", _plain),
        rule(rf"{H}{MM}", _whole),
        rule(rf"FORTO AT {H}{end}", _plain),
        rule(rf"(?<! \d )(?<! \d\d )(?<!_ ){H} {MM}{end}", _bare),
        rule(rf"{H}(?= OR {CLOCK} )", _plain),
        rule(rf"(?P<lead>TODAY|TOMORROW|OVERMORROW) {H}{end}", _led),
    )


def _parts() -> Sequence[Rule]:
    part = "(?P<part>MORNING|AFTERNOON|EVENING|NIGHT|DAWN)"
    return (
        rule(rf"(?<!THE )(?<!W\d ){H}(?= (?:OF )?{part} )", _plain),
        rule(rf"(?P<clock>{CLOCK}) {HALF}", _named_half),
        rule(rf"(?P<clock>{CLOCK}) (?:OF )?{part}", _in_part),
    )
