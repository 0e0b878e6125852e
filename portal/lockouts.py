"""Failed proofs, counted for a patient, a telephone, or a clinic's hidden callers.

Every try is counted before it is judged, by one statement that returns its number
in the window; what comes after the limit is not judged at all. So thirty-two
tries at once are no better than thirty-two in a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, literal, null, or_, select, update

from portal.database import UTCDateTime
from portal.records import Lockout
from portal.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import BindParameter
    from sqlalchemy.orm import Session

    from portal.records import Conversation


@dataclass(frozen=True, order=True)
class Subject:
    """Whose failures are counted: so many in ``window`` lock them for as long."""

    key: str
    limit: int
    window: timedelta


# NIST SP 800-63B-4 allows a hundred failures in a row; these are telephony §4.1's.
def patient(patient_id: UUID) -> Subject:
    """Return a patient as a subject: 5 failures in 24 hours."""
    return Subject(f"patient:{patient_id}", 5, timedelta(hours=24))


def caller(conversation: Conversation) -> Subject:
    """Return who is on the line as a subject.

    That is their telephone (10 failures in 24 hours), or, where the number is
    hidden, all the hidden callers of the number they called (20 in an hour).
    """
    if conversation.phone_id is None:
        return Subject(f"to:{conversation.clinic_id}", 20, timedelta(hours=1))
    return Subject(f"phone:{conversation.phone_id}", 10, timedelta(hours=24))


def count(session: Session, subjects: Iterable[Subject], *, at: datetime) -> set[Subject]:
    """Count one try for each subject; return those that had used up their tries before it.

    In one order everywhere, so that two transactions cannot wait for each other.
    """
    return {each for each in sorted(subjects) if _count(session, each, at) > each.limit}


def take_back(session: Session, subjects: Iterable[Subject]) -> None:
    """Uncount the try that has just succeeded. What failed before it stays counted."""
    for each in sorted(subjects):
        left = Lockout.failures - 1
        until = case((left < each.limit, null()), else_=Lockout.locked_until)
        session.execute(
            update(Lockout)
            .where(Lockout.subject == each.key)
            .values(failures=left, locked_until=until)
            .execution_options(synchronize_session=False)
        )


def is_locked(session: Session, subject: Subject, *, at: datetime) -> bool:
    """Return whether this subject's tries are used up for now."""
    until = session.scalar(select(Lockout.locked_until).where(Lockout.subject == subject.key))
    return until is not None and until > at


def _count(session: Session, subject: Subject, at: datetime) -> int:
    row: dict[str, Any] = {"subject": subject.key, "failures": 1, "window_from": at}
    statement = (
        insert(session, Lockout)
        .values(row)
        .on_conflict_do_update(index_elements=[Lockout.subject], set_=_counted(subject, at))
        .returning(Lockout.failures)
    )
    return session.execute(statement).scalar_one()


def _counted(subject: Subject, at: datetime) -> dict[str, Any]:
    # A lock holds for its whole time, and further tries do not make it longer:
    # else whoever wanted could lock a patient out for ever.
    over = and_(
        Lockout.window_from <= at - subject.window,
        or_(Lockout.locked_until.is_(None), Lockout.locked_until <= at),
    )
    reached = and_(Lockout.locked_until.is_(None), Lockout.failures + 1 >= subject.limit)
    return {
        "failures": case((over, 1), else_=Lockout.failures + 1),
        "window_from": case((over, _instant(at)), else_=Lockout.window_from),
        "locked_until": case(
            (over, null()),
            (reached, _instant(at + subject.window)),
            else_=Lockout.locked_until,
        ),
    }


def _instant(at: datetime) -> BindParameter[datetime]:
    # Inside a CASE nothing tells SQLAlchemy the type, and SQLite would keep wall digits.
    return literal(at, UTCDateTime())
