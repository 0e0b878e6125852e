"""What is measured: the whole of Dialtone, and beside it a Rasa as it comes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import run
from bench.callers import Door
from settings import Settings, make_throw_away_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

CREDENTIALS = "twilio_voice:\n  initial_prompt: hello\n"
ENDPOINTS = "action_endpoint:\n  url: http://127.0.0.1:{port}/webhook\n"


@contextlib.contextmanager
def dialtone() -> Iterator[tuple[Door, str]]:
    """Start Dialtone with records of its own; gives its door and the model's path."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, PORT=str(free_ports(3)))
        make_throw_away_keys(Path(folder))
        settings = Settings.from_env()
        for step in ("migrate", "seed"):
            command = [sys.executable, "-m", "portal", step]
            subprocess.run(command, check=True, stdout=sys.stderr)
        model = run.trained_model()
        wanted = [p for p in run.processes(settings, "127.0.0.1", model) if p.name != "outreach"]
        with run.running(wanted):
            yield _door(settings), model


@contextlib.contextmanager
def stock_rasa(model: str) -> Iterator[int]:
    """Start an unpatched Rasa with its own telephone channel; gives its port.

    It has the same model, the same actions and the same records as Dialtone, which
    must be running.
    """
    port = free_ports(2)
    with tempfile.TemporaryDirectory() as folder:
        credentials, endpoints = Path(folder) / "credentials.yml", Path(folder) / "endpoints.yml"
        credentials.write_text(CREDENTIALS, encoding="utf-8")
        endpoints.write_text(ENDPOINTS.format(port=port + 1), encoding="utf-8")
        rasa = [
            str(run.RASA_PYTHON.with_name("rasa")), "run", "--interface", "127.0.0.1",
            "--port", str(port), "--model", model, "--credentials", str(credentials),
            "--endpoints", str(endpoints),
        ]  # fmt: skip
        quiet = {"RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR"}
        wanted = [
            run.Process(
                "stock actions",
                [sys.executable, "-m", "bench.stock_actions", str(port + 1)],
                lambda: run.answers(f"http://127.0.0.1:{port + 1}/health"),
            ),
            run.Process(
                "stock rasa",
                rasa,
                lambda: run.answers(f"http://127.0.0.1:{port}/webhooks/twilio_voice/"),
                quiet,
            ),
        ]
        with run.running(wanted):
            yield port


def free_ports(count: int) -> int:
    """Return the first of ``count`` ports in a row that are free."""
    for first in range(18000, 60000, 10):
        if not any(run.is_taken(first + each) for each in range(count)):
            return first
    message = "no free ports"
    raise RuntimeError(message)


def _door(settings: Settings) -> Door:
    return Door(
        settings.port,
        settings.public_base_url,
        settings.twilio_account_sid,
        settings.twilio_auth_tokens[0],
    )
