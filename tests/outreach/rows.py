"""Rows of the outbox, and outreach at work on them with a clock that can be set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from carrier.testing import RecordingCarrier, Taken
from outreach.drain import Drain
from portal import testing
from portal.answers import Prompt
from portal.database import transaction
from portal.outbox import enqueue, record_delivery
from portal.records import Outbox, Phone, StaffTask

BASE = "https://line.clinic.example"
HOUR = timedelta(hours=1)
CODE = Prompt(name="identity.code_text", details={"clinic": "Oak Street Clinic", "code": "730264"})
NOTICE = Prompt(name="results.text_message", details={"phone": "+12125550001"})


class ProcessDied(BaseException):
    """What no handler of the drain catches, as a killed process is not."""


@dataclass
class Outreach:
    """A drain, its carrier, and a clock that can be set."""

    carrier: RecordingCarrier = field(default_factory=RecordingCarrier)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    base: str = BASE

    def drain(self, holder: str = "drain") -> Drain:
        """Return a drain on this clock."""
        return Drain(self.carrier, self.base, holder, lambda: self.now)

    def works(self) -> int:
        """Drain until nothing is ready; return how many rows were dealt with."""
        done = 0
        while self.drain().once():
            done += 1
        return done

    def waits(self, time: timedelta) -> None:
        """Let time pass."""
        self.now += time


def asked(outreach: Outreach, **given: Any) -> Outbox:
    """Return a committed row: a text to a patient's telephone, unless something else is said."""
    with transaction() as session:
        clinic = testing.clinic(session, code=f"c{uuid4().hex[:6]}", phone=_number())
        number = given.pop("number", None) or testing.phone(session)
        patient_given = given.pop("patient", {})
        testing.patient(session, clinic, number, **patient_given)
        values: dict[str, Any] = {
            "kind": "text",
            "purpose": "identity",
            "locale": "en-US",
            "prompts": (CODE,),
            "phone_id": number.id,
            "clinic_id": clinic.id,
            "dedupe_key": uuid4().hex,
            "at": outreach.now,
            **given,
        }
        return enqueue(session, **values)


def _number() -> str:
    return f"+1212555{uuid4().int % 9000 + 1000}"


def again(row: Outbox) -> Outbox:
    """Return the row as it stands now."""
    with transaction(read_only=True) as session:
        return session.get_one(Outbox, row.id)


def e164_of(row: Outbox) -> str:
    """Return the number that the row is for."""
    with transaction(read_only=True) as session:
        return session.get_one(Phone, row.phone_id).e164


def tasks() -> list[tuple[str, str]]:
    """Return kind and topic of every task."""
    with transaction(read_only=True) as session:
        return [(each.kind, each.topic or "") for each in session.scalars(select(StaffTask))]


def reported(taken: Taken, status: str, code: str | None = None, *, at: datetime) -> None:
    """Let the carrier report about something it took."""
    outbox_id = taken.status_url.partition("outbox=")[2]
    with transaction() as session:
        record_delivery(
            session,
            provider_sid=taken.sid,
            status=status,
            error_code=code,
            outbox_id=UUID(outbox_id),
            at=at,
        )
