"""A visit is given up: its time is free again, and staff know of it when it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from portal import audit, claims, holds, visits
from portal.records import Appointment, Claim, Clinic, Conversation, Hold, StaffTask
from portal.refusal import Refused
from portal.tasks import SOON, open_task

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.access import Access
    from portal.visits import Visit

CANCELLED = "cancelled"
REASONS = ("better", "transport", "time", "other")
"""Why patients do not come: feeling better, no way to get here, a bad time, or none given."""


@dataclass(frozen=True, kw_only=True)
class Cancelled:
    """A visit that is off, and the front desk's task where it was soon to begin."""

    visit: Visit
    task: StaffTask | None


def cancel(
    session: Session, access: Access, appointment_id: UUID, version: int, *, at: datetime
) -> Cancelled:
    """Return the visit as its row stands: off, and its time free for others.

    One that is off already stays as it is. Raises Refused when it has begun by ``at``
    and Changed when it is not what was read out at ``version``; it then stands.
    """
    claims.alone(session, access.patient_id)
    conversation = session.get_one(Conversation, access.conversation_id)
    visit = visits.own(session, access, appointment_id)
    if visit.status == CANCELLED:
        task = session.scalar(select(StaffTask).where(StaffTask.dedupe_key == _key(visit)))
    else:
        _may_cancel(session, access, visit, version, at)
        _take_off(session, conversation, visit, at)
        task = _task(session, conversation, visit, at)
    return Cancelled(visit=visits.told(session, visit, conversation), task=task)


def give_reason(session: Session, access: Access, appointment_id: UUID, reason: str) -> None:
    """Write down why the patient does not come: one of :data:`REASONS`.

    Raises Changed where the visit is not one that is off, with what it is now.
    """
    if reason not in REASONS:
        message = "no reason that is known"
        raise ValueError(message)
    given_up(session, access, appointment_id).cancel_reason = reason
    session.flush()


def given_up(session: Session, access: Access, appointment_id: UUID) -> Appointment:
    """Return the patient's visit that is off, locked.

    Raises Changed where staff have put it on again, or made something else of it.
    """
    visit = visits.own(session, access, appointment_id)
    if visit.status == visits.BOOKED:
        conversation = session.get_one(Conversation, access.conversation_id)
        raise visits.Changed(visits.told(session, visit, conversation))
    if visit.status != CANCELLED:
        raise visits.Changed(None)
    return visit


def _may_cancel(
    session: Session, access: Access, visit: Appointment, version: int, at: datetime
) -> None:
    if visit.starts_at <= at:
        raise Refused("cancelling.begun")
    visits.unchanged(session, access, visit.id, version)


def _take_off(
    session: Session, conversation: Conversation, visit: Appointment, at: datetime
) -> None:
    # The claims go first: while one is there, the database keeps the visit booked.
    session.execute(delete(Claim).where(Claim.appointment_id == visit.id))
    visit.status = CANCELLED
    visit.origin = "phone" if conversation.channel == "voice" else "text"
    visit.as_of = at
    session.flush()
    # Whoever had chosen another time for it does not need that one either.
    for held in session.scalars(select(Hold).where(Hold.moves_id == visit.id)).all():
        holds.release(session, held)
    audit.record_caller(
        session,
        conversation,
        action="cancelling.cancelled",
        entity="appointment",
        entity_id=visit.id,
        patient_id=visit.patient_id,
        at=at,
    )


def _task(
    session: Session, conversation: Conversation, visit: Appointment, at: datetime
) -> StaffTask | None:
    """Return the task to fill the gap, or to see to who stays away; it is due when it begins."""
    clinic = session.get_one(Clinic, visit.clinic_id)
    if at <= visit.starts_at - timedelta(hours=clinic.late_cancel_hours):
        return None
    return open_task(
        session,
        dedupe_key=_key(visit),
        kind="late_cancel",
        pool="front_desk",
        topic="visits",
        priority=SOON,
        patient_id=visit.patient_id,
        conversation_id=conversation.id,
        phone_id=conversation.phone_id,
        clinic_id=clinic.id,
        locale=conversation.locale,
        due_at=visit.starts_at,
        at=at,
    )


def _key(visit: Appointment) -> str:
    return f"late_cancel:{visit.id}"
