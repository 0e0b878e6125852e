"""The chores between two sendings: each done once a period."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from outreach.chores import do_chores
from portal import testing
from portal.database import transaction
from portal.records import Conversation, Opening, ScheduleTemplate
from portal.testing import NOON

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.usefixtures("database")


def _openings() -> tuple[int, datetime | None]:
    """Return how many openings there are, and when the last one starts."""
    with transaction(read_only=True) as session:
        counted = select(func.count(Opening.id), func.max(Opening.starts_at))
        count, last = session.execute(counted).one()
        return count, last


def _schedule() -> None:
    """Write down a clinician who is there on Mondays from eight to nine."""
    with transaction() as session:
        clinic, clinician = testing.clinic(session), testing.clinician(session)
        hour = {"local_start": time(8), "local_end": time(9), "weekday": 0}
        testing.add(
            session,
            ScheduleTemplate(
                clinician_id=clinician.id,
                clinic_id=clinic.id,
                valid_from=date(2020, 1, 1),
                **hour,
            ),
        )


def test_the_openings_reach_as_far_on_every_day_without_anybodys_doing() -> None:
    """They are extended once a day: the next Monday's come when it is sixty days away."""
    _schedule()
    do_chores(NOON)
    before, last = _openings()
    do_chores(NOON + timedelta(hours=1))
    assert _openings() == (before, last)
    for days in range(1, 8):
        do_chores(NOON + timedelta(days=days))
    after, later = _openings()
    assert before > 0
    assert last is not None
    assert (after - before, later) == (4, last + timedelta(days=7))


def test_what_was_silent_for_long_is_ended() -> None:
    """A text session that nobody closed does not stay open for whoever picks up the handset."""
    with transaction() as session:
        clinic, phone = testing.clinic(session), testing.phone(session)
        testing.conversation(session, clinic, phone, channel="sms")
    do_chores(NOON + timedelta(minutes=11))
    with transaction(read_only=True) as session:
        assert session.scalars(select(Conversation.outcome)).one() == "expired"
