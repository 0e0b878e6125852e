"""Looking through the openings for stretches in which a visit can take place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, String, exists, select, type_coerce

from portal.claims import in_the_way, is_seen
from portal.records import Claim, Clinic, Opening

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import time

    from sqlalchemy.orm import Session

    from portal.records import Appointment, VisitType
    from portal.wanted import Times, Wanted

# Whoever wants the soonest is answered out of the first days; more is read only when they are full.
DAYS_READ_FIRST = 2
READ_MORE_EACH_TIME = 4
# A visit that goes on while the clocks are put forward ends so much later by the wall; they
# are put forward at night.
CLOCKS_MOVE, NIGHT = timedelta(hours=1), 4


# Making a key of each row's digits takes longer than all the rest of reading it.
AS_STORED = String()

Free = Select[tuple[str, str, datetime, datetime]]
Line = dict[datetime, datetime]
"""The free openings of one clinician at one clinic: when each begins, and when it ends."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One visit that could be booked; instants are in UTC."""

    clinician_id: UUID
    clinic_id: UUID
    visit_type_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Place:
    """A clinic's clock: what time it is there, and the last day that may be booked.

    ``step`` is the one of its grid.
    """

    clinic_id: UUID
    zone: ZoneInfo
    step: timedelta
    now: datetime
    last: date

    def wall(self, at: datetime) -> datetime:
        """Return what the clock shows at an instant, without a zone."""
        return at.astimezone(self.zone).replace(tzinfo=None)


@dataclass(frozen=True, kw_only=True)
class Search:
    """One look through the openings, for one patient in one conversation."""

    session: Session
    wanted: Wanted
    kind: VisitType
    places: Mapping[UUID, Place]
    patient_id: UUID
    conversation_id: UUID
    at: datetime
    moves: Appointment | None
    after: datetime | None
    before: datetime | None

    @property
    def lasts(self) -> timedelta:
        """Return how long the visit takes."""
        return timedelta(minutes=self.kind.minutes)

    @property
    def earliest(self) -> datetime:
        """Return the first instant at which it may begin: with some notice."""
        return self.at + timedelta(minutes=self.kind.notice_minutes)

    @property
    def first_day(self) -> date:
        """Return the day that it is now, where it is the earliest."""
        return min(place.now.date() for place in self.places.values())

    @property
    def last_day(self) -> date:
        """Return the last day that may be booked everywhere."""
        return min(place.last for place in self.places.values())

    def wall(self, offer: Offer) -> datetime:
        """Return when the visit would begin by the clinic's clock, without a zone."""
        return self.places[offer.clinic_id].wall(offer.starts_at)

    def in_order(self) -> Iterator[Offer]:
        """Return what fits the wish, soonest first, reading on only while somebody asks."""
        times = self.wanted.times
        days = [day for day in self.days(times.first_day, times.last_day) if fits_day(times, day)]
        begin, step = 0, DAYS_READ_FIRST
        while begin < len(days):
            found = self.on(days[begin : begin + step], as_wanted=True)
            yield from (each for each in found if fits_time(times, self.wall(each).time()))
            begin, step = begin + step, step * READ_MORE_EACH_TIME

    def days(self, first: date | None, last: date | None) -> list[date]:
        """Return the days from ``first`` to ``last``, both inclusive, that may be booked."""
        first = max(first or self.first_day, self.first_day)
        last = min(last or self.last_day, self.last_day)
        return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]

    def on(self, days: Collection[date], *, as_wanted: bool = False) -> list[Offer]:
        """Return every visit that could begin on these days, soonest first.

        ``as_wanted`` leaves out openings of other times of the day, so as not to read
        what could only be thrown away.
        """
        free = self._free(days)
        if as_wanted:
            free = _of_the_day(free, self.wanted.times, self.lasts)
        lines: dict[tuple[object, object], Line] = {}
        for clinician, clinic, starts_at, ends_at in self.session.execute(free):
            lines.setdefault((clinician, clinic), {})[starts_at] = ends_at
        found = chain.from_iterable(
            self._offers(_key(clinician), _key(clinic), line)
            for (clinician, clinic), line in lines.items()
        )
        return sorted(found, key=lambda offer: offer.starts_at)

    def _free(self, days: Collection[date]) -> Free:
        moves_id = self.moves.id if self.moves else None
        theirs = in_the_way(at=self.at, conversation_id=self.conversation_id, moves_id=moves_id)
        found = select(
            type_coerce(Opening.clinician_id, AS_STORED),
            type_coerce(Opening.clinic_id, AS_STORED),
            Opening.starts_at,
            Opening.ends_at,
        ).where(
            Opening.clinic_id.in_(self.places),
            Opening.local_date.in_(days),
            Opening.starts_at >= self.earliest,
            ~exists().where(Claim.opening_id == Opening.id, theirs),
            is_seen(self.patient_id, moves_id),
        )
        if self.wanted.clinicians is not None:
            found = found.where(Opening.clinician_id.in_(self.wanted.clinicians))
        return found.order_by(Opening.starts_at, Opening.clinician_id)

    def _offers(self, clinician_id: UUID, clinic_id: UUID, line: Line) -> Iterator[Offer]:
        lasts = self.lasts
        for starts_at in line:
            ends_at = starts_at + lasts
            if self._is_open_to(starts_at) and reaches(line, starts_at, ends_at):
                offer = Offer(
                    clinician_id=clinician_id,
                    clinic_id=clinic_id,
                    visit_type_id=self.kind.id,
                    starts_at=starts_at,
                    ends_at=ends_at,
                )
                if not self._is_as_it_stands(offer):
                    yield offer

    def _is_open_to(self, starts_at: datetime) -> bool:
        return (self.after is None or starts_at > self.after) and (
            self.before is None or starts_at < self.before
        )

    def _is_as_it_stands(self, offer: Offer) -> bool:
        """Return whether moving the visit there would change nothing but its kind."""
        moves = self.moves
        return moves is not None and (
            (moves.clinician_id, moves.clinic_id, moves.starts_at)
            == (offer.clinician_id, offer.clinic_id, offer.starts_at)
        )


