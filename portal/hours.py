"""When a clinic is open: in its own wall time, its closings taken out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.records import ClinicClosing, ClinicHours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.records import Clinic

# A clinic that has no hour in two months is not one that opens again by itself.
LOOKED_AHEAD_DAYS = 62

Stretch = tuple[datetime, datetime]


def local(clinic: Clinic, at: datetime) -> datetime:
    """Return the instant in the clinic's own zone."""
    return at.astimezone(ZoneInfo(clinic.tz))


def hours_on(session: Session, clinic: Clinic, day: date) -> tuple[Stretch, ...]:
    """Return from when to when the clinic is open on ``day``, in its zone, breaks left out.

    A row of ``clinic_closing`` closes the whole day; holidays are such rows, since
    each clinic decides for itself which ones it keeps.
    """
    if session.get(ClinicClosing, (clinic.id, day)) is not None:
        return ()
    rows = session.scalars(
        select(ClinicHours)
        .where(ClinicHours.clinic_id == clinic.id, ClinicHours.weekday == day.weekday())
        .order_by(ClinicHours.opens)
    )
    zone = ZoneInfo(clinic.tz)
    return tuple(
        (datetime.combine(day, row.opens, zone), datetime.combine(day, row.closes, zone))
        for row in rows
    )


def hours_today(session: Session, clinic: Clinic, at: datetime) -> tuple[Stretch, ...]:
    """Return from when to when the clinic is open on the day that it is there now."""
    return hours_on(session, clinic, local(clinic, at).date())


def is_open(session: Session, clinic: Clinic, at: datetime) -> bool:
    """Return whether the clinic is open; at the minute of closing it is not."""
    return closes_at(session, clinic, at) is not None


def closes_at(session: Session, clinic: Clinic, at: datetime) -> datetime | None:
    """Return the end of the stretch that is open now, in the clinic's zone; None when closed."""
    now = (stretch for stretch in hours_today(session, clinic, at) if _holds(stretch, at))
    return next((closes for _, closes in now), None)


def opens_next(session: Session, clinic: Clinic, at: datetime) -> datetime | None:
    """Return the next opening after ``at``, in the clinic's zone; None when none is in sight."""
    return next((opens for opens, _ in _coming(session, clinic, at)), None)


def _coming(session: Session, clinic: Clinic, at: datetime) -> Iterator[Stretch]:
    today = local(clinic, at).date()
    for ahead in range(LOOKED_AHEAD_DAYS):
        for stretch in hours_on(session, clinic, today + timedelta(days=ahead)):
            if stretch[0] > at:
                yield stretch


def _holds(stretch: Stretch, at: datetime) -> bool:
    opens, closes = stretch
    return opens <= at < closes
