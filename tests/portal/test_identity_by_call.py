"""We rang the number on file, and whoever answered knows the birth date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from portal import identity, testing
from portal.testing import NOON
from tests.portal.conftest import BORN

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation, Patient, Phone


def _rung(session: Session, clinic: Clinic, phone: Phone | None) -> Conversation:
    return testing.conversation(session, clinic, phone, direction="outbound")


def _prove(session: Session, call: Conversation, ids: list[UUID]) -> str:
    return identity.prove_by_call_back(session, call, ids, at=NOON).outcome


def test_a_landline_patient_without_a_pin_gets_through(session: Session, clinic: Clinic) -> None:
    """Rung at home, with the birth date keyed, they are fully proved."""
    landline = testing.phone(session, line_type="landline")
    patient = testing.patient(session, clinic, landline, born=BORN)
    call = _rung(session, clinic, landline)
    found = identity.candidates(session, landline.id, [BORN])
    assert _prove(session, call, found) == "proved"
    assert (call.patient_id, call.assurance) == (patient.id, 2)


def test_a_call_that_came_in_proves_nothing(
    session: Session, call: Conversation, patient: Patient
) -> None:
    """A caller ID can be forged; only a call that we placed counts."""
    assert _prove(session, call, [patient.id]) == "no_match"


def test_somebody_in_danger_is_not_proved_by_whoever_picks_up(
    session: Session, clinic: Clinic, phone: Phone
) -> None:
    """Who threatens them holds the same telephone and knows the birth date."""
    patient = testing.patient(session, clinic, phone, born=BORN, safe_contact=True)
    call = _rung(session, clinic, phone)
    assert _prove(session, call, [patient.id]) == "no_match"
    assert (call.patient_id, call.assurance) == (None, 0)


def test_it_must_be_that_patients_number(
    session: Session, clinic: Clinic, patient: Patient
) -> None:
    """Ringing some other telephone proves nothing about this patient."""
    for phone in (testing.phone(session), None):
        assert _prove(session, _rung(session, clinic, phone), [patient.id]) == "no_match"


def test_a_wrong_birth_date_twins_and_children_do_not_pass(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """Where it is not exactly one grown-up patient a person takes over."""
    twin = testing.patient(session, clinic, phone, born=BORN)
    child = testing.patient(session, clinic, phone, born=date(2012, 2, 2))
    call = _rung(session, clinic, phone)
    outcomes = [_prove(session, call, ids) for ids in ([], [patient.id, twin.id], [child.id])]
    assert outcomes == ["no_match", "no_match", "locked"]
