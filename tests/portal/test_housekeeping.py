"""What is over ends though nobody says so, and an audit that was altered shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import audit, conversations, housekeeping, testing
from portal.records import StaffTask
from portal.testing import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.records import AuditSeal, Conversation

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


def _text(session: Session, row: Conversation, number: int, *, is_answered: bool) -> None:
    conversations.write_turn(
        session, row, number=number, speaker="caller", kind="text", text="my pills", at=NOON
    )
    if is_answered:
        conversations.write_turn(session, row, number=number, speaker="line", at=NOON)
    session.flush()


@pytest.mark.parametrize("answered", [(True, True), (True, False), (False,)])
def test_whoever_got_no_answer_is_rung_back(session: Session, answered: tuple[bool, ...]) -> None:
    """A text that a process died over is a task before its session ends."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    row = testing.conversation(session, clinic, phone, channel="sms")
    for number, is_answered in enumerate(answered, start=1):
        _text(session, row, number, is_answered=is_answered)
    housekeeping.end_stale(session, at=NOON + timedelta(minutes=11))
    tasks = session.scalars(select(StaffTask)).all()
    owed = [] if answered[-1] else [("unanswered_text", phone.id)]
    assert [(task.topic, task.phone_id) for task in tasks] == owed
    assert row.ended_at is not None


def test_what_is_being_answered_is_not_over(session: Session) -> None:
    """Its last turn began while it was not idle yet, and is nobody's loss."""
    clinic, phone = testing.clinic(session), testing.phone(session)
    at = NOON + timedelta(minutes=11)
    row = testing.conversation(session, clinic, phone, channel="sms")
    _text(session, row, 1, is_answered=False)
    assert conversations.take_lease(session, row.id, "SM1", at=at - timedelta(seconds=1))
    assert housekeeping.end_stale(session, at=at) == []
    assert session.scalars(select(StaffTask)).all() == []


def test_one_telephones_sessions_end_without_the_others(session: Session) -> None:
    """Whoever texts again ends what they left, and nothing of anybody else's."""
    clinic, own, other = testing.clinic(session), testing.phone(session), testing.phone(session)
    rows = [testing.conversation(session, clinic, each, channel="sms") for each in (own, other)]
    housekeeping.end_stale(session, phone_id=own.id, at=NOON + timedelta(minutes=11))
    assert [row.ended_at is None for row in rows] == [False, True]


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
