"""Where nothing fits, the nearest is offered, and one word says why."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from portal import testing
from portal.free_time import fits_day, fits_time
from portal.nearest import distance
from portal.records import ClinicClosing, ClinicianLeave, Opening
from portal.testing import NOON
from portal.wanted import Times
from tests.portal.practice import LONG, TUESDAY, practice, walls

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.portal.practice import Practice

DAY = timedelta(days=1)
WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (TUESDAY + ahead * DAY for ahead in range(1, 5))
FAR = TUESDAY + 90 * DAY


@pytest.fixture
def rows(session: Session) -> Practice:
    """Return a practice."""
    return practice(session)


def _only(day: date, **more: Any) -> dict[str, Any]:
    return {"first_day": day, "last_day": day, **more}


def _at(hour: int, minute: int = 0) -> dict[str, Any]:
    return {"from_time": time(hour, minute), "exact": True}


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (_only(TUESDAY - DAY), "past"),
        (_only(TUESDAY - 365 * DAY, **_at(9)), "past"),
        (_only(TUESDAY, **_at(9)), "past"),
        (_only(TUESDAY, **_at(12)), "too_soon"),
        (_only(TUESDAY, until_time=time(12)), "past"),
        (_only(TUESDAY, from_time=time(11), until_time=time(12, 30)), "too_soon"),
        (_only(TUESDAY, **_at(12, 30)), "too_soon"),
        (_only(FAR), "too_far"),
        ({"first_day": FAR, "last_day": None}, "too_far"),
        (_only(SATURDAY), "closed"),
        ({"first_day": SATURDAY, "last_day": SATURDAY + DAY}, "closed"),
        ({"weekdays": frozenset({5, 6})}, "closed"),
        (_only(SATURDAY, **_at(3)), "closed"),
        (_only(WEDNESDAY, **_at(3)), "hours"),
        (_at(3), "hours"),
        ({"from_time": time(18), "until_time": time(21)}, "hours"),
        (_only(WEDNESDAY, **_at(17)), "hours"),
        (_only(WEDNESDAY, **_at(12, 30)), "hours"),
        ({"from_time": time(12), "until_time": time(13)}, "hours"),
        (_only(WEDNESDAY, **_at(9, 10)), "full"),
        (_only(WEDNESDAY, weekdays=frozenset({0})), "full"),
    ],
)
def test_one_word_says_why_nothing_fits(
    session: Session, rows: Practice, wish: dict[str, Any], why: str
) -> None:
    """The first reason that is true of all that was wanted."""
    found = rows.find(session, rows.wanted(**wish))
    assert (found.fits, found.why) == (False, why)
    assert len(found.offers) == 3


def test_a_visit_that_would_go_on_after_closing_is_out_of_hours(
    session: Session, rows: Practice
) -> None:
    """At half past four a quarter of an hour is in time, three of them are not."""
    at = _only(WEDNESDAY, **_at(16, 30))
    assert rows.find(session, rows.wanted(**at)).fits
    assert rows.find(session, rows.wanted(LONG, **at)).why == "hours"


def test_a_closing_day_is_closed(session: Session, rows: Practice) -> None:
    """Though openings were made before it was decided."""
    testing.add(session, ClinicClosing(clinic_id=rows.clinic_id, on=WEDNESDAY, reason="painting"))
    found = rows.find(session, rows.wanted(**_only(WEDNESDAY)))
    assert found.why == "closed"
    assert "10" not in {wall[:2] for wall in walls(found)}


def test_what_is_taken_is_full(session: Session, rows: Practice) -> None:
    """Every opening of the day is claimed."""
    rows.block(session, WEDNESDAY)
    found = rows.find(session, rows.wanted(**_only(WEDNESDAY)))
    assert (found.why, walls(found)) == ("full", ["09 13:00", "11 08:00", "11 09:00"])


@pytest.mark.parametrize("by", [0, None])
def test_who_is_on_leave_is_away(session: Session, rows: Practice, by: int | None) -> None:
    """Whether that clinician was asked for, or all of them are; with openings and without."""
    for clinician_id in rows.clinicians if by is None else rows.clinicians[:1]:
        starts_at = datetime.combine(WEDNESDAY, time(), NOON.tzinfo)
        leave = {"starts_at": starts_at, "ends_at": starts_at + DAY}
        testing.add(session, ClinicianLeave(clinician_id=clinician_id, **leave))
    wanted = rows.wanted(by=by, **_only(WEDNESDAY))
    found = rows.find(session, wanted)
    assert (found.why, walls(found)) == ("away", ["09 13:00", "11 08:00", "11 09:00"])
    if by is not None:
        assert {each.clinician_id for each in found.offers} == {rows.clinicians[0]}
    session.execute(delete(Opening).where(Opening.local_date == WEDNESDAY))
    assert rows.find(session, wanted).why == "away"


def test_leave_of_an_hour_takes_that_hour_alone(session: Session, rows: Practice) -> None:
    """What overlaps it by a minute is not offered; the rest of the day is."""
    starts_at = datetime.combine(WEDNESDAY, time(9), NOON.tzinfo) + timedelta(minutes=14)
    leave = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    testing.add(session, ClinicianLeave(clinician_id=rows.clinicians[0], **leave))
    wanted = rows.wanted(by=0, **_only(WEDNESDAY, from_time=time(8, 45), until_time=time(11)))
    assert walls(rows.find(session, wanted)) == ["10 08:45", "10 10:15", "10 10:30"]


def test_who_does_not_work_that_day_is_away(session: Session, rows: Practice) -> None:
    """The clinic is open and others are there."""
    mine = Opening.clinician_id == rows.clinicians[0]
    session.execute(delete(Opening).where(Opening.local_date == WEDNESDAY, mine))
    assert rows.find(session, rows.wanted(by=0, **_only(WEDNESDAY))).why == "away"
    assert rows.find(session, rows.wanted(by=0, **_only(WEDNESDAY, **_at(12, 15)))).why == "hours"


def test_the_own_visit_is_what_a_time_is_full_of(session: Session, rows: Practice) -> None:
    """Nobody else's, but there is no second room to be in."""
    at = datetime.combine(WEDNESDAY, time(9), NOON.tzinfo)
    rows.visit(session, rows.offer(at, by=1))
    assert rows.find(session, rows.wanted(by=0, **_only(WEDNESDAY, **_at(9)))).why == "full"


