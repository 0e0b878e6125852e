"""The visits that are coming up, and what may be told of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone
from sqlalchemy import select

from portal import audit
from portal.hours import local
from portal.records import Appointment, Clinic, Clinician, Conversation, Phone, VisitType
from portal.records.calendar import HOLDS_TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.access import Access

BOOKED = "booked"
NOT_OVER = tuple(status for status in HOLDS_TIME if status != "fulfilled")
"""The states of a visit that may still be told as one that is coming up."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What may be told of one visit, as its row stood at ``version``.

    Instants are in the clinic's zone, which ``names_zone`` says has to be named: its
    clock differs from that of the telephone on the line. ``kind`` and ``bring`` are
    prompts. ``arrived`` says that the patient is at the clinic already.
    """

    id: UUID
    version: int
    starts_at: datetime
    ends_at: datetime
    clinician: str
    clinician_id: UUID
    clinic: str
    clinic_id: UUID
    text_safe_name: str
    address: str
    kind: str
    visit_type_id: UUID
    bring: str | None
    reference: str | None
    confirmed: bool
    arrived: bool
    names_zone: bool

    def has_begun(self, at: datetime) -> bool:
        """Return whether it is too late at ``at`` to change anything about this visit."""
        return self.arrived or self.starts_at <= at


class Changed(Exception):  # noqa: N818 - an interruption, no error
    """The visit is not any more what was read out; ``visit`` is what it is now, None if gone."""

    def __init__(self, visit: Visit | None) -> None:
        super().__init__()
        self.visit = visit


def upcoming(session: Session, access: Access, *, at: datetime) -> list[Visit]:
    """Return the patient's visits that are not over at ``at``, soonest first.

    That they were read is in the audit, as it is for any record.
    """
    conversation = session.get_one(Conversation, access.conversation_id)
    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.patient_id == access.patient_id,
            Appointment.status.in_(NOT_OVER),
            Appointment.ends_at > at,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    audit.record_caller(
        session,
        conversation,
        action="visits.heard",
        entity="appointment",
        patient_id=access.patient_id,
        detail={"visits": [row.id.hex for row in rows]},
        at=at,
    )
    return [told(session, row, conversation) for row in rows]


def told(session: Session, appointment: Appointment, conversation: Conversation) -> Visit:
    """Return what may be told of a visit to whoever is in this conversation."""
    clinic = session.get_one(Clinic, appointment.clinic_id)
    kind = session.get_one(VisitType, appointment.visit_type_id)
    return Visit(
        id=appointment.id,
        version=appointment.version,
        starts_at=local(clinic, appointment.starts_at),
        ends_at=local(clinic, appointment.ends_at),
        clinician=session.get_one(Clinician, appointment.clinician_id).display,
        clinician_id=appointment.clinician_id,
        clinic=clinic.name,
        clinic_id=clinic.id,
        text_safe_name=clinic.text_safe_name,
        address=clinic.address,
        kind=kind.name_key,
        visit_type_id=kind.id,
        bring=kind.bring_key,
        reference=appointment.reference,
        confirmed=appointment.confirmed_at is not None,
        arrived=appointment.status not in {BOOKED, "cancelled"},
        names_zone=names_zone(session, conversation, clinic, appointment.starts_at),
    )


def own(session: Session, access: Access, appointment_id: UUID) -> Appointment:
    """Return the patient's own visit, whatever has become of it, held against other changes.

    Raises Changed when there is none with this id: another patient's is none either.
    """
    found = session.scalar(
        select(Appointment)
        .where(Appointment.id == appointment_id, Appointment.patient_id == access.patient_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise Changed(None)
    return found


def unchanged(session: Session, access: Access, appointment_id: UUID, version: int) -> Appointment:
    """Return the patient's own booked visit, which is still as it was at ``version``.

    Nobody else changes it until the commit. Raises Changed where somebody has.
    """
    found = own(session, access, appointment_id)
    if found.status not in NOT_OVER:
        raise Changed(None)
    if found.status != BOOKED or found.version != version:
        conversation = session.get_one(Conversation, access.conversation_id)
        raise Changed(told(session, found, conversation))
    return found


def names_zone(session: Session, conversation: Conversation, clinic: Clinic, at: datetime) -> bool:
    """Return whether the clinic's clock at ``at`` differs from that of the telephone.

    A number that belongs to no place, or a hidden one, tells nothing of its clock.
    """
    phone = session.get(Phone, conversation.phone_id) if conversation.phone_id else None
    clocks = {at.astimezone(zone).utcoffset() for zone in _zones(phone.e164)} if phone else set()
    return bool(clocks) and local(clinic, at).utcoffset() not in clocks


def _zones(e164: str) -> Iterator[ZoneInfo]:
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return
    for name in timezone.time_zones_for_geographical_number(number):
        if name != timezone.UNKNOWN_TIMEZONE:
            yield ZoneInfo(name)
