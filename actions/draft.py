"""What a caller who looks for a time has said so far, kept between two turns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from portal.offering import Offer, Offers
from portal.wanted import Times, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


IMPOSSIBLE_DAYS = {"past", "closed", "too_far", "too_soon"}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One visit in the making.

    ``asked`` names the question that is open; ``insists`` says that the caller chose
    the clinicians, who are else only the usual one. ``offered`` are the times that were
    read out, ``fits`` and ``why`` what was said of them. ``near`` are the clinicians
    whose names come near one that nobody has. ``hold`` is the time that was chosen.
    ``moves`` is the visit to be moved.
    """

    asked: str = ""
    kind: UUID | None = None
    clinicians: tuple[UUID, ...] = ()
    clinics: tuple[UUID, ...] = ()
    insists: bool = False
    times: Times = field(default_factory=Times)
    offered: tuple[Offer, ...] = ()
    fits: bool = True
    why: str | None = None
    near: tuple[UUID, ...] = ()
    hold: UUID | None = None
    moves: UUID | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Draft:
        """Return the draft that :meth:`data` wrote; an empty one from nothing."""
        if "offered" not in data:  # another question's: which visit, or a text
            return cls()
        return cls(
            asked=data["asked"],
            kind=_id(data["kind"]),
            clinicians=_ids(data["clinicians"]),
            clinics=_ids(data["clinics"]),
            insists=data["insists"],
            times=_times(data["times"]),
            offered=tuple(_offer(each) for each in data["offered"]),
            fits=data["fits"],
            why=data["why"],
            near=_ids(data["near"]),
            hold=_id(data["hold"]),
            moves=_id(data["moves"]),
        )

    def data(self) -> dict[str, Any]:
        """Return the draft as the conversation keeps it."""
        ids = {"kind": self.kind, "hold": self.hold, "moves": self.moves}
        return {
            **{name: value.hex if value else None for name, value in ids.items()},
            "clinicians": _hexes(self.clinicians),
            "clinics": _hexes(self.clinics),
            "near": _hexes(self.near),
            "asked": self.asked,
            "insists": self.insists,
            "fits": self.fits,
            "why": self.why,
            "times": _plain_times(self.times),
            "offered": [_plain_offer(offer) for offer in self.offered],
        }

    @property
    def can_be(self) -> Times:
        """Return the times without what was said to be impossible: it is not wished any more."""
        if self.why == "hours":
            return replace(self.times, from_time=None, until_time=None, exact=False)
        if self.why in IMPOSSIBLE_DAYS:
            return replace(self.times, first_day=None, last_day=None)
        return self.times

    @property
    def wanted(self) -> Wanted:
        """Return what to look for; the kind of visit must be known by then."""
        if self.kind is None:
            message = "no time can be looked for before the kind of visit is known"
            raise ValueError(message)
        return Wanted(
            visit_type_id=self.kind,
            clinicians=frozenset(self.clinicians) or None,
            clinics=frozenset(self.clinics) or None,
            times=self.times,
        )

    def offering(self, found: Offers, asked: str) -> Draft:
        """Return the draft with what was found, about to be read out by the question."""
        return replace(
            self, asked=asked, offered=found.offers, fits=found.fits, why=found.why, hold=None
        )


def _id(written: str | None) -> UUID | None:
    return UUID(written) if written else None


def _ids(written: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(map(UUID, written))


def _hexes(ids: Iterable[UUID]) -> list[str]:
    return [each.hex for each in ids]


def _plain_offer(offer: Offer) -> dict[str, Any]:
    return {
        "clinician": offer.clinician_id.hex,
        "clinic": offer.clinic_id.hex,
        "kind": offer.visit_type_id.hex,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
    }


def _offer(data: Mapping[str, Any]) -> Offer:
    starts_at, ends_at = data["starts_at"], data["ends_at"]
    if not isinstance(starts_at, datetime) or not isinstance(ends_at, datetime):
        raise TypeError
    return Offer(
        clinician_id=UUID(data["clinician"]),
        clinic_id=UUID(data["clinic"]),
        visit_type_id=UUID(data["kind"]),
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _plain_times(times: Times) -> dict[str, Any]:
    return {
        "first_day": times.first_day,
        "last_day": times.last_day,
        "from_time": times.from_time.isoformat() if times.from_time else None,
        "until_time": times.until_time.isoformat() if times.until_time else None,
        "exact": times.exact,
        "weekdays": sorted(times.weekdays) if times.weekdays is not None else None,
    }


def _times(data: Mapping[str, Any]) -> Times:
    first_day, last_day, weekdays = data["first_day"], data["last_day"], data["weekdays"]
    return Times(
        first_day=first_day if isinstance(first_day, date) else None,
        last_day=last_day if isinstance(last_day, date) else None,
        from_time=time.fromisoformat(data["from_time"]) if data["from_time"] else None,
        until_time=time.fromisoformat(data["until_time"]) if data["until_time"] else None,
        exact=data["exact"],
        weekdays=frozenset(weekdays) if weekdays is not None else None,
    )
