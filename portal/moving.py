"""A visit gets another time: the old one stands until the new one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import audit, claims, holds, visits
from portal.booking import claim, columns, confirmed, unused_reference
from portal.records import Conversation
from portal.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.access import Access
    from portal.records import Appointment
    from portal.visits import Visit


def move(session: Session, access: Access, hold_id: UUID, *, at: datetime) -> Visit:
    """Return the visit at the time that was held for it, as its row stands.

    It stays the same visit, with its reference; the clinician, the clinic and the
    kind of visit become those of the hold, and nobody has confirmed it yet. The same
    hold confirmed again is the same move. Raises TimeTaken when the time cannot be had
    and Changed when the visit is not what was read out; the old time then stands.
    Raises Refused when nothing is held for a move under this key, or the visit has begun.
    """
    claims.alone(session, access.patient_id)
    conversation = session.get_one(Conversation, access.conversation_id)
    visit = confirmed(session, access, hold_id)
    if visit is None:
        visit = _moved(session, access, conversation, hold_id, at)
        audit.record_caller(
            session,
            conversation,
            action="moving.moved",
            entity="appointment",
            entity_id=visit.id,
            patient_id=access.patient_id,
            at=at,
        )
    return visits.told(session, visit, conversation)


def _moved(
    session: Session, access: Access, conversation: Conversation, hold_id: UUID, at: datetime
) -> Appointment:
    held = holds.required(session, access, hold_id)
    if held.moves_id is None or held.moves_version is None:
        raise Refused("booking.hold_gone")
    visit = visits.unchanged(session, access, held.moves_id, held.moves_version)
    if visit.starts_at <= at:
        raise Refused("confirming.begun")
    # All of it is asked for first: a question in between would write the row twice.
    row = columns(session, holds.offered(held), conversation, at=at)
    reference = visit.reference or unused_reference(session)
    with session.begin_nested():
        claim(session, visit, held, at=at)
        for name, value in row.items():
            setattr(visit, name, value)
        visit.reference = reference
        visit.confirmed_at = None
        visit.hold_id = hold_id
    return visit
