"""Who a patient is seen by, and whom a sentence names, though it be misheard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from portal.names import alike, lists, words
from portal.naming import Sentence
from portal.records import Appointment, Clinic, Clinician, Patient, ScheduleTemplate
from portal.records.calendar import HOLDS_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from portal.naming import Place

REMEMBERED = timedelta(days=730)
"""How far back visits tell who a patient's usual clinician is."""

NEAR_AFTER_TITLE, NEAR_AFTER_LEAD = 0.8, 0.9
"""How alike a name must be (see :func:`portal.names.alike`): "Dr. Show" is Dr. Cho, while
"with" may go before anything. Found by trying what recognisers make of such names."""

_CREDENTIALS = re.compile(r",.*|\([^)]*\)")
_PARTICLES = frozenset({"de", "la", "del", "los", "las", "da", "dos", "van", "von", "der", "den"})


def usual(session: Session, patient_id: UUID, *, at: datetime) -> Clinician | None:
    """Return the patient's own clinician: the one they chose, else whom they saw most.

    Visits of two years count, and of two that were seen as often the one seen last;
    for a patient without any it is whom they are going to see. Only who still works here.
    """
    chosen = session.get_one(Patient, patient_id).preferred_clinician_id
    preferred = session.get_one(Clinician, chosen) if chosen else None
    if preferred is not None and preferred.active:
        return preferred
    past = (
        _seen(patient_id)
        .where(Appointment.starts_at <= at, Appointment.starts_at > at - REMEMBERED)
        .group_by(Clinician.id)
        .order_by(func.count().desc(), func.max(Appointment.starts_at).desc())
    )
    ahead = _seen(patient_id).where(Appointment.starts_at > at).order_by(Appointment.starts_at)
    return session.scalars(past).first() or session.scalars(ahead).first()


def seen_last(session: Session, patient_id: UUID, *, at: datetime) -> Clinician | None:
    """Return whom the patient's newest past visit was with; None for one who left since."""
    newest = (
        select(Clinician)
        .join(Appointment, Appointment.clinician_id == Clinician.id)
        .where(*_took_place(patient_id), Appointment.starts_at <= at)
        .order_by(Appointment.starts_at.desc())
    )
    found = session.scalars(newest).first()
    return found if found is not None and found.active else None


def _seen(patient_id: UUID) -> Select[tuple[Clinician]]:
    return (
        select(Clinician)
        .join(Appointment, Appointment.clinician_id == Clinician.id)
        .where(*_took_place(patient_id), Clinician.active.is_(True))
    )


