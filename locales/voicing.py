"""How a value is said: ``{at:when}``, ``{phone:digits}``, ``{test:name}`` and the others."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel.core import Locale
from babel.lists import format_list

from locales import instants
from locales.catalogues import folder_of, translation
from locales.digits import digits_in
from locales.wording import BadDetailError, Channel, Place, exists

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NORTH_AMERICAN = re.compile(r"\+?1?([2-9]\d{2})(\d{3})(\d{4})")
_MARKUP = re.compile(r"[<>]")
_GROUP = 3


@dataclass(frozen=True)
class Way:
    """Where a value is said: the channel decides the form, the locale the language."""

    channel: Channel
    locale: str


def _harmless(text: str, way: Way) -> str:
    """Return ``text`` without control and direction characters or markup.

    One control character makes the TwiML invalid and the call dies; direction marks
    turn the rest of a text around; ``<`` and ``>`` could be read as speech markup.
    """
    kept = "".join(
        " " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text
    )
    kept = _MARKUP.sub(" ", kept)
    if way.channel == "voice":
        kept = kept.replace("&", " ")
    return " ".join(kept.split())


def _plain(value: object, way: Way) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError
    return _harmless(str(value), way)


def _digits(value: object, way: Way) -> str:
    digits = digits_in(_plain(value, way))
    national = _NORTH_AMERICAN.fullmatch(digits)
    groups = list(national.groups()) if national else _in_threes(digits)
    if way.channel == "voice":
        return ", ".join(" ".join(group) for group in groups)
    return "-".join(groups) if national else digits


def _in_threes(digits: str) -> list[str]:
    return [digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP)]


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError
    return value


def _when(value: object, way: Way) -> str:
    return instants.when(_instant(value), way.locale, texted=way.channel == "sms")


def _by(value: object, way: Way) -> str:
    return instants.by(_instant(value), way.locale, texted=way.channel == "sms")


def _on(value: object, way: Way) -> str:
    day = value.date() if isinstance(value, datetime) else value
    if not isinstance(day, date):
        raise TypeError
    return instants.on(day, way.locale, texted=way.channel == "sms")


def _day(value: object, way: Way) -> str:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError
    return instants.weekday(value, way.locale, texted=way.channel == "sms")


def _zone(value: object, way: Way) -> str:
    return instants.zone(_instant(value), way.locale)


def _name(value: object, way: Way) -> str:
    """Return the words of another prompt; it takes no details of its own."""
    if not isinstance(value, str):
        raise TypeError
    return filled(value, way, {})


def _language(value: object, way: Way) -> str:
    spoken = Locale.parse(_plain(value, way), sep="-").language
    return str(Locale.parse(folder_of(way.locale)).languages[spoken])


def _topic(value: object, way: Way) -> str:
    """Return what a call is about; a transfer must not fail on a topic without words."""
    name = f"handoff.topic_{value}"
    return filled(name if exists(name) else "handoff.topic_other", way, {})


_VOICINGS: Mapping[str, Callable[[object, Way], str]] = {
    "": _plain,
    "digits": _digits,
    "when": _when,
    "by": _by,
    "on": _on,
    "day": _day,
    "zone": _zone,
    "name": _name,
    "language": _language,
    "topic": _topic,
}
KINDS = frozenset(_VOICINGS)


def _voiced(place: Place, value: object, way: Way) -> str:
    voice = _VOICINGS[place.kind]
    if isinstance(value, list | tuple):
        return format_list([voice(one, way) for one in value], locale=folder_of(way.locale))
    return voice(value, way)


def filled(name: str, way: Way, details: Mapping[str, Any], *, voiced: Way | None = None) -> str:
    """Return a prompt's words with its details in them, said the same way or as ``voiced``.

    Raises ``NoWordingError`` where the prompt has no words for this channel and
    language, ``BadDetailError`` where a detail is missing or of the wrong kind.
    """
    words = translation(name, way.channel, way.locale)
    form = words.forms[words.pick(_count(name, words.by, details))]
    return "".join(
        part if isinstance(part, str) else _filled_in(name, part, details, voiced or way)
        for part in form
    )


def _count(name: str, by: str | None, details: Mapping[str, Any]) -> int:
    count = 0 if by is None else details.get(by)
    if not isinstance(count, int):
        raise _bad(name, by or "")
    return count


def _filled_in(name: str, place: Place, details: Mapping[str, Any], way: Way) -> str:
    if place.name not in details:
        raise _bad(name, place.name)
    try:
        return _voiced(place, details[place.name], way)
    except TypeError:
        raise _bad(name, place.name) from None


def _bad(name: str, detail: str) -> BadDetailError:
    return BadDetailError(f"{name!r}: detail {detail!r} is missing or of the wrong kind")
