"""What scripts may want of visits, of held times, and of the claims behind both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.hours import local
from portal.records import (
    Appointment,
    Claim,
    Clinic,
    Clinician,
    Conversation,
    Hold,
    Opening,
    Patient,
    PatientPhone,
    VisitType,
)
from portal.records.calendar import HOLDS_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

WALL = "%Y-%m-%d %H:%M"


def visits_as_seeded(session: Session) -> dict[UUID, str]:
    """Return when each visit is, in its clinic's wall time: what ``was`` compares with."""
    return {visit.id: _wall(session, visit) for visit in session.scalars(select(Appointment))}


@dataclass(frozen=True)
class Seen:
    """A visit or a held time as a row of a script sees it.

    ``was`` is when it was before the script, ``at`` the instant of grading.
    """

    session: Session
    timed: Any
    was: str | None
    at: datetime

    def read(self, name: str) -> Any:
        """Return what stands under this name of the README's, or the column's value."""
        return READS[name](self) if name in READS else getattr(self.timed, name)


READS: dict[str, Callable[[Seen], Any]] = {
    "at": lambda seen: _wall(seen.session, seen.timed),
    "was": lambda seen: seen.was,
    "clinician": lambda seen: seen.session.get_one(Clinician, seen.timed.clinician_id).display,
    "clinic": lambda seen: seen.session.get_one(Clinic, seen.timed.clinic_id).code,
    "kind": lambda seen: seen.session.get_one(VisitType, seen.timed.visit_type_id).code,
    "patient": lambda seen: seen.session.get_one(Patient, seen.timed.patient_id).name,
    "confirmed": lambda seen: seen.timed.confirmed_at is not None,
    "reference": lambda seen: seen.timed.reference is not None,
    "moves": lambda seen: seen.timed.moves_id is not None,
    "live": lambda seen: seen.timed.expires_at > seen.at,
}


def visits_of(session: Session, phone_id: UUID | None) -> list[Appointment]:
    """Return the visits, not over, of those who use this telephone or have been on the line."""
    of_phone = select(PatientPhone.patient_id).where(PatientPhone.phone_id == phone_id)
    on_line = select(Conversation.patient_id).where(Conversation.patient_id.is_not(None))
    whose = Appointment.patient_id.in_(of_phone) | Appointment.patient_id.in_(on_line)
    # What took place before the script is the demo's own, and no script is about it.
    still = select(Appointment).where(whose, Appointment.status != "fulfilled")
    return list(session.scalars(still.order_by(Appointment.starts_at)))


def false_claims(session: Session, at: datetime) -> list[str]:
    """Return every visit and live hold that has not exactly its claims, in words."""
    visits = session.scalars(select(Appointment)).all()
    holds = session.scalars(select(Hold)).all()
    return [*_of_visits(session, visits), *_of_holds(session, holds, at)]


def _of_visits(session: Session, visits: Any) -> Iterator[str]:
    for visit in visits:
        claimed = _openings(session, Claim.appointment_id == visit.id)
        wanted = _covers(claimed, visit) if visit.status in HOLDS_TIME else not claimed
        if not wanted:
            yield f"the visit of {_wall(session, visit)} ({visit.status}) has {len(claimed)} claims"


def _of_holds(session: Session, holds: Any, at: datetime) -> Iterator[str]:
    kept = {hold.conversation_id: hold for hold in holds if hold.expires_at > at}
    for hold in kept.values():
        own = (Claim.kind == "hold") & (Claim.conversation_id == hold.conversation_id)
        # A visit that is to be moved keeps what it has, and the hold needs only the rest.
        moved = (Claim.appointment_id == hold.moves_id) & (Claim.appointment_id.is_not(None))
        inside = (Opening.starts_at >= hold.starts_at) & (Opening.starts_at < hold.ends_at)
        if not _covers(_openings(session, (own | moved) & inside), hold):
            yield f"the hold of {_wall(session, hold)} has not its claims"
    for claim in session.scalars(select(Claim).where(Claim.kind == "hold", Claim.expires_at > at)):
        if claim.conversation_id not in kept:
            yield f"a claim of {claim.starts_at} is of no hold"


def _openings(session: Session, of: Any) -> list[Opening]:
    claimed = select(Opening).join(Claim, Claim.opening_id == Opening.id).where(of)
    return list(session.scalars(claimed.order_by(Opening.starts_at)))


def _covers(openings: list[Opening], timed: Appointment | Hold) -> bool:
    """Return whether openings lie end to end from the beginning to the end of a visit."""
    edges = [timed.starts_at, *(opening.ends_at for opening in openings)]
    follows = [opening.starts_at for opening in openings] == edges[:-1]
    whose = {opening.clinician_id for opening in openings} == {timed.clinician_id}
    return follows and whose and edges[-1] == timed.ends_at


def _wall(session: Session, timed: Appointment | Hold) -> str:
    return local(session.get_one(Clinic, timed.clinic_id), timed.starts_at).strftime(WALL)
