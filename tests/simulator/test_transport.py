"""The wire over real HTTP, on the loopback address."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from simulator.phone import Phone, State
from simulator.transport import NoAnswer, http_transport
from tests.simulator.line import ACCOUNT, BASE, CALLER, CLINIC, TOKEN, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.enable_socket


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Proxied:
    """A line behind a proxy: it is reached by http and signs for its public https address."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request as if it had come by https."""
        return self.line({**environ, "wsgi.url_scheme": "https"}, start_response)


@pytest.fixture
def served() -> Iterator[tuple[Line, str]]:
    """Yield a line and the address where it listens."""
    line = Line({"/voice/incoming": "<Say>hello</Say><Gather/>"})
    with make_server("127.0.0.1", 0, Proxied(line), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield line, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_line_is_reached_where_it_listens_and_signed_for_its_public_name(
    served: tuple[Line, str],
) -> None:
    """Behind a proxy the signature is for the public address, wherever the packets go."""
    _, address = served
    phone = Phone(BASE, ACCOUNT, TOKEN, CALLER, CLINIC, http_transport(reached_at=address))
    phone.call()
    assert phone.state is State.LISTENING
    assert phone.heard[0].text == "hello"


def test_nobody_listening_is_no_answer() -> None:
    """A refused connection is told apart from an answer."""
    with pytest.raises(NoAnswer):
        http_transport(timeout=1)("http://127.0.0.1:9/voice/incoming", {}, {})
