"""What keeps the records honest: idempotency, the audit and its seals, links to an EHR."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, new_id, one_of
from portal.encryption import Encrypted


class Idempotency(Base):
    """A request that was claimed, and the answer it got."""

    __tablename__ = "idempotency"
    __table_args__ = (
        Index("ix_idempotency_expires", "expires_at"),
        Index("ix_idempotency_conversation", "conversation_id"),
    )

    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[str] = mapped_column(one_of("status", "claimed", "done"), default="claimed")
    answer: Mapped[str | None] = mapped_column(Encrypted("idempotency.answer"))
    claimed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )


class Audit(Base):
    """Who did what to which record. Rows are only ever added.

    It names ids and has no foreign keys: the trace must outlive what it names, and
    nothing may ever reach into it. ``detail`` holds no personal data.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_at", "at"),
        Index("ix_audit_patient", "patient_id", "at"),
        Index("ix_audit_conversation", "conversation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(
        one_of(
            "actor_kind",
            "caller",
            "patient",
            "proxy",
            "staff",
            "line",
            "carrier",
            "system",
        )
    )
    actor_id: Mapped[str | None]
    action: Mapped[str]
    entity: Mapped[str | None]
    entity_id: Mapped[str | None]
    patient_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any] | None]


class AuditSeal(Base):
    """A digest over an hour of audit and the seal before it: what was altered shows."""

    __tablename__ = "audit_seal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    from_at: Mapped[datetime] = mapped_column(unique=True)
    to_at: Mapped[datetime]
    row_count: Mapped[int]
    previous: Mapped[bytes | None]
    digest: Mapped[bytes]
    sealed_at: Mapped[datetime]


class EhrLink(Base):
    """Which record of an EHR one of ours is."""

    __tablename__ = "ehr_link"
    __table_args__ = (UniqueConstraint("kind", "remote"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    local_id: Mapped[UUID] = mapped_column(primary_key=True)
    remote: Mapped[str]
    etag: Mapped[str | None]
    seen_at: Mapped[datetime]
