"""A repeated webhook gets the stored answer and does nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from portal.records import Idempotency
from portal.upserts import insert

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

KEPT = timedelta(days=2)
"""How long the carrier may still repeat a webhook. A call's own row outlives that."""
FOR_GOOD = timedelta(days=3650)
"""How long a text's id is kept: an old START, captured and sent again, must start nothing."""
EMPTY_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
# The carrier gives a webhook fifteen seconds; a claim older than that belongs to a
# process that died, and whoever delivers it again may take it over.
ABANDONED = timedelta(seconds=15)


@dataclass(frozen=True)
class Claim:
    """What became of claiming an id: it is ours, or it was answered, or it is in flight."""

    ours: bool
    answer: str | None = field(default=None, repr=False)
    conversation_id: UUID | None = None


def claim(
    session: Session,
    scope: str,
    key: str,
    *,
    request_hash: str,
    conversation_id: UUID | None = None,
    kept: timedelta = KEPT,
    at: datetime,
) -> Claim:
    """Claim ``(scope, key)`` for this request; one of several equal requests gets it.

    An abandoned claim is taken over by a conditional update, so that again only
    one wins. The id of the conversation lets :func:`wipe` find the answer later.
    """
    row = {
        "scope": scope,
        "key": key,
        "request_hash": request_hash,
        "status": "claimed",
        "claimed_at": at,
        "expires_at": at + kept,
        "conversation_id": conversation_id,
    }
    if _insert(session, row):
        return Claim(ours=True)
    if _take_over(session, scope, key, at):
        return Claim(ours=True)
    stored = session.get_one(Idempotency, (scope, key), populate_existing=True)
    return Claim(ours=False, answer=stored.answer, conversation_id=stored.conversation_id)


def finish(
    session: Session, scope: str, key: str, answer: str, *, conversation_id: UUID | None = None
) -> None:
    """Store the answer to ``(scope, key)``; every repetition gets these very bytes.

    What was wiped meanwhile, because the conversation ended, stays wiped.
    """
    values = {"status": "done", "answer": answer}
    if conversation_id is not None:
        values["conversation_id"] = conversation_id  # type: ignore[assignment]
    session.execute(
        update(Idempotency)
        .where(Idempotency.scope == scope, Idempotency.key == key, Idempotency.status == "claimed")
        .values(values)
    )


def stored_answer(session: Session, scope: str, key: str) -> str | None:
    """Return the answer to ``(scope, key)``, or None while there is none."""
    row = session.get(Idempotency, (scope, key), populate_existing=True)
    return row.answer if row else None


def wipe(session: Session, conversation_id: UUID) -> None:
    """Empty a conversation's stored answers once it is over.

    The carrier signs no time, so a captured request can be sent again for ever;
    after the call it must fetch nothing about the patient (telephony, replay).
    """
    session.execute(
        update(Idempotency)
        .where(Idempotency.conversation_id == conversation_id)
        .values(answer=EMPTY_ANSWER, status="done")
    )


def forget_expired(session: Session, *, at: datetime) -> None:
    """Delete claims that no carrier will repeat any more."""
    session.execute(delete(Idempotency).where(Idempotency.expires_at < at))


def _insert(session: Session, row: dict[str, object]) -> bool:
    # What comes back tells whether it was inserted: PostgreSQL's count is -1 either way.
    statement = insert(session, Idempotency).values(row).on_conflict_do_nothing()
    return session.scalar(statement.returning(Idempotency.key)) is not None


def _take_over(session: Session, scope: str, key: str, at: datetime) -> bool:
    taken = session.execute(
        update(Idempotency)
        .where(
            Idempotency.scope == scope,
            Idempotency.key == key,
            Idempotency.status == "claimed",
            Idempotency.claimed_at < at - ABANDONED,
        )
        .values(claimed_at=at)
    )
    return taken.rowcount == 1  # type: ignore[attr-defined, no-any-return]
