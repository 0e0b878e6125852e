"""The trace names who did it: the patient once proved, before that a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import audit, testing
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_a_caller_is_a_telephone_until_proved(session: Session) -> None:
    """Before the proof the trace blames no patient, even where one is meant."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    patient = testing.patient(session, clinic, phone)
    call = testing.conversation(session, clinic, phone)
    row = audit.record_caller(
        session, call, action="identity.refused", patient_id=patient.id, at=NOON
    )
    assert (row.actor_kind, row.actor_id) == ("caller", str(phone.id))
    assert (row.patient_id, row.conversation_id) == (patient.id, call.id)
    call.patient_id, call.assurance = patient.id, 2
    row = audit.record_caller(session, call, action="results.heard", at=NOON)
    assert (row.actor_kind, row.actor_id) == ("patient", str(patient.id))
    assert row.patient_id == patient.id


def test_a_hidden_caller_has_no_name_at_all(session: Session) -> None:
    """Nothing is made up about somebody whose number is hidden."""
    call = testing.conversation(session, testing.clinic(session))
    row = audit.record_caller(session, call, action="handoff.task", detail={"a": 1}, at=NOON)
    session.flush()
    assert (row.actor_kind, row.actor_id, row.patient_id) == ("caller", None, None)
    assert row.detail == {"channel": "voice", "a": 1}
