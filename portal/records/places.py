"""Clinics, who is seen there, and what for."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, new_id, one_of

PHONE_IS_E164 = "{0} LIKE '+%' AND length({0}) BETWEEN 8 AND 16"


class Clinic(Base):
    """A place with its own numbers, hours and time zone.

    ``phone`` is the number callers dial (the carrier's ``To``), ``front_desk`` and
    ``nurse_line`` the ones a call may be transferred to. ``text_safe_name`` is what
    a text may call it: a name that gives no speciality away. ``region`` is the
    state whose release law applies. ``holidays`` are the names of the public holidays
    of that state that it keeps. A visit that is cancelled less than
    ``late_cancel_hours`` before it begins is for staff to look at.
    """

    __tablename__ = "clinic"
    __table_args__ = (
        CheckConstraint("grid_minutes IN (5, 10, 15, 20, 30)", name="grid_minutes"),
        CheckConstraint(PHONE_IS_E164.format("phone"), name="phone_is_e164"),
        CheckConstraint("results_usual_days > 0", name="results_usual_days"),
        CheckConstraint("late_cancel_hours >= 0", name="late_cancel_hours"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    text_safe_name: Mapped[str]
    tz: Mapped[str]
    phone: Mapped[str] = mapped_column(unique=True)
    front_desk: Mapped[str | None]
    nurse_line: Mapped[str | None]
    address: Mapped[str]
    region: Mapped[str | None]
    grid_minutes: Mapped[int] = mapped_column(default=15)
    locale_default: Mapped[str] = mapped_column(default="en-US")
    results_usual_days: Mapped[int] = mapped_column(default=3)
    late_cancel_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    holidays: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class ClinicHours(Base):
    """When a clinic is open on a weekday (0 is Monday), in its own wall time."""

    __tablename__ = "clinic_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("closes > opens", name="closes_after_it_opens"),
        UniqueConstraint("clinic_id", "weekday", "opens"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]


class ClinicClosing(Base):
    """A day on which a clinic does not open."""

    __tablename__ = "clinic_closing"

    clinic_id: Mapped[UUID] = mapped_column(
        ForeignKey("clinic.id", ondelete="RESTRICT"), primary_key=True
    )
    on: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str]


class Clinician(Base):
    """Somebody who is seen. ``display`` is the name as it is said."""

    __tablename__ = "clinician"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    display: Mapped[str]
    npi: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    staff_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("staff_member.id", ondelete="RESTRICT"), unique=True
    )


class VisitType(Base):
    """What a visit is for. ``name_key`` is the prompt whose wording names it.

    ``bring_key`` is the prompt that says what to bring, if anything. It is booked by
    patients no later than ``notice_minutes`` before it begins and no more than
    ``days_ahead`` days before; ``place`` is where it stands when kinds are read out.
    """

    __tablename__ = "visit_type"
    __table_args__ = (
        CheckConstraint("minutes > 0 AND minutes % 5 = 0", name="minutes_in_fives"),
        CheckConstraint("notice_minutes >= 0", name="notice_minutes"),
        CheckConstraint("days_ahead > 0", name="days_ahead"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    name_key: Mapped[str]
    minutes: Mapped[int]
    phone_bookable: Mapped[bool] = mapped_column(default=True)
    modality: Mapped[str] = mapped_column(
        one_of("modality", "in_person", "phone", "video"), default="in_person"
    )
    bring_key: Mapped[str | None]
    notice_minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    days_ahead: Mapped[int] = mapped_column(default=60, server_default="60")
    place: Mapped[int] = mapped_column(default=1, server_default="1")


class ScheduleTemplate(Base):
    """When a clinician sees patients, week by week, in the clinic's wall time."""

    __tablename__ = "schedule_template"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("local_end > local_start", name="ends_after_it_starts"),
        CheckConstraint("seats > 0", name="seats"),
        UniqueConstraint("clinician_id", "clinic_id", "weekday", "local_start", "valid_from"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("clinician.id", ondelete="RESTRICT"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"))
    weekday: Mapped[int]
    local_start: Mapped[time]
    local_end: Mapped[time]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    seats: Mapped[int] = mapped_column(default=1)


class ClinicianLeave(Base):
    """A time in which a clinician is away, whatever the template says."""

    __tablename__ = "clinician_leave"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinician_id: Mapped[UUID] = mapped_column(
        ForeignKey("clinician.id", ondelete="RESTRICT"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str | None]
