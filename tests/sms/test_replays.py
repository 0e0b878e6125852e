"""A text that is delivered again: soon, after its session, or by somebody who captured it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal import consent, conversations, housekeeping, idempotency
from portal.database import transaction
from portal.records import Turn
from settings import THROW_AWAY_ACCOUNT
from sms.inbox import Came, receive
from tests.dialogue.talk import HUGHES, MAIN, RESULTS, everything
from tests.web import BASE

if TYPE_CHECKING:
    from tests.web import Web

NOTHING = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


def sent(web: Web, sid: str, body: str) -> bytes:
    """Return the answer to a text with this id."""
    form = {"AccountSid": THROW_AWAY_ACCOUNT, "MessageSid": sid, "From": HUGHES, "To": MAIN}
    answer: bytes = web.post(f"{BASE}/sms/incoming", {**form, "Body": body, "NumMedia": "0"}).data
    return answer


def _later(web: Web, later: timedelta) -> None:
    web.clock.at += later
    with transaction() as session:
        housekeeping.end_stale(session, at=web.clock.at)
        idempotency.forget_expired(session, at=web.clock.at)


def test_in_the_session_the_same_text_gets_the_same_bytes(web: Web) -> None:
    sent(web, "SM1", RESULTS)
    answer = sent(web, "SM2", "1948")
    assert b"You have a message" in answer
    assert sent(web, "SM2", "1948") == answer


def test_after_the_session_it_fetches_nothing_of_what_was_said(web: Web) -> None:
    sent(web, "SM1", RESULTS)
    sent(web, "SM2", "1948")
    _later(web, timedelta(hours=1))
    before = everything()
    assert sent(web, "SM2", "1948") == NOTHING
    assert everything() == before


def test_a_stop_ends_the_session_and_what_it_answered(web: Web) -> None:
    sent(web, "SM1", RESULTS)
    sent(web, "SM2", "1948")
    sent(web, "SM3", "STOP")
    assert sent(web, "SM2", "1948") == NOTHING


def test_a_text_whose_first_reader_died_is_answered_when_it_is_delivered_again(web: Web) -> None:
    with transaction() as session:
        idempotency.claim(session, "sms", "SM1", request_hash="", at=web.clock.at)
        clinic = conversations.clinic_for(session, MAIN)
        phone = conversations.phone_with(session, HUGHES, at=web.clock.at)
        came = Came("SM1", RESULTS, clinic, phone)
        receive(session, web.app.extensions["dialtone"].line, came, at=web.clock.at)
    web.clock.at += timedelta(seconds=16)
    assert b"reply with the year you were born" in sent(web, "SM1", RESULTS)
    sent(web, "SM2", "1948")
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count(Turn.id)).where(Turn.speaker == "caller")) == 2


def test_an_old_start_sent_again_starts_nothing(web: Web) -> None:
    for sid, body in (("SM1", "START"), ("SM2", "STOP")):
        sent(web, sid, body)
    _later(web, timedelta(days=30))
    before = everything()
    sent(web, "SM1", "START")
    assert everything() == before
    with transaction() as session:
        phone = conversations.phone_with(session, HUGHES, at=web.clock.at)
        assert not consent.may_text(session, phone.id, "reply")
