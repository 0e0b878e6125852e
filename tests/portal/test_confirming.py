"""A visit is confirmed when its patient says that they will come, and it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal import testing, visits
from portal.confirming import confirm
from portal.database import transaction
from portal.records import Appointment
from portal.refusal import Refused
from portal.testing import NOON
from tests.portal.diary import ATOM, DAY, HOUR, SOON, Diary

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


def test_a_confirmed_visit_says_since_when(session: Session) -> None:
    """And through which door."""
    diary = Diary(session)
    row = diary.visit()
    (told,) = diary.heard()
    done = confirm(session, diary.access, told.id, told.version, at=NOON)
    assert (row.confirmed_at, row.origin, row.as_of) == (NOON, "phone", NOON)
    assert (done.id, done.confirmed, diary.claims()) == (row.id, True, 1)


def test_confirming_again_changes_nothing(session: Session) -> None:
    """The first yes counts, however often it is delivered; the audit has it once."""
    diary = Diary(session)
    row = diary.visit()
    version = row.version
    for hour in range(10):
        confirm(session, diary.access, row.id, version, at=NOON + hour * HOUR)
    assert (row.confirmed_at, row.version) == (NOON, version + 1)
    assert diary.traced() == [("confirming.confirmed", str(row.id))]


def test_a_visit_that_staff_moved_meanwhile_is_not_confirmed(session: Session) -> None:
    """Nobody has said that they will come at that other time."""
    diary = Diary(session)
    row = diary.visit()
    version = row.version
    row.starts_at, row.ends_at = SOON + HOUR, SOON + HOUR + ATOM
    session.flush()
    with pytest.raises(visits.Changed) as changed:
        confirm(session, diary.access, row.id, version, at=NOON)
    assert changed.value.visit is not None
    assert (changed.value.visit.starts_at, row.confirmed_at) == (SOON + HOUR, None)


def test_a_visit_that_was_confirmed_and_then_moved_has_changed(session: Session) -> None:
    """An earlier yes was to another time."""
    diary = Diary(session)
    row = diary.visit()
    version = row.version
    confirm(session, diary.access, row.id, version, at=NOON)
    row.starts_at, row.ends_at = SOON + HOUR, SOON + HOUR + ATOM
    session.flush()
    with pytest.raises(visits.Changed):
        confirm(session, diary.access, row.id, version, at=NOON)


def test_a_visit_that_is_off_is_gone(session: Session) -> None:
    """There is nothing to come to."""
    diary = Diary(session)
    row = diary.visit(status="cancelled")
    with pytest.raises(visits.Changed) as changed:
        confirm(session, diary.access, row.id, row.version, at=NOON)
    assert changed.value.visit is None


def test_a_visit_that_has_begun_is_not_confirmed(session: Session) -> None:
    """It is too late to say so; the caller hears that."""
    diary = Diary(session)
    row = diary.visit()
    with pytest.raises(Refused) as refused:
        confirm(session, diary.access, row.id, row.version, at=NOON + 7 * DAY)
    assert (refused.value.prompt, row.confirmed_at) == ("confirming.begun", None)


def test_nobody_confirms_the_visit_of_another_patient(session: Session) -> None:
    """Whoever knows its key cannot."""
    diary = Diary(session)
    row = diary.visit()
    other = diary.access_of(testing.patient(session, diary.clinic))
    with pytest.raises(visits.Changed):
        confirm(session, other, row.id, row.version, at=NOON)
    assert row.confirmed_at is None


def test_it_works_on_both_databases(engine: Engine) -> None:
    """What is told is what stands in the committed row."""
    assert engine is not None
    with transaction() as session:
        diary = Diary(session)
        row = diary.visit()
        done = confirm(session, diary.access, row.id, row.version, at=NOON)
    with transaction(read_only=True) as session:
        kept = session.get_one(Appointment, done.id)
        assert (kept.confirmed_at, kept.version) == (NOON, done.version)
