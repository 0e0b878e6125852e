"""A person now, or a promise with an owner and a deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal import handoff, testing
from portal.records import Audit, ClinicHours, Phone, StaffTask
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation

EVENING = NOON.replace(hour=20)
FRIDAY_EVENING = EVENING.replace(day=12)


def _call(session: Session, clinic: Clinic, **given: Any) -> Conversation:
    return testing.conversation(session, clinic, testing.phone(session), **given)


def _tasks(session: Session) -> int:
    return session.scalar(select(func.count(StaffTask.id))) or 0


class TestRequestPerson:
    """The decision to bring in a person."""

    def test_an_open_clinic_takes_the_call(self, session: Session) -> None:
        """The caller is transferred to the front desk, and no task is left over."""
        clinic = testing.clinic(session)
        brought = handoff.request_person(
            session, _call(session, clinic), topic="person", pool="front_desk", at=NOON
        )
        assert (brought.transfer_to, brought.task) == (clinic.front_desk, None)
        assert _tasks(session) == 0
        session.flush()
        assert session.scalars(select(Audit.action)).all() == ["handoff.transfer"]

    def test_a_nurse_has_a_line_of_her_own(self, session: Session) -> None:
        """Clinical questions go to the nurse line, or to the front desk where there is none."""
        with_line = testing.clinic(session)
        without = testing.clinic(session, nurse_line=None)
        for clinic, number in ((with_line, with_line.nurse_line), (without, without.front_desk)):
            brought = handoff.request_person(
                session, _call(session, clinic), topic="clinical_question", pool="nurse", at=NOON
            )
            assert brought.transfer_to == number

    @pytest.mark.parametrize("why", ["closed", "no number", "a text", "not wanted"])
    def test_else_somebody_rings_back_within_a_day(self, session: Session, why: str) -> None:
        """The promise stands on a task of the front desk, due 24 hours later."""
        clinic = testing.clinic(session, **({"front_desk": None} if why == "no number" else {}))
        call = _call(session, clinic, channel="sms" if why == "a text" else "voice")
        at = EVENING if why == "closed" else NOON
        brought = handoff.request_person(
            session,
            call,
            topic="person",
            pool="front_desk",
            may_transfer=why != "not wanted",
            at=at,
        )
        task = brought.task
        assert brought.transfer_to is None
        assert task is not None
        assert (task.kind, task.pool, task.topic) == ("call_back", "front_desk", "person")
        assert (task.phone_id, task.conversation_id) == (call.phone_id, call.id)
        assert task.due_at == brought.due_at == at + timedelta(hours=24)

    def test_a_closed_clinic_says_when_it_opens(self, session: Session) -> None:
        """On Friday evening that is Monday morning; while it is open nothing is said of it."""
        clinic = testing.clinic(session)
        call = _call(session, clinic)
        brought = handoff.request_person(
            session, call, topic="person", pool="front_desk", at=FRIDAY_EVENING
        )
        assert brought.opens_at == datetime(2026, 6, 15, 8, tzinfo=NOON.tzinfo)
        assert handoff.call_back(session, call, topic="other", at=NOON).opens_at is None

    def test_instants_are_in_the_clinics_zone(self, session: Session) -> None:
        """What is said to a caller in Los Angeles is Los Angeles time."""
        clinic = testing.clinic(session, tz="America/Los_Angeles")
        at = datetime(2026, 6, 9, 3, tzinfo=NOON.tzinfo)
        brought = handoff.request_person(
            session, _call(session, clinic), topic="person", pool="front_desk", at=at
        )
        assert brought.due_at is not None
        assert brought.opens_at is not None
        assert str(brought.due_at.tzinfo) == str(brought.opens_at.tzinfo) == clinic.tz
        assert brought.opens_at.hour == 8

    def test_whoever_speaks_the_language_owns_it(self, session: Session) -> None:
        """The front desk's work goes to the language pool, a nurse's stays with nurses."""
        clinic = testing.clinic(session)
        call = _call(session, clinic, locale="es-US")
        desk = handoff.request_person(session, call, topic="person", pool="front_desk", at=EVENING)
        nurse = handoff.request_person(session, call, topic="pain", pool="nurse", at=EVENING)
        assert desk.task is not None
        assert nurse.task is not None
        assert (desk.pool, desk.task.pool, desk.task.locale) == ("language:es",) * 2 + ("es-US",)
        assert (nurse.pool, nurse.task.pool, nurse.task.locale) == ("nurse", "nurse", "es-US")

    def test_the_clinics_own_language_needs_no_pool(self, session: Session) -> None:
        """A clinic whose language is Spanish serves it at the front desk."""
        clinic = testing.clinic(session, locale_default="es-MX")
        call = _call(session, clinic, locale="es-US")
        brought = handoff.request_person(
            session, call, topic="person", pool="front_desk", at=EVENING
        )
        assert brought.pool == "front_desk"


class TestCallBack:
    """A call back is promised once, to a number that can be rung."""

    def test_one_conversation_and_topic_make_one_task(self, session: Session) -> None:
        """Asking three times is one task; another topic is another one."""
        call = _call(session, testing.clinic(session))
        made = {
            handoff.call_back(session, call, topic="person", at=NOON + timedelta(minutes=each)).task
            for each in range(3)
        }
        assert len(made) == 1
        handoff.call_back(session, call, topic="billing", at=NOON)
        assert _tasks(session) == 2

    def test_a_hidden_number_is_promised_nothing_before_one_is_left(self, session: Session) -> None:
        """There is no task that nobody could carry out."""
        call = testing.conversation(session, testing.clinic(session))
        brought = handoff.request_person(
            session, call, topic="person", pool="front_desk", at=EVENING
        )
        assert (brought.task, brought.due_at) == (None, None)
        assert brought.opens_at is not None
        assert _tasks(session) == 0

    def test_the_number_that_is_left_is_the_one_to_ring(self, session: Session) -> None:
        """A number given, or corrected, ends up on the one task."""
        call = testing.conversation(session, testing.clinic(session))
        for number in ("+16465550001", "+16465550002"):
            brought = handoff.call_back(session, call, topic="person", number=number, at=NOON)
        session.flush()
        assert brought.task is not None
        on_task = session.get(Phone, brought.task.phone_id)
        assert on_task is not None
        assert on_task.e164 == "+16465550002"
        assert _tasks(session) == 1

    def test_a_proved_patient_with_a_hidden_number_is_rung_at_home(self, session: Session) -> None:
        """Their first number on file is known, so it need not be asked for."""
        clinic, home = testing.clinic(session), testing.phone(session)
        patient = testing.patient(session, clinic, home, testing.phone(session))
        call = testing.conversation(session, clinic, patient_id=patient.id, assurance=2)
        brought = handoff.call_back(session, call, topic="person", at=NOON)
        assert brought.task is not None
        assert (brought.task.phone_id, brought.task.patient_id) == (home.id, patient.id)

    def test_a_nurse_rings_on_the_same_day(self, session: Session) -> None:
        """By the time the clinic closes, and before everything ordinary."""
        call = _call(session, testing.clinic(session))
        brought = handoff.call_back(session, call, topic="pain", pool="nurse", at=NOON)
        assert brought.task is not None
        assert (brought.task.kind, brought.task.priority) == ("nurse_call_back", 1)
        assert brought.due_at == NOON.replace(hour=17)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (NOON, NOON.replace(hour=17)),
        (NOON.replace(hour=8), NOON.replace(hour=17)),
        (NOON.replace(hour=16, minute=50), NOON.replace(hour=17, minute=20)),
        (NOON.replace(hour=6), NOON.replace(hour=10)),
        (EVENING, NOON.replace(day=10, hour=10)),
        (FRIDAY_EVENING, NOON.replace(day=15, hour=10)),
    ],
)
def test_the_same_day_is_honest(session: Session, at: datetime, due: datetime) -> None:
    """Today while somebody is there, with half an hour at least, else soon after opening."""
    assert handoff.same_day(session, testing.clinic(session), at) == due


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (NOON, NOON + timedelta(hours=24)),
        (EVENING, EVENING + timedelta(hours=24)),
        (FRIDAY_EVENING, NOON.replace(day=15, hour=10)),
    ],
)
def test_within_a_day_is_honest(session: Session, at: datetime, due: datetime) -> None:
    """What is asked for on Friday evening is promised for when somebody is there again."""
    clinic = testing.clinic(session)
    brought = handoff.call_back(session, _call(session, clinic), topic="person", at=at)
    assert brought.due_at == due


def test_a_clinic_without_hours_has_a_day(session: Session) -> None:
    """Where no opening is in sight the deadline is 24 hours, not none."""
    clinic = testing.clinic(session)
    for row in session.query(ClinicHours).where(ClinicHours.clinic_id == clinic.id):
        session.delete(row)
    session.flush()
    for deadline in (handoff.same_day, handoff.within_a_day):
        assert deadline(session, clinic, NOON) == NOON + timedelta(hours=24)
