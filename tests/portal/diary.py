"""One proved patient, whose visits a test writes, hears, and changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from portal import testing, visits
from portal.access import Access
from portal.database import new_id
from portal.hours import local
from portal.records import Appointment, Audit, Claim, Clinic, Clinician, Opening, VisitType
from portal.testing import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.records import Conversation, Patient

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ATOM = timedelta(minutes=15)
SOON = NOON + 7 * DAY


class Diary:
    """A patient of a clinic, on a call that has proved who they are."""

    def __init__(self, session: Session, *, channel: str = "voice", **of_clinic: Any) -> None:
        """Make the patient, a clinician, a kind of visit, and the call."""
        self.session = session
        self.clinic: Clinic = testing.clinic(session, **of_clinic)
        self.clinician: Clinician = testing.clinician(session)
        self.kind = self.visit_type()
        self.phone = testing.phone(session)
        self.patient: Patient = testing.patient(session, self.clinic, self.phone)
        self.call: Conversation = testing.conversation(
            session,
            self.clinic,
            self.phone,
            channel=channel,
            patient_id=self.patient.id,
            assurance=2,
        )
        self.access = self.access_of(self.patient)

    def access_of(self, patient: Patient) -> Access:
        """Return the proof of a patient in this conversation."""
        return Access(patient_id=patient.id, conversation_id=self.call.id, level=2)

    def visit_type(self, **given: Any) -> VisitType:
        """Return a kind of visit."""
        values = {"code": new_id().hex, "name_key": "visits.type_check_up", "minutes": 15}
        return testing.add(self.session, VisitType(id=new_id(), **{**values, **given}))

    def visit(self, starts_at: datetime = SOON, **given: Any) -> Appointment:
        """Return a visit of a quarter of an hour, with its claim if it is booked."""
        wall = local(self.clinic, starts_at)
        values: dict[str, Any] = {
            "patient_id": self.patient.id,
            "clinician_id": self.clinician.id,
            "clinic_id": self.clinic.id,
            "visit_type_id": self.kind.id,
            "status": "booked",
            "starts_at": starts_at,
            "ends_at": starts_at + ATOM,
            "local_date": wall.date(),
            "local_start": wall.time(),
            "origin": "desk",
            "as_of": NOON,
        }
        row = testing.add(self.session, Appointment(id=new_id(), **{**values, **given}))
        self.session.refresh(row)
        if row.holds_time:
            self._claim(row)
        return row

    def _claim(self, visit: Appointment) -> None:
        opening = testing.add(
            self.session,
            Opening(
                id=new_id(),
                clinician_id=visit.clinician_id,
                clinic_id=visit.clinic_id,
                starts_at=visit.starts_at,
                ends_at=visit.ends_at,
                local_date=visit.local_date,
                local_start=visit.local_start,
            ),
        )
        claim = {
            "opening_id": opening.id,
            "starts_at": visit.starts_at,
            "kind": "appointment",
            "appointment_id": visit.id,
            "patient_id": visit.patient_id,
        }
        self.session.execute(insert(Claim).values(claim))

    def heard(self, at: datetime = NOON) -> list[visits.Visit]:
        """Return the visits that the patient hears of."""
        return visits.upcoming(self.session, self.access, at=at)

    def claims(self) -> int:
        """Return how many openings are taken."""
        return len(self.session.scalars(select(Claim.opening_id)).all())

    def traced(self) -> list[tuple[str, str | None]]:
        """Return what the audit says was done, and to which row."""
        self.session.flush()
        rows = self.session.scalars(select(Audit).order_by(Audit.id))
        return [(row.action, row.entity_id) for row in rows]
