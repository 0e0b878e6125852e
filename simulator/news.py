"""What reaches a telephone that is not in a browser: the simulator's carrier, asked over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx

from simulator.phone import InboundCall

TIMEOUT = 5.0


@dataclass(frozen=True)
class Ring:
    """A call of ours that rings a telephone."""

    sid: str
    to: str
    from_number: str


@dataclass(frozen=True)
class Arrived:
    """A text of ours that reached a telephone."""

    to: str
    from_number: str
    body: str = field(repr=False)
    segments: int = 1


class News:
    """Follows the carrier's news for one telephone; silent where there is no simulator to ask."""

    def __init__(self, api_url: str, account_sid: str, auth_token: str, number: str) -> None:
        self._api_url = api_url.rstrip("/")
        self._auth = (account_sid, auth_token)
        self._number = number
        self._seen: int | None = None

    def catch_up(self) -> list[Ring | Arrived]:
        """Return what is new for this telephone; the first time nothing, from then on all."""
        query = "" if self._seen is None else f"?after={self._seen}"
        try:
            told = self._ask("GET", f"/news{query}").json()
        except (httpx.HTTPError, ValueError):
            return []
        self._seen = int(told["newest"])
        return [known for one in told["news"] if (known := self._known(one)) is not None]

    def pick_up(self, ring: Ring) -> InboundCall | None:
        """Return what it takes to answer; None where it no longer rings."""
        answer = self._ask("POST", f"/rings/{ring.sid}/pick-up")
        if not answer.is_success:
            return None
        told = answer.json()
        return InboundCall(**{**told, "status_events": tuple(told["status_events"])})

    def decline(self, ring: Ring) -> None:
        """Refuse a ringing call."""
        self._ask("POST", f"/rings/{ring.sid}/decline")

    def over(self, ring: Ring) -> None:
        """Tell that a call which was picked up is over."""
        self._ask("POST", f"/rings/{ring.sid}/over")

    def _known(self, told: dict[str, str]) -> Ring | Arrived | None:
        if told.get("to") != self._number:
            return None
        if told["kind"] == "ring":
            return Ring(told["sid"], told["to"], told["from_number"])
        if told["kind"] == "text":
            body, segments = told["body"], int(told["segments"])
            return Arrived(told["to"], told["from_number"], body, segments)
        return None

    def _ask(self, method: str, path: str) -> httpx.Response:
        url = self._api_url + path
        return httpx.request(method, url, auth=self._auth, timeout=TIMEOUT, trust_env=False)
