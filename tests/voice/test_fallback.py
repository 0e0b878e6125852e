"""When nobody can reach us, the carrier still says something, and somebody picks up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal import testing
from simulator.document import MESSAGING, read
from voice.fallback import call_document, text_document

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOUSE = Path(__file__).parents[2]
BOTH = ("en-US", "es-US")


def test_a_caller_hears_each_language_and_is_put_through(session: Session) -> None:
    """The emergency comes first; after the desk did not pick up, numbers are said."""
    clinic = testing.clinic(session)

    verbs = read(call_document(clinic, BOTH).encode(), "text/xml")

    assert [verb.name for verb in verbs] == [*["Say"] * 4, "Dial", *["Say"] * 2, "Hangup"]
    assert "9 1 1" in verbs[0].text
    assert [verb.attributes.get("language") for verb in verbs[:4]] == [
        *["en-US"] * 2,
        *["es-US"] * 2,
    ]
    assert verbs[4].children[0].text == clinic.front_desk
    assert not verbs[4].children[0].attributes, "nothing in it may need us"
    assert "action" not in verbs[4].attributes


def test_a_clinic_without_a_desk_still_has_numbers(session: Session) -> None:
    """Nobody to ring: the nurse's number is said, or the clinic's own."""
    nurse = testing.clinic(session, front_desk=None)
    bare = testing.clinic(session, front_desk=None, nurse_line=None)

    for clinic in (nurse, bare):
        verbs = read(call_document(clinic, BOTH).encode(), "text/xml")
        assert "Dial" not in {verb.name for verb in verbs}
        assert "5 5 5" in verbs[-2].text


def test_a_texter_reads_which_number_to_call(session: Session) -> None:
    """One message with both languages, that the carrier takes."""
    clinic = testing.clinic(session, front_desk="+12025550102")

    (message,) = read(text_document(clinic, BOTH).encode(), "text/xml", MESSAGING)

    assert message.text.count("202-555-0102") == 2
    assert "clínica" in message.text


@pytest.fixture
def environment(demo_template: Path, tmp_path: Path) -> dict[str, str]:
    """Return throw-away settings and the demo clinic's database."""
    shutil.copy(demo_template, tmp_path / "portal.db")
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "throw-away-" + "x" * 32,
        "DATA_KEYS": "1:" + "A" * 43 + "=",
        "TWILIO_AUTH_TOKEN": "token",
    }


def test_the_command_writes_two_documents_for_each_clinic(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """They are named after the clinic's code, and start with its language."""
    command = [sys.executable, "-m", "voice", "fallback", "--out", str(tmp_path / "out")]

    subprocess.run(command, cwd=HOUSE, env=environment, check=True, capture_output=True)

    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert set(written) == {
        f"{code}-{kind}.xml" for code in ("main", "west") for kind in ("call", "text")
    }
    for name, document in written.items():
        assert (
            read(document, "text/xml", MESSAGING) if "-text" in name else read(document, "text/xml")
        )


def test_the_command_names_a_missing_setting(environment: dict[str, str], tmp_path: Path) -> None:
    """Without the keys of the records it says so and writes nothing."""
    command = [sys.executable, "-m", "voice", "fallback", "--out", str(tmp_path / "out")]

    done = subprocess.run(
        command,
        cwd=HOUSE,
        env={**environment, "DATA_KEYS": ""},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert "DATA_KEYS" in done.stderr
    assert not (tmp_path / "out").exists()
