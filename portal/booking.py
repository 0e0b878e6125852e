"""A held time becomes a visit: once, whole, and with a number to name it by."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from portal import audit, claims, holds, visits
from portal.database import new_id
from portal.hours import local
from portal.records import Appointment, Claim, Clinic, Conversation, Hold
from portal.records.calendar import HOLDS_TIME
from portal.refusal import Refused
from portal.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.access import Access
    from portal.offering import Offer
    from portal.visits import Visit

REFERENCE_DIGITS = 6
# Where so many drawn at random are all in use, nine of ten of them are.
DRAWN = 200
REFERENCE_KEPT = timedelta(days=90)


class NoReferenceError(Exception):
    """Nearly every reference is in use: visits of the past keep theirs for too long."""


def any_reference() -> str:
    """Return six digits at random, with their zeros in front."""
    return f"{secrets.randbelow(10**REFERENCE_DIGITS):0{REFERENCE_DIGITS}}"


def book(
    session: Session,
    access: Access,
    hold_id: UUID,
    *,
    at: datetime,
    draw: Callable[[], str] = any_reference,
) -> Visit:
    """Return the visit that the hold has become, as its row stands, under a reference drawn.

    The same hold confirmed again is the same visit. One that has run out is booked
    all the same while its time can be had. Raises TimeTaken when it cannot, and
    Refused when nothing is held or booked under this key.
    """
    claims.alone(session, access.patient_id)
    conversation = session.get_one(Conversation, access.conversation_id)
    visit = confirmed(session, access, hold_id)
    if visit is None:
        visit = _booked(session, access, conversation, hold_id, draw, at=at)
        audit.record_caller(
            session,
            conversation,
            action="booking.booked",
            entity="appointment",
            entity_id=visit.id,
            patient_id=access.patient_id,
            at=at,
        )
    return visits.told(session, visit, conversation)


def confirmed(session: Session, access: Access, hold_id: UUID) -> Appointment | None:
    """Return the patient's visit whose time was last confirmed from this hold, if it stands."""
    return session.scalar(
        select(Appointment)
        .where(
            Appointment.hold_id == hold_id,
            Appointment.patient_id == access.patient_id,
            Appointment.status.in_(HOLDS_TIME),
        )
        .execution_options(populate_existing=True)
    )


def columns(
    session: Session, offer: Offer, conversation: Conversation, *, at: datetime
) -> dict[str, Any]:
    """Return what a visit's row says of the time that ``conversation`` confirmed at ``at``."""
    starts = local(session.get_one(Clinic, offer.clinic_id), offer.starts_at)
    return {
        "clinician_id": offer.clinician_id,
        "clinic_id": offer.clinic_id,
        "visit_type_id": offer.visit_type_id,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "local_date": starts.date(),
        "local_start": starts.time(),
        "origin": "phone" if conversation.channel == "voice" else "text",
        "as_of": at,
    }


def claim(session: Session, visit: Appointment, held: Hold, *, at: datetime) -> None:
    """Give the visit the held time in exchange for what it had, and let the hold go.

    Raises TimeTaken in the middle of the work: call it inside a savepoint.
    """
    row = {"kind": "appointment", "appointment_id": visit.id, "patient_id": visit.patient_id}
    claims.take(
        session,
        holds.offered(held),
        row,
        gives_up=or_(Claim.appointment_id == visit.id, claims.held_by(held.conversation_id)),
        moves_id=visit.id,
        at=at,
    )
    session.execute(delete(Hold).where(Hold.id == held.id))


def unused_reference(session: Session) -> str:
    """Return a reference that no visit has, for one that staff booked without."""
    for drawn in (any_reference() for _ in range(DRAWN)):
        if session.scalar(select(Appointment.id).where(Appointment.reference == drawn)) is None:
            return drawn
    raise NoReferenceError


def forget_references(session: Session, *, at: datetime) -> int:
    """Return how many visits lost their reference because they ended long ago.

    Six digits would else run out, and whoever names one means a visit to come.
    """
    old = Appointment.ends_at < at - REFERENCE_KEPT
    return len(
        session.scalars(
            update(Appointment)
            .where(old, Appointment.reference.is_not(None))
            .values(reference=None, version=Appointment.version + 1)
            .returning(Appointment.id),
            execution_options={"synchronize_session": False},
        ).all()
    )


def _booked(
    session: Session,
    access: Access,
    conversation: Conversation,
    hold_id: UUID,
    draw: Callable[[], str],
    *,
    at: datetime,
) -> Appointment:
    held = holds.required(session, access, hold_id)
    if held.moves_id is not None:
        raise Refused("booking.hold_gone")
    row = columns(session, holds.offered(held), conversation, at=at)
    with session.begin_nested():
        visit = _inserted(session, draw, patient_id=access.patient_id, hold_id=hold_id, **row)
        claim(session, visit, held, at=at)
    return visit


def _inserted(session: Session, draw: Callable[[], str], **given: Any) -> Appointment:
    for _ in range(DRAWN):
        row = {"id": new_id(), "version": 1, "reference": draw(), **given}
        made = insert(session, Appointment).values(row).on_conflict_do_nothing()
        key = session.scalar(made.returning(Appointment.id))
        if key is not None:
            return session.get_one(Appointment, key)
    raise NoReferenceError
