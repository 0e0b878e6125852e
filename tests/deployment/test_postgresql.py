from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.database import transaction
from portal.records import Audit, Clinic, Conversation, Outbox, Turn
from simulator.news import Ring
from simulator.phone import State

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from simulator.news import News
    from simulator.phone import Phone
    from tests.deployment.started import Deployed

pytestmark = pytest.mark.slow
PATIENT, CLINIC = "+12025550117", "+12025550100"
BIRTH_DATE, BIRTH_YEAR, PIN = "11211948", "1948", "730264"
ASKED = "my doctor ran some tests on me the other week, are those results in by now"
OUTREACH_SECONDS = 30.0


def test_the_records_are_in_postgresql(deployed: Deployed, records: Engine) -> None:
    """The line made its schema and the demo clinic there, and a call could be taken."""
    assert records.dialect.name == "postgresql"
    assert deployed.get("/ready").json() == {"database": True, "nlu": True, "actions": True}
    with transaction(read_only=True) as session:
        assert session.scalars(select(Clinic.code).order_by(Clinic.code)).all() == ["main", "west"]


def test_a_spoken_result_comes_out_of_postgresql(deployed: Deployed, records: Engine) -> None:
    """Asked for in words, proved by key, heard in words; each turn and what was heard is kept."""
    phone = deployed.phone(PATIENT, CLINIC)

    phone.call()
    phone.say(ASKED)
    phone.press(BIRTH_DATE)
    phone.press(PIN)
    heard = " ".join(each.text for each in phone.latest)
    proved = _conversation(phone).assurance
    phone.hang_up()

    assert proved == 2
    assert "cholesterol" in heard
    assert "in the normal range" in heard
    call = _conversation(phone)
    with transaction(read_only=True) as session:
        turns = session.scalars(select(Turn).where(Turn.conversation_id == call.id)).all()
        told = session.scalars(select(Audit.action).where(Audit.conversation_id == call.id)).all()
    assert call.ended_at is not None
    assert "results_status" in {turn.intent for turn in turns}
    assert ASKED in {turn.text for turn in turns}
    assert "results.heard" in told
    assert not [
        turn for turn in turns if PIN in (turn.text or "") or BIRTH_DATE in (turn.text or "")
    ]
    assert records.dialect.name == "postgresql"


def _conversation(phone: Phone) -> Conversation:
    with transaction(read_only=True) as session:
        sid = phone.parameters["CallSid"]
        return session.scalars(select(Conversation).where(Conversation.provider_sid == sid)).one()


def test_a_text_leads_to_a_call_of_ours(deployed: Deployed, records: Engine) -> None:
    """Asked by text, told that there is a message; 1, and outreach rings, out of PostgreSQL."""
    texts, news = deployed.text_phone(PATIENT, CLINIC), deployed.news(PATIENT)

    texts.text(ASKED)
    (told,) = texts.text(BIRTH_YEAR)
    texts.text("1")
    ring = _ring(news)
    inbound = news.pick_up(ring)
    assert inbound is not None
    phone = deployed.phone(PATIENT, CLINIC)
    phone.answer(inbound)
    state, heard = phone.state, " ".join(each.text for each in phone.latest)
    phone.hang_up()
    news.over(ring)

    assert "message from your care team" in told
    assert "cholesterol" not in told
    assert state is State.LISTENING
    assert "Maple Street" in heard
    with transaction(read_only=True) as session:
        row = session.scalars(select(Outbox).where(Outbox.provider_sid == ring.sid)).one()
    assert (row.kind, row.dead_at, row.last_error) == ("call", None, None)
    assert row.done_at is not None
    assert records.dialect.name == "postgresql"


def _ring(news: News) -> Ring:
    """Return the call that rings, waiting for outreach to place it."""
    begun = time.monotonic()
    while time.monotonic() - begun < OUTREACH_SECONDS:
        for each in news.catch_up():
            if isinstance(each, Ring):
                return each
        time.sleep(0.2)
    pytest.fail("outreach placed no call")
