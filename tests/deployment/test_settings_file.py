from __future__ import annotations

import re

import pytest

from settings import SettingError, Settings
from tests.deployment.files import EXAMPLE, HOUSE, example, interpolated, settings_names

COMPOSE_ONLY = "DATABASE_PASSWORD"
FILES = ("Dockerfile", "docker-compose.yml", "deploy/door/Caddyfile", "deploy/door/Dockerfile")


def test_the_example_has_every_setting_and_no_other() -> None:
    """What settings.py reads, and what docker-compose.yml asks for besides."""
    assert set(example()) == settings_names() | {COMPOSE_ONLY}


def test_compose_asks_for_nothing_that_the_example_lacks() -> None:
    """A clinic finds every variable in one file."""
    assert interpolated() <= set(example())
    assert COMPOSE_ONLY in interpolated()


def test_each_setting_is_explained() -> None:
    """Before each variable stands a comment of its own."""
    blocks = EXAMPLE.read_text("utf-8").split("\n\n")
    bare = [block for block in blocks if "=" in block.splitlines()[-1] and block[0] != "#"]

    assert bare == []
    assert sum(not block.splitlines()[-1].startswith("#") for block in blocks) == len(example())


def test_the_example_works_for_nobody() -> None:
    """No value is in it; as it stands, it is refused, and the first thing missing is named."""
    assert set(example().values()) == {""}
    with pytest.raises(SettingError, match=r"^TWILIO_AUTH_TOKEN is not set"):
        Settings.from_env({**example(), "DATA_DIR": "/nowhere"})


@pytest.mark.parametrize("name", FILES)
def test_no_secret_is_in_a_file(name: str) -> None:
    """No long hexadecimal or base64 word, no throw-away key, no password but a variable's."""
    text = (HOUSE / name).read_text("utf-8")
    words = re.findall(r"[A-Za-z0-9+/=_-]{32,}", text)

    assert [word for word in words if re.search(r"\d", word) and "/" not in word] == []
    assert "throw-away-" not in text.replace("--no-throw-away-keys", "")
    assert re.findall(r"PASSWORD: (?!\$\{)", text) == []
