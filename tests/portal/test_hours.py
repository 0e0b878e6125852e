"""A clinic's hours are wall time in its own zone, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from portal import hours, testing
from portal.records import ClinicClosing, ClinicHours
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EAST, WEST = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")


def _at(day: int, hour: int, minute: int = 0, *, zone: ZoneInfo = EAST) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (_at(9, 7, 59), False),
        (_at(9, 8), True),
        (_at(9, 16, 59), True),
        (_at(9, 17), False),
        (_at(13, 12), False),
        (_at(9, 12).astimezone(UTC), True),
    ],
)
def test_it_is_open_from_the_first_minute_to_before_the_last(
    session: Session, at: datetime, *, is_open: bool
) -> None:
    """Open at eight, closed at five, closed on Saturday; an instant is an instant."""
    assert hours.is_open(session, testing.clinic(session), at) is is_open


def test_each_clinic_has_its_own_zone(session: Session) -> None:
    """At nine in New York it is six in Los Angeles, and nobody is there yet."""
    east = testing.clinic(session)
    west = testing.clinic(session, tz="America/Los_Angeles")
    assert hours.is_open(session, east, _at(9, 9))
    assert not hours.is_open(session, west, _at(9, 9))
    assert hours.opens_next(session, west, _at(9, 9)) == _at(9, 8, zone=WEST)


def test_a_closing_closes_its_whole_day(session: Session) -> None:
    """On a holiday the clinic is closed, and the next opening is after it."""
    clinic = testing.clinic(session)
    closing = ClinicClosing(clinic_id=clinic.id, on=date(2026, 6, 9), reason="Founders' day")
    testing.add(session, closing)
    assert not hours.is_open(session, clinic, NOON)
    assert hours.hours_today(session, clinic, NOON) == ()
    assert hours.opens_next(session, clinic, NOON) == _at(10, 8)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (_at(9, 6), _at(9, 8)),
        (_at(9, 8), _at(10, 8)),
        (_at(9, 12), _at(10, 8)),
        (_at(12, 17), _at(15, 8)),
        (_at(13, 23), _at(15, 8)),
    ],
)
def test_the_next_opening_is_after_now(session: Session, at: datetime, opens: datetime) -> None:
    """Before hours it is today, in hours tomorrow, and over the weekend Monday."""
    found = hours.opens_next(session, testing.clinic(session), at)
    assert found == opens
    assert found is not None
    assert found.tzinfo == EAST


def test_a_break_at_noon_is_closed(session: Session) -> None:
    """With two stretches a day the time between them is closed, and ends the same day."""
    clinic = testing.clinic(session, opens=time(8), closes=time(11))
    afternoon = ClinicHours(clinic_id=clinic.id, weekday=1, opens=time(13), closes=time(17))
    testing.add(session, afternoon)
    assert hours.hours_today(session, clinic, NOON) == (
        (_at(9, 8), _at(9, 11)),
        (_at(9, 13), _at(9, 17)),
    )
    assert not hours.is_open(session, clinic, NOON)
    assert hours.opens_next(session, clinic, NOON) == _at(9, 13)
    assert hours.closes_at(session, clinic, _at(9, 9)) == _at(9, 11)


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 11, 2)])
def test_the_day_after_the_clocks_change_opens_at_eight_all_the_same(
    session: Session, day: date
) -> None:
    """Wall time holds over a change of the clocks; the night is an hour shorter or longer."""
    clinic = testing.clinic(session)
    before = datetime.combine(day - timedelta(days=1), time(12), EAST)
    opens = hours.opens_next(session, clinic, before)
    assert opens == datetime.combine(day, time(8), EAST)


def test_a_clinic_without_hours_never_opens(session: Session) -> None:
    """Nothing is promised of a clinic that has no hours at all."""
    clinic = testing.clinic(session)
    for row in session.query(ClinicHours).where(ClinicHours.clinic_id == clinic.id):
        session.delete(row)
    session.flush()
    assert not hours.is_open(session, clinic, NOON)
    assert hours.opens_next(session, clinic, NOON) is None
