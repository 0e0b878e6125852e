"""The carrier's REST side, spoken to over real HTTP on this machine."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from carrier.errors import Remedy
from carrier.sending import Carrier, Known, NotSent, Unclear

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "AC" + "1" * 32
TO, FROM = "+12025550143", "+12025550100"
TEXT: dict[str, Any] = {
    "to": TO,
    "from_": FROM,
    "body": "Hola, ¿cómo está?",
    "status_url": "https://h/sms/status",
}
CALL: dict[str, Any] = {
    "to": TO,
    "from_": FROM,
    "url": "https://h/voice/x",
    "status_url": "https://h/voice/status",
}


@dataclass
class Desk:
    """What the far side answers, and what it was asked."""

    status: int = 201
    answer: Any = field(default_factory=lambda: {"sid": "SM1"})
    wait: float = 0
    hangs_up: bool = False
    asked: list[tuple[str, str, dict[str, list[str]], str]] = field(default_factory=list)


@pytest.fixture
def desk() -> Iterator[tuple[Desk, str]]:
    """Give a far side on a port of this machine, and its address."""
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked = parse_qs(body or urlsplit(self.path).query)
            path = urlsplit(self.path).path
            desk.asked.append((self.command, path, asked, self.headers["Authorization"]))
            time.sleep(desk.wait)
            if desk.hangs_up:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = (
                desk.answer if isinstance(desk.answer, bytes) else json.dumps(desk.answer).encode()
            )
            self.send_response(desk.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the base class looks for these names

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield desk, f"http://127.0.0.1:{server.server_port}/simulator/carrier"
    server.shutdown()
    server.server_close()


def test_a_text_is_sent_with_its_status_address(desk: tuple[Desk, str]) -> None:
    """The form has everything, and goes to the account's messages under the given address."""
    side, url = desk

    sid = Carrier(ACCOUNT, "token", url).send_text(**TEXT, valid_for=600)

    method, path, form, authorization = side.asked[0]
    assert sid == "SM1"
    assert (method, path) == (
        "POST",
        f"/simulator/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
    )
    assert form == {
        "To": [TO],
        "From": [FROM],
        "Body": ["Hola, ¿cómo está?"],
        "StatusCallback": ["https://h/sms/status"],
        "SmartEncoded": ["false"],
        "ValidityPeriod": ["600"],
    }
    assert authorization == "Basic " + b64encode(f"{ACCOUNT}:token".encode()).decode()


@pytest.mark.parametrize(("asked", "sent"), [(0, "1"), (-5, "1"), (10**6, "36000")])
def test_how_long_a_text_may_wait_stays_within_what_is_allowed(
    desk: tuple[Desk, str], asked: int, sent: str
) -> None:
    """The carrier refuses validity periods under a second or over ten hours."""
    side, url = desk

    Carrier(ACCOUNT, "token", url).send_text(**TEXT, valid_for=asked)

    assert side.asked[0][2]["ValidityPeriod"] == [sent]


def test_a_call_is_placed_by_post(desk: tuple[Desk, str]) -> None:
    """Nothing of a call travels in an address: its document is asked for by POST."""
    side, url = desk
    side.answer = {"sid": "CA1"}

    sid = Carrier(ACCOUNT, "token", url).place_call(**CALL, detect_machine=True)

    form = side.asked[0][2]
    assert sid == "CA1"
    assert form["Url"] == ["https://h/voice/x"]
    assert form["Method"] == form["StatusCallbackMethod"] == ["POST"]
    assert form["MachineDetection"] == ["Enable"]
    assert side.asked[0][1].endswith("/Calls.json")


