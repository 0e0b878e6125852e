"""Openings are made from each clinician's weekly template, in the clinic's wall time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.closings import keep_holidays
from portal.database import new_id
from portal.records import Clinic, ClinicClosing, ClinicianLeave, Opening, ScheduleTemplate
from portal.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

DAYS_AHEAD = 60


def extend(session: Session, *, at: datetime, days: int = DAYS_AHEAD) -> int:
    """Return how many openings were made so that they reach ``days`` days from ``at``.

    Those that are there stay as they are, with whatever claims them. The public
    holidays among those days become closings first.
    """
    rows = [
        row for clinic in session.scalars(select(Clinic)) for row in _of(session, clinic, at, days)
    ]
    if not rows:
        return 0
    statement = insert(session, Opening).on_conflict_do_nothing().returning(Opening.id)
    return len(session.execute(statement, rows).all())


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """Return the UTC instant of a wall time; None for one that the clocks skip that day.

    A wall time that comes twice, when clocks go back, means its first coming.
    """
    there = datetime.combine(day, wall, zone)
    utc = there.astimezone(UTC)
    return utc if utc.astimezone(zone).replace(tzinfo=None) == there.replace(tzinfo=None) else None


@dataclass(frozen=True)
class Atom:
    """One step of a clinic's grid on one of its days."""

    clinic: Clinic
    day: date
    wall: time
    starts_at: datetime

    def opening(self, clinician_id: UUID, seat: int) -> dict[str, Any]:
        """Return the columns of a new opening of a clinician at this time."""
        return {
            "id": new_id(),
            "clinician_id": clinician_id,
            "clinic_id": self.clinic.id,
            "starts_at": self.starts_at,
            "ends_at": self.starts_at + timedelta(minutes=self.clinic.grid_minutes),
            "seat": seat,
            "local_date": self.day,
            "local_start": self.wall,
        }


def atoms(clinic: Clinic, day: date, local_start: time, local_end: time) -> Iterator[Atom]:
    """Return the atoms in a stretch of a day, without those that the clocks skip."""
    zone = ZoneInfo(clinic.tz)
    grid = timedelta(minutes=clinic.grid_minutes)
    wall, end = datetime.combine(day, local_start), datetime.combine(day, local_end)
    while wall + grid <= end:
        starts_at = instant(day, wall.time(), zone)
        if starts_at is not None:
            yield Atom(clinic, day, wall.time(), starts_at)
        wall += grid


def _of(session: Session, clinic: Clinic, at: datetime, days: int) -> Iterator[dict[str, Any]]:
    today = at.astimezone(ZoneInfo(clinic.tz)).date()
    last = today + timedelta(days=days)
    keep_holidays(session, clinic, first=today, last=last)
    templates = session.scalars(
        select(ScheduleTemplate).where(ScheduleTemplate.clinic_id == clinic.id)
    ).all()
    away = _leaves(session, at)
    for day in _open_days(session, clinic, today, last):
        for template in templates:
            if _applies(template, day):
                yield from _of_template(clinic, template, day, at, away)


def _of_template(
    clinic: Clinic,
    template: ScheduleTemplate,
    day: date,
    at: datetime,
    away: Sequence[ClinicianLeave],
) -> Iterator[dict[str, Any]]:
    leaves = [leave for leave in away if leave.clinician_id == template.clinician_id]
    for atom in atoms(clinic, day, template.local_start, template.local_end):
        absent = any(leave.starts_at <= atom.starts_at < leave.ends_at for leave in leaves)
        if atom.starts_at > at and not absent:
            for seat in range(1, template.seats + 1):
                yield atom.opening(template.clinician_id, seat)


def _open_days(session: Session, clinic: Clinic, first: date, last: date) -> Iterator[date]:
    closed = set(
        session.scalars(select(ClinicClosing.on).where(ClinicClosing.clinic_id == clinic.id))
    )
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        if day not in closed:
            yield day


def _leaves(session: Session, at: datetime) -> Sequence[ClinicianLeave]:
    return session.scalars(select(ClinicianLeave).where(ClinicianLeave.ends_at > at)).all()


def _applies(template: ScheduleTemplate, day: date) -> bool:
    begun = template.valid_from <= day
    return (
        template.weekday == day.weekday()
        and begun
        and (template.valid_to is None or day <= template.valid_to)
    )
