"""Access stands on what this conversation has proved, and ends with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal import testing
from portal.access import IdentityNeeded, access_for
from portal.database import new_id
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.mark.parametrize(
    ("proved", "needed", "stands"),
    [(0, 1, False), (1, 1, True), (1, 2, False), (2, 2, True), (2, 1, True), (0, 0, False)],
)
def test_access_is_given_at_the_proved_level(
    session: Session, proved: int, needed: int, *, stands: bool
) -> None:
    """A birth year opens little, more opens more, and a patient's id alone nothing."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    patient = testing.patient(session, clinic, phone)
    call = testing.conversation(session, clinic, phone, patient_id=patient.id, assurance=proved)
    if stands:
        access = access_for(session, call.id, level=needed)
        assert (access.patient_id, access.level) == (patient.id, proved)
    else:
        with pytest.raises(IdentityNeeded) as needs:
            access_for(session, call.id, level=needed)
        assert needs.value.level == needed


def test_an_ended_conversation_gives_no_access(session: Session) -> None:
    """Whoever redials has to prove themselves anew."""
    clinic = testing.clinic(session)
    patient = testing.patient(session, clinic)
    call = testing.conversation(session, clinic, patient_id=patient.id, assurance=2, ended_at=NOON)
    with pytest.raises(IdentityNeeded):
        access_for(session, call.id, level=1)


def test_an_unknown_conversation_and_one_without_a_patient_give_none(session: Session) -> None:
    """A proof belongs to a conversation and a patient, or it is none."""
    call = testing.conversation(session, testing.clinic(session), assurance=2)
    for conversation_id in (new_id(), call.id):
        with pytest.raises(IdentityNeeded):
            access_for(session, conversation_id, level=1)
