"""Openings are made in the clinic's wall time, through every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import openings, testing
from portal.database import transaction
from portal.records import Claim, Clinic, ClinicClosing, ClinicianLeave, Opening, ScheduleTemplate
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EAST, WEST = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
SPRING, AUTUMN = date(2027, 3, 14), date(2026, 11, 1)


def _clinic(session: Session, tz: str = "America/Los_Angeles", **template: Any) -> Clinic:
    clinic = testing.clinic(session, tz=tz)
    values = {
        "weekday": 6,
        "local_start": time(0),
        "local_end": time(4),
        "valid_from": date(2020, 1, 1),
        **template,
    }
    clinician = testing.clinician(session)
    testing.add(session, ScheduleTemplate(clinician_id=clinician.id, clinic_id=clinic.id, **values))
    return clinic


def _on(session: Session, day: date) -> list[Opening]:
    of_day = select(Opening).where(Opening.local_date == day).order_by(Opening.starts_at)
    return list(session.scalars(of_day))


def test_the_hour_that_clocks_skip_has_no_openings(session: Session) -> None:
    """From two to three there is nothing, and nobody is offered it."""
    _clinic(session)
    openings.extend(session, at=datetime(2027, 3, 13, tzinfo=UTC), days=3)
    made = _on(session, SPRING)
    assert len(made) == 12
    assert not [each for each in made if each.local_start.hour == 2]
    lasting = {each.ends_at - each.starts_at for each in made}
    assert lasting == {timedelta(minutes=15)}
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(made))


def test_the_hour_that_comes_twice_is_offered_once(session: Session) -> None:
    """From one to two means the first coming, and no wall time is there twice."""
    _clinic(session)
    openings.extend(session, at=datetime(2026, 10, 31, tzinfo=UTC), days=3)
    made = _on(session, AUTUMN)
    assert len(made) == 16
    assert len({each.local_start for each in made}) == 16
    half_past_one = next(each for each in made if each.local_start == time(1, 30))
    assert half_past_one.starts_at == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "utc_hour"), [(date(2026, 10, 30), 16), (date(2026, 11, 2), 17)])
def test_nine_in_the_morning_stays_nine_in_the_morning(
    session: Session, day: date, utc_hour: int
) -> None:
    """The patient's contract is the wall time: its instant moves with the clocks."""
    _clinic(session, weekday=day.weekday(), local_start=time(9), local_end=time(10))
    openings.extend(session, at=datetime(2026, 10, 29, tzinfo=UTC), days=6)
    first = _on(session, day)[0]
    assert (first.local_start, first.starts_at.hour) == (time(9), utc_hour)


@given(
    day=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    wall=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    zone=st.sampled_from([EAST, WEST, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kolkata")]),
)
def test_an_instant_says_its_own_wall_time(day: date, wall: time, zone: ZoneInfo) -> None:
    """What is made of a wall time reads as that wall time, or there is no such time."""
    made = openings.instant(day, wall, zone)
    if made is None:
        shifted = datetime.combine(day, wall, zone).astimezone(UTC).astimezone(zone)
        assert shifted.replace(tzinfo=None) != datetime.combine(day, wall)
    else:
        assert made.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, wall)


def test_making_them_again_makes_none(session: Session) -> None:
    """What is there stays, and only what is missing comes."""
    _clinic(session, weekday=2)
    assert openings.extend(session, at=NOON, days=7) == 16
    assert openings.extend(session, at=NOON, days=7) == 0
    assert openings.extend(session, at=NOON, days=14) == 16


def test_what_is_claimed_stays_claimed(session: Session) -> None:
    """An opening keeps its row when the horizon moves on."""
    clinic = _clinic(session, weekday=2)
    openings.extend(session, at=NOON, days=7)
    taken = session.scalars(select(Opening)).first()
    assert taken is not None
    block = {"kind": "block", "reason": "painting"}
    testing.add(session, Claim(opening_id=taken.id, starts_at=taken.starts_at, **block))
    openings.extend(session, at=NOON + timedelta(days=3), days=7)
    assert session.scalar(select(func.count()).select_from(Claim)) == 1
    assert clinic


def test_nobody_is_seen_on_leave_or_on_a_closed_day(session: Session) -> None:
    """A closing takes the day, a leave its hours, an ended template everything after it."""
    wednesdays = [date(2026, 6, 10) + timedelta(weeks=week) for week in range(4)]
    clinic = _clinic(session, "America/New_York", weekday=2, valid_to=wednesdays[2])
    testing.add(session, ClinicClosing(clinic_id=clinic.id, on=wednesdays[0], reason="painting"))
    clinician_id = session.scalars(select(ScheduleTemplate.clinician_id)).one()
    begins = datetime.combine(wednesdays[1], time(1), EAST)
    testing.add(
        session,
        ClinicianLeave(
            clinician_id=clinician_id, starts_at=begins, ends_at=begins + timedelta(hours=1)
        ),
    )
    openings.extend(session, at=NOON, days=28)
    assert [len(_on(session, day)) for day in wednesdays] == [0, 12, 16, 0]


def test_a_group_has_a_row_for_each_seat(session: Session) -> None:
    """Three may come at one time where the template has three seats."""
    _clinic(session, weekday=2, seats=3)
    assert openings.extend(session, at=NOON, days=7) == 48


def test_what_has_begun_is_not_offered(session: Session) -> None:
    """Of today only what is still ahead is made."""
    _clinic(session, "America/New_York", weekday=1, local_start=time(8), local_end=time(12))
    at = datetime(2026, 6, 9, 10, 0, tzinfo=EAST)
    openings.extend(session, at=at, days=0)
    assert _on(session, at.date())[0].local_start == time(10, 15)


@pytest.mark.usefixtures("engine")
def test_both_databases_make_the_same() -> None:
    """The count is what was made, on SQLite and PostgreSQL."""
    with transaction() as session:
        _clinic(session, weekday=2)
        assert openings.extend(session, at=NOON, days=7) == 16
        assert openings.extend(session, at=NOON, days=7) == 0
