"""A birth date and a PIN open the records of one patient."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import identity, testing
from portal.database import new_id
from portal.encryption import ring, use
from portal.pins import hash_pin
from portal.records import Audit, Lockout, ProofAttempt
from portal.testing import NOON
from tests.portal.conftest import BORN, PIN, WRONG

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation, Patient, Phone


def _try(session: Session, call: Conversation, ids: list[UUID], pin: str = WRONG) -> str:
    return identity.prove_by_pin(session, call, ids, pin, at=NOON).outcome


def _outcomes(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(ProofAttempt.outcome).order_by(ProofAttempt.id)))


def test_the_right_pin_proves_its_patient(
    session: Session, call: Conversation, patient: Patient
) -> None:
    """The conversation then stands for the patient, fully, and nothing is counted."""
    assert _try(session, call, [patient.id], PIN) == "proved"
    assert (call.patient_id, call.assurance, call.failures) == (patient.id, 2, 0)
    assert set(session.scalars(select(Lockout.failures))) == {0}
    assert _outcomes(session) == ["proved"]


def test_wrong_and_unknown_end_alike(
    session: Session, call: Conversation, patient: Patient
) -> None:
    """Neither the outcome nor the conversation tells a wrong PIN from nobody."""
    other = testing.conversation(session, testing.clinic(session), testing.phone(session))
    for ids, where in (([patient.id], call), ([], other), ([new_id()], other)):
        assert _try(session, where, ids) == "no_match"
    assert (call.patient_id, call.assurance, call.failures) == (None, 0, 1)
    assert (other.patient_id, other.assurance, other.failures) == (None, 0, 2)


def test_twins_are_told_apart_by_their_pins(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient, call: Conversation
) -> None:
    """One telephone, one birth date, two PINs: each opens their own record."""
    twin = testing.patient(session, clinic, phone, born=BORN, pin_hash=hash_pin("482915"))
    found = identity.candidates(session, phone.id, [BORN])
    assert _try(session, call, found, "482915") == "proved"
    assert call.patient_id == twin.id
    assert set(session.scalars(select(Lockout.failures))) == {0}
    again = testing.conversation(session, clinic, phone)
    assert _try(session, again, found, PIN) == "proved"
    assert again.patient_id == patient.id


def test_two_that_match_are_none(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient, call: Conversation
) -> None:
    """Twins who chose one PIN are not told apart by chance."""
    twin = testing.patient(session, clinic, phone, born=BORN, pin_hash=hash_pin(PIN))
    assert _try(session, call, [patient.id, twin.id], PIN) == "no_match"
    assert _outcomes(session) == ["ambiguous", "ambiguous"]


def test_a_child_is_never_proved(
    session: Session, clinic: Clinic, phone: Phone, call: Conversation
) -> None:
    """Even a child's row with a PIN opens nothing: the proxy proves, as themselves."""
    child = testing.patient(session, clinic, phone, born=date(2012, 2, 2), pin_hash=hash_pin(PIN))
    assert _try(session, call, [child.id], PIN) == "no_match"


def test_a_patient_without_a_pin_is_not_proved_by_one(
    session: Session, clinic: Clinic, phone: Phone, call: Conversation
) -> None:
    """No PIN, however guessed, stands for a missing one."""
    without = testing.patient(session, clinic, phone, born=BORN)
    assert [_try(session, call, [without.id], pin) for pin in ("", "000000")] == ["no_match"] * 2


def test_nothing_that_was_keyed_is_kept(
    session: Session, call: Conversation, patient: Patient
) -> None:
    """No row of the proof holds the PIN or the birth date."""
    _try(session, call, [patient.id], WRONG)
    _try(session, call, [patient.id], PIN)
    session.flush()
    rows = [*session.scalars(select(Audit)), *session.scalars(select(ProofAttempt))]
    written = " ".join(str(vars(row)) for row in rows)
    assert len(rows) == 4
    assert not any(secret in written for secret in (PIN, WRONG, BORN.isoformat()))


def test_a_proof_is_in_the_audit(session: Session, call: Conversation, patient: Patient) -> None:
    """Refused and proved tries are both traced to the conversation."""
    _try(session, call, [patient.id], WRONG)
    _try(session, call, [patient.id], PIN)
    session.flush()
    rows = session.scalars(select(Audit).order_by(Audit.id)).all()
    assert [row.action for row in rows] == ["identity.refused", "identity.proved"]
    assert {row.patient_id for row in rows} == {patient.id}
    assert {row.conversation_id for row in rows} == {call.id}


def test_a_pin_moves_to_the_newest_key_when_it_is_used(
    session: Session, call: Conversation, patient: Patient
) -> None:
    """Key rotation needs nobody to choose a new PIN."""
    session.flush()
    use(type(ring())({**ring().keys, 2: b"k" * 32}))
    assert _try(session, call, [patient.id], PIN) == "proved"
    assert patient.pin_hash is not None
    assert patient.pin_hash.startswith("2:")


def test_a_comparison_made_before_counts_all_the_same(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient, call: Conversation
) -> None:
    """Comparing apart writes nothing and lets nobody past the judge."""
    fitting = identity.compare_pin(session, call, [patient.id], PIN, at=NOON)
    assert fitting == {patient.id}
    assert identity.compare_pin(session, call, [patient.id], WRONG, at=NOON) == frozenset()
    assert _outcomes(session) == []
    spent = testing.conversation(session, clinic, phone, failures=3)
    judged = [
        identity.prove_by_pin(session, each, ids, PIN, at=NOON, fitting=fitting).outcome
        for each, ids in ((spent, [patient.id]), (call, []), (call, [patient.id]))
    ]
    assert judged == ["locked", "no_match", "proved"]


def test_no_secret_is_taken_by_text(
    session: Session, clinic: Clinic, phone: Phone, patient: Patient
) -> None:
    """A text session can never stand for more than a birth year."""
    text = testing.conversation(session, clinic, phone, channel="sms")
    with pytest.raises(ValueError, match="by text"):
        _try(session, text, [patient.id], PIN)
    assert text.assurance == 0
