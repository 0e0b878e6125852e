"""A line and the simulator together in one web process, as in development."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from simulator.numbers import ClinicLine, Numbers, Person
from simulator.views import blueprint
from tests.simulator.line import ACCOUNT, CALLER, CLINIC, TOKEN, Line, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OTHER = "+12025550143"
NUMBERS = Numbers(
    clinics=(
        ClinicLine(number=CLINIC, name="Riverside Clinic"),
        ClinicLine(number="+12025550101", name="Harbor Clinic"),
    ),
    people=(
        Person(
            number=CALLER, name="Ruth Abrams", born="1948-11-21", pin="730264", language="en-US"
        ),
        Person(number=OTHER, name="Elena Ruiz", born="1957-03-05", pin="482915", language="es-US"),
        Person(number="+12025550111", name="Walter Boyd", born="1941-01-30", landline=True),
    ),
)


@dataclass
class Served:
    """Where the two listen, and what the line was asked."""

    line: Line
    url: str

    @property
    def telephone(self) -> str:
        """Return the address of the page."""
        return f"{self.url}/simulator"

    @property
    def rest(self) -> str:
        """Return where TWILIO_API_URL would point."""
        return f"{self.url}/simulator/carrier"


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve(pages: dict[str, Page]) -> Iterator[Served]:
    """Yield a served line; everything under /simulator is the simulator."""
    line = Line(pages)
    with make_server("127.0.0.1", 0, line, threaded=True, request_handler=Quiet) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        server.app = _together(line, url)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Served(line, url)
        server.shutdown()


def _together(line: Line, url: str) -> WSGIApplication:
    flask = Flask(__name__, static_folder=None)
    flask.register_blueprint(
        blueprint(base_url=url, account_sid=ACCOUNT, auth_token=TOKEN, numbers=NUMBERS)
    )

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chosen = flask if environ["PATH_INFO"].startswith("/simulator") else line
        return chosen(environ, start_response)

    return app
