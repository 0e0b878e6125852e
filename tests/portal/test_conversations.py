"""Calls and text sessions: one row each, one turn at a time; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal import conversations, testing
from portal.conversations import LEASE
from portal.database import new_id, transaction
from portal.records import Conversation, Phone
from portal.testing import NOON
from tests.portal.together import together

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Engine

CALLER = "+12025550166"
SECOND = timedelta(seconds=1)


def _count(kind: type[Conversation | Phone]) -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count(kind.id))) or 0


@pytest.fixture
def clinic(engine: Engine) -> str:  # noqa: ARG001 - it is bound
    """Return the number of a clinic, on SQLite and then on PostgreSQL."""
    with transaction() as session:
        return testing.clinic(session).phone


def _ring(number: str, sid: str = "CA1") -> UUID:
    with transaction() as session:
        return conversations.open_call(
            session,
            provider_sid=sid,
            clinic=conversations.clinic_for(session, number),
            phone=conversations.phone_for(session, CALLER, at=NOON),
            locale="en-US",
            at=NOON,
        ).id


def _lease(of: UUID, holder: str, at: object = NOON) -> bool:
    with transaction() as session:
        return conversations.take_lease(session, of, holder, at=at)


def test_a_call_whose_start_is_delivered_many_times_at_once_is_one_row(clinic: str) -> None:
    assert len(set(together(12, lambda _: _ring(clinic)))) == 1
    assert (_count(Conversation), _count(Phone)) == (1, 1)


def test_two_calls_of_one_telephone_are_two_rows(clinic: str) -> None:
    assert _ring(clinic, "CA1") != _ring(clinic, "CA2")
    assert (_count(Conversation), _count(Phone)) == (2, 1)


def test_a_hidden_number_has_no_row(clinic: str) -> None:
    with transaction() as session:
        assert conversations.phone_for(session, None, at=NOON) is None
    assert (clinic != "", _count(Phone)) == (True, 0)


def test_of_many_turns_at_once_one_is_taken(clinic: str) -> None:
    call = _ring(clinic)
    taken = together(16, lambda number: _lease(call, str(number)))
    assert taken.count(True) == 1


def test_a_lease_ends_when_it_is_given_back_or_runs_out(clinic: str) -> None:
    call = _ring(clinic)
    assert _lease(call, "one")
    assert not _lease(call, "two", NOON + LEASE)
    assert _lease(call, "two", NOON + LEASE + SECOND)
    with transaction() as session:
        conversations.release_lease(conversations.held(session, call))
    assert _lease(call, "three", NOON)


def test_a_lease_outlasts_the_longest_turn() -> None:
    # Two transactions that wait for a lock, the model, and the apology after them.
    assert timedelta(seconds=1.5 * 3 + 4) < LEASE


def test_a_clinic_is_found_by_its_number_and_by_its_code(clinic: str) -> None:
    with transaction() as session:
        other = testing.clinic(session, code="zz")
        assert conversations.clinic_for(session, other.phone).id == other.id
        assert conversations.clinic_coded(session, "zz").id == other.id
        assert conversations.clinic_for(session, "+1").phone == clinic
        assert conversations.clinic_coded(session, "nowhere").phone == clinic


def test_what_is_over_has_no_proof_no_state_and_its_first_outcome(clinic: str) -> None:
    call = _ring(clinic)
    with transaction() as session:
        row = conversations.held(session, call)
        row.assurance, row.state, row.outcome = 2, {"step": "pin"}, "handed_off"
        conversations.end(session, row, outcome="hung_up", at=NOON)
    with transaction(read_only=True) as session:
        row = session.get_one(Conversation, call)
    assert (row.assurance, row.state, row.outcome, row.ended_at) == (0, {}, "handed_off", NOON)


def test_texts_of_one_conversation_wait_in_their_order(clinic: str) -> None:
    call = _ring(clinic)
    with transaction() as session:
        row = conversations.held(session, call)
        for number in (3, 1, 2):
            conversations.write_turn(
                session, row, number=number, speaker="caller", text=f"text {number}", at=NOON
            )
        waiting = conversations.waiting_texts(session, row, after=1)
        assert [turn.text for turn in waiting] == ["text 2", "text 3"]


def test_a_conversation_that_is_not_there_cannot_be_taken(clinic: str) -> None:
    assert clinic
    assert not _lease(new_id(), "one")
