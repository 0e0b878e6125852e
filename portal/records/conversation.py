"""Calls and text sessions, turn by turn."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, new_id, one_of
from portal.encryption import Encrypted, EncryptedJSON
from portal.records.change import Versioned


class Conversation(Versioned, Base):
    """A call or a text session.

    ``assurance`` is what the caller has proved (0 nothing, 1 a birth year on a number
    on file, 2 more). ``state`` holds what was expected, the choices offered, what is
    pending and the flow's answers; a change deep inside it is stored only when one of
    its own keys is set. ``flow`` is the name of what the conversation is in the middle
    of, ``outcome`` one word on how it ended.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("assurance BETWEEN 0 AND 3", name="assurance"),
        CheckConstraint("next_turn > 0", name="next_turn"),
        Index("ix_conversation_phone", "phone_id", "started_at"),
        Index("ix_conversation_patient", "patient_id", "started_at"),
        Index("ix_conversation_clinic", "clinic_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(one_of("channel", "voice", "sms"))
    provider_sid: Mapped[str] = mapped_column(unique=True)
    direction: Mapped[str] = mapped_column(
        one_of("direction", "inbound", "outbound"), default="inbound"
    )
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phone.id", ondelete="RESTRICT"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    proxy_for: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    assurance: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str]
    next_turn: Mapped[int] = mapped_column(default=1)
    lease_until: Mapped[datetime | None]
    lease_by: Mapped[str | None]
    silences: Mapped[int] = mapped_column(default=0)
    misses: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    state: Mapped[dict[str, Any]] = mapped_column(
        MutableDict.as_mutable(EncryptedJSON("conversation.state")), default=dict
    )
    flow: Mapped[str | None]
    pace: Mapped[str] = mapped_column(one_of("pace", "normal", "slow"), default="normal")
    bot_version: Mapped[str | None]
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class Turn(Base):
    """One thing heard, or what was said back. ``prompts`` are names and details."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number", "speaker"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        Index("ix_turn_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    number: Mapped[int]
    speaker: Mapped[str] = mapped_column(one_of("speaker", "caller", "line"))
    provider_sid: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str | None]
    text: Mapped[str | None] = mapped_column(Encrypted("turn.text"))
    prompts: Mapped[Any | None] = mapped_column(EncryptedJSON("turn.prompts"))
    intent: Mapped[str | None]
    confidence: Mapped[float | None]
    milliseconds: Mapped[int | None]
    at: Mapped[datetime]


class Voicemail(Base):
    """What a caller left after the tone: the recording and, once written down, its text."""

    __tablename__ = "voicemail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT"), index=True
    )
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phone.id", ondelete="RESTRICT"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_task.id", ondelete="RESTRICT"))
    recording_sid: Mapped[str] = mapped_column(unique=True)
    seconds: Mapped[int | None]
    audio: Mapped[str | None] = mapped_column(Encrypted("voicemail.audio"))
    transcript: Mapped[str | None] = mapped_column(Encrypted("voicemail.transcript"))
    locale: Mapped[str]
    at: Mapped[datetime]
    heard_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("staff_member.id", ondelete="RESTRICT")
    )
    heard_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
