"""What is keyed in a proof is kept nowhere, and shown to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal.testing import NOON
from tests.dialogue.talk import (
    BORN,
    RESULTS,
    Talk,
    called,
    everything,
    tasks,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

from tests.dialogue.proving import NEW_PIN, PERSON, UNKNOWN_DATE, WRONG_PIN, at_pin, code

pytestmark = pytest.mark.usefixtures("demo_database")


def _a_call_full_of_secrets() -> Talk:
    call = at_pin()
    call.press(WRONG_PIN)
    call.press("1")
    call.press(BORN)
    call.press("1")
    call.press("1")
    call.press(code())
    call.press(NEW_PIN)
    call.press(NEW_PIN)
    return call


def test_no_secret_is_in_any_column_of_any_table() -> None:
    assert _a_call_full_of_secrets().names[0] == "identity.pin_set"
    kept = everything()
    assert [s for s in (BORN, WRONG_PIN, NEW_PIN) if s in kept] == []
    assert kept.count("1948-11-21") == 1  # the patient's own, which is encrypted
    assert code() not in everything("outbox")


def test_no_secret_can_be_read_in_the_database_file(demo_database: Engine) -> None:
    _a_call_full_of_secrets()
    sent = code()
    assert demo_database.url.database
    files = Path(demo_database.url.database).parent.glob("portal.db*")
    raw = b"".join(path.read_bytes() for path in files)
    assert [s for s in (BORN, "1948-11-21", WRONG_PIN, NEW_PIN, sent) if s.encode() in raw] == []


def test_no_secret_is_logged(capfd: pytest.CaptureFixture[str]) -> None:
    _a_call_full_of_secrets()
    logged = "".join(capfd.readouterr())
    assert [s for s in (BORN, WRONG_PIN, NEW_PIN, code()) if s in logged] == []


def test_no_secret_reaches_the_model() -> None:
    call = _a_call_full_of_secrets()
    asked = repr([vars(question) for question in call.rasa.asked])
    for secret in (BORN, WRONG_PIN, NEW_PIN, code(), "1948"):
        assert secret not in asked


def test_of_a_secret_the_transcript_keeps_that_it_came() -> None:
    at_pin().press("73*")
    kept = everything()
    assert "••••••••" in kept
    assert "••*" in kept


def test_a_lock_of_the_telephone_is_told_before_anything_is_asked() -> None:
    for _ in range(4):
        call = at_pin(born=UNKNOWN_DATE)
        for _ in range(3):
            call.press(WRONG_PIN)
            call.press("1")
            call.press(UNKNOWN_DATE)
    assert called().say(RESULTS) == PERSON


def test_a_lock_while_the_clinic_is_closed_ends_in_a_promise() -> None:
    call = at_pin()
    call.clock.at = NOON.replace(hour=23)
    for _ in range(2):
        call.press(WRONG_PIN)
        call.press("1")
        call.press(BORN)
    assert call.press(WRONG_PIN)[:3] == [
        "identity.no_match",
        "handoff.closed",
        "handoff.call_back",
    ]
    assert [task.topic for task in tasks()] == ["identity"]
