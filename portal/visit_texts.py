"""A text about a visit that was booked, moved or cancelled just now, for whoever wants one.

It says when and where and nothing else: no name, no clinician, no kind of visit
(minimum necessary, 45 CFR 164.502(b); a text can be read on a locked screen).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from portal import consent, outbox
from portal.answers import Prompt
from portal.permission import is_safe_contact
from portal.records import Appointment, Clinic, PatientPhone, Phone

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.records import Conversation, Outbox, Patient
    from portal.visits import Visit

PURPOSE = "visit"
"""It is asked for on the line each time; reminders, which nobody asks for, are another."""

USEFUL_FOR = timedelta(days=1)


def can_text(session: Session, conversation: Conversation, patient: Patient) -> bool:
    """Return whether the telephone on the line may get a text about a visit of ``patient``.

    It is on their file, no landline, and its holder has not stopped texts; the patient
    allows texts, and nobody whose telephone it is may be in danger from who reads it.
    """
    phone = session.get(Phone, conversation.phone_id) if conversation.phone_id else None
    if phone is None or phone.line_type == "landline" or patient.text_level == 0:
        return False
    on_file = session.get(PatientPhone, (patient.id, phone.id)) is not None
    if not on_file or is_safe_contact(session, phone.id):
        return False
    return not patient.safe_contact and consent.may_text(session, phone.id, PURPOSE)


def send(
    session: Session,
    conversation: Conversation,
    visit: Visit,
    *,
    kind: Literal["booked", "moved", "cancelled"],
    at: datetime,
) -> Outbox:
    """Return the text ``visits.text_<kind>`` that goes to the telephone on the line.

    The same of the same version of a visit is one text. Ask :func:`can_text` before;
    whatever changes until it goes out is looked at again then. Raises ValueError for a
    hidden number.
    """
    if conversation.phone_id is None:
        message = "a hidden number cannot be texted"
        raise ValueError(message)
    clinic = session.get_one(Clinic, visit.clinic_id)
    details = {
        "clinic": visit.text_safe_name,
        "at": visit.starts_at,
        "reference": visit.reference or "",
        "phone": clinic.phone,
    }
    whose = select(Appointment.patient_id).where(Appointment.id == visit.id)
    return outbox.enqueue(
        session,
        kind="text",
        purpose=PURPOSE,
        phone_id=conversation.phone_id,
        patient_id=session.scalars(whose).one(),
        # From the line that they have called: that is where they can answer and stop it.
        clinic_id=conversation.clinic_id,
        conversation_id=conversation.id,
        locale=conversation.locale,
        dedupe_key=f"visit:{kind}:{visit.id}:{visit.version}",
        prompts=(Prompt(name=f"visits.text_{kind}", details=details),),
        expires_at=min(at + USEFUL_FOR, visit.starts_at),
        at=at,
    )
