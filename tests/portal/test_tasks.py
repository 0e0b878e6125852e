"""One promise is one task."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal import testing
from portal.database import transaction
from portal.records import Clinic, StaffTask
from portal.tasks import ANSWERED_WITHIN, open_task
from portal.testing import NOON
from tests.portal.together import together

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


def _promise(session: Session, clinic: Clinic, key: str = "one") -> StaffTask:
    return open_task(
        session,
        dedupe_key=key,
        kind="call_back",
        pool="front_desk",
        topic="person",
        clinic_id=clinic.id,
        locale="en-US",
        due_at=NOON + ANSWERED_WITHIN,
        at=NOON,
    )


def test_the_same_key_is_the_same_task(session: Session) -> None:
    """Asking again makes no second task and moves no deadline."""
    clinic = testing.clinic(session)
    first = _promise(session, clinic)
    first.due_at = NOON + timedelta(hours=1)
    session.flush()
    assert _promise(session, clinic) is first
    assert first.due_at == NOON + timedelta(hours=1)
    assert _promise(session, clinic, "another") is not first


def test_a_new_task_is_open_and_has_a_deadline(session: Session) -> None:
    """It can be edited like any row afterwards, its version counted."""
    task = _promise(session, testing.clinic(session))
    assert (task.status, task.priority, task.version) == ("open", 0, 1)
    assert task.due_at - task.created_at == timedelta(hours=24)
    task.topic = "results"
    session.flush()
    assert task.version == 2


def test_sixteen_promises_at_once_are_one_task(engine: Engine) -> None:
    """However many ask at one instant, one task comes of it and all of them get it."""
    assert engine is not None
    with transaction() as session:
        clinic = testing.clinic(session)

    def promise(_: int) -> object:
        with transaction() as session:
            return _promise(session, clinic).id

    assert len(set(together(16, promise))) == 1
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count(StaffTask.id))) == 1
