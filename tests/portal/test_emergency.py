"""An emergency is first at the desk, and looked at within minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import testing
from portal.emergency import report_emergency
from portal.records import Audit, StaffTask
from portal.tasks import AT_ONCE
from portal.testing import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

QUARTER = timedelta(minutes=15)


def test_it_is_a_nurses_first_task(session: Session) -> None:
    """Nothing at the desk comes before it, and the caller's number stands on it."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    call = testing.conversation(session, clinic, phone, locale="es-US")
    task = report_emergency(session, call, kind="emergency", at=NOON)
    assert (task.kind, task.pool, task.priority) == ("safety", "nurse", AT_ONCE)
    assert (task.phone_id, task.conversation_id, task.locale) == (phone.id, call.id, "es-US")
    assert task.due_at == NOON + QUARTER
    session.flush()
    assert session.scalars(select(Audit.action)).all() == ["emergency.reported"]


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (NOON.replace(hour=20), NOON.replace(day=10, hour=8, minute=15)),
        (NOON.replace(day=12, hour=20), NOON.replace(day=13, hour=20)),
    ],
)
def test_out_of_hours_it_waits_a_day_at_most(session: Session, at: datetime, due: datetime) -> None:
    """It is due as soon as somebody is there, over a weekend after 24 hours."""
    call = testing.conversation(session, testing.clinic(session))
    assert report_emergency(session, call, kind="emergency", at=at).due_at == due


def test_words_said_twice_are_one_task(session: Session) -> None:
    """A caller who repeats themselves makes one task; a crisis is another matter."""
    call = testing.conversation(session, testing.clinic(session))
    first = report_emergency(session, call, kind="emergency", at=NOON)
    assert report_emergency(session, call, kind="emergency", at=NOON + QUARTER) is first
    report_emergency(session, call, kind="crisis", at=NOON)
    assert len(session.scalars(select(StaffTask)).all()) == 2
