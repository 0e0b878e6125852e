"""Results, what may be said of them, and medicines."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, listed, new_id, one_of
from portal.encryption import Encrypted
from portal.records.change import Origin, Versioned

FINISHED = ("final", "amended", "corrected", "appended")
"""The states of a result of which a patient may hear that it is back (FHIR R4)."""

UNFINISHED = ("registered", "partial", "preliminary")
WITHDRAWN = ("cancelled", "entered_in_error")
SENSITIVITIES = ("none", "sensitive")
FLAGS = ("normal", "abnormal")
OPEN_REQUEST = ("open", "approved")


class LabResult(Versioned, Base):
    """A test's result. The line never says ``value``.

    ``name_key`` is the prompt whose wording is the plain name, ``note_key`` the one
    of the reviewed template that is the clinician's note. It is released while
    ``release_at`` is not later than now.
    """

    __tablename__ = "lab_result"
    __table_args__ = (
        CheckConstraint(
            f"release_at IS NULL OR status IN ({listed(FINISHED)})", name="released_if_final"
        ),
        Index("ix_lab_result_patient", "patient_id", "collected_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("clinician.id", ondelete="RESTRICT"))
    loinc: Mapped[str]
    name_key: Mapped[str]
    category: Mapped[str] = mapped_column(default="laboratory")
    status: Mapped[str] = mapped_column(one_of("status", *UNFINISHED, *FINISHED, *WITHDRAWN))
    value: Mapped[str | None] = mapped_column(Encrypted("lab_result.value"))
    flag: Mapped[str | None] = mapped_column(one_of("flag", *FLAGS))
    ok_to_voice: Mapped[bool] = mapped_column(default=False)
    sensitivity: Mapped[str] = mapped_column(one_of("sensitivity", *SENSITIVITIES), default="none")
    collected_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    release_at: Mapped[datetime | None]
    note_key: Mapped[str | None]
    ehr_ref: Mapped[str | None] = mapped_column(unique=True)


class ReleaseRule(Base):
    """What may be said of a result; the first rule by ``rank`` that matches decides.

    An empty column matches anything. ``state`` is ``unfinished`` or ``finished``
    (the groups of statuses above); ``flag`` is ``normal`` only for a result that is
    flagged so *and* marked ``ok_to_voice``; ``released`` is whether its release
    instant has come. ``delay_hours`` is added to the instant at which a result
    becomes final when it gets its ``release_at`` (state laws: KRS 333.152 and others).
    """

    __tablename__ = "release_rule"
    __table_args__ = (CheckConstraint("delay_hours >= 0", name="delay_hours"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rank: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str | None] = mapped_column(one_of("state", "unfinished", "finished"))
    sensitivity: Mapped[str | None] = mapped_column(one_of("sensitivity", *SENSITIVITIES))
    released: Mapped[bool | None]
    flag: Mapped[str | None] = mapped_column(one_of("flag", *FLAGS))
    category: Mapped[str | None]
    loinc: Mapped[str | None]
    region: Mapped[str | None]
    says: Mapped[str] = mapped_column(
        one_of(
            "says",
            "not_back",
            "back_unreviewed",
            "normal",
            "clinician_will_call",
            "care_team_message",
        )
    )
    texts: Mapped[str] = mapped_column(one_of("texts", "message", "nothing"))
    delay_hours: Mapped[int] = mapped_column(default=0)


class Prescription(Versioned, Base):
    """A medicine that was prescribed. ``schedule_class`` 2 to 5 is a controlled one (DEA).

    ``fills_done`` counts every dispense, the first one included, so that
    ``refills_allowed - max(fills_done - 1, 0)`` are left.
    ``last_fill`` is the state of the newest dispense; while it is on its way no
    other one is asked for.
    """

    __tablename__ = "prescription"
    __table_args__ = (
        CheckConstraint("schedule_class BETWEEN 0 AND 5", name="schedule_class"),
        CheckConstraint("refills_allowed >= 0 AND fills_done >= 0", name="counts"),
        Index("ix_prescription_patient", "patient_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("clinician.id", ondelete="RESTRICT"))
    rxnorm: Mapped[str]
    display: Mapped[str] = mapped_column(Encrypted("prescription.display"))
    directions: Mapped[str | None] = mapped_column(Encrypted("prescription.directions"))
    status: Mapped[str] = mapped_column(
        one_of(
            "status",
            "active",
            "on_hold",
            "cancelled",
            "completed",
            "entered_in_error",
            "stopped",
            "draft",
            "unknown",
        ),
        default="active",
    )
    schedule_class: Mapped[int] = mapped_column(default=0)
    external: Mapped[bool] = mapped_column(default=False)
    transferred: Mapped[bool] = mapped_column(default=False)
    refills_allowed: Mapped[int]
    fills_done: Mapped[int] = mapped_column(default=0)
    last_fill: Mapped[str | None] = mapped_column(
        one_of(
            "last_fill",
            "preparation",
            "in_progress",
            "on_hold",
            "completed",
            "stopped",
            "declined",
        )
    )
    last_filled_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    pharmacy: Mapped[str | None]
    ehr_ref: Mapped[str | None] = mapped_column(unique=True)


class DrugAlias(Base):
    """What people call a medicine: its other names, its brands, and how they sound."""

    __tablename__ = "drug_alias"
    __table_args__ = (UniqueConstraint("rxnorm", "locale", "alias"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rxnorm: Mapped[str]
    alias: Mapped[str]
    locale: Mapped[str] = mapped_column(default="")


class RefillRequest(Origin, Versioned, Base):
    """A patient asks for more of a medicine; at most one open request for each."""

    __tablename__ = "refill_request"
    __table_args__ = (
        Index(
            "uq_refill_request_open",
            "prescription_id",
            unique=True,
            sqlite_where=text(f"status IN ({listed(OPEN_REQUEST)})"),
            postgresql_where=text(f"status IN ({listed(OPEN_REQUEST)})"),
        ),
        Index("ix_refill_request_patient", "patient_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    prescription_id: Mapped[UUID] = mapped_column(
        ForeignKey("prescription.id", ondelete="RESTRICT")
    )
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="RESTRICT")
    )
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_task.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(one_of("kind", "refill", "renewal"))
    status: Mapped[str] = mapped_column(
        one_of("status", *OPEN_REQUEST, "filled", "denied", "cancelled"), default="open"
    )
    requested_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("staff_member.id", ondelete="RESTRICT")
    )
    decided_at: Mapped[datetime | None]
    reason_key: Mapped[str | None]
    doses_left: Mapped[int | None]
    ehr_ref: Mapped[str | None] = mapped_column(unique=True)
