"""What a caller has chosen is kept until they confirm it, and for a while after a hang-up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select, update

from portal import claims
from portal.database import new_id
from portal.offering import Offer
from portal.records import Claim, Conversation, Hold
from portal.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from portal.access import Access
    from portal.records import Appointment

# Design §5.
HOLD_ON_CALL = timedelta(minutes=3)
HOLD_BY_TEXT = timedelta(minutes=15)
HOLD_AFTER_CALL = timedelta(minutes=10)
# A confirmation that comes late still finds what it is about.
REMEMBERED = timedelta(hours=1)
UNSEEN = {"synchronize_session": False}


def hold(
    session: Session,
    access: Access,
    offer: Offer,
    *,
    moves: Appointment | None = None,
    at: datetime,
) -> Hold:
    """Return the new hold of this conversation, in place of the one that it had.

    ``moves`` is the visit that is to be moved there, as it was read out. Raises
    TimeTaken when the time cannot be had; the conversation then holds what it held.
    """
    claims.alone(session, access.patient_id)
    conversation = session.get_one(Conversation, access.conversation_id)
    kept = Hold(
        id=new_id(),
        patient_id=access.patient_id,
        conversation_id=conversation.id,
        clinician_id=offer.clinician_id,
        clinic_id=offer.clinic_id,
        visit_type_id=offer.visit_type_id,
        moves_id=moves.id if moves else None,
        moves_version=moves.version if moves else None,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        expires_at=at + _lasting(conversation),
    )
    with session.begin_nested():
        session.execute(delete(Hold).where(Hold.conversation_id == conversation.id))
        _claim(session, kept, gives_up=claims.held_by(conversation.id), at=at)
        session.add(kept)
    return kept


def live(session: Session, patient_id: UUID, *, at: datetime) -> Hold | None:
    """Return the newest hold of a patient that has not run out, whichever conversation has it."""
    unexpired = select(Hold).where(Hold.patient_id == patient_id, Hold.expires_at > at)
    return session.scalars(unexpired.order_by(Hold.id.desc()).limit(1)).first()


def of(session: Session, conversation_id: UUID) -> Hold | None:
    """Return the hold of a conversation, whether or not it has run out."""
    return session.scalar(select(Hold).where(Hold.conversation_id == conversation_id))


def offered(held: Hold) -> Offer:
    """Return the visit that is held, as it was offered."""
    return Offer(
        clinician_id=held.clinician_id,
        clinic_id=held.clinic_id,
        visit_type_id=held.visit_type_id,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
    )


def take_over(session: Session, held: Hold, access: Access, *, at: datetime) -> Hold:
    """Return the hold as this conversation's own; its time starts anew.

    What this conversation held itself is let go. Raises TimeTaken when it had run out
    and somebody else came, and Refused when it is no longer there.
    """
    found = required(session, access, held.id)
    conversation = session.get_one(Conversation, access.conversation_id)
    with session.begin_nested():
        mine = Hold.conversation_id == conversation.id
        session.execute(delete(Hold).where(mine, Hold.id != found.id))
        gives_up = or_(claims.held_by(found.conversation_id), claims.held_by(conversation.id))
        found.conversation_id = conversation.id
        found.expires_at = at + _lasting(conversation)
        _claim(session, found, gives_up=gives_up, at=at)
    return found


def required(session: Session, access: Access, hold_id: UUID) -> Hold:
    """Return the patient's hold as it stands now, nobody else acting for the patient meanwhile.

    Raises Refused when it is gone, or is another patient's.
    """
    claims.alone(session, access.patient_id)
    found = session.scalar(
        select(Hold)
        .where(Hold.id == hold_id, Hold.patient_id == access.patient_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise Refused("booking.hold_gone")
    return found


def release(session: Session, held: Hold) -> None:
    """Let go of what was held, so that somebody else may have it."""
    claims.alone(session, held.patient_id)
    _free(session, claims.held_by(held.conversation_id))
    session.execute(delete(Hold).where(Hold.id == held.id))


def lengthen(session: Session, conversation: Conversation, *, at: datetime) -> None:
    """Keep what a call holds for ten minutes from its end; what had run out stays so."""
    until = at + HOLD_AFTER_CALL
    its = and_(Hold.conversation_id == conversation.id, Hold.expires_at > at)
    kept = session.scalar(update(Hold).where(its).values(expires_at=until).returning(Hold.id))
    if kept is not None:
        session.execute(
            update(Claim).where(claims.held_by(conversation.id)).values(expires_at=until),
            execution_options=UNSEEN,
        )


def sweep(session: Session, *, at: datetime) -> int:
    """Return how many openings were freed of holds that have run out.

    The rows of the holds themselves go an hour later. What somebody is just working
    on is left for the next time.
    """
    freed = _free(session, and_(Claim.kind == "hold", Claim.expires_at <= at))
    forgotten = select(Hold.id).where(Hold.expires_at <= at - REMEMBERED)
    session.execute(
        delete(Hold).where(Hold.id.in_(forgotten.with_for_update(skip_locked=True))),
        execution_options=UNSEEN,
    )
    return freed


def _free(session: Session, which: ColumnElement[bool]) -> int:
    # Whoever holds one of them right now takes it away because it has run out.
    found = select(Claim.opening_id).where(which).with_for_update(skip_locked=True)
    gone = delete(Claim).where(Claim.opening_id.in_(found)).returning(Claim.opening_id)
    return len(session.scalars(gone, execution_options=UNSEEN).all())


def _lasting(conversation: Conversation) -> timedelta:
    return HOLD_ON_CALL if conversation.channel == "voice" else HOLD_BY_TEXT


def _claim(session: Session, held: Hold, *, gives_up: ColumnElement[bool], at: datetime) -> None:
    row = {
        "kind": "hold",
        "patient_id": held.patient_id,
        "conversation_id": held.conversation_id,
        "expires_at": held.expires_at,
    }
    offer = offered(held)
    claims.take(session, offer, row, gives_up=gives_up, moves_id=held.moves_id, at=at)
