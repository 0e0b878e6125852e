"""A text from a number on file, and the year in which its patient was born."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from portal import identity, lockouts, testing
from portal.testing import NOON
from tests.portal.conftest import BORN

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation, Patient, Phone


def _text(session: Session, clinic: Clinic, phone: Phone | None) -> Conversation:
    return testing.conversation(session, clinic, phone, channel="sms")


def _prove(session: Session, text: Conversation, year: str) -> str:
    return identity.prove_by_birth_year(session, text, year, at=NOON).outcome


def test_the_year_proves_a_little(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """The conversation stands for the patient, at the first level only."""
    text = _text(session, clinic, phone)
    assert _prove(session, text, "1950") == "proved"
    assert (text.patient_id, text.assurance) == (patient.id, 1)


def test_a_wrong_year_and_an_unknown_telephone_end_alike(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """No answer tells whose number it is."""
    stranger = testing.phone(session)
    for on in (phone, stranger, None):
        assert _prove(session, _text(session, clinic, on), "1951") == "no_match"
    assert _prove(session, _text(session, clinic, stranger), "1950") == "no_match"
    assert not lockouts.is_locked(session, lockouts.patient(patient.id), at=NOON)


def test_the_patient_meant_is_the_one_of_that_year(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """Two patients on one telephone are told apart by it, two of one year are not."""
    other = testing.patient(session, clinic, phone, born=date(1962, 7, 19))
    text = _text(session, clinic, phone)
    assert _prove(session, text, "1962") == "proved"
    assert text.patient_id == other.id
    testing.patient(session, clinic, phone, born=date(1950, 12, 1))
    assert _prove(session, _text(session, clinic, phone), "1950") == "no_match"
    assert patient.id != other.id


def test_a_child_and_somebody_in_danger_prove_nothing_by_text(
    session: Session, clinic: Clinic, phone: Phone
) -> None:
    """Whoever holds the handset learns nothing about a child or a safe contact."""
    testing.patient(session, clinic, phone, born=date(2012, 2, 2))
    testing.patient(session, clinic, phone, born=date(1990, 6, 6), safe_contact=True)
    for year in ("2012", "1990"):
        assert _prove(session, _text(session, clinic, phone), year) == "no_match"


def test_years_are_not_tried_through(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """Three wrong years end a text session, ten the telephone's day."""
    outcomes = []
    for number in range(4):
        text = _text(session, clinic, phone)
        outcomes += [_prove(session, text, f"19{number}{each}") for each in range(3)]
    assert outcomes[:3] == ["no_match", "no_match", "locked"]
    text = _text(session, clinic, phone)
    assert _prove(session, text, str(BORN.year)) == "locked"
    assert patient.id != text.patient_id


def test_a_locked_patient_is_locked_by_text_too(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """The lock of a patient holds on every channel."""
    lockouts.count(session, [lockouts.patient(patient.id)] * 1, at=NOON)
    for _ in range(4):
        lockouts.count(session, [lockouts.patient(patient.id)], at=NOON)
    text = _text(session, clinic, phone)
    assert _prove(session, text, "1950") == "no_match"
