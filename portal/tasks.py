"""Promises: each is a task that a pool owns, with a deadline, and is made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.database import new_id
from portal.records import StaffTask
from portal.upserts import insert

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ANSWERED_WITHIN = timedelta(hours=24)
"""The house's promise, in clock time and not in working hours (portal-records §2.4)."""

NORMAL, SOON, AT_ONCE = 0, 1, 2
"""Priorities: the higher one comes first at the desk."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A task and its deadline as it is said: an instant in the clinic's zone."""

    task: StaffTask
    due_at: datetime


def open_task(
    session: Session, *, dedupe_key: str, due_at: datetime, at: datetime, **columns: Any
) -> StaffTask:
    """Return the task with this key, made now when there was none.

    Two transactions that make the same promise at one instant end up with one task.
    """
    row = {
        "id": new_id(),
        "dedupe_key": dedupe_key,
        "created_at": at,
        "due_at": due_at,
        "version": 1,
        **columns,
    }
    session.execute(insert(session, StaffTask).values(row).on_conflict_do_nothing())
    kept = select(StaffTask).where(StaffTask.dedupe_key == dedupe_key)
    return session.scalars(kept.execution_options(populate_existing=True)).one()
