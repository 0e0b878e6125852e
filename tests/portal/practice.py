"""A clinic with two clinicians and some patients on the telephone, to book visits at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal import offering, openings, testing
from portal.access import Access
from portal.database import new_id
from portal.records import Appointment, Claim, Clinic, Opening, ScheduleTemplate, VisitType
from portal.testing import NOON
from portal.wanted import Times, Wanted

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.offering import Offer, Offers

TUESDAY = NOON.date()
MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(17))
SHORT, MIDDLE, LONG = 15, 30, 45


@dataclass
class Practice:
    """The keys of the rows; ``calls`` are calls of the ``patients``, each of whom is proved."""

    clinic_id: UUID
    clinicians: list[UUID]
    kinds: dict[int, UUID]
    patients: list[UUID]
    calls: list[UUID]

    def access(self, number: int = 0) -> Access:
        """Return the access of one of the patients in their own call."""
        return Access(patient_id=self.patients[number], conversation_id=self.calls[number], level=2)

    def another(self, session: Session, number: int = 0, *, channel: str = "voice") -> Access:
        """Return the access of one of the patients in another conversation."""
        place = session.get_one(Clinic, self.clinic_id)
        patient = {"patient_id": self.patients[number], "assurance": 2}
        made = testing.conversation(session, place, channel=channel, **patient)
        return Access(patient_id=self.patients[number], conversation_id=made.id, level=2)

    def wanted(self, minutes: int = SHORT, *, by: int | None = None, **times: Any) -> Wanted:
        """Return a wish for a visit at these times, with one of the clinicians or any."""
        return Wanted(
            visit_type_id=self.kinds[minutes],
            clinicians=None if by is None else frozenset({self.clinicians[by]}),
            clinics=frozenset({self.clinic_id}),
            times=Times(**times),
        )

    def find(
        self,
        session: Session,
        wanted: Wanted | None = None,
        *,
        number: int = 0,
        at: datetime = NOON,
        **given: Any,
    ) -> Offers:
        """Return what is offered to one of the patients."""
        return offering.find(
            session,
            wanted or self.wanted(),
            patient_id=self.patients[number],
            conversation_id=self.calls[number],
            at=at,
            **given,
        )

    def offer(self, wall: datetime, minutes: int = SHORT, *, by: int = 0) -> Offer:
        """Return a visit at this wall time of the clinic."""
        starts_at = wall.replace(tzinfo=wall.tzinfo or NOON.tzinfo)
        return offering.Offer(
            clinician_id=self.clinicians[by],
            clinic_id=self.clinic_id,
            visit_type_id=self.kinds[minutes],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
        )

    def visit(self, session: Session, offer: Offer, *, number: int = 0) -> Appointment:
        """Return a visit that staff booked."""
        starts = offer.starts_at.astimezone(NOON.tzinfo)
        made = testing.add(
            session,
            Appointment(
                id=new_id(),
                patient_id=self.patients[number],
                clinician_id=offer.clinician_id,
                clinic_id=offer.clinic_id,
                visit_type_id=offer.visit_type_id,
                starts_at=offer.starts_at,
                ends_at=offer.ends_at,
                local_date=starts.date(),
                local_start=starts.time(),
                origin="desk",
                as_of=NOON,
            ),
        )
        self.claim(
            session, offer, kind="appointment", appointment_id=made.id, patient_id=made.patient_id
        )
        return made

    def claim(self, session: Session, offer: Offer, **given: Any) -> None:
        """Claim all openings of this time; a block unless it is said otherwise."""
        row = given or {"kind": "block", "reason": "painting"}
        for opening in self.openings(session, offer):
            testing.add(session, Claim(opening_id=opening.id, starts_at=opening.starts_at, **row))

    def block(self, session: Session, day: date, *, by: int | None = None) -> None:
        """Claim a whole day of one clinician, or of all."""
        for opening in session.scalars(select(Opening).where(Opening.local_date == day)):
            if by is None or opening.clinician_id == self.clinicians[by]:
                row = {"opening_id": opening.id, "starts_at": opening.starts_at}
                testing.add(session, Claim(**row, kind="block", reason="painting"))

    def openings(self, session: Session, offer: Offer) -> list[Opening]:
        """Return the openings that this time consists of, in their order."""
        return list(
            session.scalars(
                select(Opening)
                .where(
                    Opening.clinician_id == offer.clinician_id,
                    Opening.starts_at >= offer.starts_at,
                    Opening.starts_at < offer.ends_at,
                )
                .order_by(Opening.starts_at, Opening.seat)
            )
        )


def practice(
    session: Session,
    *,
    patients: int = 1,
    days: int = 14,
    shifts: tuple[tuple[time, time], ...] = (MORNING, AFTERNOON),
    channel: str = "voice",
    **clinic: Any,
) -> Practice:
    """Return a practice with openings from :data:`NOON` on, flushed."""
    place = testing.clinic(session, **clinic)
    clinicians = [testing.clinician(session).id for _ in range(2)]
    for clinician_id in clinicians:
        for weekday in testing.WEEKDAYS:
            for start, end in shifts:
                template = ScheduleTemplate(
                    clinician_id=clinician_id,
                    clinic_id=place.id,
                    weekday=weekday,
                    local_start=start,
                    local_end=end,
                    valid_from=date(2020, 1, 1),
                )
                testing.add(session, template)
    kinds = {
        minutes: testing.add(
            session,
            VisitType(id=new_id(), code=f"of_{minutes}", name_key="visits.any", minutes=minutes),
        ).id
        for minutes in (SHORT, MIDDLE, LONG)
    }
    openings.extend(session, at=NOON, days=days)
    people = [testing.patient(session, place).id for _ in range(patients)]
    calls = [
        testing.conversation(session, place, channel=channel, patient_id=each, assurance=2).id
        for each in people
    ]
    return Practice(place.id, clinicians, kinds, people, calls)


def walls(offers: Offers) -> list[str]:
    """Return when the offers begin by the clinic's clock: ``09 14:00`` is the 9th at two."""
    return [f"{each.starts_at.astimezone(NOON.tzinfo):%d %H:%M}" for each in offers.offers]
