"""A cancelled visit frees its time, once, and the front desk knows when it was late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import cancelling, testing, visits
from portal.access import Access
from portal.cancelling import REASONS, cancel, give_reason
from portal.database import transaction
from portal.records import Appointment, Claim, Conversation, StaffTask
from portal.refusal import Refused
from portal.testing import NOON
from tests.portal.calendar_rows import FIRST, morning
from tests.portal.diary import ATOM, DAY, HOUR, SOON, Diary
from tests.portal.together import together

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


def _cancelled(diary: Diary, at: datetime = NOON) -> cancelling.Cancelled:
    (told,) = diary.heard(at)
    return cancel(diary.session, diary.access, told.id, told.version, at=at)


def test_a_cancelled_visit_is_off_and_its_time_is_free(session: Session) -> None:
    """What is told of it is read from the row."""
    diary = Diary(session)
    row = diary.visit()
    done = _cancelled(diary)
    assert (row.status, row.origin, row.as_of, diary.claims()) == ("cancelled", "phone", NOON, 0)
    assert (done.visit.id, done.visit.starts_at, done.task) == (row.id, SOON, None)
    assert diary.heard() == []


def test_a_visit_cancelled_by_text_says_so(session: Session) -> None:
    """Staff see through which door a change came."""
    diary = Diary(session, channel="sms")
    row = diary.visit()
    _cancelled(diary)
    assert row.origin == "text"


def test_cancelling_is_in_the_audit(session: Session) -> None:
    """Once, with the visit."""
    diary = Diary(session)
    row = diary.visit()
    told = _cancelled(diary).visit
    cancel(session, diary.access, row.id, told.version - 1, at=NOON)
    assert diary.traced().count(("cancelling.cancelled", str(row.id))) == 1


def test_cancelling_again_changes_nothing(session: Session) -> None:
    """The same yes delivered ten times cancels once."""
    diary = Diary(session)
    diary.visit(NOON + 2 * HOUR)
    (told,) = diary.heard()
    done = [cancel(session, diary.access, told.id, told.version, at=NOON) for _ in range(10)]
    assert len({each.visit for each in done}) == 1
    assert len(session.scalars(select(StaffTask)).all()) == 1
    assert {each.task.dedupe_key for each in done if each.task} == {f"late_cancel:{told.id}"}


@pytest.mark.parametrize(
    ("ahead", "is_late"),
    [(23 * HOUR, True), (24 * HOUR, False), (25 * HOUR, False), (ATOM, True)],
)
def test_a_visit_that_begins_soon_is_for_the_front_desk_to_see_to(
    session: Session, ahead: timedelta, *, is_late: bool
) -> None:
    """The task is due when the visit would have begun."""
    diary = Diary(session)
    diary.visit(NOON + ahead)
    task = _cancelled(diary).task
    assert bool(task) is is_late
    if task:
        assert (task.kind, task.pool, task.due_at) == ("late_cancel", "front_desk", NOON + ahead)
        assert (task.patient_id, task.conversation_id) == (diary.patient.id, diary.call.id)


def test_what_is_soon_is_for_the_clinic_to_say(session: Session) -> None:
    """A clinic that wants no such tasks has a window of no hours."""
    diary = Diary(session, late_cancel_hours=0)
    diary.visit(NOON + ATOM)
    assert _cancelled(diary).task is None


@pytest.mark.parametrize("later", [7 * DAY, 8 * DAY])
def test_a_visit_that_has_begun_is_not_cancelled(session: Session, later: timedelta) -> None:
    """Nor one that is over; the caller hears why."""
    diary = Diary(session)
    row = diary.visit()
    with pytest.raises(Refused) as refused:
        cancel(session, diary.access, row.id, row.version, at=NOON + later)
    assert (refused.value.prompt, row.status, diary.claims()) == ("cancelling.begun", "booked", 1)


def test_a_visit_that_staff_moved_meanwhile_stands(session: Session) -> None:
    """What was read out is not what would be cancelled."""
    diary = Diary(session)
    row = diary.visit()
    (told,) = diary.heard()
    row.starts_at, row.ends_at = SOON + HOUR, SOON + HOUR + ATOM
    session.flush()
    with pytest.raises(visits.Changed) as changed:
        cancel(session, diary.access, told.id, told.version, at=NOON)
    assert changed.value.visit is not None
    assert (changed.value.visit.starts_at, row.status) == (SOON + HOUR, "booked")


def test_the_visit_of_another_patient_stands(session: Session) -> None:
    """Whoever knows its key cannot cancel it."""
    diary = Diary(session)
    row = diary.visit()
    other = diary.access_of(testing.patient(session, diary.clinic))
    with pytest.raises(visits.Changed):
        cancel(session, other, row.id, row.version, at=NOON)
    assert row.status == "booked"


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_kept_with_a_visit_that_is_off(session: Session, reason: str) -> None:
    """It is one of a few codes, never what was said."""
    diary = Diary(session)
    row = diary.visit()
    _cancelled(diary)
    give_reason(session, diary.access, row.id, reason)
    assert (row.status, row.cancel_reason) == ("cancelled", reason)


def test_a_reason_that_is_none_is_a_mistake_of_ours(session: Session) -> None:
    """What a caller says must not get into a column that is not encrypted."""
    diary = Diary(session)
    row = diary.visit()
    _cancelled(diary)
    with pytest.raises(ValueError, match="no reason"):
        give_reason(session, diary.access, row.id, "my dog is ill")


def test_a_visit_that_stands_gets_no_reason(session: Session) -> None:
    """Nobody gives up a visit by giving a reason."""
    diary = Diary(session)
    row = diary.visit()
    with pytest.raises(visits.Changed):
        give_reason(session, diary.access, row.id, "better")
    assert row.cancel_reason is None


@pytest.mark.usefixtures("engine")
def test_of_many_at_once_each_hears_the_same_and_it_is_done_once() -> None:
    """On both databases: eight webhooks with one yes."""
    rows = morning(patients=1)
    with transaction() as session:
        key = rows.visit(session, 0, start=0)
        call = session.get_one(Conversation, rows.call_id)
        call.patient_id, call.assurance = rows.patients[0], 2
    access = Access(patient_id=rows.patients[0], conversation_id=rows.call_id, level=2)

    def once(_caller: int) -> UUID | None:
        with transaction() as session:
            done = cancel(session, access, key, 1, at=FIRST - HOUR)
            return done.task.id if done.task else None

    heard = set(together(8, once))
    with transaction(read_only=True) as session:
        assert session.get_one(Appointment, key).status == "cancelled"
        assert session.scalars(select(Claim)).all() == []
        assert heard == {task.id for task in session.scalars(select(StaffTask))}


def test_it_works_on_both_databases(engine: Engine) -> None:
    """The claims go before the visit is off, or the database would refuse."""
    assert engine is not None
    with transaction() as session:
        diary = Diary(session)
        row = diary.visit()
        _cancelled(diary)
        key = row.id
    with transaction(read_only=True) as session:
        assert session.get_one(Appointment, key).holds_time is False
