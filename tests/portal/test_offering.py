"""What is offered fits what is wanted; where nothing does, the nearest, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, update

from portal import holds, openings, testing
from portal.database import new_id, transaction
from portal.records import Appointment, Claim, Clinician, Opening, ScheduleTemplate, VisitType
from portal.refusal import Refused
from portal.testing import NOON
from tests.portal.practice import LONG, MIDDLE, SHORT, TUESDAY, practice, walls

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from tests.portal.practice import Practice

DAY = timedelta(days=1)
WEDNESDAY, SATURDAY = TUESDAY + DAY, TUESDAY + 4 * DAY
FRIDAY = SATURDAY - DAY


@pytest.fixture
def rows(session: Session) -> Practice:
    """Return a practice."""
    return practice(session)


def _on(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), NOON.tzinfo)


def _exact(day: date | None, hour: int, minute: int = 0) -> dict[str, Any]:
    return {
        "first_day": day,
        "last_day": day,
        "from_time": time(hour, minute),
        "exact": True,
    }


def _only(day: date) -> dict[str, Any]:
    return {"first_day": day, "last_day": day}


def test_the_soonest_comes_first_and_the_others_lie_apart(session: Session, rows: Practice) -> None:
    """At noon with an hour's notice: at one, an hour later, and another day."""
    found = rows.find(session)
    assert walls(found) == ["09 13:00", "09 14:00", "10 08:00"]
    assert (found.fits, found.why) == (True, None)


def test_of_one_hour_that_is_left_all_quarters_are_offered(
    session: Session, rows: Practice
) -> None:
    """Where there is nothing that lies apart, the next ones fill up."""
    wanted = rows.wanted(by=0, **_only(WEDNESDAY), from_time=time(9), until_time=time(9, 45))
    assert walls(rows.find(session, wanted)) == ["10 09:00", "10 09:15", "10 09:30"]


def test_a_half_day_counts_as_apart(session: Session, rows: Practice) -> None:
    """A quarter to twelve and noon are morning and afternoon to whoever plans a day."""
    late = rows.wanted(by=0, **_only(FRIDAY), from_time=time(11, 45), until_time=time(13, 15))
    assert walls(rows.find(session, late, count=2)) == ["12 11:45", "12 13:00"]


def test_two_clinicians_at_one_time_are_one_offer_while_there_are_others(
    session: Session, rows: Practice
) -> None:
    """The same time twice is offered only when there is no third one."""
    exact = rows.find(session, rows.wanted(**_exact(WEDNESDAY, 9)))
    assert walls(exact) == ["10 09:00", "10 09:00"]
    assert {each.clinician_id for each in exact.offers} == set(rows.clinicians)
    assert exact.fits
    hour = rows.wanted(**_only(WEDNESDAY), from_time=time(9), until_time=time(9, 45))
    assert walls(rows.find(session, hour)) == ["10 09:00", "10 09:15", "10 09:30"]


@pytest.mark.parametrize(
    ("wish", "offered"),
    [
        (_exact(None, 9), ["10 09:00", "11 09:00", "12 09:00"]),
        ({"from_time": time(16)}, ["09 16:00", "10 16:00", "11 16:00"]),
        ({"until_time": time(9), "first_day": FRIDAY}, ["12 08:00", "15 08:00", "16 08:00"]),
        ({"weekdays": frozenset({4})}, ["12 08:00", "12 09:00", "19 08:00"]),
        (
            {"first_day": FRIDAY, "last_day": FRIDAY + 4 * DAY, "weekdays": frozenset({0, 4})},
            ["12 08:00", "12 09:00", "15 08:00"],
        ),
        ({**_only(FRIDAY), "from_time": time(16)}, ["12 16:00", "12 16:15", "12 16:30"]),
        ({"first_day": TUESDAY - DAY, "last_day": None}, ["09 13:00", "09 14:00", "10 08:00"]),
    ],
)
def test_wishes_narrow_what_is_offered(
    session: Session, rows: Practice, wish: dict[str, Any], offered: list[str]
) -> None:
    """Days, times of the day and weekdays, each alone and together."""
    found = rows.find(session, rows.wanted(**wish))
    assert found.fits
    assert walls(found) == offered


