"""What a caller wants of a visit: when, with whom, where, and what for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, time
    from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Times:
    """The times that would suit, in the clinic's wall time; None is no wish.

    Days are inclusive. A visit suits that begins at or after ``from_time`` and before
    ``until_time``; ``exact`` says that ``from_time`` is the very minute asked for.
    ``weekdays`` counts from Monday, which is 0.
    """

    first_day: date | None = None
    last_day: date | None = None
    from_time: time | None = None
    until_time: time | None = None
    exact: bool = False
    weekdays: frozenset[int] | None = None

    def narrowed(self, other: Times) -> Times:
        """Return these wishes with what ``other`` says in their place; the rest stays.

        Days, times of day and weekdays are three wishes: "in the afternoon" after
        "next week" keeps the week, and "Thursday" after it means that week's.
        """
        kept = self
        if other.first_day or other.last_day:
            kept = replace(kept, first_day=other.first_day, last_day=other.last_day, weekdays=None)
        if other.from_time or other.until_time:
            kept = replace(
                kept, from_time=other.from_time, until_time=other.until_time, exact=other.exact
            )
        return replace(kept, weekdays=other.weekdays) if other.weekdays else kept


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One visit that is looked for. Of ``clinicians`` and ``clinics`` any will do; None is all."""

    visit_type_id: UUID
    clinicians: frozenset[UUID] | None = None
    clinics: frozenset[UUID] | None = None
    times: Times = Times()
