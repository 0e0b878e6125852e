"""Why nothing fits what is wanted, in one word."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, false, or_, select, true

from portal.claims import is_there
from portal.free_time import fits_day
from portal.records import ClinicClosing, ClinicHours, ClinicianLeave, Opening

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from portal.free_time import Place, Search
    from portal.wanted import Times

A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)


class Doors(NamedTuple):
    """A clinic's hours on a day that is wanted, in its wall time."""

    place: Place
    opens: datetime
    closes: datetime


class Stretch(NamedTuple):
    """The first and the last minute of a day, both inclusive, at which the visit could begin."""

    place: Place
    first: datetime
    last: datetime


def reason(search: Search) -> str:
    """Return ``past``, ``too_far``, ``closed``, ``hours``, ``too_soon``, ``away`` or ``full``.

    A clinician is away who is on leave or does not see patients then, though others do.
    """
    times, everywhere = search.wanted.times, search.places.values()
    if all(_is_past(times, place) for place in everywhere):
        return "past"
    if all(_is_too_far(times, place) for place in everywhere):
        return "too_far"
    return _by_hours(search)


def _is_past(times: Times, place: Place) -> bool:
    if times.last_day is None:
        return False
    end = datetime.combine(times.last_day + A_DAY, time())
    if times.exact and times.from_time:
        end = datetime.combine(times.last_day, times.from_time) + A_MINUTE
    elif times.until_time:
        end = datetime.combine(times.last_day, times.until_time)
    return end <= place.now


def _is_too_far(times: Times, place: Place) -> bool:
    return times.first_day is not None and times.first_day > place.last


def _by_hours(search: Search) -> str:
    days = [(place, day) for place in search.places.values() for day in _days(search, place)]
    doors = list(_doors(search, days))
    if not doors:
        return "closed" if days else "full"
    stretches = [each for each in (_wanted(search, on) for on in doors) if each]
    if not stretches:
        return "hours"
    if all(each.last < search.earliest for each in stretches):
        return "too_soon"
    return _by_people(search, stretches)


def _by_people(search: Search, stretches: Sequence[Stretch]) -> str:
    clinicians = search.wanted.clinicians
    if _sees(search, stretches, clinicians):
        return "full"
    if _on_leave(search, stretches, clinicians) or _sees(search, stretches, None):
        return "away"
    return "hours"


def _days(search: Search, place: Place) -> Iterator[date]:
    """Return the days that are wanted and not behind us or too far ahead."""
    times = search.wanted.times
    day = max(times.first_day or place.now.date(), place.now.date())
    while day <= min(times.last_day or place.last, place.last):
        if fits_day(times, day):
            yield day
        day += A_DAY


def _doors(search: Search, days: Iterable[tuple[Place, date]]) -> Iterator[Doors]:
    session, clinics = search.session, search.places
    closed = set(
        session.execute(
            select(ClinicClosing.clinic_id, ClinicClosing.on).where(
                ClinicClosing.clinic_id.in_(clinics)
            )
        ).tuples()
    )
    hours = session.scalars(select(ClinicHours).where(ClinicHours.clinic_id.in_(clinics))).all()
    for place, day in days:
        for row in hours if (place.clinic_id, day) not in closed else ():
            if (row.clinic_id, row.weekday) == (place.clinic_id, day.weekday()):
                opens, closes = (datetime.combine(day, at) for at in (row.opens, row.closes))
                yield Doors(place, opens, closes)


def _wanted(search: Search, doors: Doors) -> Stretch | None:
    """Return when on that day the visit could begin as it is wanted; None where it could not."""
    times, day = search.wanted.times, doors.opens.date()
    first, last = doors.opens, doors.closes - search.lasts
    if times.from_time:
        first = max(first, datetime.combine(day, times.from_time))
    if times.exact and times.from_time:
        last = min(last, datetime.combine(day, times.from_time))
        first = max(first, last)
    elif times.until_time:
        last = min(last, datetime.combine(day, times.until_time) - A_MINUTE)
    if first > last:
        return None
    zone = doors.place.zone
    return Stretch(doors.place, first.replace(tzinfo=zone), last.replace(tzinfo=zone))


def _sees(
    search: Search, stretches: Sequence[Stretch], clinicians: Collection[UUID] | None
) -> bool:
    """Return whether they see anybody at all then, free or not."""
    seen = select(Opening.id).where(
        or_(*(_in_stretches(place, stretches) for place in search.places.values())), is_there()
    )
    if clinicians is not None:
        seen = seen.where(Opening.clinician_id.in_(clinicians))
    return search.session.scalar(seen.limit(1)) is not None


def _in_stretches(place: Place, stretches: Sequence[Stretch]) -> ColumnElement[bool]:
    """Return the condition on openings of one clinic; the wish is for one time of the day."""
    here = [each for each in stretches if each.place is place]
    if not here:
        return false()
    first, last = min(each.first.time() for each in here), max(each.last.time() for each in here)
    goes_on = datetime.combine(date.min + A_DAY, first) - place.step
    return and_(
        Opening.clinic_id == place.clinic_id,
        Opening.local_date.in_({each.first.date() for each in here}),
        Opening.local_start <= last,
        Opening.local_start > goes_on.time() if goes_on.date() > date.min else true(),
    )


def _on_leave(
    search: Search, stretches: Sequence[Stretch], clinicians: Collection[UUID] | None
) -> bool:
    leaves = select(ClinicianLeave.starts_at, ClinicianLeave.ends_at)
    if clinicians is not None:
        leaves = leaves.where(ClinicianLeave.clinician_id.in_(clinicians))
    return any(
        begins <= each.last and ends > each.first
        for begins, ends in search.session.execute(leaves.where(ClinicianLeave.ends_at > search.at))
        for each in stretches
    )
