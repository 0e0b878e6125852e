"""When a sending that failed is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from portal.database import new_id
from portal.records import Outbox
from portal.sending import LONGEST_PAUSE, MOST_ATTEMPTS, made_at, next_try
from portal.testing import NOON


def test_pauses_grow_and_end() -> None:
    """From seconds to an hour, then a person; never past the hour at which it expires."""
    row = Outbox(id=uuid4(), expires_at=None)
    pauses = []
    for attempts in range(1, MOST_ATTEMPTS):
        row.attempts = attempts
        until = next_try(row, NOON)
        assert until is not None
        pauses.append(until - NOON)
    row.attempts = MOST_ATTEMPTS

    assert pauses == sorted(pauses)
    assert timedelta(seconds=5) <= pauses[0] < timedelta(seconds=8)
    assert LONGEST_PAUSE <= pauses[-1] <= 1.5 * LONGEST_PAUSE
    assert next_try(row, NOON) is None


def test_nothing_is_tried_after_it_expired() -> None:
    """A code is not sent again when it would come too late."""
    row = Outbox(id=uuid4(), attempts=1, expires_at=NOON + timedelta(seconds=1))

    assert next_try(row, NOON) is None


def test_a_row_knows_when_it_was_written() -> None:
    """Its key carries the instant, to the millisecond."""
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    assert before <= made_at(Outbox(id=new_id())) <= datetime.now(UTC)
