"""The public holidays that a clinic keeps, written down as the closings that they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import holidays

from portal.records import ClinicClosing
from portal.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.records import Clinic

OBSERVED = " (observed)"
"""What the library puts behind a holiday's name on the workday that is free in its place."""


def keep_holidays(session: Session, clinic: Clinic, *, first: date, last: date) -> int:
    """Return how many days from ``first`` to ``last`` became closings of the clinic.

    They are the days of the holidays named in ``clinic.holidays``, as the library
    ``holidays`` names them for the clinic's state (or for the whole country where it
    knows no such state), and the workdays on which these are observed. Days that were
    closed already stay as they are.
    """
    rows = [
        {"clinic_id": clinic.id, "on": day, "reason": reason}
        for day, reason in _kept(clinic, first, last)
    ]
    if not rows:
        return 0
    statement = insert(session, ClinicClosing).on_conflict_do_nothing().returning(ClinicClosing.on)
    return len(session.execute(statement, rows).all())


def _kept(clinic: Clinic, first: date, last: date) -> Iterator[tuple[date, str]]:
    if not clinic.holidays:
        return
    public = _public(clinic.region, range(first.year, last.year + 1))
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        for name in public.get_list(day):
            if name.removesuffix(OBSERVED) in clinic.holidays:
                yield day, name
                break


def _public(region: str | None, years: range) -> holidays.HolidayBase:
    known = region if region in holidays.list_supported_countries()["US"] else None
    # In the library's own English, whatever language this machine speaks.
    return holidays.country_holidays("US", subdiv=known, years=years, language="en_US")
