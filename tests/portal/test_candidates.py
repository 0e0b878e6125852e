"""A keyed birth date is read in every order, and looked for where it may be."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import testing
from portal.candidates import candidates, provable, readings, today_at
from portal.database import new_id
from portal.records import Patient
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = date(2026, 6, 9)
BORN = date(1950, 3, 14)
born_days = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)


@pytest.mark.parametrize(
    ("keyed", "meant"),
    [
        ("11211948", [(1948, 11, 21)]),
        ("21111948", [(1948, 11, 21)]),
        ("19481121", [(1948, 11, 21)]),
        ("03051957", [(1957, 3, 5), (1957, 5, 3)]),
        ("05051957", [(1957, 5, 5)]),
        ("20111219", [(2011, 12, 19)]),
        ("20122001", [(2001, 12, 20)]),
        ("02291900", []),
        ("02292000", [(2000, 2, 29)]),
        ("12311899", []),
        ("06092026", [(2026, 6, 9)]),
        ("20260610", []),
    ],
)
def test_dates_are_read_in_three_orders(keyed: str, meant: list[tuple[int, int, int]]) -> None:
    """Month first, day first and year first all work, with years from 1900 to today."""
    assert list(readings(keyed, TODAY)) == [date(*parts) for parts in meant]


@pytest.mark.parametrize("keyed", ["", "1121194", "112119488", "11/21/48", "٠٣٠٥١٩٥٧", "1121194*"])
def test_what_is_not_eight_digits_is_no_date(keyed: str) -> None:
    """Anything else is no date, and no error either."""
    assert readings(keyed, TODAY) == ()


@given(born_days, st.sampled_from(["%Y%m%d", "%m%d%Y", "%d%m%Y"]))
def test_every_date_is_found_however_it_is_written(day: date, order: str) -> None:
    """No birth date is lost, in whichever of the three orders it is keyed."""
    assert day in readings(f"{day:{order}}", TODAY)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_no_reading_lies_outside_a_life(keyed: str) -> None:
    """Whatever is keyed, no date before 1900 or after today comes out, and none twice."""
    found = readings(keyed, TODAY)
    assert all(date(1900, 1, 1) <= day <= TODAY for day in found)
    assert len(set(found)) == len(found)


def test_on_a_telephone_on_file_only_its_own_patients_are_found(session: Session) -> None:
    """A neighbour with the same birth date is not found on this telephone."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    here = testing.patient(session, clinic, phone, born=BORN)
    testing.patient(session, clinic, testing.phone(session), born=BORN)
    assert candidates(session, phone.id, [BORN]) == [here.id]


def test_a_telephone_on_file_does_not_lead_to_somebody_else(session: Session) -> None:
    """From somebody's telephone another patient's birth date finds nobody."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    testing.patient(session, clinic, phone, born=date(1988, 1, 2))
    testing.patient(session, clinic, testing.phone(session), born=BORN)
    assert candidates(session, phone.id, [BORN]) == []


@pytest.mark.parametrize("is_hidden", [True, False])
def test_from_an_unknown_telephone_three_at_most_are_found(
    session: Session, *, is_hidden: bool
) -> None:
    """Of the many born on one day three are looked at, those with a PIN first."""
    clinic = testing.clinic(session)
    for number in range(4):
        kept = "1:x" if number > 1 else None
        testing.patient(session, clinic, testing.phone(session), born=BORN, pin_hash=kept)
    testing.patient(session, clinic, born=date(1950, 3, 15))
    phone_id = None if is_hidden else testing.phone(session).id
    found = candidates(session, phone_id, [BORN])
    assert len(found) == 3
    with_pin = select(Patient.id).where(Patient.pin_hash.is_not(None))
    assert sorted(found[:2]) == sorted(session.scalars(with_pin))


def test_both_readings_of_a_date_are_looked_for(session: Session) -> None:
    """March 5th and May 3rd are keyed alike, and whoever is there is found."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    march = testing.patient(session, clinic, phone, born=date(1957, 3, 5))
    may = testing.patient(session, clinic, phone, born=date(1957, 5, 3))
    found = candidates(session, phone.id, readings("03051957", TODAY))
    assert sorted(found) == sorted([march.id, may.id])


def test_nobody_under_age_proves_themselves(session: Session) -> None:
    """On the eighteenth birthday it becomes possible, in the clinic's own day."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    almost = testing.patient(session, clinic, phone, born=date(2008, 6, 10))
    just = testing.patient(session, clinic, phone, born=date(2008, 6, 9))
    call = testing.conversation(session, clinic, phone)
    assert provable(session, call, [almost.id, just.id], at=NOON) == [just]
    assert provable(session, call, [new_id()], at=NOON) == []


def test_today_is_the_clinics_day(session: Session) -> None:
    """Shortly after midnight in New York it is still the day before in Los Angeles."""
    west = testing.clinic(session, tz="America/Los_Angeles")
    call = testing.conversation(session, west)
    late = datetime(2026, 6, 10, 1, 30, tzinfo=NOON.tzinfo)
    assert today_at(session, call, at=late) == date(2026, 6, 9)
