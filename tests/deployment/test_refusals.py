from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from settings import THROW_AWAY_PREFIX, make_throw_away_keys
from tests.deployment.files import commands
from tests.deployment.started import environment, refusal

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = commands()
CLINICS = [name for name in COMMANDS if name != "image"]
REAL = "AC" + "1234567890abcdef" * 2
GOOD = {
    "DATABASE_URL": "sqlite:////nowhere/portal.db",
    "PUBLIC_BASE_URL": "https://line.clinic.example",
    "SECRET_KEY": "9f" * 32,
    "DATA_KEYS": "1:" + "B" * 43 + "=",
    "TWILIO_AUTH_TOKEN": "7e" * 16,
    "TWILIO_ACCOUNT_SID": REAL,
}
WRONG = {
    "no secret key": ("SECRET_KEY", ""),
    "no data keys": ("DATA_KEYS", ""),
    "no token": ("TWILIO_AUTH_TOKEN", ""),
    "a short secret key": ("SECRET_KEY", "short-and-secret"),
    "data keys cut short": ("DATA_KEYS", "1:QUJDREVGR0g="),
    "a throw-away secret key": ("SECRET_KEY", THROW_AWAY_PREFIX + "3d" * 24),
    "no TLS": ("PUBLIC_BASE_URL", "http://line.clinic.example"),
    "a telephone for everybody": ("SIMULATOR", "on"),
    "an account of another shape": ("TWILIO_ACCOUNT_SID", "AC123"),
    "a language that nobody knows": ("LOCALES", "en-US,tlh"),
}


# One command is asked about every setting, the others whether they ask at all.
ASKED = [("line", wrong) for wrong in WRONG]
ASKED += [(name, wrong) for name in CLINICS[1:] for wrong in ("no secret key", "no token")]


@pytest.mark.parametrize(("command", "wrong"), ASKED)
def test_a_real_account_with_a_wrong_setting_is_refused(
    image: Path, tmp_path: Path, command: str, wrong: str
) -> None:
    """Each service and unit says which setting it is, never its value, and starts nothing."""
    name, value = WRONG[wrong]
    told = {**GOOD, name: value, "DATA_DIR": str(tmp_path / "data")}
    own = environment(image, tmp_path, told)

    says = refusal(image, COMMANDS[command], own, tmp_path / "log")

    assert says.startswith(f"dialtone: {name}")
    assert len(says.splitlines()) == 1
    assert not [word for word in told.values() if len(word) > 6 and word in says]
    assert not (tmp_path / "data").exists()


TRIED = [("line", "DATA_KEYS"), ("line", "TWILIO_AUTH_TOKEN")]
TRIED += [(name, "SECRET_KEY") for name in COMMANDS]


@pytest.mark.parametrize(("command", "name"), TRIED)
def test_a_real_account_with_the_keys_of_a_trial_is_refused(
    image: Path, tmp_path: Path, command: str, name: str
) -> None:
    """Keys made for trying things out, beside a real account, are found one by one."""
    make_throw_away_keys(tmp_path)
    lines = (tmp_path / "dev.env").read_text("utf-8").splitlines()
    kept = dict(line.split("=", 1) for line in lines)
    own = environment(image, tmp_path, {**GOOD, name: kept[name], "DATA_DIR": str(tmp_path)})

    says = refusal(image, COMMANDS[command], own, tmp_path / "log")

    assert says.startswith(f"dialtone: {name} is a throw-away")


def test_the_image_alone_takes_no_real_account_without_keys(image: Path, tmp_path: Path) -> None:
    """What starts the demo without settings does not start a clinic without them."""
    told = {**GOOD, "SECRET_KEY": "", "DATA_KEYS": "", "DATA_DIR": str(tmp_path)}

    says = refusal(image, COMMANDS["image"], environment(image, tmp_path, told), tmp_path / "log")

    assert says.startswith("dialtone: SECRET_KEY is a throw-away")
