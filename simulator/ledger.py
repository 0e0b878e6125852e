"""What the carrier keeps of texts, calls and recordings: bounded, shown as its REST API does.

https://www.twilio.com/docs/messaging/api/message-resource
https://www.twilio.com/docs/voice/api/call-resource
https://www.twilio.com/docs/voice/api/recording
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from simulator.leg import API_VERSION
from simulator.texting import segments

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_KEPT = 500
Json = dict[str, object]


@dataclass(kw_only=True)
class Resource:
    """What every resource has; times in seconds since the epoch."""

    sid: str
    account_sid: str
    created: float = field(default_factory=time.time)

    def common(self, collection: str) -> Json:
        """Return the fields that all resources show."""
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(time.time()),
            "price": None,
            "price_unit": "USD",
            "subresource_uris": {},
            "uri": f"/{API_VERSION}/Accounts/{self.account_sid}/{collection}/{self.sid}.json",
        }


@dataclass(kw_only=True)
class Message(Resource):
    """A text that the line sends."""

    to: str
    from_number: str
    body: str = field(repr=False)
    status_url: str | None = None
    status: str = "queued"
    error_code: int | None = None

    def json(self) -> Json:
        """Return the resource as the REST API shows it."""
        return {
            **self.common("Messages"),
            "body": self.body,
            "direction": "outbound-api",
            "error_code": self.error_code,
            "error_message": None,
            "from": self.from_number,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(segments(self.body)),
            "status": self.status,
            "to": self.to,
            "date_sent": rfc2822(self.created),
        }


@dataclass(kw_only=True)
class PlacedCall(Resource):
    """A call that the line places."""

    to: str
    from_number: str
    url: str
    fallback_url: str | None = None
    status_url: str | None = None
    status_events: tuple[str, ...] = ("completed",)
    detect_machine: bool = False
    status: str = "queued"
    callbacks: int = 0
    ended: float | None = None

    def json(self) -> Json:
        """Return the resource as the REST API shows it."""
        return {
            **self.common("Calls"),
            "answered_by": "human"
            if self.detect_machine and self.status == "in-progress"
            else None,
            "caller_name": None,
            "direction": "outbound-api",
            "duration": str(round(self.ended - self.created)) if self.ended else None,
            "end_time": rfc2822(self.ended) if self.ended else None,
            "forwarded_from": None,
            "from": self.from_number,
            "from_formatted": self.from_number,
            "group_sid": None,
            "parent_call_sid": None,
            "phone_number_sid": None,
            "queue_time": "0",
            "start_time": rfc2822(self.created),
            "status": self.status,
            "to": self.to,
            "to_formatted": self.to,
            "trunk_sid": None,
        }


@dataclass(kw_only=True)
class KeptRecording(Resource):
    """A recording; its sound is silence, as long as the words would have taken."""

    call_sid: str
    seconds: int

    def json(self) -> Json:
        """Return the resource as the REST API shows it."""
        common = self.common("Recordings")
        return {
            **common,
            "call_sid": self.call_sid,
            "channels": 1,
            "conference_sid": None,
            "duration": str(self.seconds),
            "encryption_details": None,
            "error_code": None,
            "media_url": str(common["uri"]).removesuffix(".json"),
            "source": "RecordVerb",
            "start_time": rfc2822(self.created),
            "status": "completed",
        }


Kept = TypeVar("Kept", bound=Resource)


class Shelf(Generic[Kept]):
    """The newest resources of one kind; the oldest go when it is full."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def put(self, resource: Kept) -> None:
        """Keep a resource."""
        with self._lock:
            self._kept[resource.sid] = resource
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def get(self, sid: str) -> Kept | None:
        """Return a resource, or None where there is none (any more)."""
        return self._kept.get(sid)

    def drop(self, sid: str) -> bool:
        """Forget a resource; return whether it was there."""
        with self._lock:
            return self._kept.pop(sid, None) is not None

    def find(self, wanted: Callable[[Kept], bool]) -> list[Kept]:
        """Return the resources that are wanted, newest first as Twilio lists them."""
        with self._lock:
            return [resource for resource in reversed(self._kept.values()) if wanted(resource)]


class Feed:
    """What happened to telephones, numbered, for whoever watches them; bounded as well."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._news: list[Json] = []
        self._number = 0
        self._lock = Lock()

    def tell(self, kind: str, **details: object) -> None:
        """Add a piece of news."""
        with self._lock:
            self._number += 1
            self._news = [*self._news, {"number": self._number, "kind": kind, **details}][
                -self._most :
            ]

    def after(self, number: int) -> list[Json]:
        """Return the news since a number."""
        return [one for one in self._news if int(str(one["number"])) > number]

    @property
    def newest(self) -> int:
        """Return the number of the newest piece of news; 0 where there is none."""
        return self._number


def rfc2822(seconds: float) -> str:
    """Return a time as Twilio's API writes it."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC))
