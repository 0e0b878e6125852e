"""Calls and text sessions: their rows, their turns, and who may take the next turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, update

from portal import holds, idempotency
from portal.database import new_id
from portal.encryption import ring
from portal.records import Clinic, Conversation, Phone, Turn
from portal.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

# Longer than any turn may take (time-outs of design §4.10), so that a lease only
# runs out when its holder died.
LEASE = timedelta(seconds=12)
TEXT_IDLE = timedelta(minutes=10)
TEXT_ABSOLUTE = timedelta(minutes=30)
# Rows that point to it may be written meanwhile: only its own changes have to wait.
HELD = {"key_share": True}


def clinic_for(session: Session, number: str | None) -> Clinic:
    """Return the clinic whose number was called; an unknown number means the first."""
    called = session.scalar(select(Clinic).where(Clinic.phone == number)) if number else None
    return called or session.scalars(select(Clinic).order_by(Clinic.code)).first()  # type: ignore[return-value]


def clinic_coded(session: Session, code: str) -> Clinic:
    """Return the clinic with ``code``, or the first one when there is none."""
    coded = session.scalar(select(Clinic).where(Clinic.code == code))
    return coded or clinic_for(session, None)


def phone_for(session: Session, e164: str | None, *, at: datetime) -> Phone | None:
    """Return the row of a telephone number, made when it is new; None when hidden."""
    return phone_with(session, e164, at=at) if e164 else None


def phone_with(session: Session, e164: str, *, at: datetime) -> Phone:
    """Return the row of a telephone number, made when it is new."""
    index = ring().blind_index("phone", e164)
    found = session.scalar(select(Phone).where(Phone.e164_bidx == index))
    if found is not None:
        return found
    row = {"id": new_id(), "e164": e164, "e164_bidx": index, "created_at": at}
    session.execute(insert(session, Phone).values(row).on_conflict_do_nothing())
    return session.scalars(select(Phone).where(Phone.e164_bidx == index)).one()


def open_call(
    session: Session,
    *,
    provider_sid: str,
    clinic: Clinic,
    phone: Phone | None,
    locale: str,
    direction: str = "inbound",
    at: datetime,
) -> Conversation:
    """Return the row of a call, made when it is new; its first turn is number 1.

    The carrier may deliver the start of a call twice at once: one row comes of it.
    """
    known = call_with(session, provider_sid)
    return known or _open(
        session,
        channel="voice",
        direction=direction,
        provider_sid=provider_sid,
        clinic_id=clinic.id,
        phone_id=phone.id if phone else None,
        locale=locale,
        at=at,
    )


def call_with(session: Session, provider_sid: str) -> Conversation | None:
    """Return the call that the carrier knows by ``provider_sid``."""
    return session.scalar(select(Conversation).where(Conversation.provider_sid == provider_sid))


def held(session: Session, conversation_id: UUID) -> Conversation:
    """Return the conversation as it stands now, held against other changes until the commit.

    Without that PostgreSQL lets two read it and refuses what the second one writes: a
    text that came just then would be lost. SQLite has one writer anyway.
    """
    # Not session.get, which refuses a row that has changed since this session read it.
    return session.scalars(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def text_session(
    session: Session, *, clinic: Clinic, phone: Phone, locale: str, first_sid: str, at: datetime
) -> Conversation:
    """Return the open text session between a phone and a clinic, or a new one.

    A session ends when it was idle for ten minutes or is half an hour old
    (telephony §3.8): a handset changes hands.
    """
    current = session.scalars(
        select(Conversation)
        .where(
            Conversation.channel == "sms",
            Conversation.phone_id == phone.id,
            Conversation.clinic_id == clinic.id,
            Conversation.ended_at.is_(None),
        )
        .order_by(Conversation.started_at.desc())
        .with_for_update(key_share=True)
    ).first()
    if current and current.last_at > at - TEXT_IDLE and current.started_at > at - TEXT_ABSOLUTE:
        return current
    if current:
        end(session, current, outcome=current.outcome or "expired", at=at)
    return _open(
        session,
        channel="sms",
        direction="inbound",
        provider_sid=f"text:{first_sid}",
        clinic_id=clinic.id,
        phone_id=phone.id,
        locale=locale,
        at=at,
    )


def with_text(session: Session, provider_sid: str) -> Conversation | None:
    """Return the conversation in which the carrier's text ``provider_sid`` is written down."""
    return session.scalar(
        select(Conversation)
        .join(Turn, Turn.conversation_id == Conversation.id)
        .where(Turn.provider_sid == provider_sid)
    )


def _open(session: Session, *, provider_sid: str, at: datetime, **values: Any) -> Conversation:
    row = {
        "id": new_id(),
        "provider_sid": provider_sid,
        "started_at": at,
        "last_at": at,
        "version": 1,  # what the unit of work would begin to count from
        **values,
    }
    session.execute(insert(session, Conversation).values(row).on_conflict_do_nothing())
    return session.scalars(
        select(Conversation).where(Conversation.provider_sid == provider_sid)
    ).one()


def take_lease(session: Session, conversation_id: UUID, holder: str, *, at: datetime) -> bool:
    """Return whether ``holder`` may now take this conversation's turn.

    One conditional UPDATE: Rasa's own lock let two turns in at once (25 of 100).
    """
    taken = session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            or_(Conversation.lease_until.is_(None), Conversation.lease_until < at),
        )
        .values(lease_until=at + LEASE, lease_by=holder)
        .execution_options(synchronize_session=False)
    )
    return taken.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def release_lease(conversation: Conversation) -> None:
    """Let the next turn in."""
    conversation.lease_until = None
    conversation.lease_by = None


def end(session: Session, conversation: Conversation, *, outcome: str, at: datetime) -> None:
    """Close a conversation: what it proved, was in the middle of, and answered is gone.

    What a call had chosen is kept for a while, so that whoever was cut off may go on.
    """
    if conversation.channel == "voice" and conversation.ended_at is None:
        holds.lengthen(session, conversation, at=at)
    conversation.ended_at = at
    conversation.outcome = conversation.outcome or outcome
    conversation.assurance = 0
    conversation.state = {}
    idempotency.wipe(session, conversation.id)


def write_turn(session: Session, conversation: Conversation, *, number: int, **values: Any) -> Turn:
    """Return the new row of one thing heard or said."""
    turn = Turn(id=new_id(), conversation_id=conversation.id, number=number, **values)
    session.add(turn)
    return turn


def waiting_texts(session: Session, conversation: Conversation, after: int) -> Sequence[Turn]:
    """Return the texts that came while the lease was held, oldest first."""
    return session.scalars(
        select(Turn)
        .where(
            Turn.conversation_id == conversation.id,
            Turn.speaker == "caller",
            Turn.number > after,
        )
        .order_by(Turn.number)
    ).all()
