"""By text there are two answers and no third."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal import results
from portal.records import StaffTask
from portal.testing import NOON
from tests.portal.charts import ABNORMAL, PENDING, SENSITIVE, UNRELEASED, Chart

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ([], "nothing"),
        ([{}], "message"),
        ([ABNORMAL], "message"),
        ([PENDING], "nothing"),
        ([UNRELEASED], "message"),
        ([SENSITIVE], "nothing"),
        ([SENSITIVE, {}], "message"),
        ([SENSITIVE, PENDING, UNRELEASED], "message"),
        ([SENSITIVE, PENDING], "nothing"),
    ],
)
def test_a_message_there_is_for_what_the_rules_let_be_texted(
    session: Session, facts: list[dict[str, Any]], answer: str
) -> None:
    """Final, released and not sensitive; good and bad news sound the same."""
    chart = Chart(session, level=1)
    for each in facts:
        chart.add(**each)
    assert chart.texted() == answer


@pytest.mark.parametrize("wish", [{"text_level": 0}, {"safe_contact": True}])
def test_whoever_wants_no_texts_is_told_nothing(session: Session, wish: dict[str, Any]) -> None:
    """A handset that somebody else may read says nothing about results."""
    chart = Chart(session, level=1, **wish)
    chart.add()
    assert chart.texted() == "nothing"


def test_the_answer_names_the_number_that_was_texted(chart: Chart) -> None:
    """The call goes to the clinic to which the text went."""
    said = results.results_by_text(chart.session, chart.access, at=NOON)
    assert said.clinic_phone == chart.clinic.phone


def test_no_promise_is_made_by_text(chart: Chart) -> None:
    """The text promises no call, so no task is made for one."""
    chart.add(**ABNORMAL)
    chart.texted()
    assert chart.session.scalars(select(StaffTask)).all() == []
