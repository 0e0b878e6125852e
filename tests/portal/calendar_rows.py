"""A clinician's morning: the rows that the tests of claims stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from portal import testing
from portal.database import new_id, transaction
from portal.records import Appointment, Claim, Opening, VisitType
from portal.testing import NOON

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

FIRST = datetime(2026, 6, 16, 9, 0, tzinfo=ZoneInfo("America/New_York"))
ATOM = timedelta(minutes=15)


@dataclass
class Morning:
    """Four hours of one clinician in atoms of a quarter of an hour, and some patients."""

    clinic_id: UUID
    clinician_id: UUID
    visit_type_id: UUID
    openings: list[UUID]
    patients: list[UUID]
    call_id: UUID

    def visit(self, session: Session, patient: int, start: int, atoms: int = 1) -> UUID:
        """Return the id of a booked visit that claims ``atoms`` openings from ``start`` on."""
        key = self.appointment(session, patient, start, atoms)
        for place in range(start, start + atoms):
            self.claim(session, place, appointment_id=key, patient_id=self.patients[patient])
        return key

    def appointment(self, session: Session, patient: int, start: int, atoms: int = 1) -> UUID:
        """Return the id of a booked visit without its claims."""
        key = new_id()
        starts_at = FIRST + start * ATOM
        session.add(
            Appointment(
                id=key,
                patient_id=self.patients[patient],
                clinician_id=self.clinician_id,
                clinic_id=self.clinic_id,
                visit_type_id=self.visit_type_id,
                starts_at=starts_at,
                ends_at=starts_at + atoms * ATOM,
                local_date=starts_at.date(),
                local_start=starts_at.time(),
                origin="phone",
                as_of=NOON,
            )
        )
        session.flush()
        return key

    def claim(self, session: Session, place: int, **given: Any) -> None:
        """Write the claim of one opening."""
        values = {
            "opening_id": self.openings[place],
            "starts_at": FIRST + place * ATOM,
            "kind": "appointment",
            **given,
        }
        session.execute(insert(Claim).values(values))


def morning(patients: int = 2) -> Morning:
    """Return a morning, committed to the bound database."""
    with transaction() as session:
        clinic = testing.clinic(session)
        clinician = testing.clinician(session)
        people = [testing.patient(session, clinic) for _ in range(patients)]
        call = testing.conversation(session, clinic)
        kind = testing.add(
            session, VisitType(id=new_id(), code="any", name_key="visits.any", minutes=15)
        )
        openings = [opening(session, clinic.id, clinician.id, place) for place in range(16)]
        return Morning(
            clinic.id, clinician.id, kind.id, openings, [each.id for each in people], call.id
        )


def opening(session: Session, clinic_id: UUID, clinician_id: UUID, place: int) -> UUID:
    """Return the id of a new opening, so many atoms after nine o'clock."""
    starts_at = FIRST + place * ATOM
    made = Opening(
        id=new_id(),
        clinician_id=clinician_id,
        clinic_id=clinic_id,
        starts_at=starts_at,
        ends_at=starts_at + ATOM,
        local_date=starts_at.date(),
        local_start=starts_at.time(),
    )
    return testing.add(session, made).id
