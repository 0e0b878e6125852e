"""The trained model, served, with an action server that does as a test says."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

import httpx

import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TOKEN = "a-token-of-the-tests"
LISTEN = {"event": "followup", "name": "action_listen"}
ASK_AGAIN = [{"event": "rewind"}, LISTEN]


class Actions:
    """An action server: notes what it is asked, answers as it is told."""

    def __init__(self) -> None:
        self.calls: list[Mapping[str, Any]] = []
        self.events: list[Mapping[str, Any]] = [LISTEN]
        self.answer: object = None
        self.status = 200
        self.delay = 0.0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Return where it is called."""
        return f"http://127.0.0.1:{self._server.server_port}/webhook"

    def again(self) -> None:
        """Behave well from now on, having been asked nothing."""
        self.calls, self.events, self.answer = [], [LISTEN], None
        self.status, self.delay = 200, 0.0

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def answered(self, call: Mapping[str, Any]) -> object:
        """Return the answer to a call: a sealed one that says which call it answers."""
        self.calls.append(call)
        time.sleep(self.delay)
        sealed = {"custom": {"sealed": f"{call['next_action']} {len(self.calls)}"}}
        return self.answer or {"events": self.events, "responses": [sealed]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        actions = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version: ClassVar[str] = "HTTP/1.1"
            wbufsize: ClassVar[int] = 65536

            def do_POST(self) -> None:
                call = json.loads(self.rfile.read(int(self.headers["content-length"])))
                body = json.dumps(actions.answered(call)).encode()
                self.send_response(actions.status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@dataclass
class Line:
    """A served model, as the web process speaks to it."""

    http: httpx.Client
    actions: Actions
    log: Path
    conversation: str = field(default_factory=lambda: str(uuid4()))

    def post(self, path: str, body: object, **options: Any) -> httpx.Response:
        """Post JSON to the channel."""
        return self.http.post(f"/webhooks/dialtone{path}", json=body, **options)

    def turn(self, text: str, **changes: Any) -> list[str]:
        """Return what the actions said to one utterance."""
        answer = self.post("/turn", self.body(text, **changes))
        assert answer.status_code == httpx.codes.OK, answer.text
        sealed: list[str] = answer.json()["sealed"]
        return sealed

    def body(self, text: str, **changes: Any) -> dict[str, Any]:
        """Return the body of a turn."""
        metadata = {"locale": "en-US", "channel": "voice", "turn": 1}
        body = {"sender": self.conversation, "text": text, "parsed": None, "flow": None}
        return {**body, "metadata": metadata, **changes}

    def parsed(self, text: str, locale: str = "en-US") -> dict[str, Any]:
        """Return what is understood of a sentence."""
        parsed: dict[str, Any] = self.post("/parse", {"text": text, "locale": locale}).json()
        return parsed


@contextmanager
def line(folder: Path, port: int, environment: Mapping[str, str]) -> Iterator[Line]:
    """Serve the trained model on a port, with everything that it writes in a file."""
    actions, log = Actions(), folder / "nlu.log"
    command = [str(run.RASA_PYTHON), "-m", "nlu.serve", "--model", _trained()]
    own = {"NLU_PORT": str(port), "NLU_TOKEN": TOKEN, "ACTIONS_URL": actions.url}
    with log.open("wb") as written:
        child = subprocess.Popen(
            command, cwd=run.HOUSE, env={**environment, **own}, stdout=written, stderr=written
        )
        try:
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}",
                headers={"authorization": f"Bearer {TOKEN}"},
                timeout=30,
            ) as http:
                _wait(http, log)
                yield Line(http, actions, log)
        finally:
            child.terminate()
            child.wait(10)
            actions.close()


def _trained() -> str:
    """Return the path of the model, trained now if what it is made of has changed."""
    command = [str(run.RASA_PYTHON), "-m", "nlu.train", "--out", ".models"]
    done = subprocess.run(command, cwd=run.HOUSE, stdout=subprocess.PIPE, text=True, check=True)
    return str(run.HOUSE / done.stdout.strip())


def _wait(http: httpx.Client, log: Path) -> None:
    for _ in range(600):
        try:
            http.get("/webhooks/dialtone/").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(log.read_text())
