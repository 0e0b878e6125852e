"""Failures are counted exactly, lock for their time, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import lockouts, testing
from portal.lockouts import Subject
from portal.records import Lockout
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = timedelta(hours=24)
FIVE = Subject("patient:one", 5, DAY)
MINUTE = timedelta(minutes=1)


def _fail(session: Session, subject: Subject, times: int, *, at: object = NOON) -> bool:
    """Count so many tries; return whether the last one was beyond the limit."""
    used_up = [lockouts.count(session, [subject], at=at) for _ in range(times)]  # type: ignore[arg-type]
    return subject in used_up[-1]


def test_the_limit_is_reached_with_the_last_try_that_is_judged(session: Session) -> None:
    """The fifth try is still judged, the sixth is not, and after the fifth it is locked."""
    assert not _fail(session, FIVE, 4)
    assert not lockouts.is_locked(session, FIVE, at=NOON)
    assert not _fail(session, FIVE, 1)
    assert lockouts.is_locked(session, FIVE, at=NOON)
    assert _fail(session, FIVE, 1)


def test_a_lock_ends_after_its_time_and_counting_begins_anew(session: Session) -> None:
    """A day after the fifth failure one more is the first of a new day."""
    _fail(session, FIVE, 5)
    assert lockouts.is_locked(session, FIVE, at=NOON + DAY - MINUTE)
    assert not lockouts.is_locked(session, FIVE, at=NOON + DAY)
    assert not _fail(session, FIVE, 4, at=NOON + DAY)
    assert not lockouts.is_locked(session, FIVE, at=NOON + DAY)


def test_trying_on_does_not_make_a_lock_longer(session: Session) -> None:
    """Whoever rings all day cannot keep a patient locked out for ever."""
    _fail(session, FIVE, 5)
    assert _fail(session, FIVE, 50, at=NOON + DAY - MINUTE)
    assert not lockouts.is_locked(session, FIVE, at=NOON + DAY)


def test_a_lock_outlasts_the_window_that_it_was_counted_in(session: Session) -> None:
    """Four failures early and one late lock for a day from the late one."""
    _fail(session, FIVE, 4)
    late = NOON + timedelta(hours=23)
    _fail(session, FIVE, 1, at=late)
    assert _fail(session, FIVE, 1, at=NOON + DAY + MINUTE)
    assert lockouts.is_locked(session, FIVE, at=late + DAY - MINUTE)
    assert not lockouts.is_locked(session, FIVE, at=late + DAY)


def test_old_failures_are_forgotten(session: Session) -> None:
    """Four failures of yesterday and four of today lock nobody."""
    _fail(session, FIVE, 4)
    _fail(session, FIVE, 4, at=NOON + DAY)
    assert not lockouts.is_locked(session, FIVE, at=NOON + DAY)


def test_a_success_takes_back_its_own_try_only(session: Session) -> None:
    """Four failures stay counted through a success, and the next one locks."""
    _fail(session, FIVE, 4)
    assert not _fail(session, FIVE, 1)
    lockouts.take_back(session, [FIVE])
    assert not lockouts.is_locked(session, FIVE, at=NOON)
    assert not _fail(session, FIVE, 1)
    assert lockouts.is_locked(session, FIVE, at=NOON)


def test_subjects_do_not_share_their_counts(session: Session) -> None:
    """One patient's failures are nobody else's."""
    other = Subject("patient:two", 5, DAY)
    _fail(session, FIVE, 5)
    assert not lockouts.is_locked(session, other, at=NOON)
    assert lockouts.count(session, [FIVE, other], at=NOON) == {FIVE}


def test_the_limits_are_those_of_the_design(session: Session) -> None:
    """5 a day for a patient, 10 a day for a telephone, 20 an hour for hidden callers."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    patient = lockouts.patient(phone.id)
    known = lockouts.caller(testing.conversation(session, clinic, phone))
    hidden = lockouts.caller(testing.conversation(session, clinic))
    assert (patient.limit, patient.window) == (5, DAY)
    assert (known.key, known.limit, known.window) == (f"phone:{phone.id}", 10, DAY)
    assert (hidden.key, hidden.limit) == (f"to:{clinic.id}", 20)
    assert hidden.window == timedelta(hours=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=900), min_size=1, max_size=30))
def test_a_day_never_judges_more_than_twice_the_limit(gaps: list[int]) -> None:
    """However the tries are spread, few of them are judged in any 24 hours."""
    counts = _Counts()
    at = NOON
    judged = []
    for gap in gaps:
        at += timedelta(minutes=gap)
        if counts.is_judged(at):
            judged.append(at)
    for start in judged:
        within = [each for each in judged if start <= each < start + DAY]
        assert len(within) < 2 * FIVE.limit


class _Counts:
    """The rule of the counters in plain Python, to be held against the statement."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.failures, self.since, self.until = 0, NOON, None

    def is_judged(self, at: object) -> bool:
        """Count one failed try; return whether it was judged."""
        over = self.failures == 0 or (
            self.since <= at - DAY and (self.until is None or self.until <= at)  # type: ignore[operator]
        )
        if over:
            self.failures, self.since, self.until = 0, at, None  # type: ignore[assignment]
        self.failures += 1
        if self.until is None and self.failures >= FIVE.limit:
            self.until = at + DAY  # type: ignore[operator]
        return self.failures <= FIVE.limit


@pytest.mark.parametrize("gap", [1, 60, 300, 800, 1440, 3000])
def test_the_statement_counts_as_the_rule_says(session: Session, gap: int) -> None:
    """One INSERT ... ON CONFLICT does what the rule in plain Python does."""
    counts = _Counts()
    for number in range(14):
        at = NOON + timedelta(minutes=gap * number)
        used_up = lockouts.count(session, [FIVE], at=at)
        assert (FIVE not in used_up) is counts.is_judged(at)
        row = session.get_one(Lockout, FIVE.key, populate_existing=True)
        assert (row.failures, row.locked_until) == (counts.failures, counts.until)
