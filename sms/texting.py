"""A reply as one text: its words, its numbered choices, and how many segments it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import locales
from carrier.segments import body_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogue.house import ClinicCard
    from dialogue.turns import Reply
    from portal.answers import Choice

MOST_SEGMENTS = 2
"""What a text should take: more of them arrive late, out of order, or not at all."""
ENGLISH = "en-US"


def one_text(reply: Reply) -> tuple[str, int]:
    """Return the one text that says ``reply``, and its segments; empty where it says nothing.

    Choices are sentences ("For your test results, reply 1.") where two segments hold
    them, else names behind their numbers ("1: my test results"). Raises
    ``NoWordingError`` for a prompt without words for a text.
    """
    said = " ".join(
        locales.texted(prompt.name, prompt.details, prompt.locale or reply.locale)
        for prompt in reply.prompts
    )
    sentences = [_sentence(choice, reply.locale) for choice in reply.choices]
    whole = body_of(_lines(said, sentences))
    if whole.segments > MOST_SEGMENTS and reply.choices:
        names = [_name(choice, reply.locale) for choice in reply.choices]
        whole = min(whole, body_of(_lines(said, names)), key=lambda body: body.segments)
    return (whole.text, whole.segments) if whole.text else ("", 0)


def _lines(said: str, choices: Iterable[str]) -> str:
    return "\n".join(line for line in (said, *choices) if line)


def _sentence(choice: Choice, locale: str) -> str:
    details = {**choice.details, "key": choice.key}
    return locales.texted(choice.label, details, choice.locale or locale)


def _name(choice: Choice, locale: str) -> str:
    details = {**choice.details, "key": choice.key}
    return f"{choice.key}: {locales.label(choice.label, details, choice.locale or locale)}"


def where_to_ring(card: ClinicCard | None) -> str | None:
    """Return the text for when even the records are gone: where a person can be reached.

    No task can be written, so nothing is promised. None without a clinic's number.
    """
    if card is None:
        return None
    tag = card.locale if card.locale in locales.complete() else ENGLISH
    phone = card.front_desk or card.nurse_line or card.phone
    name = "line.trouble_call" if card.nurse_line else "line.trouble_call_clinic"
    details = {"phone": phone, "nurse": card.nurse_line or phone}
    said = (locales.texted("line.trouble", {}, tag), locales.texted(name, details, tag))
    return body_of(" ".join(said)).text
