"""Patients, their telephones, and who may act for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, new_id, one_of
from portal.encryption import Encrypted
from portal.records.change import Origin, Versioned


class Patient(Origin, Versioned, Base):
    """Whose records are touched.

    ``birth_date`` is an ISO date; it is found by ``birth_date_bidx``, which is
    ``ring().blind_index("birth_date", iso)``. ``text_level`` is how much a text may
    say: 0 nothing of substance, 1 when and where of visits and refills, 2 all that
    the law allows. ``safe_contact`` means that nothing may be left or shown where
    somebody else could find it: no name, no greeting, no voicemail, no text.
    """

    __tablename__ = "patient"
    __table_args__ = (CheckConstraint("text_level BETWEEN 0 AND 2", name="text_level"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mrn: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Encrypted("patient.name"))
    birth_date: Mapped[str] = mapped_column(Encrypted("patient.birth_date"))
    birth_date_bidx: Mapped[bytes] = mapped_column(
        index=True, info={"finds": "birth_date", "purpose": "birth_date"}
    )
    locale: Mapped[str]
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    pin_hash: Mapped[str | None] = mapped_column(Encrypted("patient.pin_hash"))
    pin_set_at: Mapped[datetime | None]
    text_level: Mapped[int] = mapped_column(default=1)
    safe_contact: Mapped[bool] = mapped_column(default=False)
    voice_pace: Mapped[str] = mapped_column(
        one_of("voice_pace", "normal", "slow"), default="normal"
    )
    contact_by: Mapped[str | None] = mapped_column(one_of("contact_by", "call", "text"))
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    needs_interpreter: Mapped[bool] = mapped_column(default=False)
    preferred_clinician_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("clinician.id", ondelete="RESTRICT")
    )
    address: Mapped[str | None] = mapped_column(Encrypted("patient.address"))
    tz: Mapped[str | None]


class Phone(Base):
    """A telephone, found by ``ring().blind_index("phone", e164)``.

    ``locale`` is the language last chosen on it by key.
    """

    __tablename__ = "phone"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    e164: Mapped[str] = mapped_column(Encrypted("phone.e164"))
    e164_bidx: Mapped[bytes] = mapped_column(
        unique=True, info={"finds": "e164", "purpose": "phone"}
    )
    line_type: Mapped[str] = mapped_column(
        one_of("line_type", "mobile", "landline", "unknown"), default="unknown"
    )
    locale: Mapped[str | None]
    created_at: Mapped[datetime]


class PatientPhone(Base):
    """A telephone on file for a patient."""

    __tablename__ = "patient_phone"
    __table_args__ = (
        Index(
            "uq_patient_phone_primary",
            "patient_id",
            unique=True,
            sqlite_where=text("is_primary"),
            postgresql_where=text("is_primary"),
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(
        ForeignKey("patient.id", ondelete="RESTRICT"), primary_key=True
    )
    phone_id: Mapped[UUID] = mapped_column(
        ForeignKey("phone.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    relation: Mapped[str] = mapped_column(
        one_of("relation", "self", "parent", "guardian", "caregiver", "household"),
        default="self",
    )
    is_primary: Mapped[bool] = mapped_column(default=False)
    verified_at: Mapped[datetime | None]


class ProxyGrant(Base):
    """The recorded right of one patient to act for another.

    ``scope`` is ``{"acts": [...]}``, the stems of the capabilities that it covers.
    """

    __tablename__ = "proxy_grant"
    __table_args__ = (
        CheckConstraint("patient_id <> proxy_patient_id", name="not_oneself"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_starts"),
        Index(
            "uq_proxy_grant_live",
            "patient_id",
            "proxy_patient_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    proxy_patient_id: Mapped[UUID] = mapped_column(
        ForeignKey("patient.id", ondelete="RESTRICT"), index=True
    )
    scope: Mapped[dict[str, Any]]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ContactChange(Origin, Versioned, Base):
    """A change of name, number or address that a patient proposed and staff decide on."""

    __tablename__ = "contact_change"
    __table_args__ = (
        CheckConstraint("status = 'proposed' OR decided_at IS NOT NULL", name="decided_when"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[UUID] = mapped_column(
        ForeignKey("patient.id", ondelete="RESTRICT"), index=True
    )
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_task.id", ondelete="RESTRICT"))
    field: Mapped[str] = mapped_column(one_of("field", "phone", "address", "name", "locale"))
    proposed: Mapped[str] = mapped_column(Encrypted("contact_change.proposed"))
    status: Mapped[str] = mapped_column(
        one_of("status", "proposed", "applied", "refused"), default="proposed"
    )
    proposed_at: Mapped[datetime]
    takes_effect_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("staff_member.id", ondelete="RESTRICT")
    )
    decided_at: Mapped[datetime | None]
