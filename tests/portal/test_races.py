"""Thirty-two at once are no better off than thirty-two in a row, on both databases."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal import identity, lockouts, testing
from portal.access import Access
from portal.database import transaction
from portal.lockouts import Subject
from portal.pins import hash_pin
from portal.proofs import Try, judge
from portal.records import (
    Conversation,
    Lockout,
    OneTimeCode,
    Outbox,
    Patient,
    ProofAttempt,
    StaffTask,
)
from portal.results import results_for
from portal.testing import NOON
from tests.portal.together import together as at_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("engine")

AT_ONCE = 32
PIN, WRONG = "730264", "730265"
BORN = date(1950, 3, 14)
Value = TypeVar("Value")


def together(times: int, do: Callable[[int], Value]) -> list[Value]:
    """Return what all threads got, each trying again while the database is too busy for it.

    SQLite has one writer, and lets nobody wait for it longer than a caller would;
    whoever hears that there was trouble then calls again. Waiting for each other is
    another thing: that must never be.
    """

    def patiently(number: int) -> Value:
        while True:
            try:
                return do(number)
            except OperationalError as error:
                if isinstance(error.orig, DeadlockDetected):
                    raise
                time.sleep(0.01)

    return at_once(times, patiently)


class Crowd:
    """One patient, and a call of each thread."""

    def __init__(self, calls: int = AT_ONCE, *, one_phone: bool = False) -> None:
        """Write the rows, and keep their keys only."""
        with transaction() as session:
            clinic = testing.clinic(session)
            home = testing.phone(session)
            patient = testing.patient(session, clinic, home, born=BORN, pin_hash=hash_pin(PIN))
            self.patient_id: UUID = patient.id
            phones = [home if one_phone else testing.phone(session) for _ in range(calls)]
            self.calls = [testing.conversation(session, clinic, each).id for each in phones]

    def call(self, session: Session, number: int) -> Conversation:
        """Return the call of one thread."""
        return session.get_one(Conversation, self.calls[number])

    def fail(self, number: int, *, fits: bool = False) -> str:
        """Judge one try for the patient, without the time that comparing a PIN takes."""
        fitting = self.patient_id if fits else None
        tried = Try(factor="pin", claimed=[self.patient_id], fits=fitting, level=2)
        with transaction() as session:
            return judge(session, self.call(session, number), tried, at=NOON).outcome


def test_every_failure_at_one_instant_is_counted(engine: Engine) -> None:
    """No update is lost, and each try has a number of its own."""
    assert engine is not None
    subject = Subject("patient:one", 5, timedelta(hours=24))

    def count(_: int) -> bool:
        with transaction() as session:
            return not lockouts.count(session, [subject], at=NOON)

    judged = together(AT_ONCE, count)
    assert sum(judged) == subject.limit
    with transaction(read_only=True) as session:
        assert session.get_one(Lockout, subject.key).failures == AT_ONCE


def test_counting_several_subjects_in_any_order_never_blocks() -> None:
    """Threads that count the same two subjects the other way round do not wait for each other."""
    pair = [Subject(f"patient:{name}", 5, timedelta(hours=24)) for name in ("a", "b")]

    def count(number: int) -> None:
        with transaction() as session:
            lockouts.count(session, pair if number % 2 else reversed(pair), at=NOON)

    together(AT_ONCE, count)
    with transaction(read_only=True) as session:
        assert set(session.scalars(select(Lockout.failures))) == {AT_ONCE}


def test_five_guesses_at_one_patient_are_judged_however_many_come() -> None:
    """From thirty-two telephones at once, twenty-seven guesses are not looked at."""
    crowd = Crowd()
    assert set(together(AT_ONCE, crowd.fail)) == {"no_match"}
    with transaction(read_only=True) as session:
        outcomes = list(session.scalars(select(ProofAttempt.outcome)))
        assert (outcomes.count("no_match"), outcomes.count("locked")) == (5, 27)


def test_a_right_guess_among_many_wrong_ones_at_once_is_worth_one_of_five() -> None:
    """After the storm the right PIN proves nothing; before its end it had its one chance."""
    crowd = Crowd(AT_ONCE + 1)
    together(AT_ONCE, lambda number: crowd.fail(number, fits=number == AT_ONCE - 1))
    assert crowd.fail(AT_ONCE, fits=True) == "no_match"


def test_one_telephone_gets_ten_tries_at_once() -> None:
    """From one telephone, in as many calls as anybody likes."""
    crowd = Crowd(one_phone=True)
    together(AT_ONCE, crowd.fail)
    with transaction(read_only=True) as session:
        call = crowd.call(session, 0)
        assert lockouts.is_locked(session, lockouts.caller(call), at=NOON)
        rows = session.scalars(select(Lockout).where(Lockout.subject.like("phone:%"))).all()
        assert [row.failures >= 10 for row in rows] == [True]


def test_pins_compared_apart_are_counted_exactly() -> None:
    """Eight callers who key a PIN at once are judged one after the other."""
    crowd = Crowd(8)
    ids = [crowd.patient_id]

    def prove(number: int) -> str:
        pin = PIN if number == 0 else WRONG
        with transaction(read_only=True) as session:
            call = crowd.call(session, number)
            fitting = identity.compare_pin(session, call, ids, pin, at=NOON)
        with transaction() as session:
            call = crowd.call(session, number)
            proof = identity.prove_by_pin(session, call, ids, pin, at=NOON, fitting=fitting)
            return proof.outcome

    outcomes = together(8, prove)
    assert set(outcomes) <= {"proved", "no_match"}
    with transaction(read_only=True) as session:
        failures = session.get_one(Lockout, f"patient:{crowd.patient_id}").failures
        assert failures == 8 - outcomes.count("proved")


def test_three_codes_an_hour_however_many_ask_at_once() -> None:
    """The cap is exact: requests at one instant see each other's codes."""
    crowd = Crowd()

    def issue(number: int) -> bool:
        with transaction() as session:
            call = crowd.call(session, number)
            plan = identity.issue_code(session, call, [crowd.patient_id], at=NOON)
            return plan.patient_id is not None

    assert sum(together(AT_ONCE, issue)) == 3
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count(Outbox.id))) == 3
        assert session.scalar(select(func.count(OneTimeCode.id))) == AT_ONCE


def test_one_promise_stands_behind_a_result_heard_many_times_at_once() -> None:
    """Whoever hears it at the same instant hears of the same call."""
    crowd = Crowd(16)
    with transaction() as session:
        patient = session.get_one(Patient, crowd.patient_id)
        testing.result(session, patient, testing.clinician(session), flag="abnormal")
        testing.rules(session)

    def hear(number: int) -> UUID | None:
        access = Access(patient_id=crowd.patient_id, conversation_id=crowd.calls[number], level=2)
        with transaction() as session:
            return results_for(session, access, at=NOON)[0].task_id

    assert len(set(together(16, hear))) == 1
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count(StaffTask.id))) == 1