@pytest.mark.parametrize(
    ("wish", "offered"),
    [
        # A time that is off the grid: just before and after it, and that time of another day.
        (_only(WEDNESDAY, **_at(9, 10)), ["10 09:00", "10 09:15", "11 09:15"]),
        (_only(WEDNESDAY, **_at(12, 30)), ["10 11:45", "10 13:00", "11 13:00"]),
        (_only(WEDNESDAY, **_at(17)), ["10 16:30", "10 16:45", "11 16:45"]),
        (_only(SATURDAY, **_at(10)), ["11 10:00", "12 10:00", "15 10:00"]),
        (_only(TUESDAY - DAY, **_at(9)), ["09 13:00", "10 09:00", "11 09:00"]),
        (_only(FAR), ["22 08:00", "23 08:00", "23 09:00"]),
        ({"weekdays": frozenset({6})}, ["09 13:00", "09 14:00", "10 08:00"]),
    ],
)
def test_the_nearest_are_offered(
    session: Session, rows: Practice, wish: dict[str, Any], offered: list[str]
) -> None:
    """By distance to what was wanted, and still apart from each other."""
    assert walls(rows.find(session, rows.wanted(by=0, **wish))) == offered


def test_the_same_clinician_is_nearer_than_another_one(session: Session, rows: Practice) -> None:
    """However far away it is; others fill up what is left."""
    last = max(opening.local_date for opening in session.query(Opening))
    for ahead in range((last - TUESDAY).days):
        rows.block(session, TUESDAY + ahead * DAY, by=0)
    wanted = rows.wanted(by=0, **_only(WEDNESDAY, **_at(9)))
    found = rows.find(session, wanted)
    assert found.why == "full"
    assert {each.clinician_id for each in found.offers} == {rows.clinicians[0]}
    assert {wall[:2] for wall in walls(found)} == {f"{last:%d}"}
    rows.block(session, last, by=0)
    others = rows.find(session, wanted).offers
    assert {each.clinician_id for each in others} == {rows.clinicians[1]}
    assert walls(rows.find(session, wanted)) == ["10 08:45", "10 09:00", "11 09:00"]


def test_a_calendar_without_openings_offers_nothing(session: Session, rows: Practice) -> None:
    """And says that it is full, or what else is true of the wish."""
    session.execute(delete(Opening))
    assert rows.find(session).offers == ()
    assert rows.find(session, rows.wanted(**_only(SATURDAY))).why == "closed"


@given(
    day=st.dates(date(2026, 6, 1), date(2026, 7, 30)),
    hour=st.integers(0, 23),
    first=st.dates(date(2026, 6, 1), date(2026, 7, 30)),
    days=st.integers(0, 5),
    hours=st.tuples(st.integers(0, 22), st.integers(1, 23)),
    weekdays=st.none() | st.frozensets(st.integers(0, 6), min_size=1),
)
def test_what_fits_is_at_no_distance(
    day: date,
    hour: int,
    first: date,
    days: int,
    hours: tuple[int, int],
    weekdays: frozenset[int] | None,
) -> None:
    """And what does not is at some, however little it is out."""
    begin, end = min(hours), max(hours)
    times = Times(
        first_day=first,
        last_day=first + days * DAY,
        from_time=time(begin),
        until_time=time(end) if end > begin else None,
        weekdays=weekdays,
    )
    wall = datetime.combine(day, time(hour))
    fits = fits_day(times, day) and fits_time(times, wall.time())
    assert (distance(times, wall) == 0) == fits