@pytest.mark.parametrize(
    ("minutes", "offered"), [(SHORT, "10 10:00"), (MIDDLE, "10 10:30"), (LONG, "10 10:30")]
)
def test_a_visit_needs_all_its_openings(
    session: Session, rows: Practice, minutes: int, offered: str
) -> None:
    """A quarter of an hour that is taken leaves room for short visits alone."""
    rows.claim(session, rows.offer(_on(WEDNESDAY, 10, 15)))
    wanted = rows.wanted(minutes, by=0, **_only(WEDNESDAY), from_time=time(10))
    assert walls(rows.find(session, wanted))[0] == offered


def test_a_long_visit_ends_before_the_break(session: Session, rows: Practice) -> None:
    """The last begins a quarter past eleven; nothing goes on over noon."""
    wanted = rows.wanted(LONG, by=0, **_only(WEDNESDAY), from_time=time(11), until_time=time(13))
    assert walls(rows.find(session, wanted)) == ["10 11:00", "10 11:15"]


def test_openings_of_two_clinicians_are_not_one_visit(session: Session, rows: Practice) -> None:
    """Who begins a visit is there until its end."""
    for by, minute in ((0, 0), (1, 15)):
        rows.block(session, WEDNESDAY, by=by)
        left = rows.openings(session, rows.offer(_on(WEDNESDAY, 9, minute), by=by))[0]
        session.execute(delete(Claim).where(Claim.opening_id == left.id))
    assert rows.find(session, rows.wanted(MIDDLE, **_only(WEDNESDAY))).why == "full"
    assert walls(rows.find(session, rows.wanted(**_only(WEDNESDAY)))) == ["10 09:00", "10 09:15"]


def test_any_seat_of_a_group_will_do(session: Session, rows: Practice) -> None:
    """One seat of each quarter is taken, another one each time: the visit fits."""
    at = rows.offer(_on(WEDNESDAY, 9), MIDDLE)
    first, second = rows.openings(session, at)
    for each in (first, second):
        columns = ("clinician_id", "clinic_id", "starts_at", "ends_at", "local_date", "local_start")
        row = {name: getattr(each, name) for name in columns}
        testing.add(session, Opening(id=new_id(), seat=2, **row))
    seats = rows.openings(session, at)
    for each in (seats[0], seats[3]):
        block = {"opening_id": each.id, "starts_at": each.starts_at, "kind": "block"}
        testing.add(session, Claim(**block, reason="painting"))
    assert walls(rows.find(session, rows.wanted(MIDDLE, by=0, **_exact(WEDNESDAY, 9)))) == [
        "10 09:00"
    ]


@pytest.mark.parametrize("engine_name", ["database", "postgresql_database"])
def test_what_is_held_is_free_to_who_holds_it(
    engine_name: str, request: pytest.FixtureRequest
) -> None:
    """To everybody else it is taken until the hold has run out; on both databases."""
    request.getfixturevalue(engine_name)
    with transaction() as session:
        rows = practice(session, patients=2, days=3)
        wanted = rows.wanted(by=0, **_exact(WEDNESDAY, 9))
        (nine,) = rows.find(session, wanted).offers
        kept = holds.hold(session, rows.access(0), nine, at=NOON)
        assert rows.find(session, wanted, number=0).fits
        assert not rows.find(session, wanted, number=1).fits
        assert rows.find(session, wanted, number=1, at=kept.expires_at).fits


def test_the_time_of_the_visit_that_moves_is_free_but_not_offered_as_it_is(
    session: Session, rows: Practice
) -> None:
    """By a quarter of an hour it may move onto itself; to where it is, it does not move."""
    visit = rows.visit(session, rows.offer(_on(WEDNESDAY, 9), LONG))
    wanted = rows.wanted(
        LONG, by=0, **_only(WEDNESDAY), from_time=time(8, 45), until_time=time(9, 30)
    )
    assert walls(rows.find(session, wanted, moves=visit)) == ["10 08:45", "10 09:15"]


def test_nobody_is_offered_two_rooms_at_once(session: Session, rows: Practice) -> None:
    """What overlaps another visit of the patient is not offered, whoever is free then."""
    rows.visit(session, rows.offer(_on(WEDNESDAY, 9), MIDDLE, by=1))
    wanted = rows.wanted(
        MIDDLE, by=0, **_only(WEDNESDAY), from_time=time(8, 30), until_time=time(9, 45)
    )
    assert walls(rows.find(session, wanted)) == ["10 08:30", "10 09:30"]
    session.execute(delete(Claim))
    session.execute(update(Appointment).values(status="cancelled"))
    assert walls(rows.find(session, wanted)) == ["10 08:30", "10 08:45", "10 09:30"]


