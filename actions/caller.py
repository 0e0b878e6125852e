"""Who is on the line and where: what every step of a flow needs of the records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal import clinicians
from portal.access import IdentityNeeded, access_for
from portal.hours import local
from portal.records import Appointment, Clinic, ClinicHours, Patient

if TYPE_CHECKING:
    from datetime import datetime, time
    from uuid import UUID

    from actions.base import Turn
    from portal.access import Access
    from portal.offering import Offer
    from portal.records import Clinician, Hold

CALL_LEVEL = 2
TEXT_LEVEL = 1


@dataclass(frozen=True)
class Caller:
    """A caller who has proved who they are, in the middle of a turn."""

    turn: Turn
    access: Access

    @classmethod
    def of(cls, turn: Turn) -> Caller:
        """Return the caller; raises IdentityNeeded where the proof is missing.

        For a patient about whom nothing may stand in a text, no proof by text is enough.
        """
        level = CALL_LEVEL if turn.is_call else TEXT_LEVEL
        caller = cls(turn, access_for(turn.session, turn.conversation.id, level=level))
        if not turn.is_call and (caller.patient.text_level == 0 or caller.patient.safe_contact):
            raise IdentityNeeded(CALL_LEVEL)
        return caller

    @cached_property
    def patient(self) -> Patient:
        """Return the patient whose visits these are."""
        return self.turn.session.get_one(Patient, self.access.patient_id)

    @cached_property
    def clinic(self) -> Clinic:
        """Return the patient's own clinic, whichever number was called."""
        return self.turn.session.get_one(Clinic, self.patient.clinic_id)

    @cached_property
    def bookable(self) -> list[tuple[Clinician, Clinic]]:
        """Return who can be booked and where, at the patient's own clinic first."""
        return clinicians.bookable(self.turn.session, clinic_id=self.clinic.id, at=self.turn.at)

    def wall(self, of: Offer | Hold | Appointment) -> datetime:
        """Return when something begins, in the zone of its own clinic."""
        return local(self.turn.session.get_one(Clinic, of.clinic_id), of.starts_at)

    def visit_starts(self, key: UUID) -> datetime:
        """Return when a visit begins, in the zone of its clinic."""
        return self.wall(self.turn.session.get_one(Appointment, key))

    @property
    def now(self) -> datetime:
        """Return the wall time at the patient's clinic, without a zone."""
        return local(self.clinic, self.turn.at).replace(tzinfo=None)

    @cached_property
    def hours(self) -> tuple[time, time] | None:
        """Return the earliest opening and the latest closing of the clinic's week, if any."""
        row = self.turn.session.execute(
            select(func.min(ClinicHours.opens), func.max(ClinicHours.closes)).where(
                ClinicHours.clinic_id == self.clinic.id
            )
        ).one()
        return (row[0], row[1]) if row[0] is not None else None
