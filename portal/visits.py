"""The visits that are coming up: what may be told of them, and whether it still holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone
from sqlalchemy import select

from portal import audit
from portal.hours import local
from portal.records import Appointment, Clinic, Clinician, Conversation, Phone, VisitType
from portal.records.calendar import HOLDS_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.access import Access

BOOKED = "booked"
"""The state of a visit that the patient has still to come to."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What may be told of a visit; its instants are in the clinic's zone.

    ``kind`` and ``bring`` are prompts. ``names_zone`` says that the clinic's clock is
    another one than where the telephone comes from. ``version`` is the row's as it was
    read: what is done about the visit later is done about what was told.
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
    kind: str = field(repr=False)
    visit_type_id: UUID = field(repr=False)
    bring: str | None = field(repr=False)
    reference: str | None = field(repr=False)
    confirmed: bool
    names_zone: bool


class Changed(Exception):  # noqa: N818 - no error: the clinic did it
    """The visit is not any more what was read out; ``visit`` is what it is now, if anything."""

    def __init__(self, visit: Visit | None) -> None:
        super().__init__("the visit has changed")
        self.visit = visit


def upcoming(session: Session, access: Access, *, at: datetime) -> list[Visit]:
    """Return the patient's visits that have not begun at ``at``, the soonest first.

    That they were told, and how many there were, is in the audit.
    """
    conversation = session.get_one(Conversation, access.conversation_id)
    rows = coming(session, access.patient_id, at=at)
    audit.record_caller(
        session,
        conversation,
        action="visits.heard",
        entity="appointment",
        patient_id=access.patient_id,
        detail={"count": len(rows)},
        at=at,
    )
    return [told(session, row, conversation) for row in rows]


def coming(session: Session, patient_id: UUID, *, at: datetime) -> Sequence[Appointment]:
    """Return the rows of the visits that a patient has still to come to, the soonest first."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.patient_id == patient_id,
            Appointment.starts_at > at,
            Appointment.status == BOOKED,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def under_way(session: Session, access: Access, *, at: datetime) -> bool:
    """Return whether the patient has a visit that has begun at ``at`` and is not over."""
    now = select(Appointment.id).where(
        Appointment.patient_id == access.patient_id,
        Appointment.starts_at <= at,
        Appointment.ends_at > at,
        Appointment.status.in_(HOLDS_TIME),
    )
    return session.scalars(now).first() is not None


def told(session: Session, appointment: Appointment, conversation: Conversation) -> Visit:
    """Return what may be told of a visit in this conversation."""
    clinic = session.get_one(Clinic, appointment.clinic_id)
    kind = session.get_one(VisitType, appointment.visit_type_id)
    starts_at = local(clinic, appointment.starts_at)
    return Visit(
        id=appointment.id,
        version=appointment.version,
        starts_at=starts_at,
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
        names_zone=names_zone(session, conversation, clinic, appointment.starts_at),
    )


def names_zone(session: Session, conversation: Conversation, clinic: Clinic, at: datetime) -> bool:
    """Return whether the clinic's clock at ``at`` differs from that of the telephone's area.

    A hidden number, or one whose area has several clocks of which one is the clinic's,
    is taken to be at home (portal-records §2.5).
    """
    phone = session.get(Phone, conversation.phone_id) if conversation.phone_id else None
    if phone is None:
        return False
    zones = timezone.time_zones_for_number(phonenumbers.parse(phone.e164))
    known = [zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE]
    clinic_clock = at.astimezone(ZoneInfo(clinic.tz)).utcoffset()
    clocks = {at.astimezone(ZoneInfo(zone)).utcoffset() for zone in known}
    return bool(clocks) and clinic_clock not in clocks


def own(session: Session, access: Access, appointment_id: UUID) -> Appointment:
    """Return the patient's visit, whatever has become of it, locked until the commit.

    Raises Changed where there is none: another patient's is none either.
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
    """Return the patient's visit, locked, if it is still what was read out at ``version``.

    Raises Changed with what it is now: None where there is none to come to any more.
    """
    found = own(session, access, appointment_id)
    if found.status != BOOKED:
        raise Changed(None)
    if found.version != version:
        conversation = session.get_one(Conversation, access.conversation_id)
        raise Changed(told(session, found, conversation))
    return found
