"""A request is claimed by one, and answered the same ever after; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import idempotency, testing
from portal.database import transaction
from portal.idempotency import ABANDONED, Claim
from portal.records import Idempotency
from portal.testing import NOON
from tests.portal.together import together

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

pytestmark = pytest.mark.usefixtures("engine")

SECOND = timedelta(seconds=1)


def _claim(at: datetime = NOON, scope: str = "voice", of: UUID | None = None) -> Claim:
    with transaction() as session:
        return idempotency.claim(
            session, scope, "CA1:2", request_hash="", conversation_id=of, at=at
        )


def _finish(answer: str) -> None:
    with transaction() as session:
        idempotency.finish(session, "voice", "CA1:2", answer)


def _stored() -> str | None:
    with transaction(read_only=True) as session:
        return idempotency.stored_answer(session, "voice", "CA1:2")


def test_the_first_gets_it_and_the_second_waits_for_the_answer() -> None:
    assert _claim().ours
    assert _claim() == Claim(ours=False)
    assert _stored() is None


def test_who_comes_after_the_answer_gets_it() -> None:
    _claim()
    _finish("<Response>é</Response>")
    assert _claim() == Claim(ours=False, answer="<Response>é</Response>")
    assert _stored() == "<Response>é</Response>"


def test_the_same_id_on_another_channel_is_another_request() -> None:
    assert _claim().ours
    assert _claim(scope="sms").ours


def test_of_many_at_once_one_gets_it() -> None:
    claims = together(16, lambda _: _claim())
    assert [claim.ours for claim in claims].count(True) == 1


def test_what_was_undone_can_be_claimed_again() -> None:
    with transaction() as session:
        idempotency.claim(session, "voice", "CA1:2", request_hash="", at=NOON)
        session.rollback()
    assert _claim().ours


def test_an_abandoned_claim_is_taken_over_and_only_by_one() -> None:
    _claim()
    assert not _claim(NOON + ABANDONED).ours
    late = NOON + ABANDONED + SECOND
    claims = together(8, lambda _: _claim(late))
    assert [claim.ours for claim in claims].count(True) == 1


def test_an_answered_one_is_never_taken_over() -> None:
    _claim()
    _finish("answer")
    assert _claim(NOON + timedelta(hours=1)).answer == "answer"


def test_an_answer_is_not_replaced_by_a_later_one() -> None:
    _claim()
    _finish("answer")
    _finish("another")
    assert _stored() == "answer"


def test_after_the_end_of_a_conversation_its_answers_are_empty_and_stay_so() -> None:
    with transaction() as session:
        of = testing.conversation(session, testing.clinic(session)).id
    _claim(of=of)
    with transaction() as session:
        idempotency.wipe(session, of)
    _finish("what was being written just then")
    assert "<Response/>" in (_claim().answer or "")


def test_what_is_expired_is_forgotten_and_nothing_else() -> None:
    _claim()
    with transaction() as session:
        idempotency.claim(session, "sms", "SM1", request_hash="", kept=SECOND, at=NOON)
        idempotency.forget_expired(session, at=NOON + timedelta(minutes=1))
    with transaction(read_only=True) as session:
        assert list(session.scalars(select(Idempotency.scope))) == ["voice"]
