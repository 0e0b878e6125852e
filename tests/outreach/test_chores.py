"""The chores between two sendings: each done once a period."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from outreach.chores import do_chores
from portal import booking, holds, testing
from portal.database import transaction
from portal.records import Appointment, Claim, Conversation, Opening, ScheduleTemplate
from portal.testing import NOON
from tests.portal.practice import practice

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

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


def test_what_callers_held_is_free_again_and_old_references_are_given_up() -> None:
    """The one every five minutes, the other once a day."""
    with transaction() as session:
        rows = practice(session, patients=2, days=2)
        one, other = rows.find(session).offers[:2]
        kept = holds.hold(session, rows.access(0), one, at=NOON)
        booking.book(session, rows.access(0), kept.id, at=NOON)
        holds.hold(session, rows.access(1), other, at=NOON)
    for at, held in ((NOON, 1), (NOON + timedelta(minutes=6), 0)):
        do_chores(at)
        assert _rows(Claim.kind == "hold") == held
    assert _rows(Claim.kind == "appointment") == 1
    for days, referred in ((90, 1), (91, 0)):
        do_chores(NOON + timedelta(days=days))
        assert _rows(Appointment.reference.is_not(None)) == referred


def _rows(which: ColumnElement[bool]) -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count()).where(which)) or 0
