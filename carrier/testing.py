"""A carrier for tests: it signs as Twilio does, takes what is sent and keeps it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from twilio.request_validator import RequestValidator

from carrier.sending import Known

if TYPE_CHECKING:
    from collections.abc import Mapping


def sign(url: str, form: Mapping[str, Any], token: str, algorithm: str = "HMAC_SHA1") -> str:
    """Return the signature of a webhook, computed by the carrier's own SDK."""
    computed: str = RequestValidator(token).compute_signature(url, form, algorithm)
    return computed


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A text (with a ``body``) or a call (with a ``url``) that the carrier took."""

    sid: str
    to: str
    from_: str
    status_url: str
    at: datetime
    body: str = ""
    url: str = ""
    valid_for: int | None = None
    detect_machine: bool = False


@dataclass
class RecordingCarrier:
    """Takes everything, unless it was told what to do with the next ones.

    ``before`` holds exceptions that are raised instead of taking, ``after`` ones
    that are raised once it was taken (an answer that got lost, a process that
    dies), ``listing`` ones for looking up what was sent; each counts once.
    """

    taken: list[Taken] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    listing: list[BaseException] = field(default_factory=list)
    now: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def texts(self) -> list[Taken]:
        """Return the texts it took, oldest first."""
        return [each for each in self.taken if each.sid.startswith("SM")]

    @property
    def calls(self) -> list[Taken]:
        """Return the calls it took, oldest first."""
        return [each for each in self.taken if each.sid.startswith("CA")]

    def send_text(
        self, *, to: str, from_: str, body: str, status_url: str, valid_for: int | None = None
    ) -> str:
        """Take a text."""
        return self._take(
            "SM", to=to, from_=from_, body=body, status_url=status_url, valid_for=valid_for
        )

    def place_call(
        self, *, to: str, from_: str, url: str, status_url: str, detect_machine: bool = False
    ) -> str:
        """Take a call."""
        return self._take(
            "CA", to=to, from_=from_, url=url, status_url=status_url, detect_machine=detect_machine
        )

    def texts_to(self, to: str, from_: str) -> list[Known]:
        """Return the texts between two numbers, newest first, as the carrier lists them."""
        return self._list(self.texts, to, from_)

    def calls_to(self, to: str, from_: str) -> list[Known]:
        """Return the calls between two numbers, newest first."""
        return self._list(self.calls, to, from_)

    def _take(self, prefix: str, **what: Any) -> str:
        with self._lock:
            if self.before:
                raise self.before.pop(0)
            sid = f"{prefix}{len(self.taken) + 1:032x}"
            self.taken.append(Taken(sid=sid, at=self.now or datetime.now(UTC), **what))
            if self.after:
                raise self.after.pop(0)
            return sid

    def _list(self, taken: list[Taken], to: str, from_: str) -> list[Known]:
        with self._lock:
            if self.listing:
                raise self.listing.pop(0)
        between = [each for each in taken if (each.to, each.from_) == (to, from_)]
        return [Known(each.sid, each.at, each.body) for each in reversed(between)]
