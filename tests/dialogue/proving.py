"""Calls on their way through a proof, for the tests of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.database import transaction
from portal.outbox import prompts_of
from portal.records import Patient
from tests.dialogue.talk import (
    BORN,
    HUGHES,
    RESULTS,
    Talk,
    called,
    outbox,
)

if TYPE_CHECKING:
    from dialogue import Reply


WRONG_PIN, NEW_PIN, UNKNOWN_DATE = "730265", "820461", "06051950"
ASK_DATE, ASK_PIN = ["identity.ask_birth_date"], ["identity.ask_pin"]
ASK_NEW_PIN = ["identity.proved", "identity.ask_new_pin"]
HUGHES_RESULTS = [
    "results.intro",
    "results.not_back",
    "results.normal",
    "results.note_keep_habits",
]
PERSON = ["identity.no_match", "handoff.transferring"]


def at_pin(number: str | None = HUGHES, born: str = BORN) -> Talk:
    """Return a call that has been asked for its PIN."""
    call = called(number)
    if call.state.step == "language":
        call.press("1")
    call.say(RESULTS)
    call.press(born)
    return call


def at_other_ways(number: str = HUGHES, born: str = BORN) -> Talk:
    """Return a call that has been offered a code or a call back."""
    call = at_pin(number, born)
    call.press("1")
    return call


def values(reply: Reply) -> list[str | None]:
    """Return the values of the choices that were offered."""
    return [choice.value for choice in reply.choices]


def code() -> str:
    """Return the code that waits to be texted."""
    (text,) = [row for row in outbox() if row.kind == "text"]
    return str(prompts_of(text)[0].details["code"])


def patient(born: str) -> Patient:
    """Return the patient of the demo born on that day."""
    with transaction(read_only=True) as session:
        return next(p for p in session.scalars(select(Patient)) if p.birth_date == born)


def at_new_pin() -> Talk:
    """Return a call that was proved by a code and asked for a new PIN."""
    call = at_other_ways()
    call.press("1")
    call.press(code())
    return call
