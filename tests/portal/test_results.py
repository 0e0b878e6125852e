"""What is told of results, to whom, and who stands behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal import results, testing
from portal.access import Access
from portal.database import transaction
from portal.demo_rows import demo_id
from portal.records import Audit, StaffTask
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from portal.records import Clinician, Conversation, Patient

DAY = timedelta(days=1)


class Chart:
    """One proved patient, whose results a test writes and hears."""

    def __init__(self, session: Session, *, level: int = 2, **of_patient: Any) -> None:
        """Make the patient, the rules and a call that has proved them."""
        self.session = session
        self.clinic = testing.clinic(session, results_usual_days=4)
        self.phone = testing.phone(session)
        self.patient: Patient = testing.patient(session, self.clinic, self.phone, **of_patient)
        self.clinician: Clinician = testing.clinician(session)
        testing.rules(session)
        self.call: Conversation = testing.conversation(
            session, self.clinic, self.phone, patient_id=self.patient.id, assurance=level
        )
        self.access = Access(patient_id=self.patient.id, conversation_id=self.call.id, level=level)

    def add(self, **given: Any) -> Any:
        """Return one more result of the patient."""
        return testing.result(self.session, self.patient, self.clinician, **given)

    def heard(self, at: Any = NOON) -> list[results.ResultStatus]:
        """Return what the patient hears."""
        return results.results_for(self.session, self.access, at=at)

    def texted(self) -> str:
        """Return what the patient is texted."""
        return results.results_by_text(self.session, self.access, at=NOON).outcome


@pytest.fixture
def chart(session: Session) -> Chart:
    """Return a chart without results."""
    return Chart(session)


PENDING = {"status": "registered", "issued_at": None, "flag": None, "value": None}
ABNORMAL = {"flag": "abnormal"}
SENSITIVE = {"sensitivity": "sensitive"}
UNRELEASED = {"release_at": None, "reviewed_at": None}


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


class TestPromises:
    """Where the words promise a call, somebody owns it."""

    @pytest.mark.parametrize(
        ("facts", "says"), [(ABNORMAL, "clinician_will_call"), (SENSITIVE, "care_team_message")]
    )
    def test_a_task_is_made_when_there_is_none(
        self, chart: Chart, facts: dict[str, Any], says: str
    ) -> None:
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

    def test_an_open_task_is_told_again_and_not_made_twice(self, chart: Chart) -> None:
        """Hearing it again, or ringing again, moves no deadline."""
        chart.add(**ABNORMAL)
        first, second = chart.heard(), chart.heard(NOON + timedelta(hours=5))
        assert first == second
        assert len(chart.session.scalars(select(StaffTask)).all()) == 1

    def test_a_task_that_staff_made_is_the_promise(self, chart: Chart) -> None:
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
    def test_a_task_that_is_over_promises_nothing(self, chart: Chart, ended: str) -> None:
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

    def test_a_broken_promise_is_made_anew_and_more_urgent(self, chart: Chart) -> None:
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
    def test_where_nothing_is_promised_nobody_is_bothered(
        self, chart: Chart, facts: dict[str, Any]
    ) -> None:
        """No task is made for a result that is told, or not there yet."""
        chart.add(**facts)
        chart.heard()
        assert chart.session.scalars(select(StaffTask)).all() == []

    def test_a_paper_copy_is_the_front_desks_promise(self, chart: Chart) -> None:
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


class TestNothingLeaks:
    """Neither a value nor a hint."""

    @pytest.mark.parametrize("facts", [{}, PENDING, UNRELEASED, ABNORMAL, SENSITIVE])
    def test_no_value_and_no_word_for_abnormal_is_in_an_answer(
        self, chart: Chart, facts: dict[str, Any]
    ) -> None:
        """Whatever stands in the row, the answer holds neither."""
        chart.add(**facts)
        told = repr(chart.heard()).lower()
        assert "mg/dl" not in told
        assert "abnormal" not in told

    def test_of_a_sensitive_result_not_even_the_name_is_told(self, chart: Chart) -> None:
        """Neither which test it is, nor its day, nor who ordered it."""
        chart.add(**SENSITIVE)
        (told,) = chart.heard()
        assert set(told.details) == {"due"}

    def test_a_sensitive_test_that_is_not_back_has_a_neutral_name(self, chart: Chart) -> None:
        """That it is missing may be told, which one it is may not."""
        chart.add(**PENDING, **SENSITIVE, name_key="results.test_hiv")
        (told,) = chart.heard()
        assert (told.says, told.name_key) == ("not_back", "results.test_other")

    def test_a_cancelled_test_is_for_the_care_team(self, chart: Chart) -> None:
        """Whoever waits for a test that was not done hears that somebody will call."""
        chart.add(status="cancelled", release_at=None)
        (told,) = chart.heard()
        assert told.says == "care_team_message"
        assert told.task_id is not None


class TestByText:
    """Two answers and no third."""

    @pytest.mark.parametrize(
        ("facts", "answer"),
        [
            ([], "nothing"),
            ([{}], "message"),
            ([ABNORMAL], "message"),
            ([PENDING], "nothing"),
            ([UNRELEASED], "nothing"),
            ([SENSITIVE], "nothing"),
            ([SENSITIVE, {}], "message"),
            ([SENSITIVE, PENDING, UNRELEASED], "nothing"),
        ],
    )
    def test_a_message_there_is_for_what_the_rules_let_be_texted(
        self, session: Session, facts: list[dict[str, Any]], answer: str
    ) -> None:
        """Final, released and not sensitive; good and bad news sound the same."""
        chart = Chart(session, level=1)
        for each in facts:
            chart.add(**each)
        assert chart.texted() == answer

    @pytest.mark.parametrize("wish", [{"text_level": 0}, {"safe_contact": True}])
    def test_whoever_wants_no_texts_is_told_nothing(
        self, session: Session, wish: dict[str, Any]
    ) -> None:
        """A handset that somebody else may read says nothing about results."""
        chart = Chart(session, level=1, **wish)
        chart.add()
        assert chart.texted() == "nothing"

    def test_the_answer_names_the_number_that_was_texted(self, chart: Chart) -> None:
        """The call goes to the clinic to which the text went."""
        said = results.results_by_text(chart.session, chart.access, at=NOON)
        assert said.clinic_phone == chart.clinic.phone

    def test_no_promise_is_made_by_text(self, chart: Chart) -> None:
        """The text promises no call, so no task is made for one."""
        chart.add(**ABNORMAL)
        chart.texted()
        assert chart.session.scalars(select(StaffTask)).all() == []


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
        patient = session.get_one(testing.Patient, demo_id("patient", key))
        clinic = session.get_one(testing.Clinic, patient.clinic_id)
        call = testing.conversation(session, clinic, patient_id=patient.id, assurance=2)
        access = Access(patient_id=patient.id, conversation_id=call.id, level=2)
        told = results.results_for(session, access, at=NOON)
        assert [each.says for each in told] == says
