"""Staff, what is theirs to do, and what is written between them and patients."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, new_id, one_of
from portal.encryption import Encrypted
from portal.records.change import Origin, Versioned


class StaffMember(Base):
    """Somebody who works here; every foreign key to staff points at this row.

    ``email_ci`` is the address in lower case. ``languages`` are the tags of the
    locales in which they can speak with patients.
    """

    __tablename__ = "staff_member"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Encrypted("staff_member.name"))
    email_ci: Mapped[str] = mapped_column(unique=True)
    languages: Mapped[list[str]] = mapped_column(default=list)
    disabled_at: Mapped[datetime | None]


class StaffDuty(Base):
    """What a member of staff does at a clinic."""

    __tablename__ = "staff_duty"

    member_id: Mapped[UUID] = mapped_column(
        ForeignKey("staff_member.id", ondelete="RESTRICT"), primary_key=True
    )
    role: Mapped[str] = mapped_column(
        one_of(
            "role",
            "front_desk",
            "nurse",
            "clinician",
            "pharmacist",
            "interpreter",
            "lead",
            "privacy",
            "admin",
        ),
        primary_key=True,
    )
    clinic_id: Mapped[UUID] = mapped_column(
        ForeignKey("clinic.id", ondelete="RESTRICT"), primary_key=True
    )


class StaffTask(Versioned, Base):
    """Something a person promised to do: a pool owns it and it has a deadline.

    ``kind`` and ``pool`` are open lists, since each capability brings its own
    (``nurse``, ``front_desk``, ``clinician``, ``language:es``). ``dedupe_key`` keeps one
    promise from becoming two tasks. ``topic`` says in a word or two what it is about
    and holds no personal data.
    """

    __tablename__ = "staff_task"
    __table_args__ = (
        CheckConstraint("due_at > created_at", name="due_after_created"),
        CheckConstraint(
            "status NOT IN ('claimed', 'answered') OR claimed_by IS NOT NULL", name="claimed_by"
        ),
        Index(
            "ix_staff_task_open",
            "clinic_id",
            "due_at",
            sqlite_where=text("status IN ('open', 'claimed')"),
            postgresql_where=text("status IN ('open', 'claimed')"),
        ),
        Index("ix_staff_task_patient", "patient_id"),
        Index("ix_staff_task_conversation", "conversation_id"),
        Index("ix_staff_task_result", "result_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    pool: Mapped[str]
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phone.id", ondelete="RESTRICT"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    result_id: Mapped[UUID | None] = mapped_column(ForeignKey("lab_result.id", ondelete="RESTRICT"))
    locale: Mapped[str]
    topic: Mapped[str | None]
    body: Mapped[str | None] = mapped_column(Encrypted("staff_task.body"))
    status: Mapped[str] = mapped_column(
        one_of("status", "open", "claimed", "answered", "closed", "cancelled"), default="open"
    )
    priority: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("staff_member.id", ondelete="RESTRICT")
    )
    first_response_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    escalated_level: Mapped[int] = mapped_column(default=0)
    dedupe_key: Mapped[str | None] = mapped_column(unique=True)


class Message(Origin, Base):
    """What a patient wrote or said to the care team, or the care team to a patient.

    ``wording`` is the prompt that was sent when it came out of the catalogue; free
    text is said only in ``locale``, the language it was written in.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(
            "direction = 'from_patient' OR staff_id IS NOT NULL OR wording IS NOT NULL",
            name="who_wrote_it",
        ),
        Index("ix_message_thread", "thread_id", "at"),
        Index("ix_message_patient", "patient_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    thread_id: Mapped[UUID]
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_task.id", ondelete="RESTRICT"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    staff_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("staff_member.id", ondelete="RESTRICT")
    )
    direction: Mapped[str] = mapped_column(one_of("direction", "from_patient", "to_patient"))
    body: Mapped[str | None] = mapped_column(Encrypted("message.body"))
    wording: Mapped[str | None]
    locale: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    ehr_ref: Mapped[str | None] = mapped_column(unique=True)
