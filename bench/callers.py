"""Callers who are quick: signed webhooks over kept connections, timed one by one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

NEXT_TURN = re.compile(r'action="[^"]*?(/voice/turn/[^"]+)"')
STATUS = "/voice/status"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DEMO_PATIENT = ("+12025550117", "11211948", "730264", "1948")
CLINIC = "+12025550100"
SPOKEN = (
    "i was wondering if my blood test came back",
    "did the lab send my results yet",
    "any news on the tests they did last week",
    "are my labs in",
    "i want to hear about my test results please",
)


BOOKING = (
    ("asks for a visit", "says", "i would like to make an appointment with the doctor"),
    ("birth date", "keys", DEMO_PATIENT[1]),
    ("PIN, then the soonest time", "keys", DEMO_PATIENT[2]),
    ("other times", "keys", "2"),
    ("a day and a part of it", "says", "some afternoon next week would be good"),
    ("takes the first", "keys", "1"),
    ("books it", "keys", "1"),
    ("wants no text", "keys", "2"),
)
"""A call that ends with a visit: what is done in each turn, how, and the words or keys."""


@dataclass(frozen=True)
class Door:
    """Where the line is reached, and what its webhooks are signed with."""

    port: int
    base_url: str
    account_sid: str
    auth_token: str = field(repr=False)


class Caller:
    """One telephone: its own connection, one call at a time."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._http = http.client.HTTPConnection("127.0.0.1", door.port, timeout=30)
        self._sid = ""
        self._next = ""

    def call(self) -> None:
        """Ring the line as a demo patient."""
        self._sid = "CA" + uuid4().hex
        self._send("/voice/incoming", {"To": CLINIC, "CallStatus": "ringing"})

    def prove(self) -> float:
        """Ask for results and prove who is calling; returns the milliseconds of the PIN turn."""
        _, born, pin, _ = DEMO_PATIENT
        self.keys("1")
        self.keys(born)
        return self.keys(pin)

    def keys(self, digits: str) -> float:
        """Press keys; returns the milliseconds until the answer was there."""
        return self._send(self._next, {"Digits": digits})

    def says(self, words: str) -> float:
        """Say something; returns the milliseconds until the answer was there."""
        return self._send(self._next, {"SpeechResult": words, "Confidence": "0.9"})

    def books(self) -> list[float]:
        """Book a visit in a call of its own; returns the milliseconds of each turn."""
        self.call()
        turns = [getattr(self, how)(what) for _, how, what in BOOKING]
        self.hang_up()
        return turns

    def hang_up(self) -> None:
        """End the call."""
        self._send(STATUS, {"CallStatus": "completed"})

    def texts(self, body: str) -> float:
        """Text the line; returns the milliseconds until the answer was there."""
        sid = "SM" + uuid4().hex
        return self._post("/sms/incoming", {"MessageSid": sid, "To": CLINIC, "Body": body})[0]

    def _send(self, path: str, fields: dict[str, str]) -> float:
        milliseconds, answer = self._post(path, {"CallSid": self._sid, **fields})
        found = NEXT_TURN.search(answer)
        if found is None and path != STATUS:
            message = f"{path} was the end of the call: {answer}"
            raise RuntimeError(message)
        self._next = found[1] if found else ""
        return milliseconds

    def _post(self, path: str, fields: dict[str, str]) -> tuple[float, str]:
        form = {"AccountSid": self.door.account_sid, "From": DEMO_PATIENT[0], **fields}
        headers = {**FORM, "X-Twilio-Signature": self._signature(path, form)}
        body = urlencode(form)
        started = time.perf_counter()
        self._http.request("POST", path, body, headers)
        response = self._http.getresponse()
        answer = response.read().decode()
        milliseconds = (time.perf_counter() - started) * 1000
        if response.status >= 300:
            message = f"{path} answered {response.status}"
            raise RuntimeError(message)
        return milliseconds, answer

    def _signature(self, path: str, form: dict[str, str]) -> str:
        text = self.door.base_url + path + "".join(name + form[name] for name in sorted(form))
        digest = hmac.digest(self.door.auth_token.encode(), text.encode(), hashlib.sha1)
        return base64.b64encode(digest).decode()


class StockCaller:
    """A caller of Rasa's own twilio_voice channel, which knows speech alone."""

    def __init__(self, port: int, sender: str) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._sender = sender

    def says(self, words: str) -> float:
        """Say something; returns the milliseconds until the answer was there."""
        form = {"From": self._sender, "SpeechResult": words, "CallStatus": "in-progress"}
        started = time.perf_counter()
        self._http.request("POST", "/webhooks/twilio_voice/webhook", urlencode(form), FORM)
        response = self._http.getresponse()
        answer = response.read().decode()
        milliseconds = (time.perf_counter() - started) * 1000
        if response.status != 200 or "<Say" not in answer:
            message = f"twilio_voice answered {response.status}"
            raise RuntimeError(message)
        return milliseconds
