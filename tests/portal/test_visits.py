"""Which visits are told, what of each, and whether one is still what was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from portal import testing, visits
from portal.records import Appointment, Audit
from portal.testing import NOON
from tests.portal.diary import ATOM, DAY, HOUR, SOON, Diary

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

WEST = "America/Los_Angeles"


def test_the_soonest_visit_is_told_first(session: Session) -> None:
    """Whatever the order in which they were booked."""
    diary = Diary(session)
    days = [SOON + 3 * DAY, SOON, SOON + DAY]
    for day in days:
        diary.visit(day)
    assert [visit.starts_at for visit in diary.heard()] == sorted(days)


def test_a_visit_is_told_with_all_that_one_must_know_to_come(session: Session) -> None:
    """When, what for, with whom, where, and what to bring."""
    diary = Diary(session)
    diary.kind = diary.visit_type(
        name_key="visits.type_follow_up", bring_key="visits.bring_check_up"
    )
    row = diary.visit(reference="402817")
    (told,) = diary.heard()
    assert (told.id, told.version, told.starts_at, told.ends_at) == (
        row.id,
        row.version,
        SOON,
        SOON + ATOM,
    )
    assert (told.clinician, told.clinic, told.address) == (
        "Dr. Grace Rowe",
        "Oak Street Family Clinic",
        "1 Oak Street",
    )
    assert (told.kind, told.bring) == ("visits.type_follow_up", "visits.bring_check_up")
    assert (told.text_safe_name, told.reference) == ("Oak Street Clinic", "402817")
    assert not told.confirmed


def test_instants_are_in_the_zone_of_the_clinic(session: Session) -> None:
    """Nine in the morning there is said as nine in the morning."""
    diary = Diary(session, tz=WEST)
    diary.visit(SOON)
    (told,) = diary.heard()
    assert (told.starts_at.hour, told.starts_at.utcoffset()) == (9, -7 * HOUR)


@pytest.mark.parametrize(
    ("starts_at", "is_told"),
    [(NOON + ATOM, True), (NOON, False), (NOON - DAY, False)],
)
def test_what_has_begun_is_no_visit_to_come(
    session: Session, starts_at: datetime, *, is_told: bool
) -> None:
    """At the minute it begins there is nothing left to plan."""
    diary = Diary(session)
    diary.visit(starts_at)
    assert bool(diary.heard()) is is_told


@pytest.mark.parametrize(
    "status", ["arrived", "cancelled", "noshow", "entered_in_error", "proposed", "pending"]
)
def test_only_a_booked_visit_is_told(session: Session, status: str) -> None:
    """What is off, or was never agreed, would send somebody out for nothing."""
    diary = Diary(session)
    diary.visit(status=status)
    assert diary.heard() == []


def test_nobody_hears_of_the_visits_of_another_patient(session: Session) -> None:
    """A relative on the same telephone has a diary of their own."""
    diary = Diary(session)
    other = testing.patient(session, diary.clinic, diary.phone)
    diary.visit(patient_id=other.id)
    assert diary.heard() == []


def test_hearing_of_visits_is_traced_without_what_was_heard(session: Session) -> None:
    """Who asked, and how many there were."""
    diary = Diary(session)
    diary.visit()
    diary.heard()
    session.flush()
    (row,) = session.scalars(select(Audit)).all()
    assert (row.action, row.patient_id, row.detail) == (
        "visits.heard",
        diary.patient.id,
        {"channel": "voice", "count": 1},
    )


@pytest.mark.parametrize(
    ("number", "zone", "is_named"),
    [
        ("+12125551234", "America/New_York", False),
        ("+12125551234", WEST, True),
        ("+13105551234", WEST, False),
        ("+13105551234", "America/New_York", True),
        ("+14805551234", WEST, False),
        ("+14805551234", "America/Denver", True),
        ("+18005551234", WEST, False),
    ],
)
def test_the_zone_is_named_where_the_clock_of_the_telephone_is_another(
    session: Session, number: str, zone: str, *, is_named: bool
) -> None:
    """Arizona's clock is California's in June; a free-phone number is at home everywhere."""
    diary = Diary(session, tz=zone)
    diary.call.phone_id = testing.phone(session, e164=number).id
    diary.visit()
    assert [visit.names_zone for visit in diary.heard()] == [is_named]


def test_clocks_are_compared_at_the_time_of_the_visit(session: Session) -> None:
    """Arizona's clock is not California's in January."""
    diary = Diary(session, tz=WEST)
    diary.call.phone_id = testing.phone(session, e164="+14805551235").id
    for month in (7, 12):
        diary.visit(SOON.replace(month=month))
    assert [visit.names_zone for visit in diary.heard()] == [False, True]


def test_a_hidden_number_names_no_zone(session: Session) -> None:
    """Nothing is known of where it is."""
    diary = Diary(session, tz=WEST)
    diary.call.phone_id = None
    diary.visit()
    assert [visit.names_zone for visit in diary.heard()] == [False]


def test_a_visit_that_nobody_touched_is_unchanged(session: Session) -> None:
    """Its row comes back, to be written to."""
    diary = Diary(session)
    row = diary.visit()
    (told,) = diary.heard()
    assert visits.unchanged(session, diary.access, told.id, told.version) is row


def test_a_visit_that_staff_moved_has_changed_and_says_to_what(session: Session) -> None:
    """What was read out is not confirmed in place of what is."""
    diary = Diary(session)
    diary.visit()
    (told,) = diary.heard()
    later = {"starts_at": SOON + HOUR, "ends_at": SOON + HOUR + ATOM, "version": told.version + 1}
    session.execute(update(Appointment).values(later).execution_options(synchronize_session=False))
    with pytest.raises(visits.Changed) as changed:
        visits.unchanged(session, diary.access, told.id, told.version)
    assert changed.value.visit is not None
    assert changed.value.visit.starts_at == SOON + HOUR


@pytest.mark.parametrize("status", ["arrived", "cancelled", "noshow", "fulfilled"])
def test_a_visit_that_is_not_to_come_any_more_is_gone(session: Session, status: str) -> None:
    """There is nothing to change about it."""
    diary = Diary(session)
    row = diary.visit(status=status)
    with pytest.raises(visits.Changed) as changed:
        visits.unchanged(session, diary.access, row.id, row.version)
    assert changed.value.visit is None


def test_the_visit_of_another_patient_is_none(session: Session) -> None:
    """Not even that it exists is told."""
    diary = Diary(session)
    row = diary.visit()
    other = diary.access_of(testing.patient(session, diary.clinic))
    with pytest.raises(visits.Changed) as changed:
        visits.unchanged(session, other, row.id, row.version)
    assert changed.value.visit is None


@pytest.mark.parametrize(
    ("starts_at", "status", "is_now"),
    [
        (NOON - ATOM / 3, "booked", True),
        (NOON, "arrived", True),
        (NOON - ATOM, "booked", False),
        (NOON + ATOM, "booked", False),
        (NOON, "cancelled", False),
    ],
)
def test_a_visit_is_under_way_from_its_first_minute_to_its_last(
    session: Session, starts_at: datetime, status: str, *, is_now: bool
) -> None:
    """One that is off is not."""
    diary = Diary(session)
    diary.visit(starts_at, status=status)
    assert visits.under_way(session, diary.access, at=NOON) is is_now
