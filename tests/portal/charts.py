"""One proved patient, whose results a test writes and hears."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal import results, testing
from portal.access import Access
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.records import Clinician, Conversation, Patient

DAY = timedelta(days=1)

PENDING = {"status": "registered", "issued_at": None, "flag": None, "value": None}
ABNORMAL = {"flag": "abnormal"}
SENSITIVE = {"sensitivity": "sensitive"}
UNRELEASED = {"release_at": None, "reviewed_at": None}


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
