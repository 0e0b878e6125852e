"""Holidays that a clinic keeps are closings, and nobody is seen on them."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import holidays
import pytest
from sqlalchemy import select

from portal import openings, testing
from portal.closings import keep_holidays
from portal.database import transaction
from portal.demo_rows import SOURCE
from portal.hours import is_open, opens_next
from portal.records import ClinicClosing, Opening, ScheduleTemplate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.records import Clinic

YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


def _closings(session: Session, clinic: Clinic) -> dict[date, str]:
    rows = select(ClinicClosing).where(ClinicClosing.clinic_id == clinic.id)
    return {row.on: row.reason for row in session.scalars(rows.order_by(ClinicClosing.on))}


def test_only_what_the_clinic_keeps_is_closed(session: Session) -> None:
    """Days that move are found each year; the other public holidays are workdays there."""
    clinic = testing.clinic(session, holidays=["Memorial Day", "Thanksgiving Day"])
    assert keep_holidays(session, clinic, **YEAR) == 2
    assert _closings(session, clinic) == {
        date(2026, 5, 25): "Memorial Day",
        date(2026, 11, 26): "Thanksgiving Day",
    }


def test_a_holiday_at_the_weekend_is_kept_on_the_workday_beside_it(session: Session) -> None:
    """The Fourth of July of 2026 is a Saturday, New Year's Day of 2028 too."""
    clinic = testing.clinic(session, holidays=["Independence Day", "New Year's Day"])
    keep_holidays(session, clinic, first=date(2026, 6, 1), last=date(2027, 12, 31))
    assert _closings(session, clinic) == {
        date(2026, 7, 3): "Independence Day (observed)",
        date(2026, 7, 4): "Independence Day",
        date(2027, 1, 1): "New Year's Day",
        date(2027, 7, 4): "Independence Day",
        date(2027, 7, 5): "Independence Day (observed)",
        date(2027, 12, 31): "New Year's Day (observed)",
    }


@pytest.mark.parametrize(("region", "count"), [("CA", 1), ("DC", 0), (None, 0), ("Nowhere", 0)])
def test_each_state_has_its_own(session: Session, region: str | None, count: int) -> None:
    """A state that the library does not know has those of the whole country."""
    clinic = testing.clinic(session, region=region, holidays=["Cesar Chavez Day", "Labor Day"])
    assert keep_holidays(session, clinic, **YEAR) == count + 1


def test_a_day_with_two_names_is_known_by_either(session: Session) -> None:
    """California has two holidays on one Monday of February."""
    clinic = testing.clinic(session, region="CA", holidays=["Susan B. Anthony Day"])
    keep_holidays(session, clinic, first=date(2027, 1, 1), last=date(2027, 12, 31))
    assert _closings(session, clinic) == {date(2027, 2, 15): "Susan B. Anthony Day"}


def test_a_clinic_without_holidays_is_closed_on_none(session: Session) -> None:
    """Each clinic decides for itself."""
    clinic = testing.clinic(session)
    assert keep_holidays(session, clinic, **YEAR) == 0


@pytest.mark.usefixtures("engine")
def test_what_is_closed_already_stays_as_it_is() -> None:
    """On both databases: the reason that somebody gave is kept, and twice is once."""
    with transaction() as session:
        clinic = testing.clinic(session, holidays=["Labor Day", "Christmas Day"])
        painted = ClinicClosing(clinic_id=clinic.id, on=date(2026, 9, 7), reason="painting")
        testing.add(session, painted)
        assert keep_holidays(session, clinic, **YEAR) == 1
        assert keep_holidays(session, clinic, **YEAR) == 0
        assert _closings(session, clinic)[date(2026, 9, 7)] == "painting"


def test_openings_leave_holidays_out_and_the_clinic_is_closed(session: Session) -> None:
    """Extending them writes the closings first, as far as it reaches."""
    clinic = testing.clinic(session, holidays=["Independence Day", "Labor Day"])
    by = testing.clinician(session)
    for weekday in range(5):
        times = {"local_start": time(9), "local_end": time(12), "valid_from": date(2020, 1, 1)}
        row = {"clinician_id": by.id, "clinic_id": clinic.id, "weekday": weekday, **times}
        testing.add(session, ScheduleTemplate(**row))
    openings.extend(session, at=testing.NOON, days=30)
    days = set(session.scalars(select(Opening.local_date)))
    assert {date(2026, 7, 2), date(2026, 7, 6)} <= days
    assert date(2026, 7, 3) not in days
    assert list(_closings(session, clinic)) == [date(2026, 7, 3), date(2026, 7, 4)]
    noon = datetime(2026, 7, 3, 16, tzinfo=UTC)
    assert not is_open(session, clinic, noon)
    assert opens_next(session, clinic, noon) == noon + timedelta(days=2, hours=20)


def test_the_demo_keeps_holidays_that_there_are() -> None:
    """Under the names that the library has for them."""
    demo = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    for clinic in demo["clinic"]:
        known = holidays.country_holidays("US", subdiv=clinic["region"], years=2026)
        assert set(clinic["holidays"]) <= {name for day in known for name in known.get_list(day)}
