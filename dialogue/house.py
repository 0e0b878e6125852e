"""What the channels need of the house, and what it knows without the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select

from portal.database import transaction
from portal.records import Clinic

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dialogue import Line


@dataclass(frozen=True)
class ClinicCard:
    """A clinic's numbers, kept in memory for the day its database is gone."""

    code: str
    phone: str = field(repr=False)
    front_desk: str | None = field(repr=False)
    nurse_line: str | None = field(repr=False)
    locale: str
    tz: str


@dataclass(frozen=True)
class House:
    """The line, its public address, its clinics, and its clock."""

    line: Line
    base_url: str
    clock: Callable[[], datetime]
    clinics: dict[str, ClinicCard] = field(default_factory=dict)

    def card(self, code: str) -> ClinicCard | None:
        """Return the card of a clinic; the first one's when the code is unknown."""
        return self.clinics.get(code) or next(iter(self.clinics.values()), None)

    def called(self, number: str | None) -> ClinicCard | None:
        """Return the card of the clinic with this number; the first one's otherwise."""
        named = (card for card in self.clinics.values() if card.phone == number)
        return next(named, None) or self.card("")


def house() -> House:
    """Return the house that this web process serves."""
    kept: House = current_app.extensions["dialtone"]
    return kept


def clinic_cards() -> dict[str, ClinicCard]:
    """Return the cards of all clinics, the first one first."""
    with transaction(read_only=True) as session:
        clinics = session.scalars(select(Clinic).order_by(Clinic.code)).all()
        return {clinic.code: _card(clinic) for clinic in clinics}


def _card(clinic: Clinic) -> ClinicCard:
    return ClinicCard(
        code=clinic.code,
        phone=clinic.phone,
        front_desk=clinic.front_desk,
        nurse_line=clinic.nurse_line,
        locale=clinic.locale_default,
        tz=clinic.tz,
    )
