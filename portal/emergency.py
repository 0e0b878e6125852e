"""What may be an emergency: the caller is told to ring 911, and somebody looks at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal import audit
from portal.handoff import NURSE
from portal.hours import is_open, opens_next
from portal.records import Clinic
from portal.tasks import ANSWERED_WITHIN, AT_ONCE, open_task

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.records import Conversation, StaffTask

LOOKED_AT_WITHIN = timedelta(minutes=15)


def report_emergency(
    session: Session, conversation: Conversation, *, kind: str, at: datetime
) -> StaffTask:
    """Return the task, first of all at the desk, to see what became of the caller.

    It is due within 15 minutes while the clinic is open, and 15 minutes after it
    opens else (24 hours at the latest). One conversation makes one for each
    ``kind``. A hidden number does not matter: the transcript is there to be read.
    """
    clinic = session.get_one(Clinic, conversation.clinic_id)
    task = open_task(
        session,
        dedupe_key=f"safety:{conversation.id}:{kind}",
        kind="safety",
        topic=kind,
        pool=NURSE,
        patient_id=conversation.patient_id,
        conversation_id=conversation.id,
        phone_id=conversation.phone_id,
        clinic_id=clinic.id,
        locale=conversation.locale,
        priority=AT_ONCE,
        due_at=_deadline(session, clinic, at),
        at=at,
    )
    audit.record_caller(
        session,
        conversation,
        action="emergency.reported",
        entity="staff_task",
        entity_id=task.id,
        detail={"kind": kind},
        at=at,
    )
    return task


def _deadline(session: Session, clinic: Clinic, at: datetime) -> datetime:
    if is_open(session, clinic, at):
        return at + LOOKED_AT_WITHIN
    opens = opens_next(session, clinic, at)
    latest = at + ANSWERED_WITHIN
    return min(opens + LOOKED_AT_WITHIN, latest) if opens else latest
