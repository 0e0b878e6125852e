"""A word that stops texts and may have meant a visit: the visit stands, and somebody asks.

"Cancel" by itself is one of the words with which texts are stopped (47 CFR
64.1200(a)(10)), and the carrier acts on it before we hear it. Whoever meant their visit
may believe it cancelled, and after that word cannot be texted that it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.candidates import patients_on
from portal.handoff import FRONT_DESK, within_a_day
from portal.hours import local
from portal.records import Clinic
from portal.tasks import SOON, open_task
from portal.visits import coming

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.records import Appointment, Phone, StaffTask

KIND, TOPIC = "cancel_unclear", "visits"


def ask_about_visit(
    session: Session, phone: Phone, *, locale: str, at: datetime
) -> StaffTask | None:
    """Return the task to ask whether a visit was meant; None where nobody there has one to come.

    It is about the soonest visit of those whose telephone it is, and due within a day,
    before that visit begins. The same word again that day is the same task.
    """
    visits = [
        visit
        for patient in patients_on(session, phone.id)
        for visit in coming(session, patient.id, at=at)
    ]
    soonest = min(visits, key=lambda visit: visit.starts_at, default=None)
    return _task(session, phone, soonest, locale, at) if soonest else None


def _task(
    session: Session, phone: Phone, visit: Appointment, locale: str, at: datetime
) -> StaffTask:
    clinic = session.get_one(Clinic, visit.clinic_id)
    return open_task(
        session,
        dedupe_key=f"{KIND}:{visit.id}:{local(clinic, at).date()}",
        kind=KIND,
        pool=FRONT_DESK,
        topic=TOPIC,
        priority=SOON,
        patient_id=visit.patient_id,
        phone_id=phone.id,
        clinic_id=clinic.id,
        locale=locale,
        due_at=min(within_a_day(session, clinic, at), visit.starts_at),
        at=at,
    )
