"""How words are said: each in its own language's voice, unhurried, with room between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import locales
from locales.phrases import phrases
from locales.voices import VOICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.turns import Reply

RATES = {"normal": "90%", "slow": "80%"}
BETWEEN_PROMPTS = "500ms"
BEFORE_CHOICES = "700ms"
LONGEST = 4096
"""The most characters in one <Say>: https://www.twilio.com/docs/voice/twiml/say"""

# One control character makes the document invalid XML and the call dies (error 12100).
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SENTENCE = re.compile(r"(?<=[.!?\u3002\uff01\uff1f\u061f])\s+")
HINTED = ("affirm", "deny", "person", "repeat", "menu")
MOST_OF_A_LIST = 12
LONGEST_HINT = 40


@dataclass(frozen=True)
class Line:
    """Words in one language, and how long to wait before them."""

    words: str
    locale: str
    pause: str | None = None


def lines_of(reply: Reply) -> Iterator[Line]:
    """Give what ``reply`` says: its prompts, then its choices, each in its language."""
    pause = None
    for prompt in reply.prompts:
        tag = prompt.locale or reply.locale
        yield Line(locales.spoken(prompt.name, prompt.details, tag), tag, pause)
        pause = BETWEEN_PROMPTS
    pause = pause and BEFORE_CHOICES
    for choice in reply.choices:
        tag, details = choice.locale or reply.locale, {**choice.details, "key": choice.key}
        yield Line(locales.spoken(choice.label, details, tag), tag, pause)
        pause = BETWEEN_PROMPTS


def say(into: Any, line: Line, pace: str = "normal") -> None:
    """Add ``line`` to a document or a <Gather>.

    Speech markup only for the neural voices of Polly: others read it out or fail.
    They get a whole second of silence before the list of keys instead.
    """
    voice = VOICES[line.locale]
    takes_markup = is_neural(voice.say_voice)
    if line.pause == BEFORE_CHOICES and not takes_markup:
        into.pause(length=1)
    pause = line.pause
    for words in _in_parts(NOT_IN_XML.sub("", line.words)):
        if not takes_markup:
            into.say(words, voice=voice.say_voice, language=voice.say_language)
            continue
        spoken = into.say(voice=voice.say_voice, language=voice.say_language)
        if pause:
            spoken.break_(time=pause)
        spoken.prosody(words, rate=RATES[pace])
        pause = None


def is_neural(voice: str) -> bool:
    """Return whether a voice takes speech markup without fail (telephony §1.5)."""
    return voice.startswith("Polly.") and voice.endswith("-Neural")


def _in_parts(words: str) -> Iterator[str]:
    """Give ``words`` in parts that a <Say> takes, cut between sentences where it can be."""
    part = ""
    for sentence in SENTENCE.split(words):
        if part and len(part) + 1 + len(sentence) > LONGEST:
            yield part
            part = ""
        part = f"{part} {sentence}" if part else sentence
        while len(part) > LONGEST:
            yield part[:LONGEST]
            part = part[LONGEST:]
    if part:
        yield part


def hints(reply: Reply) -> str:
    """Return what is likely to be said next, so that the recogniser expects it.

    The words of the choices that were just offered, then the short ones that the
    dialogue always understands. At most 500 of at most 100 characters are allowed:
    https://www.twilio.com/docs/voice/twiml/gather
    """
    offered = (
        word
        for choice in reply.choices
        for word in locales.said(
            choice.label, {**choice.details, "key": choice.key}, choice.locale or reply.locale
        )
    )
    words = (*offered, *_always_heard(reply.locale.partition("-")[0]))
    short = (word for word in words if len(word) <= LONGEST_HINT and "," not in word)
    return ",".join(dict.fromkeys(short))


@cache
def _always_heard(lang: str) -> tuple[str, ...]:
    lists = phrases(lang)
    return tuple(str(word) for name in HINTED for word in lists.get(name, ())[:MOST_OF_A_LIST])
