"""The model over HTTP: one try, a short wait, and whatever is no answer is trouble."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from dialogue import rasa as over_http
from dialogue.moment import Question, meaning
from dialogue.rasa import RasaClient, RasaTrouble
from portal.answers import Answer, Prompt, seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.encryption import KeyRing

TOLD = Answer(prompts=(Prompt(name="results.none"),), intent="results_status", confidence=0.9)


class Server(ThreadingHTTPServer):
    """Answers everything with ``status`` and ``body``, and keeps what it was asked."""

    status = 200
    body = b"{}"
    asked: list[tuple[str, str | None, Any]]
    hangs: threading.Event

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One request to the server."""

    server: Server

    def do_POST(self) -> None:
        """Keep the question and give the answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        self.server.hangs.wait(30)
        self._answer()

    def do_GET(self) -> None:
        """Give the answer."""
        self._answer()

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _answer(self) -> None:
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)


@contextmanager
def _serving() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.asked, server.hangs = [], threading.Event()
    server.hangs.set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a server that stands for Rasa."""
    with _serving() as serving:
        yield serving


@pytest.fixture
def client(server: Server) -> RasaClient:
    """Return a client of it."""
    return RasaClient(server.url, "a token")


def _question(**given: Any) -> Question:
    values: dict[str, Any] = {
        "conversation": "0190",
        "turn": 3,
        "locale": "es-US",
        "channel": "voice",
        "flow": "results",
        "text": "otra vez",
    }
    return Question(**{**values, **given})


def test_the_last_sealed_answer_is_opened(
    server: Server, client: RasaClient, key_ring: KeyRing
) -> None:
    server.body = json.dumps({"sealed": ["something", seal(TOLD, key_ring)]}).encode()
    assert client.ask(_question()) == TOLD


def test_it_is_told_the_words_and_where_they_were_said(
    server: Server, client: RasaClient, key_ring: KeyRing
) -> None:
    server.body = json.dumps({"sealed": [seal(TOLD, key_ring)]}).encode()
    client.ask(_question(parsed=meaning("affirm", "yes")))
    (path, token, body) = server.asked[0]
    assert (path, token) == ("/webhooks/dialtone/turn", "Bearer a token")
    assert body == {
        "sender": "0190",
        "text": "otra vez",
        "parsed": meaning("affirm", "yes"),
        "flow": "results",
        "metadata": {"turn": 3, "locale": "es-US", "channel": "voice"},
    }


@pytest.mark.parametrize("body", [b'{"sealed": []}', b"{}", b"not json", b"", b"[]", b"null"])
def test_what_is_no_answer_is_trouble(server: Server, client: RasaClient, body: bytes) -> None:
    server.body = body
    with pytest.raises(RasaTrouble):
        client.ask(_question())


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64 at all", 7])
def test_what_cannot_be_opened_is_trouble(
    server: Server, client: RasaClient, sealed: object
) -> None:
    server.body = json.dumps({"sealed": [sealed]}).encode()
    with pytest.raises(RasaTrouble):
        client.ask(_question())


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_an_error_is_trouble_and_is_not_tried_again(
    server: Server, client: RasaClient, status: int
) -> None:
    server.status = status
    with pytest.raises(RasaTrouble):
        client.ask(_question())
    assert len(server.asked) == 1


def test_nobody_listening_is_trouble() -> None:
    with _serving() as gone:
        url = gone.url
    with pytest.raises(RasaTrouble):
        RasaClient(url, "a token").ask(_question())


def test_a_model_that_hangs_is_trouble(server: Server, client: RasaClient) -> None:
    server.hangs.clear()
    with pytest.raises(RasaTrouble, match="ReadTimeout"):
        client.ask(_question())
    server.hangs.set()


def test_trouble_quotes_nothing_that_was_said(server: Server, client: RasaClient) -> None:
    server.status = 500
    with pytest.raises(RasaTrouble) as trouble:
        client.ask(_question(text="otra vez 730264"))
    assert "730264" not in f"{trouble.value!r} {trouble.value.__cause__}"


def test_the_wait_is_shorter_than_the_callers_patience() -> None:
    assert over_http.CONNECT_SECONDS + over_http.ANSWER_SECONDS < 5


def test_forgetting_names_the_conversation_and_never_fails(
    server: Server, client: RasaClient
) -> None:
    client.forget("0190")
    server.status = 500
    client.forget("0190")
    assert server.asked[0][0::2] == ("/webhooks/dialtone/forget", {"conversation": "0190"})


def test_it_is_ready_when_its_health_says_so(server: Server, client: RasaClient) -> None:
    assert client.is_ready()
    server.status = 503
    assert not client.is_ready()


def test_it_is_not_ready_when_nobody_listens() -> None:
    with _serving() as gone:
        url = gone.url
    assert not RasaClient(url, "a token").is_ready()
