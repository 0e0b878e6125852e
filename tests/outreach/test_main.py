"""The process that sends runs until it is told to stop, and through trouble."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from outreach.__main__ import AFTER_TROUBLE_SECONDS, PAUSE_SECONDS, run

HOUSE = Path(__file__).parents[2]


class Patience(threading.Event):
    """The wish to stop, and how long the process would have waited for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Note the pause and take none."""
        self.waits.append(timeout or 0.0)
        return self.is_set()


def test_it_goes_on_after_trouble() -> None:
    """A database that is away for a moment is waited for, and does not end it."""
    stop = Patience()

    def once() -> bool:
        if not stop.waits:
            raise ConnectionError
        stop.set()
        return False

    run(once, stop)

    assert stop.waits == [AFTER_TROUBLE_SECONDS, PAUSE_SECONDS]


def test_it_waits_only_when_there_is_nothing_to_do() -> None:
    """A full outbox is worked through without pauses."""
    stop = Patience()

    def once() -> bool:
        if len(stop.waits) == 3:
            stop.set()
        return not stop.is_set()

    run(once, stop)

    assert stop.waits == [0, 0, 0, PAUSE_SECONDS]


@pytest.fixture
def environment(sqlite_template: Path, tmp_path: Path) -> dict[str, str]:
    """Return an environment with throw-away settings and a migrated database."""
    shutil.copy(sqlite_template, tmp_path / "portal.db")
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "throw-away-" + "x" * 32,
        "DATA_KEYS": "1:" + "A" * 43 + "=",
        "TWILIO_AUTH_TOKEN": "token",
        "TWILIO_API_URL": "http://127.0.0.1:9",
    }


def started(environment: dict[str, str]) -> subprocess.Popen[str]:
    """Return the process, as ``make run`` starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "outreach"],
        cwd=HOUSE,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_sigterm_ends_it_cleanly(environment: dict[str, str]) -> None:
    """It stops between two rows, with nothing to complain of."""
    process = started(environment)
    asks_the_records = Path(environment["DATA_DIR"]) / "portal.db-shm"
    while not asks_the_records.exists() and process.poll() is None:
        time.sleep(0.05)

    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=10)

    assert process.returncode == 0, said
    assert said == ""


def test_a_missing_setting_is_named(environment: dict[str, str]) -> None:
    """It does not start, and says what is missing."""
    process = started({**environment, "DATA_KEYS": ""})

    said, _ = process.communicate(timeout=20)

    assert process.returncode != 0
    assert "DATA_KEYS" in said
