"""Who proved what, who failed, and who is locked out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, new_id, one_of


class ProofAttempt(Base):
    """One try at proving who is calling, and how it ended."""

    __tablename__ = "proof_attempt"
    __table_args__ = (
        Index("ix_proof_attempt_phone_at", "phone_id", "at"),
        Index("ix_proof_attempt_patient_at", "patient_id", "at"),
        Index("ix_proof_attempt_conversation", "conversation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phone.id", ondelete="RESTRICT"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    factor: Mapped[str] = mapped_column(
        one_of("factor", "birth_date", "birth_year", "pin", "code", "call_back", "staff")
    )
    outcome: Mapped[str] = mapped_column(
        one_of("outcome", "proved", "no_match", "locked", "expired", "ambiguous")
    )
    at: Mapped[datetime]


class Lockout(Base):
    """Failures counted for one subject.

    Subjects are ``patient:<id>``, ``phone:<id>``, ``to:<clinic id>`` and
    ``staff:<id>``. Counted by one INSERT ... ON CONFLICT ... RETURNING, never by
    reading first.
    """

    __tablename__ = "lockout"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    window_from: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class OneTimeCode(Base):
    """A code sent to the number on file; it opens one conversation, once.

    ``patient_id`` is empty when nobody matched: the row is made all the same, so
    that the caller cannot tell, and no code opens it.
    """

    __tablename__ = "one_time_code"
    __table_args__ = (
        CheckConstraint("expires_at > sent_at", name="expires_after_sent"),
        CheckConstraint("failures >= 0", name="failures"),
        Index("ix_one_time_code_conversation", "conversation_id", "sent_at"),
        Index("ix_one_time_code_patient", "patient_id", "sent_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phone.id", ondelete="RESTRICT"))
    code_hash: Mapped[str]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
