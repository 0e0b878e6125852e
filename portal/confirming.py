"""A patient says that they will come: the visit is marked as confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import audit, claims, visits
from portal.records import Conversation
from portal.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.access import Access
    from portal.records import Appointment
    from portal.visits import Visit


def confirm(
    session: Session, access: Access, appointment_id: UUID, version: int, *, at: datetime
) -> Visit:
    """Return the visit as its row stands: confirmed at ``at``, or before.

    Raises Refused when it has begun by ``at`` and Changed when it is not what was read
    out at ``version``; nothing is then confirmed.
    """
    claims.alone(session, access.patient_id)
    conversation = session.get_one(Conversation, access.conversation_id)
    visit = visits.own(session, access, appointment_id)
    if visit.starts_at <= at:
        raise Refused("confirming.begun")
    if not _is_done(visit, version):
        visits.unchanged(session, access, visit.id, version)
        _mark(session, conversation, visit, at)
    return visits.told(session, visit, conversation)


def _is_done(visit: Appointment, version: int) -> bool:
    """Return whether all that was done to the visit since is that it was confirmed."""
    is_confirmed = visit.status == visits.BOOKED and visit.confirmed_at is not None
    return is_confirmed and visit.version in {version, version + 1}


def _mark(session: Session, conversation: Conversation, visit: Appointment, at: datetime) -> None:
    visit.confirmed_at = at
    visit.origin = "phone" if conversation.channel == "voice" else "text"
    visit.as_of = at
    session.flush()
    audit.record_caller(
        session,
        conversation,
        action="confirming.confirmed",
        entity="appointment",
        entity_id=visit.id,
        patient_id=visit.patient_id,
        at=at,
    )