def _took_place(patient_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Appointment.patient_id == patient_id, Appointment.status.in_(HOLDS_TIME)


def bookable(
    session: Session, *, clinic_id: UUID | None, at: datetime | None = None
) -> list[tuple[Clinician, Clinic]]:
    """Return who can be booked and where, at ``clinic_id`` first, then by name.

    That is whoever works here and has a schedule without an end; with ``at``, one that
    has not ended by that day counts too.
    """
    lasts: ColumnElement[bool] = ScheduleTemplate.valid_to.is_(None)
    if at is not None:
        lasts = or_(lasts, ScheduleTemplate.valid_to >= at.date())
    scheduled = (
        select(ScheduleTemplate.clinician_id, ScheduleTemplate.clinic_id)
        .where(lasts)
        .distinct()
        .subquery()
    )
    pairs = session.execute(
        select(Clinician, Clinic)
        .join(scheduled, scheduled.c.clinician_id == Clinician.id)
        .join(Clinic, Clinic.id == scheduled.c.clinic_id)
        .where(Clinician.active.is_(True))
        .order_by(Clinic.id != clinic_id, Clinic.name, Clinician.display)
    )
    return [(clinician, clinic) for clinician, clinic in pairs]


@dataclass(frozen=True, kw_only=True)
class Named:
    """Whom a sentence names.

    ``exact`` are the clinicians whose name stands in it (two may share one), ``near``
    those whose name sounds like one that does, the nearest first; one of both is empty.
    ``asked`` tells whether it names anybody, though it be nobody of ours ("Dr. Smith").
    ``unwanted`` are those whom it says they do not want.
    """

    exact: tuple[Clinician, ...] = ()
    near: tuple[Clinician, ...] = ()
    asked: bool = False
    unwanted: tuple[Clinician, ...] = ()


@dataclass(frozen=True)
class _Known:
    """A clinician, and the folded words of their name."""

    clinician: Clinician
    given: frozenset[str]
    family: frozenset[str]

    @classmethod
    def of(cls, clinician: Clinician) -> _Known:
        plain = _CREDENTIALS.sub("", clinician.display)
        parts = [word.said for word in words(plain) if word.said not in lists("titles")]
        names = [part for part in parts if len(part) > 1 and part not in _PARTICLES]
        return cls(clinician, frozenset(names[:-1][:1]), frozenset(names[1:] or names))


@dataclass(frozen=True)
class _Hit:
    """A word of the sentence that is a part of somebody's name; ``is_full`` with another part."""

    known: _Known
    at: int
    is_full: bool = False


def named(session: Session, text: str, lang: str) -> Named:
    """Return whom ``text`` names, of those who work here.

    Exact is a family name anywhere ("Patel please") or, where nobody's is said, a first
    name after a title ("Dr. Ana"). Near is what sounds like a name and stands where one
    would: after a title, or after "with" and its like if it is very near.
    """
    sentence = Sentence.of(text)
    working = session.scalars(
        select(Clinician).where(Clinician.active.is_(True)).order_by(Clinician.display)
    )
    known = [_Known.of(clinician) for clinician in working]
    hits = list(_hits(sentence, known))
    meant = [hit for hit in hits if not sentence.is_refused(hit.at)]
    unwanted = _clinicians(hit for hit in hits if hit not in meant)
    if meant:
        full = [hit for hit in meant if hit.is_full]
        return Named(exact=_clinicians(full or meant), asked=True, unwanted=unwanted)
    places = [place for place in sentence.places() if not _is_taken(sentence, place, hits)]
    near = _near(sentence, places, known, lang)
    asked = bool(near) or any(sentence.names_somebody(place) for place in places)
    return Named(near=near, asked=asked, unwanted=unwanted)


def _hits(sentence: Sentence, known: Sequence[_Known]) -> Iterator[_Hit]:
    """Yield the family names that stand in the sentence, else the first names after a title."""
    family = [hit for each in known for hit in _family_hits(sentence, each)]
    yield from family or (hit for each in known for hit in _given_hits(sentence, each))


def _family_hits(sentence: Sentence, known: _Known) -> Iterator[_Hit]:
    for at in range(len(sentence.words)):
        if sentence.said(at) not in known.family or sentence.is_own(at):
            continue
        is_full = sentence.said(at - 1) in known.given
        if is_full or not sentence.is_everyday(at) or sentence.is_titled(at):
            yield _Hit(known, at, is_full)


def _given_hits(sentence: Sentence, known: _Known) -> Iterator[_Hit]:
    for place in sentence.places():
        if place.is_titled and sentence.said(place.at) in known.given:
            yield _Hit(known, place.at)


def _is_taken(sentence: Sentence, place: Place, hits: Sequence[_Hit]) -> bool:
    """Return whether what stands there was understood already, or is somebody unwanted."""
    is_hit = any(place.at <= hit.at <= place.at + 1 for hit in hits)
    return is_hit or sentence.is_refused(place.at) or sentence.is_own(place.at)


def _near(
    sentence: Sentence, places: Sequence[Place], known: Sequence[_Known], lang: str
) -> tuple[Clinician, ...]:
    found = {
        each.clinician: likeness
        for each in known
        if (likeness := _likeness(sentence, places, each, lang))
    }
    return tuple(sorted(found, key=lambda each: -found[each]))


def _likeness(sentence: Sentence, places: Sequence[Place], known: _Known, lang: str) -> float:
    """Return how alike the likest word is to the clinician's name; 0 where none is enough."""
    return max(
        (
            likeness
            for place in places
            for word in sentence.heard_at(place)
            for name in known.family | known.given
            if (likeness := alike(word, name, lang)) >= _enough(sentence, place)
        ),
        default=0,
    )


def _enough(sentence: Sentence, place: Place) -> float:
    is_title = place.is_titled and not sentence.is_any_doctor(place)
    return NEAR_AFTER_TITLE if is_title else NEAR_AFTER_LEAD


def _clinicians(hits: Iterable[_Hit]) -> tuple[Clinician, ...]:
    return tuple(dict.fromkeys(hit.known.clinician for hit in hits))
