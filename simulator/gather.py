"""What <Gather> listens for: https://www.twilio.com/docs/voice/twiml/gather."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.document import NOT_IN_SCHEMA, Failure, Script, Verb

KEYS = frozenset("0123456789*#")
INPUTS = {
    "dtmf": (True, False),
    "speech": (False, True),
    "dtmf speech": (True, True),
    "speech dtmf": (True, True),
}
DEFAULT_TIMEOUT = 5
MOST_HINTS = 500
LONGEST_HINT = 100


@dataclass(frozen=True, kw_only=True)
class Gather:
    """One open <Gather>; times in seconds, ``finish_on_key`` empty where no key ends it."""

    action: str
    dtmf: bool
    speech: bool
    num_digits: int | None
    finish_on_key: str
    timeout: int
    speech_timeout: int | None
    action_on_empty_result: bool
    language: str
    speech_model: str | None
    hints: tuple[str, ...]

    @classmethod
    def of(cls, verb: Verb, script: Script) -> Gather:
        """Return the listening that a <Gather> asks for, with Twilio's defaults filled in."""
        dtmf, speech = _inputs(verb)
        timeout = verb.number("timeout", DEFAULT_TIMEOUT)
        return cls(
            action=script.resolve(verb.attributes.get("action", "")),
            dtmf=dtmf,
            speech=speech,
            num_digits=verb.number("numDigits", 0, least=1) or None,
            finish_on_key=_finish_on_key(verb),
            timeout=timeout,
            speech_timeout=_speech_timeout(verb, timeout),
            action_on_empty_result=verb.flag("actionOnEmptyResult", otherwise=False),
            language=verb.attributes.get("language", "en-US"),
            speech_model=verb.attributes.get("speechModel"),
            hints=_hints(verb),
        )


def _inputs(verb: Verb) -> tuple[bool, bool]:
    given = verb.attributes.get("input", "dtmf")
    if given not in INPUTS:
        # A Python list rendered as it stands ("['dtmf', 'speech']") is the classic slip.
        raise Failure(NOT_IN_SCHEMA, f"<Gather input> must be dtmf, speech or both, not {given!r}")
    return INPUTS[given]


def _finish_on_key(verb: Verb) -> str:
    given = verb.attributes.get("finishOnKey", "#")
    if given and given not in KEYS:
        raise Failure(NOT_IN_SCHEMA, "<Gather finishOnKey> must be one key or empty")
    return given


def _speech_timeout(verb: Verb, timeout: int) -> int | None:
    """Return the seconds of quiet that end a sentence; None for "auto", the first pause."""
    if verb.attributes.get("speechTimeout") != "auto":
        return verb.number("speechTimeout", timeout, least=1)
    if "speechModel" in verb.attributes:
        raise Failure(
            NOT_IN_SCHEMA, '<Gather speechTimeout="auto"> cannot be used with a speechModel'
        )
    return None


def _hints(verb: Verb) -> tuple[str, ...]:
    hints = tuple(
        hint.strip() for hint in verb.attributes.get("hints", "").split(",") if hint.strip()
    )
    if len(hints) > MOST_HINTS or any(len(hint) > LONGEST_HINT for hint in hints):
        raise Failure(
            NOT_IN_SCHEMA, f"<Gather hints> takes {MOST_HINTS} phrases of {LONGEST_HINT} characters"
        )
    return hints
