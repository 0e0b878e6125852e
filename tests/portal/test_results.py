"""What is told of results, to whom: never a value, and no hint of one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal import results, testing
from portal.access import Access, IdentityNeeded
from portal.database import transaction
from portal.demo_rows import demo_id
from portal.records import Audit, Clinic, Patient
from portal.testing import NOON
from tests.portal.charts import ABNORMAL, DAY, PENDING, SENSITIVE, UNRELEASED, Chart

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


def test_a_normal_result_is_told_with_its_note(chart: Chart) -> None:
    """Its plain name, its day, and the reviewed template that is the clinician's note."""
    chart.add()
    (told,) = chart.heard()
    assert (told.says, told.name_key) == ("normal", "results.test_lipids")
    assert told.note_key == "results.note_nothing_to_do"
    assert told.collected_on == date(2026, 6, 5)
    assert told.task_id is None


def test_a_result_that_is_not_back_tells_how_long_it_takes(chart: Chart) -> None:
    """The clinic's usual days and the day of the test, so that nobody has to ask twice."""
    chart.add(**PENDING)
    (told,) = chart.heard()
    assert told.says == "not_back"
    assert told.details == {
        "test": "results.test_lipids",
        "collected": date(2026, 6, 5),
        "days": 4,
        "clinician": "Dr. Grace Rowe",
    }


@pytest.mark.parametrize("facts", [PENDING, UNRELEASED, ABNORMAL, SENSITIVE])
def test_the_note_is_told_with_a_normal_result_only(chart: Chart, facts: dict[str, Any]) -> None:
    """A note on any other result is the clinician's to tell."""
    chart.add(**facts)
    assert [told.note_key for told in chart.heard()] == [None]


def test_newest_first(chart: Chart) -> None:
    """What has come back last is told first."""
    names = ["results.test_a1c", "results.test_lipids", "results.test_kidney"]
    for days, name in zip((9, 1, 5), names, strict=True):
        issued = NOON - days * DAY
        chart.add(name_key=name, issued_at=issued, release_at=issued)
    order = [told.name_key for told in chart.heard()]
    assert order == ["results.test_lipids", "results.test_kidney", "results.test_a1c"]


def test_old_and_mistaken_results_are_not_told(chart: Chart) -> None:
    """Neither what is older than a year nor what was entered in error."""
    chart.add(collected_at=NOON - 366 * DAY, issued_at=NOON - 365 * DAY)
    chart.add(status="entered_in_error", release_at=None)
    assert chart.heard() == []


def test_nobody_hears_another_patients_results(chart: Chart) -> None:
    """A relative on the same telephone has a chart of their own."""
    other = testing.patient(chart.session, chart.clinic, chart.phone)
    testing.result(chart.session, other, chart.clinician)
    assert chart.heard() == []
    assert chart.texted() == "nothing"


def test_the_day_of_a_test_is_the_clinics_day(session: Session) -> None:
    """Blood drawn in the evening is not told as drawn on the next day."""
    chart = Chart(session)
    chart.add(collected_at=NOON.replace(day=5, hour=23))
    assert [told.collected_on for told in chart.heard()] == [date(2026, 6, 5)]


@pytest.mark.parametrize("facts", [{}, PENDING, UNRELEASED, ABNORMAL, SENSITIVE])
def test_no_value_and_no_word_for_abnormal_is_in_an_answer(
    chart: Chart, facts: dict[str, Any]
) -> None:
    """Whatever stands in the row, the answer holds neither."""
    chart.add(**facts)
    told = repr(chart.heard()).lower()
    assert "mg/dl" not in told
    assert "abnormal" not in told


def test_of_a_sensitive_result_not_even_the_name_is_told(chart: Chart) -> None:
    """Neither which test it is, nor its day, nor who ordered it."""
    chart.add(**SENSITIVE)
    (told,) = chart.heard()
    assert set(told.details) == {"due"}


def test_a_sensitive_test_that_is_not_back_has_a_neutral_name(chart: Chart) -> None:
    """That it is missing may be told, which one it is may not."""
    chart.add(**PENDING, **SENSITIVE, name_key="results.test_hiv")
    (told,) = chart.heard()
    assert (told.says, told.name_key) == ("not_back", "results.test_other")


def test_a_cancelled_test_is_for_the_care_team(chart: Chart) -> None:
    """Whoever waits for a test that was not done hears that somebody will call."""
    chart.add(status="cancelled", release_at=None)
    (told,) = chart.heard()
    assert told.says == "care_team_message"
    assert told.task_id is not None


@pytest.mark.parametrize("tell", [results.results_for, results.request_paper_copy])
def test_a_birth_year_opens_no_result(session: Session, tell: Any) -> None:
    """What a text proves is not enough to hear a status or have a copy mailed."""
    chart = Chart(session, level=1)
    chart.add()
    with pytest.raises(IdentityNeeded) as needs:
        tell(session, chart.access, at=NOON)
    assert needs.value.level == 2


def test_who_heard_what_is_in_the_audit(chart: Chart) -> None:
    """Each result that was told, by which words, to whom, in which conversation."""
    normal, abnormal = chart.add(), chart.add(**ABNORMAL)
    chart.heard()
    chart.texted()
    chart.session.flush()
    rows = chart.session.scalars(select(Audit).where(Audit.action.like("results.%"))).all()
    assert {(row.action, row.entity_id, (row.detail or {})["says"]) for row in rows} == {
        ("results.heard", str(normal.id), "normal"),
        ("results.heard", str(abnormal.id), "clinician_will_call"),
        ("results.texted", None, "message"),
    }
    assert {(row.actor_kind, row.patient_id) for row in rows} == {("patient", chart.patient.id)}


def test_hearing_that_there_is_nothing_is_traced_too(chart: Chart) -> None:
    """Asking is an event, whatever comes of it."""
    chart.heard()
    chart.session.flush()
    (row,) = chart.session.scalars(select(Audit)).all()
    assert (row.action, row.detail) == ("results.heard", {"channel": "voice", "says": "none"})


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("hughes", ["not_back", "normal"]),
        ("ortega", ["back_unreviewed"]),
        ("wang", ["clinician_will_call"]),
        ("petrova", ["care_team_message"]),
        ("moreau", []),
    ],
)
def test_each_patient_of_the_demo_hears_what_they_have(
    demo_database: Engine, key: str, says: list[str]
) -> None:
    """The table of the demo clinic, by its own rules."""
    assert demo_database is not None
    with transaction() as session:
        patient = session.get_one(Patient, demo_id("patient", key))
        clinic = session.get_one(Clinic, patient.clinic_id)
        call = testing.conversation(session, clinic, patient_id=patient.id, assurance=2)
        access = Access(patient_id=patient.id, conversation_id=call.id, level=2)
        told = results.results_for(session, access, at=NOON)
        assert [each.says for each in told] == says
