"""The telephones that browsers hold; kept here, since no browser may know the signing key."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import asdict
from threading import Lock, RLock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from simulator.happenings import Pickup, State, new_sid
from simulator.phone import InboundCall, Phone
from simulator.texting import TextPhone, segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from simulator.carrier import Carrier
    from simulator.ledger import Json
    from simulator.transport import Transport
    from simulator.webhooks import Exchange, Fault

MOST_HANDSETS = 50
# Somebody who chose "nobody answers" knows it: a few seconds of ringing are enough.
LONGEST_PAUSE = 4.0


class Handset:
    """One call in somebody's hand; remembers what the page was told already."""

    def __init__(self, phone: Phone, done: Callable[[Phone], None]) -> None:
        self.id = new_sid("HS")
        self.phone = phone
        self._done = done
        self._lock = RLock()
        self._events_told = 0
        self._log_told = 0

    def act(
        self, action: Callable[[Phone], object], faults: Iterable[Fault], pickup: Pickup
    ) -> Json:
        """Do one thing with the telephone, under these faults, and return what is new."""
        with self._lock:
            self.phone.pickup = pickup
            self.phone.faults.update(faults)
            action(self.phone)
            self.phone.faults.clear()
            if self.phone.state is State.ENDED:
                self._done(self.phone)
            return self._news()

    def _news(self) -> Json:
        phone = self.phone
        events, self._events_told = phone.events[self._events_told :], len(phone.events)
        deliveries, self._log_told = phone.log[self._log_told :], len(phone.log)
        return {
            "call": self.id,
            "state": phone.state,
            "why": phone.why,
            "error": phone.error,
            "keys": phone.keys,
            "gather": asdict(phone.gather) if phone.gather else None,
            "events": [asdict(event) for event in events],
            "deliveries": [delivery(exchange) for exchange in deliveries],
        }


class Handsets:
    """All handsets and text threads of this process; the oldest go when there are too many."""

    def __init__(
        self, base_url: str, account: tuple[str, str], transport: Transport, carrier: Carrier
    ) -> None:
        self._base_url = base_url
        self._account = account
        self._transport = transport
        self._carrier = carrier
        self._calls: OrderedDict[str, Handset] = OrderedDict()
        self._threads: OrderedDict[tuple[str, str], TextPhone] = OrderedDict()
        self._lock = Lock()

    def get(self, call: str) -> Handset | None:
        """Return a handset; None where it was put away."""
        return self._calls.get(call)

    def lift(self, number: str, to: str) -> Handset:
        """Return a new handset for one call."""
        phone = Phone(
            self._base_url, *self._account, number, to, self._transport, wait=_short_pause
        )
        phone.webhooks.wait = time.sleep
        # Where the line fetches what was recorded: the carrier's side of this simulator.
        phone.recordings_url = f"{self._base_url}/simulator/carrier"
        handset = Handset(phone, self._call_over)
        with self._lock:
            self._calls[handset.id] = handset
            while len(self._calls) > MOST_HANDSETS:
                self._calls.popitem(last=False)
        return handset

    def pick_up(self, sid: str) -> tuple[Handset, InboundCall] | None:
        """Return a handset for a call that rings; None where it no longer does."""
        placed, inbound = self._carrier.calls.get(sid), self._carrier.pick_up(sid)
        return (self.lift(placed.to, placed.from_number), inbound) if placed and inbound else None

    def text(self, number: str, to: str, body: str, pictures: int, faults: set[Fault]) -> Json:
        """Send a text and return the answers, with what they weigh."""
        phone = self._thread(number, to)
        known, failed = len(phone.log), len(phone.errors)
        phone.faults.update(faults)
        answers = phone.text(body, pictures=pictures)
        phone.faults.clear()
        return {
            "segments": segments(body),
            "answers": [{"body": answer, "segments": segments(answer)} for answer in answers],
            "error": next((str(error) for error in phone.errors[failed:]), None),
            "deliveries": [delivery(exchange) for exchange in phone.log[known:]],
        }

    def _thread(self, number: str, to: str) -> TextPhone:
        with self._lock:
            phone = self._threads.setdefault((number, to), self._new_thread(number, to))
            while len(self._threads) > MOST_HANDSETS:
                self._threads.popitem(last=False)
        return phone

    def _new_thread(self, number: str, to: str) -> TextPhone:
        return TextPhone(
            self._base_url, *self._account, number, to, self._transport, wait=time.sleep
        )

    def _call_over(self, phone: Phone) -> None:
        for recording in phone.recordings:
            self._carrier.keep(recording)
        self._carrier.over(phone.parameters["CallSid"], phone.call_status)


def delivery(exchange: Exchange) -> Json:
    """Return what the page shows of a webhook: never what was pressed or said."""
    return {
        "path": urlsplit(exchange.url).path,
        "status": exchange.status,
        "fault": exchange.fault,
        "same": exchange.agrees,
        "milliseconds": exchange.milliseconds,
    }


def _short_pause(seconds: float) -> None:
    time.sleep(min(seconds, LONGEST_PAUSE))
