"""What must be true of the words in every language; a finding fails the build."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import smsutil

from locales.catalogues import ENGLISH, catalogue, context, shipped, translated
from locales.samples import DETAILS
from locales.voicing import KINDS, Way, filled
from locales.wording import Channel, Place, Plural, Text, forms, pieces, sources, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_SEGMENTS = 2

# What carriers and Twilio take as "stop" or "start" when a text is nothing else:
# who is told to write one of these to move a visit loses all texts instead.
RESERVED = frozenset(
    {
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "END",
        "QUIT",
        "CANCEL",
        "REVOKE",
        "OPTOUT",
        "YES",
        "START",
        "UNSTOP",
        "HELP",
        "INFO",
        "ALTO",
        "PARAR",
        "PARE",
        "BAJA",
        "CANCELAR",
        "DETENER",
        "SI",
        "SÍ",
        "AYUDA",
        "INICIO",
    }
)
# The one place where a reserved word must be named, and why.
NAMED_ON_PURPOSE: Mapping[str, str] = {
    "line.opted_out": "START is the only word that a carrier takes to let somebody back in",
    "line.opted_out_cancel": "START is the only word that a carrier takes, and no other text comes",
    "line.opted_in": "the carriers' rules ask the first text to name HELP and STOP",
    "line.text_help": "the carriers' rules ask the answer to HELP to name STOP",
}
_INVITED = re.compile(
    r"\b(?:reply|text|write|send|responda|envíe|escriba|mande)\W+(?:con\W+)?(\w+)"
)


def findings() -> Iterator[str]:
    """Yield one line for each thing wrong with the words, in any language."""
    for locale in shipped():
        yield from findings_in(locale)


def findings_in(locale: str) -> Iterator[str]:
    """Yield what is wrong with the words of one language."""
    for name, channel, text in sources():
        strings = translated(name, channel, text, locale)
        if strings is None:
            yield f"{locale} {context(name, channel)}: missing or fuzzy"
            continue
        for found in (*placement(text, strings), *_in_a_text(name, channel, strings, locale)):
            yield f"{locale} {context(name, channel)}: {found}"
    if locale != ENGLISH:
        yield from _left_over(locale)


def _left_over(locale: str) -> Iterator[str]:
    known = {(forms(text)[0], context(name, channel)) for name, channel, text in sources()}
    for message in catalogue(locale):
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        if key and (key, message.context) not in known:
            yield f"{locale} {message.context}: no prompt says this any more"


def placement(text: Text, strings: tuple[str, ...]) -> Iterator[str]:
    """Yield what differs between the details that English and a translation name."""
    wanted = _placed(forms(text)[-1])
    # "one test" may leave its number out; every other detail stands in every form.
    optional = {place for place in wanted if isinstance(text, Plural) and place.name == text.by}
    for string in strings:
        found = _placed(string)
        if found.keys() - wanted.keys() or (wanted - found).keys() - optional:
            yield f"placeholders {_listed(found)} instead of {_listed(wanted)}"
        yield from (f"unknown voicing :{p.kind}" for p in found if p.kind not in KINDS)


def _placed(text: str) -> Counter[Place]:
    return Counter(part for part in pieces(text) if isinstance(part, Place))


def _listed(places: Counter[Place]) -> str:
    return ", ".join(sorted(f"{{{p.name}:{p.kind}}}" for p in places)) or "none"


def _in_a_text(name: str, channel: Channel, strings: tuple[str, ...], locale: str) -> Iterator[str]:
    if channel != "sms":
        return
    size = segments(filled(name, Way("sms", locale), DETAILS))
    if size > MOST_SEGMENTS:
        yield f"{size} segments, more than {MOST_SEGMENTS}"
    if name not in NAMED_ON_PURPOSE:
        yield from (f"invites {word!r}" for string in strings for word in invited(string))


def invited(text: str) -> tuple[str, ...]:
    """Return the reserved words that ``text`` invites a reply with, or shouts."""
    shouted = {word for word in re.findall(r"\w+", text) if word in RESERVED}
    asked = {word.upper() for word in _INVITED.findall(text.casefold())} & RESERVED
    return tuple(sorted(shouted | asked))


def segments(text: str) -> int:
    """Return how many segments a carrier bills for ``text``."""
    return len(smsutil.split(text).parts)


@cache
def complete_locales() -> tuple[str, ...]:
    """Return the tags whose words are all there and without a finding."""
    return tuple(tag for tag in shipped() if next(findings_in(tag), None) is None)


def voice_only() -> tuple[str, ...]:
    """Return the prompts that no text may say."""
    return tuple(dict.fromkeys(name for name, _, _ in sources() if wording(name).texted is None))
