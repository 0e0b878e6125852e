"""Whoever has proved who they are chooses a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import identity, testing
from portal.access import IdentityNeeded
from portal.records import Audit
from portal.refusal import Refused
from portal.testing import NOON
from tests.portal.conftest import PIN, WRONG

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation, Patient, Phone


def _try(session: Session, call: Conversation, ids: list[UUID], pin: str = WRONG) -> str:
    return identity.prove_by_pin(session, call, ids, pin, at=NOON).outcome


def test_it_is_set_and_opens_from_then_on(
    session: Session, clinic: Clinic, phone: Phone, call: Conversation, patient: Patient
) -> None:
    """The new PIN proves, the old one no longer does, and the row says when and how."""
    call.patient_id, call.assurance = patient.id, 2
    identity.check_new_pin(session, call, "482915", at=NOON)
    identity.set_pin(session, call, "482915", at=NOON)
    assert (patient.pin_set_at, patient.origin, patient.as_of) == (NOON, "phone", NOON)
    next_call = testing.conversation(session, clinic, phone)
    assert _try(session, next_call, [patient.id], PIN) == "no_match"
    assert _try(session, next_call, [patient.id], "482915") == "proved"
    session.flush()
    actions = session.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert actions[0] == "identity.pin_set"


@pytest.mark.parametrize("pin", ["111111", "123456", "031450", "500314", "48291"])
def test_an_easy_one_is_refused(
    session: Session, call: Conversation, patient: Patient, pin: str
) -> None:
    """Repeats, sequences and the patient's own birth date are no PIN."""
    call.patient_id, call.assurance = patient.id, 2
    before = patient.pin_hash
    for rule in (identity.check_new_pin, identity.set_pin):
        with pytest.raises(Refused) as refused:
            rule(session, call, pin, at=NOON)
        assert refused.value.prompt == "identity.pin_too_easy"
    assert patient.pin_hash == before


@pytest.mark.parametrize("assurance", [0, 1])
def test_nobody_sets_one_without_a_full_proof(
    session: Session, call: Conversation, patient: Patient, assurance: int
) -> None:
    """Neither a caller ID nor a birth year is enough for a new PIN."""
    call.patient_id, call.assurance = patient.id, assurance
    for rule in (identity.check_new_pin, identity.set_pin):
        with pytest.raises(IdentityNeeded):
            rule(session, call, "482915", at=NOON)
