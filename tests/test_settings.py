"""A process with a missing or malformed setting refuses to start, and names it."""

from __future__ import annotations

import base64
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from settings import (
    KNOWN_LOCALES,
    THROW_AWAY_ACCOUNT,
    SettingError,
    Settings,
    make_throw_away_keys,
)

if TYPE_CHECKING:
    from pathlib import Path

KEY = "1:" + "A" * 43 + "="
GIVEN = {"SECRET_KEY": "s" * 32, "DATA_KEYS": KEY, "TWILIO_AUTH_TOKEN": "t" * 32}
REAL = {
    **GIVEN,
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "PUBLIC_BASE_URL": "https://line.example",
}


SECRET = {*GIVEN, "DATABASE_URL"}


def _read(tmp_path: Path, env: dict[str, str], **changed: str) -> Settings:
    return Settings.from_env({"DATA_DIR": str(tmp_path), **env, **changed})


def _refused(tmp_path: Path, env: dict[str, str], **changed: str) -> str:
    with pytest.raises(SettingError) as refusal:
        _read(tmp_path, env, **changed)
    return str(refusal.value)


def test_with_keys_alone_it_is_a_demonstration_on_this_machine(tmp_path: Path) -> None:
    found = _read(tmp_path, GIVEN)
    assert (found.port, found.nlu_port, found.actions_port) == (8000, 8001, 8002)
    assert found.public_base_url == "http://127.0.0.1:8000"
    assert found.twilio_api_url == "http://127.0.0.1:8000/simulator/carrier"
    assert found.database_url == f"sqlite:///{tmp_path / 'portal.db'}"
    assert (found.twilio_account_sid, found.has_real_account) == (THROW_AWAY_ACCOUNT, False)
    assert (found.simulator, found.locales) == (True, None)


def test_a_port_moves_everything_that_is_local(tmp_path: Path) -> None:
    found = _read(tmp_path, GIVEN, PORT="9100")
    assert (found.nlu_port, found.public_base_url) == (9101, "http://127.0.0.1:9100")
    assert found.twilio_api_url.startswith("http://127.0.0.1:9100/")


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("empty", [None, ""], ids=["missing", "empty"])
def test_what_is_missing_is_named(tmp_path: Path, name: str, empty: str | None) -> None:
    env = {key: value for key, value in GIVEN.items() if key != name}
    if empty is not None:
        env[name] = empty
    assert _refused(tmp_path, env).startswith(f"{name} is not set.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65534"),
        ("PORT", "eight"),
        ("PORT", "80.5"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("TWILIO_ACCOUNT_SID", "AC"),
        ("TWILIO_ACCOUNT_SID", "AC" + "G" * 32),
        ("TWILIO_ACCOUNT_SID", "AC" + "1" * 32 + "\n"),
        ("TWILIO_AUTH_TOKEN", ","),
        ("TWILIO_AUTH_TOKEN", " , "),
        ("TWILIO_API_URL", "api.twilio.com"),
        ("TWILIO_API_URL", "ftp://api.twilio.com"),
        ("PUBLIC_BASE_URL", "line.example"),
        ("PUBLIC_BASE_URL", "https://"),
        ("PUBLIC_BASE_URL", "https://user@line.example"),
        ("PUBLIC_BASE_URL", "https://line.example?a=1"),
        ("PUBLIC_BASE_URL", "https://line.example#here"),
        ("PUBLIC_BASE_URL", "https://[::1]"),
        ("PUBLIC_BASE_URL", "https://line.example:port"),
        ("SECRET_KEY", "s" * 31),
        ("DATA_KEYS", "A" * 43 + "="),
        ("DATA_KEYS", "1:short"),
        ("DATA_KEYS", "one:" + "A" * 43 + "="),
        ("DATA_KEYS", f"{KEY},"),
        ("DATA_KEYS", f"{KEY},{KEY}"),
        ("DATA_KEYS", "256:" + "A" * 43 + "="),
        ("DATA_KEYS", "1:" + base64.b64encode(b"k" * 31).decode()),
        ("LOCALES", "english"),
        ("LOCALES", "en-US,xx-XX"),
        ("LOCALES", ","),
        ("SIMULATOR", "yes"),
        ("UNREVIEWED_LOCALES", "yes"),
        ("DATABASE_URL", "no address"),
        ("DATABASE_URL", "mysql://localhost/portal"),
    ],
)
def test_what_is_malformed_is_named_and_not_repeated(tmp_path: Path, name: str, value: str) -> None:
    told = _refused(tmp_path, GIVEN, **{name: value})
    assert told.startswith(name)
    assert name not in SECRET or not value.strip(" ,") or value not in told


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"PUBLIC_BASE_URL": "http://line.example"}, "PUBLIC_BASE_URL must be https"),
        ({"PUBLIC_BASE_URL": ""}, "PUBLIC_BASE_URL must be https"),
        ({"SIMULATOR": "on"}, "SIMULATOR cannot be on"),
        ({"SECRET_KEY": "throw-away-" + "s" * 32}, "SECRET_KEY is a throw-away key"),
    ],
)
def test_a_real_account_is_refused_with_what_is_for_trying_out(
    tmp_path: Path, changed: dict[str, str], named: str
) -> None:
    assert _refused(tmp_path, REAL, **changed).startswith(named)


