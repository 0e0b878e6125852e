"""The only reader of the environment.

A process that lacks a setting, or has one that makes no sense, refuses to start
and names it: a clinic must not find out from its callers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from portal.encryption import BadKeys, KeyRing

if TYPE_CHECKING:
    from collections.abc import Mapping

THROW_AWAY_ACCOUNT = "AC" + "0" * 32
THROW_AWAY_PREFIX = "throw-away-"
KNOWN_LOCALES = ("en-US", "es-US", "zh-CN", "vi-VN", "fr-FR", "pt-BR", "ru-RU", "ko-KR", "ar")
DEFAULT_PORT = 8000
HIGHEST_PORT = 65535
LEAST_SECRET = 32
DATA_KEY_BYTES = 32
DATABASES = frozenset({"sqlite", "postgres", "postgresql"})


class SettingError(Exception):
    """A setting is missing or malformed; the message names it, never its value."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs from one installation to the next."""

    database_url: str = field(repr=False)
    data_dir: Path
    port: int
    public_base_url: str
    twilio_account_sid: str
    twilio_auth_tokens: tuple[str, ...] = field(repr=False)
    twilio_api_url: str
    secret_key: str = field(repr=False)
    data_keys: str = field(repr=False)
    locales: tuple[str, ...] | None
    unreviewed_locales: bool
    simulator: bool

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Return the settings; raises :class:`SettingError` naming what is wrong.

        Where ``$DATA_DIR/dev.env`` stands (``make run`` writes it), it fills what
        the environment leaves out.
        """
        given = dict(os.environ if env is None else env)
        data_dir = Path(given.get("DATA_DIR") or ".data").absolute()
        values = {**_read_env_file(data_dir / "dev.env"), **{k: v for k, v in given.items() if v}}
        settings = _read(values, data_dir)
        _check_account(settings, _read_env_file(data_dir / "dev.env"))
        return settings

    @property
    def nlu_port(self) -> int:
        """Return the port of the Rasa process, on the loopback address alone."""
        return self.port + 1

    @property
    def actions_port(self) -> int:
        """Return the port of the action server, on the loopback address alone."""
        return self.port + 2

    @property
    def nlu_token(self) -> str:
        """Return the bearer token between the web process and Rasa."""
        return hmac.new(self.secret_key.encode(), b"nlu", hashlib.sha256).hexdigest()

    @property
    def has_real_account(self) -> bool:
        """Return whether texts and calls leave this machine."""
        return self.twilio_account_sid != THROW_AWAY_ACCOUNT


def make_throw_away_keys(data_dir: Path) -> None:
    """Write ``dev.env`` with keys for trying things out, unless it is there."""
    path = data_dir / "dev.env"
    if path.exists():
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    data_key = base64.b64encode(secrets.token_bytes(DATA_KEY_BYTES)).decode()
    lines = (
        f"SECRET_KEY={THROW_AWAY_PREFIX}{secrets.token_hex(24)}",
        f"DATA_KEYS=1:{data_key}",
        f"TWILIO_AUTH_TOKEN={secrets.token_hex(16)}",
    )
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _read(values: Mapping[str, str], data_dir: Path) -> Settings:
    port = _port(values.get("PORT", str(DEFAULT_PORT)))
    sid = _account_sid(values.get("TWILIO_ACCOUNT_SID", THROW_AWAY_ACCOUNT))
    real = sid != THROW_AWAY_ACCOUNT
    local = f"http://127.0.0.1:{port}"
    carrier = "https://api.twilio.com" if real else f"{local}/simulator/carrier"
    return Settings(
        database_url=_database_url(
            values.get("DATABASE_URL") or f"sqlite:///{data_dir / 'portal.db'}"
        ),
        data_dir=data_dir,
        port=port,
        public_base_url=_base_url(values.get("PUBLIC_BASE_URL", local), real=real),
        twilio_account_sid=sid,
        twilio_auth_tokens=_tokens(_needed(values, "TWILIO_AUTH_TOKEN")),
        twilio_api_url=_url("TWILIO_API_URL", values.get("TWILIO_API_URL", carrier)),
        secret_key=_secret(_needed(values, "SECRET_KEY")),
        data_keys=_data_keys(_needed(values, "DATA_KEYS")),
        locales=_locales(values.get("LOCALES")),
        unreviewed_locales=_one_of("UNREVIEWED_LOCALES", values, ("", "allow")) == "allow",
        simulator=_simulator(_one_of("SIMULATOR", values, ("", "on", "off")), real=real),
    )


def _needed(values: Mapping[str, str], name: str) -> str:
    if not values.get(name):
        message = f"{name} is not set. `make run` makes throw-away keys; a clinic sets its own."
        raise SettingError(message)
    return values[name]


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT - 2:
        message = (
            f"PORT must be a number from 1 to {HIGHEST_PORT - 2}: it and the two after it are used."
        )
        raise SettingError(message)
    return int(text)


def _account_sid(text: str) -> str:
    if not re.fullmatch(r"AC[0-9a-f]{32}", text):
        message = "TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits."
        raise SettingError(message)
    return text


def _url(name: str, text: str) -> str:
    parts = _parts(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{name} must be an http or https address."
        raise SettingError(message)
    return text.rstrip("/")


def _parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # looked at only when it is asked for
    except ValueError:
        return None
    return parts


def _database_url(text: str) -> str:
    try:
        known = make_url(text).get_backend_name() in DATABASES
    except ArgumentError:
        known = False
    if not known:
        message = "DATABASE_URL must be an address of SQLite or PostgreSQL."
        raise SettingError(message)
    return text


def _base_url(text: str, *, real: bool) -> str:
    url = _url("PUBLIC_BASE_URL", text)
    parts = urlsplit(url)
    # Twilio's own client mangles user info and IPv6 hosts when it checks a signature.
    if parts.username or parts.query or parts.fragment or ":" in (parts.hostname or ""):
        message = "PUBLIC_BASE_URL must be a plain address: no user, no IPv6 host, no query."
        raise SettingError(message)
    if real and parts.scheme != "https":
        message = "PUBLIC_BASE_URL must be https with a real account."
        raise SettingError(message)
    return url


def _tokens(text: str) -> tuple[str, ...]:
    tokens = tuple(token.strip() for token in text.split(",") if token.strip())
    if not tokens:
        message = "TWILIO_AUTH_TOKEN must hold a token, or several separated by commas."
        raise SettingError(message)
    return tokens


def _secret(text: str) -> str:
    if len(text) < LEAST_SECRET:
        message = f"SECRET_KEY must have {LEAST_SECRET} characters or more."
        raise SettingError(message)
    return text


def _data_keys(text: str) -> str:
    try:
        KeyRing.from_text(text)
    except BadKeys as wrong:
        message = (
            f"DATA_KEYS must be like 1:<32 bytes in base64>,2:…; the last one writes. Here {wrong}."
        )
        raise SettingError(message) from None
    return text


def _locales(text: str | None) -> tuple[str, ...] | None:
    if not text:
        return None
    tags = tuple(tag.strip() for tag in text.split(",") if tag.strip())
    unknown = [tag for tag in tags if tag not in KNOWN_LOCALES]
    if unknown or not tags:
        message = f"LOCALES must be a comma list of {', '.join(KNOWN_LOCALES)}."
        raise SettingError(message)
    return tags


def _one_of(name: str, values: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    value = values.get(name, "")
    if value not in allowed:
        message = f"{name} must be one of: {', '.join(filter(None, allowed))}."
        raise SettingError(message)
    return value


def _simulator(value: str, *, real: bool) -> bool:
    if value == "on" and real:
        message = "SIMULATOR cannot be on with a real account: anybody could place calls."
        raise SettingError(message)
    return value != "off" and not real


def _check_account(settings: Settings, throw_away: Mapping[str, str]) -> None:
    if not settings.has_real_account:
        return
    if settings.secret_key.startswith(THROW_AWAY_PREFIX):
        message = "SECRET_KEY is a throw-away key: a real account needs its own."
        raise SettingError(message)
    if _ring(settings.data_keys) & _ring(throw_away.get("DATA_KEYS", "")):
        message = "DATA_KEYS is a throw-away key: a real account needs its own."
        raise SettingError(message)
    if throw_away.get("TWILIO_AUTH_TOKEN") in settings.twilio_auth_tokens:
        message = "TWILIO_AUTH_TOKEN is a throw-away one: a real account has its own."
        raise SettingError(message)


def _ring(text: str) -> set[str]:
    """Return the keys of a ring without their numbers."""
    return {key for each in text.split(",") if (key := each.strip().partition(":")[2])}
