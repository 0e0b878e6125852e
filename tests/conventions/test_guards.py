"""Nobody but the carrier sends a webhook, and what anybody may ask is said by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app import create_app
from settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Engine

FOR_ANYBODY = {
    "simulator": "a telephone to try the line with; never there with a real account",
    "simulator.carrier": "asks the account's own token of each request, as the carrier does",
}
OPEN_ADDRESSES = {"/health", "/ready"}
ADDRESS = {"clinic": "main", "locale": "en-US", "turn": "1", "asked": str(uuid4())}


@pytest.fixture
def app(demo_database: Engine, tmp_path: Path) -> Flask:
    """Return the web process's application as it is with a throw-away account."""
    env = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": str(demo_database.url),
        "SECRET_KEY": "s" * 32,
        "DATA_KEYS": "1:" + "A" * 43 + "=",
        "TWILIO_AUTH_TOKEN": "t" * 32,
    }
    return create_app(Settings.from_env(env))


def test_every_blueprint_has_a_guard_or_is_public_by_name(app: Flask) -> None:
    """A blueprint without a check before it is one that somebody has thought about."""
    guards = app.extensions["guards"]
    unguarded = {name for name in app.blueprints if guards.get(name) is None}
    assert unguarded == set(FOR_ANYBODY)


def test_an_address_of_no_blueprint_is_one_of_two(app: Flask) -> None:
    """Guards hang on blueprints: outside of them there is only how the process is."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if "." not in rule.endpoint}
    assert rules == OPEN_ADDRESSES


def test_every_webhook_refuses_what_the_carrier_did_not_sign(app: Flask) -> None:
    """Each address of the channels, called as anybody could."""
    rules = [r.rule for r in app.url_map.iter_rules() if r.endpoint.startswith(("voice.", "sms."))]
    client = app.test_client()
    answers = {rule: client.post(_address(rule)).status_code for rule in rules}
    assert answers
    assert set(answers.values()) == {403}, answers


def test_a_webhook_is_a_post(app: Flask) -> None:
    """What is fetched by GET stands with its parameters in the carrier's logs."""
    rules = [r for r in app.url_map.iter_rules() if r.endpoint.startswith(("voice.", "sms."))]
    assert [rule.rule for rule in rules if (rule.methods or set()) - {"POST", "OPTIONS"}] == []


def test_an_address_of_a_call_carries_nothing_about_anybody(app: Flask) -> None:
    """Addresses stand in logs: clinic, language, turn, and a row of the outbox."""
    rules = [r for r in app.url_map.iter_rules() if r.endpoint.startswith(("voice.", "sms."))]
    assert {name for rule in rules for name in rule.arguments} <= set(ADDRESS)


def _address(rule: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: ADDRESS[part[1]], rule)