def test_a_real_account_with_everything_of_its_own_starts(tmp_path: Path) -> None:
    found = _read(tmp_path, REAL)
    assert (found.has_real_account, found.simulator) == (True, False)
    assert found.twilio_api_url == "https://api.twilio.com"


@pytest.mark.parametrize("name", GIVEN)
def test_a_real_account_is_refused_with_any_key_that_make_run_made(
    tmp_path: Path, name: str
) -> None:
    make_throw_away_keys(tmp_path)
    own = {key: value for key, value in REAL.items() if key != name}
    assert _refused(tmp_path, own).startswith(name)


def test_a_real_account_is_refused_with_a_throw_away_key_among_its_own(tmp_path: Path) -> None:
    make_throw_away_keys(tmp_path)
    made = _read(tmp_path, {})
    tokens = f"{'t' * 32},{made.twilio_auth_tokens[0]}"
    assert _refused(tmp_path, REAL, TWILIO_AUTH_TOKEN=tokens).startswith("TWILIO_AUTH_TOKEN")
    own = "2:" + base64.b64encode(b"k" * 32).decode()
    keys = f"{made.data_keys},{own}"
    assert _refused(tmp_path, REAL, DATA_KEYS=keys).startswith("DATA_KEYS")


def test_the_keys_that_make_run_makes_are_made_once_and_are_nobody_elses(tmp_path: Path) -> None:
    make_throw_away_keys(tmp_path)
    first = (tmp_path / "dev.env").read_text()
    make_throw_away_keys(tmp_path)
    assert (tmp_path / "dev.env").read_text() == first
    assert (tmp_path / "dev.env").stat().st_mode & 0o077 == 0
    make_throw_away_keys(tmp_path / "another")
    assert (tmp_path / "another" / "dev.env").read_text() != first


def test_what_is_set_goes_before_what_make_run_made(tmp_path: Path) -> None:
    make_throw_away_keys(tmp_path)
    assert _read(tmp_path, {}, SECRET_KEY="o" * 40).secret_key == "o" * 40


def test_tokens_may_be_several_while_they_rotate(tmp_path: Path) -> None:
    assert _read(tmp_path, GIVEN, TWILIO_AUTH_TOKEN="new , old,").twilio_auth_tokens == (
        "new",
        "old",
    )


def test_languages_are_taken_in_their_order(tmp_path: Path) -> None:
    assert _read(tmp_path, GIVEN, LOCALES="es-US, en-US").locales == ("es-US", "en-US")
    assert _read(tmp_path, GIVEN, LOCALES=",".join(KNOWN_LOCALES)).locales == KNOWN_LOCALES


def test_the_simulator_can_be_left_out(tmp_path: Path) -> None:
    assert not _read(tmp_path, GIVEN, SIMULATOR="off").simulator


def test_an_address_may_end_in_a_slash(tmp_path: Path) -> None:
    found = _read(tmp_path, REAL, PUBLIC_BASE_URL="https://line.example/")
    assert found.public_base_url == "https://line.example"


def test_no_secret_is_shown_with_the_settings(tmp_path: Path) -> None:
    url = "postgresql://portal:pass-word@db/portal"
    shown = repr(_read(tmp_path, REAL, DATABASE_URL=url))
    secrets = ("t" * 32, "s" * 32, "A" * 43, "pass-word")
    assert [secret for secret in secrets if secret in shown] == []


def test_the_models_token_is_the_same_in_each_process_and_is_not_the_key(tmp_path: Path) -> None:
    one, other = _read(tmp_path, GIVEN), _read(tmp_path, GIVEN, SECRET_KEY="x" * 32)
    assert one.nlu_token == _read(tmp_path, GIVEN).nlu_token != other.nlu_token
    assert one.secret_key not in one.nlu_token


def test_a_process_that_is_refused_says_why_in_one_line(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path), "PATH": "", **GIVEN, "PORT": "eight"}
    command = [sys.executable, "-m", "actions"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "PORT must be a number" in ended.stderr
    assert "Traceback" not in ended.stderr


@given(st.dictionaries(st.sampled_from([*REAL, "PORT", "LOCALES"]), st.text(max_size=40)))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_set_is_read_or_refused_by_name(tmp_path: Path, env: dict[str, str]) -> None:
    refusal = ""
    try:
        _read(tmp_path, {**GIVEN, **env})
    except SettingError as refused:
        refusal = str(refused)
    assert not refusal or refusal.partition(" ")[0].rstrip(":") in {*REAL, "PORT", "LOCALES"}
