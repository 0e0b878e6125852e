"""Delivers signed webhooks, and the faults that a real network has.

https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urldefrag, urljoin
from uuid import uuid4

from twilio.request_validator import RequestValidator

from simulator.document import Failure
from simulator.transport import LONGEST_ANSWER, NoAnswer, Transport

Wait = Callable[[float], object]
FETCH_FAILED = 11200
TOO_MANY_REDIRECTS = 11215
MOST_REDIRECTS = 5
BEST_ERROR = 300
# "Redirecting drops what was gathered": https://www.twilio.com/docs/voice/twiml/gather#action
LOST_IN_REDIRECT = frozenset(["Digits", "SpeechResult", "Confidence"])


class Fault(StrEnum):
    """What can go wrong on the way; each stays on until taken out of :attr:`Webhooks.faults`."""

    TWICE = "twice"  # the same webhook again, right after the first was answered
    AT_ONCE = "at-once"  # the same webhook twice at the same moment
    LATE = "late"  # a copy arrives once the conversation has moved on; a text arrives late
    FORGED = "forged"  # a copy with a wrong signature comes first
    SLOW = "slow"  # the answer takes longer than Twilio waits
    STATUS_TWICE = "status-twice"  # each status callback twice, the second out of order


@dataclass(frozen=True)
class Request:
    """One signed webhook, so that the very same one can be delivered again."""

    url: str
    form: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def forged(self) -> Request:
        """Return the same webhook with a signature that is well-formed and wrong."""
        signature = self.headers["X-Twilio-Signature"]
        return Request(
            self.url, self.form, {**self.headers, "X-Twilio-Signature": signature.swapcase()}
        )


@dataclass(frozen=True)
class Exchange:
    """A webhook and what it was answered; ``status`` 0 where nobody answered."""

    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    fault: Fault | None = None
    repeats: Exchange | None = field(default=None, repr=False)
    milliseconds: int = 0

    @property
    def url(self) -> str:
        """Return the address asked."""
        return self.request.url

    @property
    def form(self) -> Mapping[str, str]:
        """Return the parameters sent."""
        return self.request.form

    @property
    def agrees(self) -> bool | None:
        """Return whether a repetition got the same bytes; None where it is no repetition."""
        return self.body == self.repeats.body if self.repeats else None

    @property
    def text(self) -> str:
        """Return the answer as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """Return a header of the answer by its name in any case; empty where it has none."""
        return next(
            (value for key, value in self.headers.items() if key.lower() == name.lower()), ""
        )


def no_wait(_: float) -> None:
    """Let no time pass: in a test the clock is the list of what happened."""


class Webhooks:
    """Signs for one account, delivers, applies faults, and keeps a log of all exchanges."""

    def __init__(self, auth_token: str, transport: Transport, wait: Wait = no_wait) -> None:
        self.faults: set[Fault] = set()
        self.log: list[Exchange] = []
        self._validator = RequestValidator(auth_token)
        self._transport = transport
        self.wait = wait
        self._held: list[Exchange] = []

    @property
    def disagreements(self) -> list[Exchange]:
        """Return the repeated webhooks that were answered otherwise than the first time."""
        return [one for one in self.log if one.agrees is False]

    def fetch(self, url: str, form: Mapping[str, str]) -> Exchange:
        """Return the answer to a webhook that must bring a document, or raise Failure."""
        request = self._signed(url, form)
        if Fault.FORGED in self.faults:
            self._deliver(request.forged(), Fault.FORGED)
        exchange = self._deliver_well(request)
        self.deliver_held()
        if Fault.LATE in self.faults:
            self._held.append(exchange)
        return self._followed(self._in_time(exchange), hops=0)

    def notify(self, url: str, *forms: Mapping[str, str]) -> None:
        """Send status callbacks, in order; whatever they are answered changes nothing.

        https://www.twilio.com/docs/usage/webhooks/webhooks-faq
        """
        for request in [self._signed(url, form) for form in forms]:
            self._deliver(request)
        if Fault.STATUS_TWICE in self.faults:
            for form in reversed(forms):
                self._deliver(self._signed(url, form), Fault.STATUS_TWICE)

    def deliver_held(self) -> None:
        """Deliver the late copies that were held back."""
        held, self._held = self._held, []
        for exchange in held:
            self._deliver(exchange.request, Fault.LATE, exchange)

    def _signed(self, url: str, form: Mapping[str, str]) -> Request:
        plain = urldefrag(url).url
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(plain, dict(form)),
            "I-Twilio-Idempotency-Token": str(uuid4()),
            "User-Agent": "TwilioProxy/1.1",
        }
        return Request(plain, dict(form), headers)

    def _deliver_well(self, request: Request) -> Exchange:
        if Fault.AT_ONCE in self.faults:
            with ThreadPoolExecutor(2) as pool:
                first, second = pool.map(self._send, [request, request])
            self.log += [first, replace(second, fault=Fault.AT_ONCE, repeats=first)]
            return first
        exchange = self._deliver(request)
        if Fault.TWICE in self.faults:
            self._deliver(request, Fault.TWICE, exchange)
        return exchange

    def _deliver(
        self, request: Request, fault: Fault | None = None, repeats: Exchange | None = None
    ) -> Exchange:
        exchange = replace(self._send(request), fault=fault, repeats=repeats)
        self.log.append(exchange)
        return exchange

    def _send(self, request: Request) -> Exchange:
        started = time.perf_counter()
        try:
            status, headers, body = self._transport(request.url, request.headers, request.form)
        except NoAnswer:
            status, headers, body = 0, {}, b""
        return Exchange(
            request,
            status,
            headers,
            body,
            milliseconds=round(1000 * (time.perf_counter() - started)),
        )

    def _in_time(self, exchange: Exchange) -> Exchange:
        if Fault.SLOW in self.faults:
            self.wait(LONGEST_ANSWER)
            raise Failure(FETCH_FAILED, f"no answer within {LONGEST_ANSWER:g} seconds")
        if exchange.status == 0:
            raise Failure(FETCH_FAILED, "nobody answered")
        return exchange

    def _followed(self, exchange: Exchange, hops: int) -> Exchange:
        if exchange.status < BEST_ERROR:
            return exchange
        location = exchange.header("Location")
        if exchange.status >= BEST_ERROR + 100 or not location:
            raise Failure(FETCH_FAILED, f"the line answered {exchange.status}")
        if hops == MOST_REDIRECTS:
            raise Failure(TOO_MANY_REDIRECTS, "the line redirects without end")
        form = {
            name: value for name, value in exchange.form.items() if name not in LOST_IN_REDIRECT
        }
        again = self._deliver(self._signed(urljoin(exchange.url, location), form))
        return self._followed(self._in_time(again), hops + 1)