def places(
    session: Session, clinics: Iterable[UUID] | None, days_ahead: int, *, at: datetime
) -> dict[UUID, Place]:
    """Return the clinics with these keys, or all of them, by their clocks at ``at``."""
    found = select(Clinic.id, Clinic.tz, Clinic.grid_minutes)
    if clinics is not None:
        found = found.where(Clinic.id.in_(clinics))
    made = {}
    for clinic_id, tz, grid in session.execute(found):
        zone = ZoneInfo(tz)
        now = at.astimezone(zone).replace(tzinfo=None)
        last = now.date() + timedelta(days=days_ahead)
        made[clinic_id] = Place(clinic_id, zone, timedelta(minutes=grid), now, last)
    return made


def reaches(line: Line, starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether the free openings of one clinician go on from one instant to the other."""
    reached = starts_at
    while reached < ends_at:
        following = line.get(reached)
        if following is None:
            return False
        reached = following
    return True


def fits_day(times: Times, day: date) -> bool:
    """Return whether the visit is wanted on this day."""
    return (
        (times.first_day is None or day >= times.first_day)
        and (times.last_day is None or day <= times.last_day)
        and (times.weekdays is None or day.weekday() in times.weekdays)
    )


def fits_time(times: Times, wall: time) -> bool:
    """Return whether the visit is wanted at this time of the day."""
    if times.exact and times.from_time is not None:
        return wall == times.from_time
    return (times.from_time is None or wall >= times.from_time) and (
        times.until_time is None or wall < times.until_time
    )


def _key(stored: object) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(str(stored))


def _of_the_day(free: Free, times: Times, lasts: timedelta) -> Free:
    """Return the openings that a visit at the wanted time of the day can consist of."""
    if times.from_time is not None:
        free = free.where(Opening.local_start >= times.from_time)
    until = times.from_time if times.exact else times.until_time
    if until is None:
        return free
    day = datetime.combine(date.min, until)
    end = day + lasts + (CLOCKS_MOVE if until.hour < NIGHT else timedelta())
    return free.where(Opening.local_start <= end.time()) if end.date() == day.date() else free
