from __future__ import annotations

import http.server
import json
import socket
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.deployment.files import let_in, service
from tests.deployment.started import GRACE_SECONDS, MADE_BY_THE_BUILD, started, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.deployment.started import Deployed

pytestmark = pytest.mark.slow
LISTENS = "0A"
EVERYWHERE, LOOPBACK = "00000000", "0100007F"


def test_it_answers(deployed: Deployed) -> None:
    """The services' own commands, with the image's files and environment, take calls."""
    assert deployed.get("/health").text == "up\n"
    assert all(deployed.get("/ready").json().values())


def test_nobody_reaches_rasa_or_the_actions_but_the_line(deployed: Deployed) -> None:
    """The web process listens on every address of its container, the two others on loopback."""
    web, nlu, actions = (_listens(deployed.port + each) for each in range(3))

    assert web == EVERYWHERE
    assert nlu == actions == LOOPBACK


def _listens(port: int) -> str:
    """Return the address that a port is open on, as /proc/net/tcp writes it."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    (found,) = {row[1].split(":")[0] for row in rows if row[3] == LISTENS and _port(row) == port}
    return found


def _port(row: list[str]) -> int:
    return int(row[1].split(":")[1], 16)


def test_nothing_is_written_beside_the_records(deployed: Deployed) -> None:
    """A read-only container lacks nothing: no file is new in the image's folder or in /data."""
    deployed.phone("+12025550143", "+12025550100").call()

    new = [path for path in deployed.image.rglob("*") if path.name == "__pycache__"]
    assert new == []
    brought = {path.parts[0] for path in let_in()} | set(MADE_BY_THE_BUILD)
    assert {path.name for path in deployed.image.iterdir()} == brought
    assert not Path(deployed.environment["DATA_DIR"]).exists()


def test_the_simulator_is_there_and_signs_for_the_public_address(deployed: Deployed) -> None:
    """The throw-away account has a telephone in the browser, behind the door as well."""
    assert deployed.get("/simulator").status_code == 200


def test_a_webhook_that_is_signed_for_another_address_is_refused(deployed: Deployed) -> None:
    """What is signed for the container's own address did not come through the door."""
    phone = deployed.phone("+12025550117", "+12025550100")
    phone.base_url = deployed.local

    phone.call()

    assert [each.status for each in phone.log if "incoming" in each.request.url] == [403]


def check(deployed: Deployed, port: int) -> subprocess.CompletedProcess[str]:
    """Return what the container's health check says of a port."""
    own = {**deployed.environment, "PORT": str(port)}
    command = [str(deployed.image / ".venv-app/bin/python"), "deploy/ready.py"]
    return subprocess.run(
        command, cwd=deployed.image, env=own, check=False, capture_output=True, text=True
    )


def test_a_container_that_takes_calls_is_healthy(deployed: Deployed) -> None:
    """The health check finds the line by the container's own settings."""
    assert check(deployed, deployed.port).returncode == 0


def test_a_container_without_a_web_process_is_not_healthy(deployed: Deployed) -> None:
    """Nobody listens: the check fails, and says so in a word."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        done = check(deployed, bound.getsockname()[1])

    assert (done.returncode, done.stderr) == (1, "web: ConnectionRefusedError\n")


class _Unready(http.server.BaseHTTPRequestHandler):
    """A web process whose Rasa does not answer."""

    def do_GET(self) -> None:
        """Answer as /ready does then."""
        body = json.dumps({"database": True, "nlu": False, "actions": True}).encode()
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def unready() -> Iterator[int]:
    """Return the port of a web process without its Rasa."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Unready) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_container_without_its_rasa_is_not_healthy(deployed: Deployed, unready: int) -> None:
    """The check names the part that does not answer."""
    done = check(deployed, unready)

    assert (done.returncode, done.stderr) == (1, "not ready: nlu\n")


def test_outreach_stops_when_it_is_told(deployed: Deployed, tmp_path: Path) -> None:
    """SIGTERM ends run.py and what it started, well before an engine would kill them."""
    own: Mapping[str, str] = deployed.environment
    command = service("outreach")["command"]
    with started(deployed.image, command, own, tmp_path / "log") as container:
        wait_until(lambda: "outreach ready" in container.log.read_text("utf-8"), container)
        children = _children(container.process.pid)

        assert container.end() == 0

    assert len(children) == 1
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_two_lines_cannot_hold_one_port(deployed: Deployed, tmp_path: Path) -> None:
    """A second start says which port is in use, and touches nothing."""
    command = service("line")["command"]
    with started(deployed.image, command, deployed.environment, tmp_path / "log") as container:
        assert container.process.wait(GRACE_SECONDS) == 1

    says = (tmp_path / "log").read_text("utf-8")
    assert says.startswith(f"dialtone: PORT: {deployed.port} (for web) is in use.")
