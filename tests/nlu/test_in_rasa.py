"""The tests that need Rasa's environment, run there."""

from __future__ import annotations

import os
import subprocess

import pytest

import run

SECONDS = 300


@pytest.mark.parametrize("module", ["numbers", "parts"])
def test_in_the_environment_of_rasa(module: str) -> None:
    """Every claim of tests/nlu/in_rasa holds there."""
    command = [str(run.RASA_PYTHON), "-m", "unittest", f"tests.nlu.in_rasa.{module}"]
    environment = {**os.environ, "PYTHONPATH": str(run.HOUSE)}
    done = subprocess.run(
        command,
        cwd=run.HOUSE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 0 tests" not in done.stderr
