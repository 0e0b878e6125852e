"""A reply as the carrier hears it: TwiML.

Every address in it is a POST and carries the clinic's code, the language and the
turn's number, and nothing about anybody. https://www.twilio.com/docs/voice/twiml
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twilio.twiml.voice_response import Gather, VoiceResponse

import locales
from locales.voices import VOICES
from voice.speech import Line, hints, lines_of, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.house import ClinicCard
    from dialogue.turns import Reply

STAFF_LOCALE = "en-US"
LISTEN_SECONDS = 8
KEY_SECONDS = 10
"""To the first digit: time to fetch a card, or one's glasses."""
QUIET_SECONDS = 2
"""What ends a sentence. "auto" ends it at the first pause, and slow speakers pause."""
RING_SECONDS = 20


@dataclass(frozen=True)
class Addresses:
    """Where the carrier turns next; ``shown_as`` is the number that a transfer shows staff."""

    base: str
    clinic: str
    locale: str
    turn: int = 0
    shown_as: str | None = None

    def of(self, step: str) -> str:
        """Return the address of a step that knows no turn."""
        return f"{self.base}/voice/{step}/{self.clinic}/{self.locale}"

    def of_turn(self, step: str) -> str:
        """Return the address of a step that answers this turn."""
        return f"{self.of(step)}/{self.turn}"


def twiml(reply: Reply, *, base_url: str, clinic: str, shown_as: str | None = None) -> str:
    """Return the document that says ``reply``; ``clinic`` is the code that addresses carry.

    ``shown_as`` is a number of ours for callers who hide theirs: a transfer that
    passes on what is no number fails (https://www.twilio.com/docs/api/errors/13214).
    Raises ``NoWordingError`` for a prompt without words for the telephone, and
    ValueError for a transfer to nobody.
    """
    response = VoiceResponse()
    where = Addresses(base_url, clinic, reply.locale, reply.turn, shown_as)
    ENDINGS[reply.then](response, reply, where)
    return str(response.to_xml())


def _listen(response: VoiceResponse, reply: Reply, where: Addresses) -> None:
    if reply.expect.kind == "none":
        _say_all(response, reply)
    else:
        gather = Gather(
            action=where.of_turn("turn"),
            method="POST",
            # Silence is a turn too: how often it was quiet is counted by us.
            action_on_empty_result=True,
            **_listening(reply),
        )
        _say_all(gather, reply)
        response.append(gather)
    # Reached where the carrier would fall out of the <Gather> all the same.
    response.redirect(where.of_turn("turn"), method="POST")


def _listening(reply: Reply) -> dict[str, Any]:
    if reply.expect.kind == "speech":
        return _for_words(reply)
    if reply.expect.kind == "keys":
        # Whoever would rather say it may; the time is that for keys.
        return {
            **_for_words(reply),
            "num_digits": reply.expect.digits,
            "timeout": KEY_SECONDS,
        }
    # No key ends an entry, so that * and # arrive and mean what they always mean.
    digits = reply.expect.digits if reply.expect.kind == "secret" else 1
    return {"input": "dtmf", "num_digits": digits, "finish_on_key": "", "timeout": KEY_SECONDS}


def _for_words(reply: Reply) -> dict[str, Any]:
    voice = VOICES[reply.locale]
    return {
        # The SDK writes a list as Python does, which the carrier does not read.
        "input": "dtmf speech",
        "num_digits": 1,
        "finish_on_key": "",
        "timeout": LISTEN_SECONDS,
        "speech_timeout": QUIET_SECONDS,
        "language": voice.gather_language,
        "speech_model": voice.speech_model,
        "profanity_filter": False,  # it blots out names
        "hints": hints(reply) or None,
    }


def _hang_up(response: VoiceResponse, reply: Reply, _where: Addresses) -> None:
    _say_all(response, reply)
    response.hangup()


