"""A telephone: places a signed call and follows what the line says, by Twilio's rules.

The one TwiML interpreter of the house, shared by the page, the terminal and the tests.
The rules of a call stand in ``leg.py`` and ``verbs.py``, each with the page it is from.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from simulator.happenings import Event, Heard, Pickup, Recording, State, new_sid
from simulator.leg import IN_PROGRESS, Leg, call_parameters
from simulator.webhooks import Exchange, Fault, Wait, Webhooks, no_wait

if TYPE_CHECKING:
    from simulator.transport import Transport

__all__ = [
    "Event",
    "Exchange",
    "Fault",
    "Heard",
    "InboundCall",
    "Phone",
    "Pickup",
    "Recording",
    "State",
]

HIDDEN = "anonymous"
VOICE_PATH = "/voice/incoming"
STATUS_PATH = "/voice/status"
# The status that each event reports:
# https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent
EVENT_STATUS = {
    "initiated": "initiated",
    "ringing": "ringing",
    "answered": IN_PROGRESS,
    "completed": "completed",
}


@dataclass(frozen=True)
class InboundCall:
    """A call that the line places to this telephone, as the carrier was told to place it."""

    sid: str
    from_number: str
    url: str
    fallback_url: str | None = None
    status_url: str | None = None
    status_events: tuple[str, ...] = ("completed",)
    answered_by: str | None = None
    sequence: int = 0


@dataclass
class _Progress:
    """Which address hears of the call's progress, and of what."""

    url: str | None
    events: tuple[str, ...]
    sequence: int = 0
    started: float = field(default_factory=time.monotonic)


class Phone(Leg):
    """One telephone in somebody's hand; one call at a time.

    ``number`` is E.164, or "anonymous" for a hidden one; ``to`` the clinic's number.
    ``wait`` is how seconds pass (not at all, in tests); ``fallback_url`` is what Twilio
    would fetch when the line gives no document.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the first six are one connection and two numbers
        self,
        base_url: str,
        account_sid: str,
        auth_token: str,
        number: str,
        to: str,
        transport: Transport,
        *,
        wait: Wait = no_wait,
        fallback_url: str | None = None,
        attestation: str = "A",
    ) -> None:
        super().__init__(Webhooks(auth_token, transport, wait), {"AccountSid": account_sid}, wait)
        self.base_url = base_url.rstrip("/")
        self.number = number
        self.to = to
        self.fallback_url = fallback_url
        self.attestation = attestation
        self._progress = _Progress(None, ())

    @property
    def log(self) -> list[Exchange]:
        """Return every webhook sent and what it was answered, oldest first."""
        return self.webhooks.log

    @property
    def faults(self) -> set[Fault]:
        """Return the faults that deliveries suffer now; add and discard as wanted."""
        return self.webhooks.faults

    @property
    def disagreements(self) -> list[Exchange]:
        """Return the webhooks whose repetition was not answered byte for byte the same."""
        return self.webhooks.disagreements

    def call(self) -> None:
        """Ring the line: https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application."""
        self._progress = _Progress(self.base_url + STATUS_PATH, ("completed",))
        self._lift(self.number, self.to, "inbound", new_sid("CA"))
        if self.number != HIDDEN and self.attestation:
            self.parameters["StirVerstat"] = f"TN-Validation-Passed-{self.attestation}"
        self.follow(self.base_url + VOICE_PATH)
        self.run()

    def answer(self, inbound: InboundCall) -> None:
        """Pick up a call that the line places here.

        https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
        """
        self._progress = _Progress(inbound.status_url, inbound.status_events, inbound.sequence)
        self.fallback_url = inbound.fallback_url
        self._lift(inbound.from_number, self.number, "outbound-api", inbound.sid)
        self.call_status = IN_PROGRESS
        if inbound.answered_by:
            self.parameters["AnsweredBy"] = inbound.answered_by
        self.progress("answered")
        self.follow(inbound.url)
        self.run()

    def progress(self, event: str) -> None:
        """Send the status callback of an event, where the line asked for it."""
        if self._progress.url and event in self._progress.events:
            self._tell(self._progress.url, EVENT_STATUS[event])

    def ended(self) -> None:
        """Report the end, and deliver what was still on its way."""
        if self._progress.url and "completed" in self._progress.events:
            self._tell(self._progress.url, self.call_status)
        self.webhooks.deliver_held()

    def _lift(self, from_number: str, to_number: str, direction: str, sid: str) -> None:
        self.parameters = call_parameters(
            self.parameters["AccountSid"], sid, from_number, to_number, direction
        )
        self.state, self.call_status, self.why, self.error = State.RINGING, "ringing", "", None
        self._begin()

    def _tell(self, url: str, status: str) -> None:
        """Send one status callback: https://www.twilio.com/docs/voice/api/call-resource#statuscallback."""
        told = {
            **self.parameters,
            "CallStatus": status,
            "Timestamp": format_datetime(datetime.fromtimestamp(time.time(), UTC)),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._progress.sequence),
        }
        if status == "completed":
            seconds = round(time.monotonic() - self._progress.started)
            told |= {"CallDuration": str(seconds), "Duration": str(seconds // 60 + 1)}
        self._progress.sequence += 1
        self.webhooks.notify(url, told)
