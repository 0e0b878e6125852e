"""May this still go out? Asked again at the moment of sending, whatever was true before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import consent
from portal.records import Outbox, Patient, PatientPhone, Phone

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

# How many texts that nobody asked for one telephone gets (47 CFR 64.1200(a)(9)(iv):
# one a day, three a week; we keep to it for every text of ours).
CAPS = ((timedelta(days=1), 1), (timedelta(days=7), 3))


def objection(session: Session, row: Outbox, *, at: datetime) -> str | None:
    """Return in one word why ``row`` may not go out any more; None where it may.

    A one-time code has no cap, and no more than any other text goes to a telephone
    that has opted out or that somebody else may read.
    """
    if row.expires_at is not None and row.expires_at <= at:
        return "expired"
    return _objection_to_text(session, row) if row.kind == "text" else None


def _objection_to_text(session: Session, row: Outbox) -> str | None:
    if not consent.may_text(session, row.phone_id, row.purpose):
        return "opted_out"
    if is_safe_contact(session, row.phone_id):
        return "safe_contact"
    if session.get_one(Phone, row.phone_id).line_type == "landline":
        return "landline"
    patient = session.get(Patient, row.patient_id) if row.patient_id else None
    return "no_texts" if patient is not None and patient.text_level == 0 else None


def is_safe_contact(session: Session, phone_id: UUID) -> bool:
    """Return whether a patient of this telephone is in danger from who else may use it.

    They get no text, and no call of ours speaks to their voicemail.
    """
    marked = (
        select(Patient.id)
        .join(PatientPhone, PatientPhone.patient_id == Patient.id)
        .where(PatientPhone.phone_id == phone_id, Patient.safe_contact.is_(True))
    )
    return session.scalars(marked).first() is not None


def not_before(session: Session, row: Outbox, *, at: datetime) -> datetime | None:
    """Return when ``row`` stays within what a telephone may be sent; None: now.

    Codes, answers and calls that somebody asked for do not count and are not held.
    """
    if row.kind != "text" or row.purpose in consent.ASKED_FOR:
        return None
    sent = session.scalars(
        select(Outbox.done_at)
        .where(
            Outbox.kind == "text",
            Outbox.phone_id == row.phone_id,
            Outbox.purpose.not_in(consent.ASKED_FOR),
            Outbox.done_at > at - CAPS[-1][0],
        )
        .order_by(Outbox.done_at.desc())
    )
    times = [each for each in sent if each is not None]
    free = [times[most - 1] + window for window, most in CAPS if len(times) >= most]
    later = max(free, default=at)
    return later if later > at else None