def test_a_clinician_who_left_is_not_offered(session: Session, rows: Practice) -> None:
    """Though openings were made for them."""
    session.execute(
        update(Clinician).where(Clinician.id == rows.clinicians[0]).values(active=False)
    )
    exact = _exact(WEDNESDAY, 9)
    assert [each.clinician_id for each in rows.find(session, rows.wanted(**exact)).offers] == [
        rows.clinicians[1]
    ]
    assert rows.find(session, rows.wanted(by=0, **exact)).why == "away"


def test_pages_begin_after_and_end_before(session: Session, rows: Practice) -> None:
    """Strictly: what was offered last does not come again."""
    first = rows.find(session)
    later = rows.find(session, after=first.offers[-1].starts_at)
    assert walls(later) == ["10 08:15", "10 09:15", "11 08:00"]
    assert walls(rows.find(session, before=first.offers[1].starts_at)) == [
        "09 13:00",
        "09 13:15",
        "09 13:30",
    ]
    nothing = rows.find(session, before=first.offers[0].starts_at)
    assert (nothing.offers, nothing.fits, nothing.why) == ((), False, "full")


def test_what_only_staff_book_is_refused(session: Session, rows: Practice) -> None:
    """A rule of the kind of visit."""
    session.execute(update(VisitType).values(phone_bookable=False))
    session.expire_all()
    with pytest.raises(Refused) as refused:
        rows.find(session)
    assert refused.value.prompt == "booking.by_staff_only"


def test_notice_and_reach_are_those_of_the_kind_of_visit(session: Session, rows: Practice) -> None:
    """Two hours before it begins at the latest, and no more than three days ahead."""
    session.execute(update(VisitType).values(notice_minutes=120, days_ahead=3))
    session.expire_all()
    assert walls(rows.find(session))[0] == "09 14:00"
    assert rows.find(session, rows.wanted(**_only(FRIDAY))).fits
    assert rows.find(session, rows.wanted(**_only(FRIDAY + 3 * DAY))).why == "too_far"


def test_no_clinic_offers_nothing(session: Session, rows: Practice) -> None:
    """An empty choice of clinics is no clinic, not all of them."""
    nowhere = replace(rows.wanted(), clinics=frozenset())
    assert rows.find(session, nowhere).offers == ()


def test_wall_times_are_those_of_each_clinic(session: Session, rows: Practice) -> None:
    """Nine o'clock at two clinics is two instants, three hours from each other."""
    west = practice_in_the_west(session)
    anywhere = replace(rows.wanted(**_exact(WEDNESDAY, 9)), clinics=None, clinicians=None)
    found = rows.find(session, anywhere, count=4).offers
    assert [each.starts_at.hour for each in found] == [13, 13, 16]
    assert found[-1].clinic_id == west


def practice_in_the_west(session: Session) -> UUID:
    """Return the key of a clinic in Los Angeles with one clinician, who works all day."""
    place = testing.clinic(session, tz="America/Los_Angeles")
    template = ScheduleTemplate(
        clinician_id=testing.clinician(session).id,
        clinic_id=place.id,
        weekday=WEDNESDAY.weekday(),
        local_start=time(8),
        local_end=time(17),
        valid_from=date(2020, 1, 1),
    )
    testing.add(session, template)
    openings.extend(session, at=NOON, days=3)
    return place.id


@pytest.mark.parametrize(
    ("day", "offered"),
    [
        (date(2027, 3, 14), ["01:00", "01:15", "01:30", "01:45", "03:00"]),
        (date(2026, 11, 1), ["01:00", "01:15", "01:30", "02:00", "02:15"]),
    ],
)
def test_visits_go_on_while_the_clocks_are_changed(
    session: Session, day: date, offered: list[str]
) -> None:
    """In spring one goes over the hour that is skipped, in autumn none over the one repeated."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - 2 * DAY
    rows = practice(session, days=0)
    template = ScheduleTemplate(
        clinician_id=rows.clinicians[0],
        clinic_id=rows.clinic_id,
        weekday=6,
        local_start=time(1),
        local_end=time(4),
        valid_from=date(2020, 1, 1),
    )
    testing.add(session, template)
    openings.extend(session, at=at, days=4)
    wanted = rows.wanted(MIDDLE, **_only(day), from_time=time(1), until_time=time(3, 15))
    found = rows.find(session, wanted, at=at, count=9)
    shown = [f"{each.starts_at.astimezone(NOON.tzinfo):%H:%M}" for each in found.offers]
    assert shown[:5] == offered
    assert all(each.ends_at - each.starts_at == timedelta(minutes=30) for each in found.offers)
