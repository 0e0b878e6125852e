"""Everything that `make run` starts, in order, each with a line when it is ready.

Starts the four processes (or those named), waits until each answers, prints where
they are, and stops them all on Ctrl-C or as soon as one of them ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
import httpx

from settings import SettingError, Settings, make_throw_away_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HOUSE = Path(__file__).parent
APP_PYTHON = Path(sys.executable)
RASA_PYTHON = HOUSE / ".venv-rasa/bin/python"
PATIENCE_SECONDS = 180
STOP_SECONDS = 10
STEP_SECONDS = 0.2


@dataclass(frozen=True)
class Process:
    """One of the processes: how it is started, and how one sees that it is ready."""

    name: str
    command: list[str]
    is_ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    output: IO[bytes] | None = None
    unseen: tuple[str, ...] = ()


@click.command()
@click.argument("names", nargs=-1)
@click.option("--host", default="127.0.0.1", help="The address the web process listens on.")
@click.option(
    "--throw-away-keys/--no-throw-away-keys",
    default=True,
    help="Make keys for trying things out where none are set; else refuse to start.",
)
def main(names: tuple[str, ...], host: str, *, throw_away_keys: bool) -> None:
    """Prepare what is missing, then run the processes NAMES (all of them by default)."""
    # What an operator stops with SIGTERM must stop its children too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        settings = _prepared(names, throw_away_keys=throw_away_keys)
    except SettingError as error:
        raise SystemExit(f"dialtone: {error}") from None
    model = trained_model() if not names or "nlu" in names else ""
    wanted = [p for p in processes(settings, host, model) if not names or p.name in names]
    with contextlib.suppress(KeyboardInterrupt), running(wanted) as children:
        _announce(settings, names)
        _watch(children)


def _prepared(names: tuple[str, ...], *, throw_away_keys: bool) -> Settings:
    data_dir = Path(os.environ.get("DATA_DIR") or ".data").absolute()
    given = os.environ.get("SECRET_KEY") and os.environ.get("DATA_KEYS")
    if throw_away_keys and not given:
        make_throw_away_keys(data_dir)
    settings = Settings.from_env()
    _check_ports(settings, names)
    if not names or "web" in names:
        _prepare_records(settings)
    return settings


def _prepare_records(settings: Settings) -> None:
    """Bring the records up to date; one process does it, the one that callers wait for."""
    _step("records", [str(APP_PYTHON), "-m", "portal", "migrate"])
    if not settings.has_real_account:
        _step("demo clinic", [str(APP_PYTHON), "-m", "portal", "refresh"])


def _check_ports(settings: Settings, names: tuple[str, ...]) -> None:
    ports = {"web": settings.port, "nlu": settings.nlu_port, "actions": settings.actions_port}
    for name, port in ports.items():
        if (not names or name in names) and is_taken(port):
            message = f"PORT: {port} (for {name}) is in use. Set PORT to another number."
            raise SettingError(message)


def is_taken(port: int) -> bool:
    """Return whether something on this machine holds ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _step(what: str, command: list[str]) -> None:
    started = time.monotonic()
    _say(f"{what} …")
    done = subprocess.run(command, cwd=HOUSE, env=_environment(), check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"dialtone: {what} failed (see above)")
    _say(f"{what} ready ({time.monotonic() - started:.1f} s)")


def trained_model() -> str:
    """Return the path of the model, trained now if what it is made of has changed."""
    command = [str(RASA_PYTHON), "-m", "nlu.train", "--out", ".models"]
    done = subprocess.run(  # noqa: S603 - our own command line
        command, cwd=HOUSE, env=_environment(), check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise SystemExit("dialtone: training the model failed (see above)")
    return done.stdout.strip().splitlines()[-1]


def processes(settings: Settings, host: str, model: str) -> list[Process]:
    """Return the house's processes, in the order in which they start."""
    local = "http://127.0.0.1"
    granian = str(APP_PYTHON.with_name("granian"))
    web = [
        granian, "--interface", "wsgi", "--factory", "--host", host, "--port", str(settings.port),
        "--workers", "1", "--blocking-threads", "16", "--no-access-log", "--log-level", "error",
        "app:create_app",
    ]  # fmt: skip
    return [
        Process(
            "actions",
            [str(APP_PYTHON), "-m", "actions"],
            lambda: answers(f"{local}:{settings.actions_port}/health"),
        ),
        Process(
            "nlu",
            [str(RASA_PYTHON), "-m", "nlu.serve", "--model", model],
            lambda: answers(f"{local}:{settings.nlu_port}/webhooks/dialtone/"),
            unseen=("SECRET_KEY", "DATA_KEYS", "DATABASE_URL", "TWILIO_AUTH_TOKEN"),
        ),
        Process("web", web, lambda: answers(f"{local}:{settings.port}/health")),
        Process("outreach", [str(APP_PYTHON), "-m", "outreach"], lambda: True),
    ]


def answers(url: str) -> bool:
    """Return whether something answers 200 at ``url``."""
    try:
        return httpx.get(url, timeout=1, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@contextlib.contextmanager
def running(wanted: list[Process]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start processes, wait until all are ready, and stop them in the end."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for process in wanted:
            children[process.name] = start(process)
        for process in wanted:
            wait_for(process, children)
        yield children
    finally:
        stop(children)


def start(process: Process) -> subprocess.Popen[bytes]:
    """Start a process of the house."""
    # A group of its own, so that stopping it stops what it started as well.
    return subprocess.Popen(  # noqa: S603 - our own command lines
        process.command,
        cwd=HOUSE,
        env={**_environment(), **process.environment, **dict.fromkeys(process.unseen, "")},
        stdout=process.output,
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    settings = Settings.from_env()
    return {
        **os.environ,
        "PYTHONPATH": str(HOUSE),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "NLU_PORT": str(settings.nlu_port),
        "NLU_TOKEN": settings.nlu_token,
        "ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
    }


def wait_for(process: Process, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait until a process is ready; exits where it does not become so."""
    started = time.monotonic()
    while not process.is_ready():
        _watch_once(children)
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise SystemExit(f"dialtone: {process.name} is not ready after {PATIENCE_SECONDS} s")
        time.sleep(STEP_SECONDS)
    _say(f"{process.name} ready ({time.monotonic() - started:.1f} s)")


def _watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    while True:
        _watch_once(children)
        time.sleep(STEP_SECONDS)


def _watch_once(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise SystemExit(f"dialtone: {name} ended (exit {child.returncode}); stopping all")


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Stop processes and whatever they started, politely first."""
    for child in children.values():
        _signal(child, signal.SIGTERM)
    for child in children.values():
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGKILL)


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _announce(settings: Settings, names: tuple[str, ...]) -> None:
    if names and "web" not in names:
        return
    _say("Dialtone is up.")
    if settings.simulator:
        _say(f"  a telephone in the browser   http://127.0.0.1:{settings.port}/simulator")
        _say("  a telephone in the terminal  make call   (texts: make text)")
    _say(f"  the carrier's webhooks       {settings.public_base_url}/voice/incoming")
    _say(f"                               {settings.public_base_url}/sms/incoming")
    _say("  Ctrl-C stops everything.")


def _say(text: str) -> None:
    click.echo(f"dialtone: {text}", err=True)


if __name__ == "__main__":
    main()
