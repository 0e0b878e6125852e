"""Consent to be contacted, and what is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, new_id, one_of
from portal.encryption import EncryptedJSON


class ConsentEvent(Base):
    """Somebody allowed or stopped something on a telephone; the newest event counts.

    Consent belongs to the telephone and not to a patient. Rows are only ever added.
    """

    __tablename__ = "consent_event"
    __table_args__ = (Index("ix_consent_event_phone", "phone_id", "purpose", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    phone_id: Mapped[UUID] = mapped_column(ForeignKey("phone.id", ondelete="RESTRICT"))
    purpose: Mapped[str]
    granted: Mapped[bool]
    source: Mapped[str]
    wording: Mapped[str | None]
    locale: Mapped[str | None]
    at: Mapped[datetime]
    evidence: Mapped[str | None]


class Outbox(Base):
    """A text or a call that is to go out; the row is the truth about it."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("done_at IS NULL OR dead_at IS NULL", name="one_end"),
        Index(
            "ix_outbox_ready",
            "priority",
            "available_at",
            sqlite_where=text("done_at IS NULL AND dead_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND dead_at IS NULL"),
        ),
        Index("ix_outbox_provider_sid", "provider_sid"),
        Index("ix_outbox_phone", "phone_id", "available_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(one_of("kind", "text", "call"))
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    phone_id: Mapped[UUID] = mapped_column(ForeignKey("phone.id", ondelete="RESTRICT"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    locale: Mapped[str]
    body: Mapped[Any] = mapped_column(EncryptedJSON("outbox.body"))
    purpose: Mapped[str]
    priority: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_by: Mapped[str | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    provider_sid: Mapped[str | None]
    last_error: Mapped[str | None]
    segments: Mapped[int | None]


class Delivery(Base):
    """What the carrier reported about something sent; a report repeated is one row."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("provider_sid", "status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    outbox_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("outbox.id", ondelete="RESTRICT"), index=True
    )
    provider_sid: Mapped[str]
    status: Mapped[str]
    error_code: Mapped[str | None]
    at: Mapped[datetime]


class Tick(Base):
    """A periodic job's due time; whoever inserts the row first runs it."""

    __tablename__ = "tick"

    job: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime | None]
