"""Which openings to offer: those that fit what is wanted, else the nearest, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portal import nearest, why_not
from portal.free_time import Offer, Search, fits_day, places
from portal.records import VisitType
from portal.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Appointment
    from portal.wanted import Times, Wanted

__all__ = ["Offer", "Offers", "find"]

AN_HOUR = timedelta(hours=1)
NOON = 12

Chosen = list[tuple[Offer, datetime]]
Rule = Callable[[datetime, Chosen], bool]


@dataclass(frozen=True, kw_only=True)
class Offers:
    """What may be offered, soonest first.

    Where nothing ``fits``, they are the nearest to what was wanted, and ``why`` is
    ``past``, ``closed`` (that day), ``hours`` (at that time), ``away`` (that
    clinician), ``too_far``, ``too_soon`` or ``full``; else it is None.
    """

    offers: tuple[Offer, ...]
    fits: bool
    why: str | None


def find(  # noqa: PLR0913 - whose, for what, and where the caller stands in the list
    session: Session,
    wanted: Wanted,
    *,
    patient_id: UUID,
    conversation_id: UUID,
    at: datetime,
    count: int = 3,
    moves: Appointment | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
) -> Offers:
    """Return at most ``count`` visits that could be booked, apart from each other if possible.

    Free is what nobody else has claimed: what this conversation holds and what the
    visit that it ``moves`` takes are free to it. They begin after ``after`` and before
    ``before``. Raises Refused for a kind of visit that only staff book.
    """
    kind = session.get_one(VisitType, wanted.visit_type_id)
    if not kind.phone_bookable:
        raise Refused("booking.by_staff_only")
    search = Search(
        session=session,
        wanted=wanted,
        kind=kind,
        places=places(session, wanted.clinics, kind.days_ahead, at=at),
        patient_id=patient_id,
        conversation_id=conversation_id,
        at=at,
        moves=moves,
        after=after,
        before=before,
    )
    return _found(search, count)


def _found(search: Search, count: int) -> Offers:
    if not search.places:
        return Offers(offers=(), fits=False, why="full")
    fitting = _spread(search.in_order(), count, search.wall, APART)
    if fitting:
        return Offers(offers=_sorted(fitting), fits=True, why=None)
    rules = _near(search.wanted.times) if search.wanted.times.exact else APART
    near = _spread(nearest.ranked(search, enough=count), count, search.wall, rules)
    return Offers(offers=_sorted(near), fits=False, why=why_not.reason(search))


def _sorted(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda each: each.starts_at))


def _spread(
    candidates: Iterable[Offer],
    count: int,
    wall: Callable[[Offer], datetime],
    rules: Sequence[Rule],
) -> list[Offer]:
    """Return the first that the first rule allows, then by the second, and all others by the last.

    Where there are no such candidates, the next best ones fill up.
    """
    chosen: Chosen = []
    passed: Chosen = []
    for offer in candidates:
        this = (offer, wall(offer))
        rule = rules[min(len(chosen), len(rules) - 1)]
        (chosen if rule(this[1], chosen) else passed).append(this)
        if len(chosen) == count:
            break
    for rule in (_is_apart, _is_another_time, _any):
        for this in list(passed) if len(chosen) < count else ():
            if len(chosen) < count and rule(this[1], chosen):
                passed.remove(this)
                chosen.append(this)
    return [offer for offer, _ in chosen]


def _any(_wall: datetime, _chosen: Chosen) -> bool:
    return True


def _is_another_day(wall: datetime, chosen: Chosen) -> bool:
    return all(wall.date() != other.date() for _, other in chosen)


def _is_another_time(wall: datetime, chosen: Chosen) -> bool:
    return all(wall != other for _, other in chosen)


def _is_apart(wall: datetime, chosen: Chosen) -> bool:
    return all(
        abs(wall - other) >= AN_HOUR
        or (wall.date(), wall.hour < NOON) != (other.date(), other.hour < NOON)
        for _, other in chosen
    )


def _near(times: Times) -> Sequence[Rule]:
    """Return the rules for who named a minute: just before or after it, else that of other days."""

    def is_near(wall: datetime, chosen: Chosen) -> bool:
        rule = _is_another_time if fits_day(times, wall.date()) else _is_another_day
        return rule(wall, chosen)

    return (_any, is_near, _is_another_day)


# Three times within one hour are one offer to somebody who cannot come then.
APART: Sequence[Rule] = (_any, _is_apart, _is_another_day)