@pytest.mark.parametrize(
    ("status", "answer", "remedy"),
    [
        (400, {"code": 21610, "message": f"{TO} is unsubscribed"}, Remedy.OPT_OUT),
        (400, {"code": 21211, "message": f"{TO} is not valid"}, Remedy.BAD_NUMBER),
        (401, {"code": 20003, "message": "Authenticate"}, Remedy.OPERATOR),
        (429, {"code": 20429, "message": "Too Many Requests"}, Remedy.RETRY),
        (429, b"slow down", Remedy.RETRY),
        (400, {"code": 99999, "message": "new"}, Remedy.PERSON),
        (404, b"<html>", Remedy.PERSON),
    ],
)
def test_a_refusal_has_its_remedy_and_quotes_nobody(
    desk: tuple[Desk, str], status: int, answer: object, remedy: Remedy
) -> None:
    """What was refused certainly did not go out; the number stays out of the error."""
    side, url = desk
    side.status, side.answer = status, answer

    with pytest.raises(NotSent) as refusal:
        Carrier(ACCOUNT, "token", url).send_text(**TEXT)

    assert refusal.value.remedy is remedy
    assert "2025550143" not in repr(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, b""), (503, {"code": 20503, "message": "x"}), (201, b"<html>"), (201, {}), (201, [])],
)
def test_an_answer_that_says_nothing_leaves_it_unclear(
    desk: tuple[Desk, str], status: int, answer: object
) -> None:
    """After a server error or a broken answer nobody knows whether it went out."""
    side, url = desk
    side.status, side.answer = status, answer

    with pytest.raises(Unclear):
        Carrier(ACCOUNT, "token", url).send_text(**TEXT)


def test_an_answer_that_does_not_come_is_not_waited_for(desk: tuple[Desk, str]) -> None:
    """The SDK would wait for ever; ours gives up, not knowing."""
    side, url = desk
    side.wait = 1.0

    with pytest.raises(Unclear):
        Carrier(ACCOUNT, "token", url, timeout=0.1).send_text(**TEXT)


def test_a_connection_that_breaks_after_asking_leaves_it_unclear(desk: tuple[Desk, str]) -> None:
    """The carrier had the request; whether it acted on it is not known."""
    side, url = desk
    side.hangs_up = True

    with pytest.raises(Unclear):
        Carrier(ACCOUNT, "token", url).send_text(**TEXT)


def test_a_carrier_that_is_not_there_was_not_asked() -> None:
    """Where no connection came about, nothing went out: it may be tried again."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"

        with pytest.raises(NotSent) as refusal:
            Carrier(ACCOUNT, "token", url).send_text(**TEXT)

    assert refusal.value.remedy is Remedy.RETRY


def test_the_environment_changes_nothing(
    desk: tuple[Desk, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the SDK's own variables nor a proxy lead away from the given address."""
    side, url = desk
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")

    Carrier(ACCOUNT, "token", url).send_text(**TEXT)

    assert len(side.asked) == 1


def test_what_was_sent_to_a_number_can_be_looked_up(desk: tuple[Desk, str]) -> None:
    """Only what we sent of our own accord counts, not answers to webhooks."""
    side, url = desk
    side.status = 200
    message = {"sid": "SM1", "body": "Hola", "direction": "outbound-api"}
    at = "Tue, 24 Nov 2026 13:30:00 +0000"
    side.answer = {
        "messages": [
            message | {"date_created": at},
            message | {"sid": "SM2", "direction": "outbound-reply", "date_created": at},
            message | {"sid": "SM3", "direction": "inbound", "date_created": at},
        ],
        "next_page_uri": None,
    }

    known = Carrier(ACCOUNT, "token", url).texts_to(TO, FROM)

    assert known == [Known("SM1", datetime(2026, 11, 24, 13, 30, tzinfo=UTC), "Hola")]
    assert side.asked[0][0] == "GET"
    assert side.asked[0][2] == {"To": [TO], "From": [FROM], "PageSize": ["50"]}


def test_calls_can_be_looked_up_as_well(desk: tuple[Desk, str]) -> None:
    """A call that was placed is found by its numbers."""
    side, url = desk
    side.status = 200
    call = {
        "sid": "CA1",
        "direction": "outbound-api",
        "date_created": "Tue, 24 Nov 2026 13:30:00 +0000",
    }
    side.answer = {"calls": [call], "next_page_uri": None}

    known = Carrier(ACCOUNT, "token", url).calls_to(TO, FROM)

    assert known == [Known("CA1", datetime(2026, 11, 24, 13, 30, tzinfo=UTC))]


def test_nothing_about_anybody_is_logged(
    desk: tuple[Desk, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Numbers and words stay out of the logs, in sending, refusing and looking up."""
    side, url = desk
    carrier = Carrier(ACCOUNT, "token", url)
    caplog.set_level(logging.DEBUG)

    carrier.send_text(**TEXT)
    side.status, side.answer = 200, {"messages": [], "next_page_uri": None}
    carrier.texts_to(TO, FROM)

    assert "2025550143" not in caplog.text
    assert "Hola" not in caplog.text
