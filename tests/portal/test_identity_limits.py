"""Guessing ends soon, on every way round, and a lock is never for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import identity, lockouts, testing
from portal.records import ProofAttempt
from portal.testing import NOON
from tests.portal.conftest import PIN, WRONG

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation, Patient, Phone


def _try(session: Session, call: Conversation, ids: list[UUID], pin: str = WRONG) -> str:
    return identity.prove_by_pin(session, call, ids, pin, at=NOON).outcome


def _outcomes(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(ProofAttempt.outcome).order_by(ProofAttempt.id)))


def test_the_third_failure_of_a_call_ends_its_tries(
    session: Session, call: Conversation, patient: Patient
) -> None:
    """After three even the right PIN is not looked at, known patient or not."""
    assert [_try(session, call, [patient.id]) for _ in range(3)] == [
        "no_match",
        "no_match",
        "locked",
    ]
    assert identity.is_locked(session, call, at=NOON)
    assert _try(session, call, [patient.id], PIN) == "locked"
    assert call.assurance == 0


def test_an_unknown_caller_is_led_the_same_way(session: Session, clinic: Clinic) -> None:
    """Three failures end the tries of somebody who is no patient, in the same steps."""
    call = testing.conversation(session, clinic, testing.phone(session))
    outcomes = [_try(session, call, []) for _ in range(4)]
    assert outcomes == ["no_match", "no_match", "locked", "locked"]


def test_five_failures_lock_a_patient_everywhere(
    session: Session, clinic: Clinic, patient: Patient
) -> None:
    """From other telephones too the right PIN no longer proves, and nobody can tell why."""
    for _ in range(5):
        elsewhere = testing.conversation(session, clinic, testing.phone(session))
        assert _try(session, elsewhere, [patient.id]) == "no_match"
    late = testing.conversation(session, clinic, testing.phone(session))
    assert _try(session, late, [patient.id], PIN) == "no_match"
    assert _outcomes(session)[-1] == "locked"
    assert not identity.is_locked(session, late, at=NOON)


def test_a_locked_patient_proves_again_after_a_day(
    session: Session, clinic: Clinic, patient: Patient
) -> None:
    """The lock is for 24 hours, not for ever."""
    for _ in range(5):
        _try(session, testing.conversation(session, clinic, testing.phone(session)), [patient.id])
    call = testing.conversation(session, clinic, testing.phone(session))
    tomorrow = NOON + timedelta(hours=24)
    proof = identity.prove_by_pin(session, call, [patient.id], PIN, at=tomorrow)
    assert proof.outcome == "proved"


def test_ten_failures_lock_a_telephone(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """A new call from it begins locked, whoever is asked for."""
    for _ in range(5):
        call = testing.conversation(session, clinic, phone)
        assert _try(session, call, []) == "no_match"
        _try(session, call, [])
    assert identity.is_locked(session, testing.conversation(session, clinic, phone), at=NOON)
    call = testing.conversation(session, clinic, phone)
    assert _try(session, call, [patient.id], PIN) == "locked"


def test_twenty_failures_lock_a_clinics_hidden_callers(
    session: Session, clinic: Clinic, patient: Patient
) -> None:
    """Hidden callers share a count for each clinic; callers with a number do not feel it."""
    for _ in range(20):
        _try(session, testing.conversation(session, clinic), [])
    hidden = testing.conversation(session, clinic)
    assert _try(session, hidden, [patient.id], PIN) == "locked"
    elsewhere = testing.conversation(session, testing.clinic(session))
    assert not identity.is_locked(session, elsewhere, at=NOON)
    in_an_hour = NOON + timedelta(hours=1)
    assert not identity.is_locked(session, hidden, at=in_an_hour)


def test_a_success_does_not_wipe_out_failures(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """Guesses between a patient's own calls add up all the same."""
    for pin in (WRONG, WRONG, PIN, WRONG, WRONG, PIN, WRONG):
        call = testing.conversation(session, clinic, phone)
        _try(session, call, [patient.id], pin)
    assert lockouts.is_locked(session, lockouts.patient(patient.id), at=NOON)
