"""What the carrier says when it cannot reach us at all: documents without a program.

They lie on another host than ours, and their addresses stand at the clinic's number
as its fallback: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
(``voice_fallback_url``, ``sms_fallback_url``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

import locales
from carrier.segments import body_of
from voice.speech import BETWEEN_PROMPTS, Line, say
from voice.twiml import RING_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from portal.records import Clinic


def call_document(clinic: Clinic, tags: Sequence[str]) -> str:
    """Return what a caller hears: an apology in each language, then the clinic rings.

    When nobody picks up, or there is no number to ring, each language is told which
    numbers lead to a person.
    """
    response = VoiceResponse()
    for tag in tags:
        for name in ("line.greeting", "line.trouble"):
            words = locales.spoken(name, {"clinic": clinic.name}, tag)
            say(response, Line(words, tag, BETWEEN_PROMPTS))
    if clinic.front_desk:
        dial = response.dial(timeout=RING_SECONDS, answer_on_bridge=True, caller_id=clinic.phone)
        dial.number(clinic.front_desk)
    name, details = _where_to_ring(clinic)
    for tag in tags:
        say(response, Line(locales.spoken(name, details, tag), tag, BETWEEN_PROMPTS))
    response.hangup()
    return str(response.to_xml())


def text_document(clinic: Clinic, tags: Sequence[str]) -> str:
    """Return what a texter reads: in each language, which number to call."""
    name, details = _where_to_ring(clinic)
    said = (
        f"{locales.texted('line.trouble', {}, tag)} {locales.texted(name, details, tag)}"
        for tag in tags
    )
    response = MessagingResponse()
    response.message(body_of("\n".join(said)).text)
    return str(response.to_xml())


def write(clinics: Sequence[Clinic], tags: Sequence[str], folder: Path) -> list[Path]:
    """Write both documents of each clinic, its own language first; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for clinic in clinics:
        ours_first = sorted(tags, key=lambda tag: tag != clinic.locale_default)
        documents = {
            f"{clinic.code}-call.xml": call_document(clinic, ours_first),
            f"{clinic.code}-text.xml": text_document(clinic, ours_first),
        }
        for name, document in documents.items():
            path = folder / name
            path.write_text(document, encoding="utf-8")
            written.append(path)
    return written


def _where_to_ring(clinic: Clinic) -> tuple[str, dict[str, str]]:
    phone = clinic.front_desk or clinic.nurse_line or clinic.phone
    if clinic.nurse_line:
        return "line.trouble_call", {"phone": phone, "nurse": clinic.nurse_line}
    return "line.trouble_call_clinic", {"phone": phone}
