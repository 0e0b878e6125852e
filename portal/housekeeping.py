"""What the records need done from time to time, whoever does it: ends, expiries, seals."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from portal import conversations, handoff
from portal.database import new_id
from portal.records import Audit, AuditSeal, Conversation, Tick, Turn
from portal.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import StaffTask

# The carrier's own limit on a call is four hours; one that long silent is over, and
# its last webhook was lost.
CALL_IS_OVER = timedelta(hours=4)
EVERY = timedelta(minutes=5)
HOUR = timedelta(hours=1)
# A row has the instant at which its turn began and is there when that ended: an hour
# sealed the moment it was over would look altered by what was still being written.
WRITTEN_WITHIN = timedelta(minutes=5)
GENESIS = b""


def is_due(session: Session, job: str, every: timedelta, *, at: datetime) -> bool:
    """Return whether ``job`` is to be run now, by whoever asks first (one row a period)."""
    seconds = int(every.total_seconds())
    due = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
    row = {"job": job, "due": due, "taken_at": at}
    # What comes back tells whether it was inserted: PostgreSQL's count is -1 either way.
    statement = insert(session, Tick).values(row).on_conflict_do_nothing()
    return session.scalar(statement.returning(Tick.job)) is not None


def end_stale(
    session: Session, *, phone_id: UUID | None = None, at: datetime
) -> list[Conversation]:
    """Return the conversations that are over though nobody said so, ended now.

    All of them, or those of one telephone. Whoever texted and got no answer, because
    a process died over it, is rung back.
    """
    stale = or_(
        and_(
            Conversation.channel == "sms",
            or_(
                Conversation.last_at < at - conversations.TEXT_IDLE,
                Conversation.started_at < at - conversations.TEXT_ABSOLUTE,
            ),
        ),
        Conversation.last_at < at - CALL_IS_OVER,
    )
    # Its turn is being answered right now.
    is_free = or_(Conversation.lease_until.is_(None), Conversation.lease_until < at)
    found = select(Conversation).where(Conversation.ended_at.is_(None), stale, is_free)
    if phone_id is not None:
        found = found.where(Conversation.phone_id == phone_id)
    # Whatever somebody holds is not over either.
    over = session.scalars(found.with_for_update(key_share=True, skip_locked=True)).all()
    for conversation in over:
        promise_unanswered(session, conversation, at=at)
        conversations.end(session, conversation, outcome="expired", at=at)
    return list(over)


def promise_unanswered(
    session: Session, conversation: Conversation, *, at: datetime
) -> StaffTask | None:
    """Return the task to ring back whoever texted and was not answered; None when all were."""
    if conversation.channel != "sms" or not unanswered(session, conversation):
        return None
    return handoff.call_back_task(session, conversation, topic="unanswered_text", at=at)


def unanswered(session: Session, conversation: Conversation) -> Sequence[Turn]:
    """Return the texts that came since the line last said something, oldest first."""
    last = select(func.max(Turn.number)).where(
        Turn.conversation_id == conversation.id, Turn.speaker == "line"
    )
    return conversations.waiting_texts(session, conversation, session.scalar(last) or 0)


def seal_audit(session: Session, *, at: datetime) -> AuditSeal | None:
    """Return the seal over the audit's last whole hours; None when there is nothing to seal.

    A digest over those rows and the seal before: whoever alters the past must alter
    every seal since, and the copies of them in the log (45 CFR 164.312(c)).
    """
    until = (at - WRITTEN_WITHIN).replace(minute=0, second=0, microsecond=0)
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.to_at.desc())).first()
    begin = last.to_at if last else session.scalar(select(func.min(Audit.at)))
    if begin is None or begin >= until:
        return None
    rows = _between(session, begin, until)
    seal = AuditSeal(
        id=new_id(),
        from_at=begin,
        to_at=until,
        row_count=len(rows),
        previous=last.digest if last else None,
        digest=digest(rows, last.digest if last else GENESIS),
        sealed_at=at,
    )
    session.add(seal)
    return seal


def broken_seals(session: Session) -> list[AuditSeal]:
    """Return the seals that no longer fit the rows they were made over."""
    before, broken = GENESIS, []
    for seal in session.scalars(select(AuditSeal).order_by(AuditSeal.from_at)):
        rows = _between(session, seal.from_at, seal.to_at)
        if digest(rows, before) != seal.digest:
            broken.append(seal)
        before = seal.digest
    return broken


def digest(rows: Sequence[Audit], before: bytes) -> bytes:
    """Return the SHA-256 over audit rows, chained to the seal before them."""
    hashed = hashlib.sha256(before)
    for row in rows:
        hashed.update(json.dumps(_plain(row), sort_keys=True, default=str).encode())
    return hashed.digest()


def _plain(row: Audit) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in Audit.__table__.columns}


def _between(session: Session, begin: datetime, until: datetime) -> Sequence[Audit]:
    return session.scalars(
        select(Audit).where(Audit.at >= begin, Audit.at < until).order_by(Audit.at, Audit.id)
    ).all()
