"""The line as it runs, for one session of tests: Rasa and the actions as processes of their own.

The web process is in this one, over WSGI. Between two scripts the records are put
back as they were seeded, under the feet of the processes, which keep no record.
"""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

import run
from app import create_app
from carrier.testing import RecordingCarrier
from dialogue.rasa import RasaClient
from outreach.drain import Drain
from portal import demo
from portal.database import bind, connect, sessions, transaction
from portal.encryption import KeyRing, use
from portal.hours import local
from portal.migrating import migrate
from portal.records import Clinic, ClinicClosing, ClinicHours
from settings import Settings
from tests.conversations.clock import TUESDAY, Clock

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Engine

AUTH_TOKEN = "0123456789abcdef" * 2
# The key ring that every test has in use.
DATA_KEYS = "1:" + "A" * 43 + "="
WEEK = range(7)
# Longer than any handset stays busy with the goodbye of the call before.
SOON = timedelta(seconds=20)


class Model(RasaClient):
    """The model's client, which a test must close where a process would just end."""

    def close(self) -> None:
        """Give back the connections to the model."""
        self._http.close()


@dataclass
class Stack:
    """A running line, with a carrier that keeps what we send."""

    settings: Settings
    app: Flask
    engine: Engine
    template: Path
    clock: Clock
    carrier: RecordingCarrier = field(default_factory=RecordingCarrier)

    def restore(self, at: str) -> None:
        """Put the records and the time back, at a clinic that is ``open`` or ``closed`` now.

        ``usual`` leaves the clinics' own hours and the days on which they are closed.
        """
        bind(self.engine)
        self.clock.put(TUESDAY)
        self.carrier.taken.clear()
        live = str(self.engine.url.database)
        with closing(sqlite3.connect(self.template)) as kept, closing(sqlite3.connect(live)) as own:
            kept.backup(own)
        if at == "usual":
            return
        with transaction() as session:
            for clinic in session.scalars(select(Clinic)).all():
                session.execute(delete(ClinicHours).where(ClinicHours.clinic_id == clinic.id))
                session.execute(delete(ClinicClosing).where(ClinicClosing.clinic_id == clinic.id))
                session.add_all(_hours(clinic, self.clock.now(), is_open=at == "open"))

    def drain(self) -> None:
        """Send what is in the outbox, as soon as it may go out."""
        drain = Drain(
            self.carrier, self.settings.public_base_url, "scripts", lambda: self.clock.now() + SOON
        )
        while drain.once():
            pass


def _hours(clinic: Clinic, at: datetime, *, is_open: bool) -> list[ClinicHours]:
    """Return hours round the clock, or none today and tomorrow."""
    today = local(clinic, at).weekday()
    shut = set() if is_open else {today, (today + 1) % len(WEEK)}
    return [
        ClinicHours(clinic_id=clinic.id, weekday=day, opens=time.min, closes=time.max)
        for day in WEEK
        if day not in shut
    ]


def environment(folder: Path) -> Mapping[str, str]:
    """Return the settings of a line that keeps everything in ``folder``."""
    port = _three_free_ports()
    return {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'portal.db'}",
        "PORT": str(port),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "throw-away-" + "s" * 32,
        "DATA_KEYS": DATA_KEYS,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "SIMULATOR": "off",
    }


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    """Give the line, started; the environment must be that of :func:`environment`."""
    settings = Settings.from_env()
    clock = Clock(folder / "clock")
    clock.put(TUESDAY)
    template = _seeded(settings, folder)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for process in _processes(settings, clock):
            children[process.name] = run.start(process)
            run.wait_for(process, children)
        model = Model(f"http://127.0.0.1:{settings.nlu_port}", settings.nlu_token)
        app = create_app(settings, rasa=model, clock=clock.now)
        engine = sessions.kw["bind"]
        yield Stack(settings, app, engine, template, clock)
        engine.dispose()
        model.close()
    finally:
        run.stop(children)


def _processes(settings: Settings, clock: Clock) -> list[run.Process]:
    actions = [str(run.APP_PYTHON), "-m", "tests.conversations.acting", str(clock.file)]
    nlu = [str(run.RASA_PYTHON), "-m", "nlu.serve", "--model", run.trained_model()]
    return [
        _process("actions", actions, f"http://127.0.0.1:{settings.actions_port}/health"),
        _process("nlu", nlu, f"http://127.0.0.1:{settings.nlu_port}/webhooks/dialtone/"),
    ]


def _process(name: str, command: list[str], url: str) -> run.Process:
    return run.Process(name, command, lambda: run.answers(url))


def _seeded(settings: Settings, folder: Path) -> Path:
    """Return a copy of the demo clinic's records as they are after seeding."""
    use(KeyRing.from_text(settings.data_keys))
    engine = connect(settings.database_url)
    migrate(engine)
    bind(engine)
    with transaction() as session:
        demo.seed(session, TUESDAY)
    engine.dispose()
    template = folder / "seeded.db"
    with (
        closing(sqlite3.connect(folder / "portal.db")) as live,
        closing(sqlite3.connect(template)) as copy,
    ):
        live.backup(copy)
    return template


def _three_free_ports() -> int:
    """Return a port that is free now, as are the two after it."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
            except (OSError, OverflowError):
                continue
        return port
