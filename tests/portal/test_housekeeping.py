"""What is over ends though nobody says so, and an audit that was altered shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from portal import audit, housekeeping, testing
from portal.testing import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.records import AuditSeal

HOUR = NOON.replace(minute=0, second=0, microsecond=0)


def _traced(session: Session, at: datetime) -> None:
    audit.record(session, action="results.heard", actor_kind="system", at=at)
    session.flush()


def _sealed(session: Session, at: datetime) -> AuditSeal | None:
    seal = housekeeping.seal_audit(session, at=at)
    session.flush()
    return seal


@pytest.mark.parametrize(
    ("channel", "idle", "ends"),
    [
        ("sms", timedelta(minutes=9), False),
        ("sms", timedelta(minutes=11), True),
        ("voice", timedelta(hours=3), False),
        ("voice", timedelta(hours=5), True),
    ],
)
def test_what_was_silent_for_long_is_over(
    session: Session, channel: str, idle: timedelta, *, ends: bool
) -> None:
    """A text session after ten minutes, a call whose last webhook was lost after four hours."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    row = testing.conversation(session, clinic, phone, channel=channel, assurance=1)
    housekeeping.end_stale(session, at=NOON + idle)
    assert (row.ended_at is not None, row.assurance) == (ends, 0 if ends else 1)


def test_a_chore_is_done_by_whoever_asks_first(session: Session) -> None:
    """Once a period, however many processes look."""
    asked = [NOON, NOON + timedelta(minutes=1), NOON + timedelta(minutes=6)]
    every = housekeeping.EVERY
    assert [housekeeping.is_due(session, "x", every, at=at) for at in asked] == [True, False, True]


def test_an_hour_is_sealed_and_shows_whoever_adds_to_it(session: Session) -> None:
    """Each seal covers its rows and the seal before."""
    _traced(session, HOUR - timedelta(minutes=30))
    seal = _sealed(session, HOUR + timedelta(minutes=10))
    assert seal is not None
    assert (seal.row_count, seal.to_at) == (1, HOUR)
    assert housekeeping.broken_seals(session) == []
    _traced(session, HOUR - timedelta(minutes=20))
    assert housekeeping.broken_seals(session) == [seal]


def test_a_turn_that_began_before_the_hour_and_was_written_after_it_breaks_no_seal(
    session: Session,
) -> None:
    """Its trace bears the instant of its beginning."""
    _traced(session, HOUR - timedelta(minutes=30))
    _sealed(session, HOUR + timedelta(seconds=1))
    _traced(session, HOUR - timedelta(seconds=1))
    seal = _sealed(session, HOUR + timedelta(minutes=10))
    assert seal is not None
    assert seal.row_count == 2
    assert housekeeping.broken_seals(session) == []
