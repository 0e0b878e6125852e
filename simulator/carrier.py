"""The carrier's other side: takes our texts and calls, delivers them, and tells us how it went.

https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.happenings import Recording, new_sid
from simulator.ledger import Feed, KeptRecording, Message, PlacedCall, Shelf
from simulator.leg import API_VERSION, IN_PROGRESS, call_parameters
from simulator.phone import InboundCall
from simulator.texting import LONGEST_TEXT, segments
from simulator.webhooks import Webhooks

if TYPE_CHECKING:
    from simulator.transport import Transport

Later = Callable[[float, Callable[[], None]], object]
E164 = re.compile(r"\+[1-9]\d{6,14}")
RING_SECONDS = 60
SENT_AFTER, DELIVERED_AFTER = 0.3, 0.9
LANDLINE = 30006
OVER = frozenset(["completed", "busy", "failed", "no-answer", "canceled"])
# https://www.twilio.com/docs/api/errors
MESSAGES = {
    21201: "No 'To' number is specified",
    21205: "Url is not a valid URL",
    21211: "The 'To' number is not a valid phone number.",
    21602: "Message body is required.",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
}


class Refused(Exception):  # noqa: N818 - the carrier's answer, not a mistake of ours
    """The carrier does not take it; ``code`` is Twilio's."""

    def __init__(self, code: int) -> None:
        super().__init__(MESSAGES.get(code, "The carrier refuses this number"))
        self.code = code


def later(seconds: float, action: Callable[[], None]) -> None:
    """Do something after some seconds, off the request that asked for it."""
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()


class Carrier:
    """One account's texts, calls and recordings.

    ``landlines`` are numbers that no text reaches (error 30006); ``refusals`` says with
    which error a number is refused outright, such as 21610 for one that opted out.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        transport: Transport,
        *,
        landlines: frozenset[str] = frozenset(),
        refusals: Mapping[str, int] | None = None,
        after: Later = later,
    ) -> None:
        self.account_sid = account_sid
        self.webhooks = Webhooks(auth_token, transport)
        self.messages: Shelf[Message] = Shelf()
        self.calls: Shelf[PlacedCall] = Shelf()
        self.recordings: Shelf[KeptRecording] = Shelf()
        self.feed = Feed()
        self._landlines = landlines
        self._refusals = dict(refusals or {})
        self._after = after
        self._answering = threading.Lock()

    def take_text(self, form: Mapping[str, str]) -> Message:
        """Take a text to deliver; raises :class:`Refused`."""
        self._check_number(form.get("To", ""))
        body = form.get("Body", "")
        if not body or len(body) > LONGEST_TEXT:
            raise Refused(21617 if body else 21602)
        message = Message(
            sid=new_sid("SM"),
            account_sid=self.account_sid,
            to=form["To"],
            from_number=form.get("From", ""),
            body=body,
            status_url=form.get("StatusCallback"),
        )
        self.messages.put(message)
        self._after(SENT_AFTER, lambda: self._progress(message, "sent"))
        self._after(DELIVERED_AFTER, lambda: self._deliver(message))
        return message

    def take_call(self, form: Mapping[str, str], events: tuple[str, ...] = ()) -> PlacedCall:
        """Take a call to place; raises :class:`Refused`."""
        self._check_number(form.get("To", ""))
        if not form.get("Url", "").startswith(("http://", "https://")):
            raise Refused(21205)
        call = PlacedCall(
            sid=new_sid("CA"),
            account_sid=self.account_sid,
            to=form["To"],
            from_number=form.get("From", ""),
            url=form["Url"],
            fallback_url=form.get("FallbackUrl"),
            status_url=form.get("StatusCallback"),
            status_events=events or ("completed",),
            detect_machine=bool(form.get("MachineDetection")),
        )
        self.calls.put(call)
        self._after(0, lambda: self._ring(call))
        self._after(
            int(form.get("Timeout") or RING_SECONDS),
            lambda: self._end_unanswered(call, "no-answer"),
        )
        return call

    def pick_up(self, sid: str) -> InboundCall | None:
        """Return what a telephone needs to answer a ringing call; None where it no longer rings."""
        call = self.calls.get(sid)
        with self._answering:
            if call is None or call.status not in {"queued", "ringing"}:
                return None
            call.status = IN_PROGRESS
        self.feed.tell("picked-up", sid=sid, to=call.to)
        return InboundCall(
            sid=call.sid,
            from_number=call.from_number,
            url=call.url,
            fallback_url=call.fallback_url,
            status_url=call.status_url,
            status_events=call.status_events,
            answered_by="human" if call.detect_machine else None,
            sequence=call.callbacks,
        )

    def decline(self, sid: str) -> None:
        """Let somebody refuse a ringing call."""
        if call := self.calls.get(sid):
            self._end_unanswered(call, "busy")

    def over(self, sid: str, status: str = "completed") -> None:
        """Note that a call which was picked up is over; the telephone itself has reported it."""
        call = self.calls.get(sid)
        if call and call.status not in OVER:
            call.status, call.ended = status, time.time()

    def cancel(self, call: PlacedCall) -> None:
        """Take a call back before it is answered."""
        self._end_unanswered(call, "canceled")

    def keep(self, recording: Recording) -> None:
        """Keep what was left after the beep."""
        self.recordings.put(
            KeptRecording(
                sid=recording.sid,
                account_sid=self.account_sid,
                call_sid=recording.call_sid,
                seconds=recording.seconds,
            )
        )

    def _check_number(self, number: str) -> None:
        if not E164.fullmatch(number):
            raise Refused(21211 if number else 21201)
        if number in self._refusals:
            raise Refused(self._refusals[number])

    def _deliver(self, message: Message) -> None:
        if message.to in self._landlines:
            message.error_code = LANDLINE
            self._progress(message, "undelivered")
            return
        self.feed.tell(
            "text",
            sid=message.sid,
            to=message.to,
            from_number=message.from_number,
            body=message.body,
            segments=segments(message.body),
        )
        self._progress(message, "delivered")

    def _progress(self, message: Message, status: str) -> None:
        """Report a text: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks."""
        message.status = status
        if not message.status_url:
            return
        told = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "AccountSid": message.account_sid,
            "ApiVersion": API_VERSION,
            "From": message.from_number,
            "To": message.to,
        }
        if message.error_code:
            told["ErrorCode"] = str(message.error_code)
        self.webhooks.notify(message.status_url, told)

    def _ring(self, call: PlacedCall) -> None:
        if call.status == "queued":
            self._report(call, "initiated")
            call.status = "ringing"
            self.feed.tell("ring", sid=call.sid, to=call.to, from_number=call.from_number)
            self._report(call, "ringing")

    def _end_unanswered(self, call: PlacedCall, status: str) -> None:
        with self._answering:
            if call.status not in {"queued", "ringing"}:
                return
            call.status, call.ended = status, time.time()
        self.feed.tell("missed", sid=call.sid, to=call.to, status=status)
        self._report(call, "completed")

    def _report(self, call: PlacedCall, event: str) -> None:
        """Report a call: https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent."""
        if not call.status_url or event not in call.status_events:
            return
        told = call_parameters(
            call.account_sid, call.sid, call.from_number, call.to, "outbound-api"
        )
        status = call.status if event == "completed" else event
        self.webhooks.notify(
            call.status_url, {**told, "CallStatus": status, "SequenceNumber": str(call.callbacks)}
        )
        call.callbacks += 1
