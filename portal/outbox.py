"""What is to go out: a row first, in the transaction that promised it, then the sending.

The row is the truth about a text or call. A drain leases it, looks again whether
it may still go out, and says how it ended; a drain that dies in between leaves an
outcome that nobody knows, which is looked up at the carrier before anything is
sent again. What can never go out becomes a task of a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from portal.answers import prompts_from_data, prompts_to_data
from portal.database import new_id
from portal.records import Delivery, Outbox
from portal.sending import FAILURES, reopen, sent
from portal.upserts import insert

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.answers import Prompt

# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values and
# https://www.twilio.com/docs/voice/api/call-resource#call-status-values
RANKS = {
    **dict.fromkeys(("accepted", "scheduled"), 0),
    "queued": 1,
    **dict.fromkeys(("sending", "initiated"), 2),
    **dict.fromkeys(("sent", "ringing"), 3),
    "in-progress": 4,
    **dict.fromkeys(("delivered", "undelivered", "partially_delivered", "completed"), 5),
    **dict.fromkeys(("failed", "canceled", "busy", "no-answer"), 5),
    "read": 6,
}
LAST_RANK = 5


def enqueue(  # noqa: PLR0913 - one argument for each thing the row must say
    session: Session,
    *,
    kind: str,
    purpose: str,
    phone_id: UUID,
    clinic_id: UUID,
    locale: str,
    dedupe_key: str,
    at: datetime,
    prompts: tuple[Prompt, ...] = (),
    body: dict[str, Any] | None = None,
    conversation_id: UUID | None = None,
    patient_id: UUID | None = None,
    expires_at: datetime | None = None,
    priority: int = 0,
) -> Outbox:
    """Return the row of a ``text`` or ``call`` that goes out from ``at`` on.

    Part of the caller's transaction: nothing is sent that was not committed. The
    same ``dedupe_key`` again gives the row that is there. ``prompts`` are what a
    text says; ``body`` is what else must be known when it goes out. Lower
    priorities go first; after ``expires_at`` it does not go out any more.
    """
    row = {
        "id": new_id(),
        "kind": kind,
        "purpose": purpose,
        "phone_id": phone_id,
        "patient_id": patient_id,
        "clinic_id": clinic_id,
        "conversation_id": conversation_id,
        "locale": locale,
        "dedupe_key": dedupe_key,
        "body": {**(body or {}), "prompts": prompts_to_data(prompts)},
        "available_at": at,
        "expires_at": expires_at,
        "priority": priority,
    }
    session.execute(insert(session, Outbox).values(row).on_conflict_do_nothing())
    return session.scalars(select(Outbox).where(Outbox.dedupe_key == dedupe_key)).one()


def prompts_of(row: Outbox) -> tuple[Prompt, ...]:
    """Return what the text in ``row`` says."""
    return prompts_from_data((row.body or {}).get("prompts", []))


def asked_for(session: Session, outbox_id: UUID, call_sid: str) -> Outbox | None:
    """Return the row of a call that we placed and that was answered; None for any other.

    The carrier's request may come before the drain has written down the call's id.
    """
    row = session.get(Outbox, outbox_id)
    if row is None or row.kind != "call" or row.dead_at is not None:
        return None
    return row if row.provider_sid in {None, call_sid} else None


def record_delivery(
    session: Session,
    *,
    provider_sid: str,
    status: str,
    error_code: str | None = None,
    outbox_id: UUID | None = None,
    at: datetime,
) -> bool:
    """Keep what the carrier reports about something sent; return whether it was ours and new.

    Reports come late, twice and in any order: a report never takes a row back to
    an earlier state, and only the first final one counts. A failure makes the row
    ready again, so that the drain decides what to do about it. ``outbox_id`` is in
    the address of the report, for the case that it is quicker than our own note.
    """
    row = _reported(session, provider_sid, outbox_id)
    if row is None or status not in RANKS:
        return False
    before = _furthest(session, provider_sid)
    report = {"provider_sid": provider_sid, "status": status, "error_code": error_code, "at": at}
    if not _is_new(session, row, report):
        return False
    if row.provider_sid is None:
        sent(session, row, provider_sid, at=at)
    if status in FAILURES and before < LAST_RANK:
        reopen(session, row, error_code or status, at=at)
    return True


def _reported(session: Session, provider_sid: str, outbox_id: UUID | None) -> Outbox | None:
    """Return the row that a report is about: one that lives, locked against other reports.

    A row that has moved on to another sending is not changed by an old one's reports.
    """
    sending = Outbox.provider_sid == provider_sid
    if outbox_id is not None:
        sending = or_(sending, and_(Outbox.id == outbox_id, Outbox.provider_sid.is_(None)))
    found = (
        select(Outbox)
        .where(sending, Outbox.dead_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(found).first()


def _furthest(session: Session, provider_sid: str) -> int:
    statuses = session.scalars(select(Delivery.status).where(Delivery.provider_sid == provider_sid))
    return max((RANKS.get(status, 0) for status in statuses), default=-1)


def _is_new(session: Session, row: Outbox, report: dict[str, Any]) -> bool:
    values = {"id": new_id(), "outbox_id": row.id, **report}
    added = session.scalars(
        insert(session, Delivery).values(values).on_conflict_do_nothing().returning(Delivery.id)
    )
    return added.one_or_none() is not None


def standing(session: Session, row: Outbox) -> str | None:
    """Return the furthest status that the carrier reported about ``row``'s last sending."""
    reports = session.scalars(
        select(Delivery.status)
        .where(Delivery.provider_sid == row.provider_sid)
        .order_by(Delivery.at)
    )
    return max(reports, key=lambda status: RANKS.get(status, 0), default=None)
