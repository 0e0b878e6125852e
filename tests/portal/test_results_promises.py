"""Where the words promise a call, somebody owns it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import results, testing
from portal.records import StaffTask
from portal.testing import NOON
from tests.portal.charts import ABNORMAL, DAY, PENDING, SENSITIVE, UNRELEASED, Chart


@pytest.mark.parametrize(
    ("facts", "says"), [(ABNORMAL, "clinician_will_call"), (SENSITIVE, "care_team_message")]
)
def test_a_task_is_made_when_there_is_none(chart: Chart, facts: dict[str, Any], says: str) -> None:
    """The clinicians' pool owns it, due within a day, and the caller hears when."""
    result = chart.add(**facts)
    (told,) = chart.heard()
    task = chart.session.get_one(StaffTask, told.task_id)
    assert told.says == says
    assert (task.pool, task.status, task.result_id) == ("clinician", "open", result.id)
    assert (task.patient_id, task.phone_id) == (chart.patient.id, chart.phone.id)
    assert told.due_at == task.due_at == NOON + DAY
    assert told.due_at is not None
    assert str(told.due_at.tzinfo) == chart.clinic.tz


def test_an_open_task_is_told_again_and_not_made_twice(chart: Chart) -> None:
    """Hearing it again, or ringing again, moves no deadline."""
    chart.add(**ABNORMAL)
    first, second = chart.heard(), chart.heard(NOON + timedelta(hours=5))
    assert first == second
    assert len(chart.session.scalars(select(StaffTask)).all()) == 1


def test_a_task_that_staff_made_is_the_promise(chart: Chart) -> None:
    """What the clinic has planned already is what the patient hears."""
    result = chart.add(**ABNORMAL)
    planned = testing.add(
        chart.session,
        StaffTask(
            kind="result_call",
            pool="clinician",
            clinic_id=chart.clinic.id,
            patient_id=chart.patient.id,
            result_id=result.id,
            locale="en-US",
            created_at=NOON - DAY,
            due_at=NOON + timedelta(hours=2),
        ),
    )
    assert [told.task_id for told in chart.heard()] == [planned.id]


@pytest.mark.parametrize("ended", ["closed", "answered", "cancelled"])
def test_a_task_that_is_over_promises_nothing(chart: Chart, ended: str) -> None:
    """A sentence in the future stands on an open task."""
    chart.add(**ABNORMAL)
    (told,) = chart.heard()
    task = chart.session.get_one(StaffTask, told.task_id)
    task.status, task.claimed_by = ended, None
    if ended == "answered":
        task.status = "closed"
    chart.session.flush()
    (again,) = chart.heard(NOON + timedelta(hours=1))
    assert again.task_id != told.task_id
    assert again.due_at == NOON + timedelta(hours=25)


def test_a_broken_promise_is_made_anew_and_more_urgent(chart: Chart) -> None:
    """No caller hears a deadline that is past, and the old task stays for all to see."""
    chart.add(**ABNORMAL)
    (told,) = chart.heard()
    (again,) = chart.heard(NOON + 2 * DAY)
    tasks = chart.session.scalars(select(StaffTask).order_by(StaffTask.created_at)).all()
    assert [task.id for task in tasks] == [told.task_id, again.task_id]
    assert [task.priority for task in tasks] == [0, 1]
    assert tasks[0].due_at == NOON + DAY
    assert again.due_at == NOON + 3 * DAY


@pytest.mark.parametrize("facts", [{}, PENDING, UNRELEASED])
def test_where_nothing_is_promised_nobody_is_bothered(chart: Chart, facts: dict[str, Any]) -> None:
    """No task is made for a result that is told, or not there yet."""
    chart.add(**facts)
    chart.heard()
    assert chart.session.scalars(select(StaffTask)).all() == []


def test_a_paper_copy_is_the_front_desks_promise(chart: Chart) -> None:
    """Asked for twice in a call it is one task, due within a day in the clinic's zone."""
    asked = [results.request_paper_copy(chart.session, chart.access, at=NOON) for _ in range(2)]
    assert asked[0].task is asked[1].task
    task = asked[0].task
    assert (task.kind, task.pool, task.patient_id) == (
        "paper_copy",
        "front_desk",
        chart.patient.id,
    )
    assert asked[0].due_at == NOON + DAY
    assert str(asked[0].due_at.tzinfo) == chart.clinic.tz


def test_what_is_asked_for_on_a_friday_evening_is_promised_for_monday(chart: Chart) -> None:
    """No deadline falls on a day on which nobody is there to keep it."""
    friday = NOON.replace(day=12, hour=20)
    chart.add(**ABNORMAL)
    (told,) = chart.heard(friday)
    copy = results.request_paper_copy(chart.session, chart.access, at=friday)
    assert told.due_at == copy.due_at == NOON.replace(day=15, hour=10)
