"""What is done with the records from a terminal says what it did, and what is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from portal.__main__ import main
from portal.database import transaction
from portal.encryption import KeyRing, generate_key
from portal.records import Appointment, Opening, Patient

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND = generate_key(), generate_key()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the data folder of an installation with its own settings."""
    for name in ("DATABASE_URL", "TWILIO_ACCOUNT_SID", "PUBLIC_BASE_URL", "SIMULATOR", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATA_KEYS", f"1:{FIRST}")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "t" * 32)
    return tmp_path


def run(*arguments: str) -> Result:
    """Return how a command ended."""
    return CliRunner().invoke(main, arguments)


@pytest.mark.usefixtures("folder")
def test_from_nothing_to_the_demo_and_again() -> None:
    """Migrate, seed, and start again: each says what it did, and nothing is done twice."""
    assert "migrated" in run("migrate").stderr
    assert "as it was" in run("migrate").stderr
    assert "as new" in run("refresh").stderr
    assert "up to date" in run("refresh").stderr
    assert "as new" in run("seed").stderr
    assert "openings: 0 made" in run("openings").stderr
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Patient)) == 12
        ahead = select(Appointment.starts_at).where(Appointment.status == "booked")
        assert min(session.scalars(ahead)) > datetime.now(UTC)
        assert session.scalar(select(func.count()).select_from(Opening)) > 4000


def test_keys_are_changed_from_the_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a key, rekey, drop the old one, rekey; without it beforehand the column is named."""
    assert folder
    run("migrate")
    run("seed")
    monkeypatch.setenv("DATA_KEYS", f"2:{SECOND}")
    refused = run("rekey")
    assert refused.exit_code == 1
    assert "key that is not in DATA_KEYS" in refused.stderr
    monkeypatch.setenv("DATA_KEYS", f"1:{FIRST},2:{SECOND}")
    assert "rekey: patient.name 12" in run("rekey").stderr
    monkeypatch.setenv("DATA_KEYS", f"2:{SECOND}")
    assert "rekey: phone.e164_bidx 11" in run("rekey").stderr
    assert "rekey: 0 values" in run("rekey").stderr


@pytest.mark.parametrize("command", ["seed", "refresh"])
def test_no_invented_patients_come_to_a_real_account(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """With a real account the demo is refused, before the database is opened."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "1" * 32)
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://line.example.org")
    refused = run(command)
    assert refused.exit_code == 1
    assert "TWILIO_ACCOUNT_SID" in refused.stderr
    assert not (folder / "portal.db").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ["migrate", "seed", "refresh", "openings", "rekey"])
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Nothing is begun without the keys, and what is missing is said."""
    monkeypatch.delenv("DATA_KEYS")
    refused = run(command)
    assert refused.exit_code == 1
    assert "DATA_KEYS is not set" in refused.stderr


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("url", ["postgresql://clinic:hidden@127.0.0.1:1/portal", ""])
def test_trouble_with_the_database_is_told_without_its_address(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """A server that is away, or a database without a schema, is one line and no traceback."""
    monkeypatch.setenv("DATABASE_URL", url)
    refused = run("refresh")
    assert refused.exit_code == 1
    assert "DATABASE_URL: the database does not answer" in refused.stderr
    assert "hidden" not in refused.stderr


def test_a_new_key_is_one_that_a_ring_takes() -> None:
    """The printed key fits into DATA_KEYS, and each is another one."""
    made = [run("key").stdout.strip() for _ in range(2)]
    assert KeyRing.from_text(f"1:{made[0]},2:{made[1]}").current == 2
    assert made[0] != made[1]
