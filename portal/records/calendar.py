"""Openings, the visits in them, and the claims that make double booking impossible."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, listed, new_id, one_of
from portal.records.change import Origin, Versioned

HOLDS_TIME = ("booked", "arrived", "checked_in", "fulfilled")
"""The states in which a visit occupies its time."""

STATUSES = (*HOLDS_TIME, "proposed", "pending", "cancelled", "noshow", "entered_in_error")


class Opening(Base):
    """One atom of bookable time (the clinic's grid) and one seat of it; FHIR calls it Slot.

    ``local_date`` and ``local_start`` are the clinic's wall time: what the patient
    was promised, should the zone's rules change.
    """

    __tablename__ = "opening"
    __table_args__ = (
        UniqueConstraint("clinician_id", "starts_at", "seat"),
        UniqueConstraint("id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("seat > 0", name="seat"),
        Index("ix_opening_day", "clinic_id", "local_date", "clinician_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("clinician.id", ondelete="RESTRICT"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seat: Mapped[int] = mapped_column(default=1)
    local_date: Mapped[date]
    local_start: Mapped[time]


class Appointment(Origin, Versioned, Base):
    """A visit. While ``holds_time`` its claims exist; the database sees to that.

    Cancelling without deleting the claims first is refused by their foreign key, so
    a cancelled visit cannot go on occupying its time. ``wall_start`` stands beside
    the instant as ``local_date`` and ``local_start`` do on the openings.

    ``reference`` is the number by which a caller may name it to staff. ``hold_id`` is
    the hold that its time was confirmed from last: a confirmation that comes twice
    finds it done, though the hold itself is gone.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("id", "holds_time"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint(
            "cancel_reason IS NULL OR status IN ('cancelled', 'noshow')",
            name="reason_only_if_cancelled",
        ),
        Index("ix_appointment_patient", "patient_id", "starts_at"),
        Index("ix_appointment_clinic", "clinic_id", "starts_at"),
        Index("uq_appointment_reference", "reference", unique=True),
        Index("uq_appointment_hold", "hold_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("clinician.id", ondelete="RESTRICT"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    visit_type_id: Mapped[UUID] = mapped_column(ForeignKey("visit_type.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(one_of("status", *STATUSES), default="booked")
    holds_time: Mapped[bool] = mapped_column(
        Computed(f"status IN ({listed(HOLDS_TIME)})", persisted=True)
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    local_date: Mapped[date]
    local_start: Mapped[time]
    cancel_reason: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    replaces_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("appointment.id", ondelete="RESTRICT"), unique=True
    )
    ehr_ref: Mapped[str | None] = mapped_column(unique=True)
    ehr_etag: Mapped[str | None]
    reference: Mapped[str | None]
    hold_id: Mapped[UUID | None]


class Hold(Base):
    """What a caller has chosen and not yet confirmed; claims of kind hold keep its time.

    One a conversation. ``moves_id`` is the visit that is to be moved there, as it was
    at version ``moves_version`` when the new time was chosen; None where a new one is booked.
    """

    __tablename__ = "hold"
    __table_args__ = (
        UniqueConstraint("conversation_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("(moves_id IS NULL) = (moves_version IS NULL)", name="moves_a_version"),
        Index("ix_hold_patient", "patient_id", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("clinician.id", ondelete="RESTRICT"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    visit_type_id: Mapped[UUID] = mapped_column(ForeignKey("visit_type.id", ondelete="RESTRICT"))
    moves_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id", ondelete="RESTRICT"))
    moves_version: Mapped[int | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Claim(Base):
    """The row that takes an opening: a visit's, a hold while a caller decides, or a block.

    Its primary key is the opening, so that of two claims one is refused, on SQLite
    and PostgreSQL alike. Insert the claims of one visit one by one, in the order of
    ``starts_at``: two bookings that overlap then cannot wait for each other.
    """

    __tablename__ = "claim"
    __table_args__ = (
        ForeignKeyConstraint(
            ["opening_id", "starts_at"],
            ["opening.id", "opening.starts_at"],
            ondelete="RESTRICT",
            name="fk_claim_opening",
        ),
        ForeignKeyConstraint(
            ["appointment_id", "holds_time"],
            ["appointment.id", "appointment.holds_time"],
            ondelete="RESTRICT",
            name="fk_claim_appointment",
        ),
        CheckConstraint("holds_time", name="holds_time"),
        CheckConstraint(
            "(kind = 'appointment') = (appointment_id IS NOT NULL)", name="visit_has_appointment"
        ),
        CheckConstraint("kind = 'block' OR patient_id IS NOT NULL", name="whose"),
        CheckConstraint("(kind = 'hold') = (expires_at IS NOT NULL)", name="hold_expires"),
        CheckConstraint("kind <> 'hold' OR conversation_id IS NOT NULL", name="who_holds"),
        CheckConstraint("(kind = 'block') = (reason IS NOT NULL)", name="block_has_reason"),
        Index(
            "uq_claim_patient_starts",
            "patient_id",
            "starts_at",
            unique=True,
            sqlite_where=text("kind = 'appointment'"),
            postgresql_where=text("kind = 'appointment'"),
        ),
        Index("ix_claim_appointment", "appointment_id"),
        Index("ix_claim_conversation", "conversation_id"),
    )

    opening_id: Mapped[UUID] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(one_of("kind", "appointment", "hold", "block"))
    appointment_id: Mapped[UUID | None]
    holds_time: Mapped[bool] = mapped_column(default=True)
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    expires_at: Mapped[datetime | None]
    reason: Mapped[str | None]