def _transfer(response: VoiceResponse, reply: Reply, where: Addresses) -> None:
    if not reply.transfer_to:
        message = "a transfer needs a number"
        raise ValueError(message)
    _say_all(response, reply)
    dial = response.dial(
        action=where.of_turn("dialled"),
        method="POST",
        timeout=RING_SECONDS,
        # The caller goes on hearing it ring until somebody has accepted.
        answer_on_bridge=True,
        caller_id=where.shown_as,
    )
    dial.number(reply.transfer_to, url=where.of("whisper"), method="POST")


def _silent(_response: VoiceResponse, _reply: Reply, _where: Addresses) -> None:
    """Say nothing: the document is empty."""


ENDINGS: dict[str, Callable[[VoiceResponse, Reply, Addresses], None]] = {
    "listen": _listen,
    "hangup": _hang_up,
    "transfer": _transfer,
    "silent": _silent,
}


def _say_all(into: VoiceResponse | Gather, reply: Reply) -> None:
    for line in lines_of(reply):
        say(into, line, reply.pace)


def apology(card: ClinicCard | None, locale: str, *, base_url: str) -> str:
    """Return what is said when even the records are gone: a person, else a number to ring.

    No task can be written, so nothing is promised. The transfer leads back to a step
    that reads no record: to apologise there again would go on for ever.
    """
    tag = _spoken_here(locale, card)
    response = VoiceResponse()
    say(response, Line(locales.spoken("line.trouble", {}, tag), tag))
    if card is None or not card.front_desk:
        return _ending(response, card, tag)
    dial = response.dial(
        action=Addresses(base_url, card.code, tag).of("rung"),
        method="POST",
        timeout=RING_SECONDS,
        answer_on_bridge=True,
        caller_id=card.phone,
    )
    dial.number(card.front_desk)
    return str(response.to_xml())


def nobody_came(card: ClinicCard | None, locale: str) -> str:
    """Return what is said when nobody took the call that an apology put through."""
    return _ending(VoiceResponse(), card, _spoken_here(locale, card))


def _ending(response: VoiceResponse, card: ClinicCard | None, tag: str) -> str:
    if card is not None:
        say(response, Line(where_to_ring(card, tag), tag))
    response.hangup()
    return str(response.to_xml())


def _spoken_here(locale: str, card: ClinicCard | None) -> str:
    whole = locales.complete()
    wanted = (locale, card.locale if card else "", STAFF_LOCALE)
    return next((tag for tag in wanted if tag in whole), STAFF_LOCALE)


def where_to_ring(card: ClinicCard, locale: str) -> str:
    """Return the sentence with the clinic's number that does not lead to us, and the nurse's."""
    phone = card.front_desk or card.nurse_line or card.phone
    details = {"phone": phone, "nurse": card.nurse_line or phone}
    name = "line.trouble_call" if card.nurse_line else "line.trouble_call_clinic"
    return locales.spoken(name, details, locale)


def whisper(topic: str, locale: str, *, base_url: str, clinic: str) -> str:
    """Return what staff hear before a caller is put through, and the key that takes the call.

    In English and without a name: anybody may have picked up. A voicemail presses
    nothing, and the caller is not put through to it.
    """
    response = VoiceResponse()
    if locale not in VOICES:  # an address that was never ours
        locale = STAFF_LOCALE
    gather = Gather(
        action=Addresses(base_url, clinic, locale).of("accept"),
        method="POST",
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=KEY_SECONDS,
    )
    details = {"language": locale, "topic": topic}
    for name in ("handoff.whisper", "handoff.accept_call"):
        say(gather, Line(locales.spoken(name, details, STAFF_LOCALE), STAFF_LOCALE))
    response.append(gather)
    response.hangup()
    return str(response.to_xml())


def accepted() -> str:
    """Return the end of a whisper: an empty document puts the caller through."""
    return str(VoiceResponse().to_xml())


def hang_up() -> str:
    """Return the end of a call, without a word."""
    response = VoiceResponse()
    response.hangup()
    return str(response.to_xml())


def wait_and_ask_again(url: str) -> str:
    """Return a second of silence, after which the carrier asks ``url`` again."""
    response = VoiceResponse()
    response.pause(length=1)
    response.redirect(url, method="POST")
    return str(response.to_xml())
