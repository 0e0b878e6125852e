"""Sending what is in the outbox: one drain has a row at a time, and says how it ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, or_, select, update

from portal.records import Clinic, Delivery, Outbox
from portal.tasks import ANSWERED_WITHIN, NORMAL, open_task

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from portal.records import StaffTask

CODE = "identity"
"""The purpose of a text that carries a one-time code."""

# Longer than a sending may take with all its time-outs, so that a lease only runs
# out when its holder died.
LEASE = timedelta(seconds=90)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 12
MILLISECONDS_START = 80
"""Below this bit of a version 7 UUID (RFC 9562 §5.7) there is no time."""

UNKNOWN = "unknown"
"""``last_error`` of a row that may or may not have gone out."""
UNDELIVERED = "undelivered:"
"""How ``last_error`` begins where the carrier took a row and could not deliver it."""
FAILURES = frozenset({"undelivered", "failed", "canceled", "busy", "no-answer"})
"""The statuses with which the carrier says that something did not arrive."""


def is_any_ready(session: Session, at: datetime) -> bool:
    """Return whether there is something to claim; it takes no lock."""
    return session.scalars(select(Outbox.id).where(_is_ready(at)).limit(1)).first() is not None


def claim(session: Session, holder: str, *, at: datetime) -> Outbox | None:
    """Return the next row that may go out, leased to ``holder``; None when there is none.

    A row whose former holder never said how it ended has the error ``unknown``.
    """
    ready = (
        select(Outbox.id)
        .where(_is_ready(at))
        .order_by(Outbox.priority, Outbox.available_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = session.scalars(
        update(Outbox)
        .where(Outbox.id == ready.scalar_subquery(), _is_ready(at))
        .values(
            lease_until=at + LEASE,
            lease_by=holder,
            attempts=Outbox.attempts + 1,
            last_error=case((Outbox.lease_by.is_not(None), UNKNOWN), else_=Outbox.last_error),
        )
        .returning(Outbox)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return taken.one_or_none()


def _is_ready(at: datetime) -> ColumnElement[bool]:
    return and_(
        Outbox.done_at.is_(None),
        Outbox.dead_at.is_(None),
        Outbox.available_at <= at,
        or_(Outbox.lease_until.is_(None), Outbox.lease_until < at),
    )


def sent(
    session: Session, row: Outbox, provider_sid: str, *, segments: int | None = None, at: datetime
) -> None:
    """Say that the carrier took ``row``, and knows it as ``provider_sid``.

    The carrier's own report may have been quicker; then it stands.
    """
    values = _at_the_end(row, done_at=at, provider_sid=provider_sid, last_error=None)
    not_known_yet = or_(Outbox.provider_sid.is_(None), Outbox.provider_sid != provider_sid)
    _set(session, row, not_known_yet, **values)
    if segments is not None:
        _set(session, row, segments=segments)


def reopen(session: Session, row: Outbox, why: str, *, at: datetime) -> None:
    """Let a row that was sent be looked at again: the carrier could not deliver it."""
    _set(session, row, done_at=None, last_error=UNDELIVERED + why, available_at=at)


def put_off(session: Session, row: Outbox, error: str | None, *, until: datetime) -> None:
    """Let ``row`` be tried again from ``until`` on; ``error`` names what happened."""
    _set(
        session,
        row,
        available_at=until,
        last_error=error,
        provider_sid=None,
        lease_until=None,
        lease_by=None,
    )


def next_try(row: Outbox, at: datetime) -> datetime | None:
    """Return when ``row`` is tried again after a failure that passes; None: never.

    The pauses double from five seconds to an hour, with some rows a little later
    than others, so that they do not all come back at once.
    """
    pause = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
    until = at + pause * (1 + row.id.int % 1000 / 2000)
    too_late = row.expires_at is not None and until >= row.expires_at
    return None if too_late or row.attempts >= MOST_ATTEMPTS else until


def give_up(session: Session, row: Outbox, error: str, *, at: datetime) -> StaffTask | None:
    """Let ``row`` rest for good, and return the task of whoever acts in its place.

    A one-time code has no task: whoever asked for it is on the line and is offered
    another way.
    """
    _set(session, row, **_at_the_end(row, dead_at=at, done_at=None, last_error=error))
    return None if row.purpose == CODE else _task_for(session, row, error, at)


def _task_for(session: Session, row: Outbox, error: str, at: datetime) -> StaffTask:
    clinic = session.get_one(Clinic, row.clinic_id)
    language = row.locale.partition("-")[0]
    ours = clinic.locale_default.partition("-")[0] == language
    return open_task(
        session,
        dedupe_key=f"outbox:{row.id}",
        kind="call_back" if row.kind == "call" else "undelivered_text",
        pool="front_desk" if ours else f"language:{language}",
        patient_id=row.patient_id,
        conversation_id=row.conversation_id,
        phone_id=row.phone_id,
        clinic_id=row.clinic_id,
        locale=row.locale,
        topic=f"{row.purpose}: {error}",
        priority=NORMAL,
        due_at=at + ANSWERED_WITHIN,
        at=at,
    )


def _at_the_end(row: Outbox, **values: Any) -> dict[str, Any]:
    if row.purpose == CODE:
        # Nothing needs the code any more, and a secret is not kept.
        names = [{"name": prompt["name"]} for prompt in (row.body or {}).get("prompts", [])]
        values["body"] = {"prompts": names}
    return {"lease_until": None, "lease_by": None, **values}


def _set(session: Session, row: Outbox, *only_where: ColumnElement[bool], **values: Any) -> None:
    # Column by column and not through the object: a report from the carrier may
    # have changed other columns since it was read.
    session.execute(
        update(Outbox)
        .where(Outbox.id == row.id, *only_where)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def is_ours_already(session: Session, provider_sid: str) -> bool:
    """Return whether some row is known to have gone out as ``provider_sid``."""
    in_outbox = select(Outbox.id).where(Outbox.provider_sid == provider_sid)
    reported = select(Delivery.id).where(Delivery.provider_sid == provider_sid)
    return session.scalars(in_outbox.union_all(reported).limit(1)).first() is not None


def failed_sendings(session: Session, row: Outbox) -> int:
    """Return how often ``row`` went out and the carrier could not deliver it."""
    failed = select(Delivery.provider_sid).where(
        Delivery.outbox_id == row.id, Delivery.status.in_(FAILURES)
    )
    return len(set(session.scalars(failed)))


def made_at(row: Outbox) -> datetime:
    """Return when ``row`` was written: its key (version 7) begins with the millisecond."""
    return datetime.fromtimestamp((row.id.int >> MILLISECONDS_START) / 1000, UTC)
