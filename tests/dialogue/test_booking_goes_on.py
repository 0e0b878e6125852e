"""A call that breaks off before the booking is confirmed goes on by text, and the other way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal import conversations, demo
from portal.database import transaction
from portal.records import Appointment, Claim, Conversation, Hold
from portal.testing import NOON
from tests.dialogue.talk import BORN, PIN, Line, Talk, called, model, texted

if TYPE_CHECKING:
    from sqlalchemy import Engine

BOOK = "i should see somebody soon"
MEANS = {BOOK: "book_appointment"}


def _at_read_back(channel: str) -> Talk:
    """Return a conversation in which the soonest time was taken and read back."""
    talk = _hearing(called() if channel == "voice" else texted())
    _proved(talk)
    assert talk.names[-1] == "booking.soonest"
    _pick(talk, "1")
    assert talk.names[-1].startswith("booking.")
    assert [choice.value for choice in talk.reply.choices] == ["yes", "no"]
    return talk


def _hearing(talk: Talk) -> Talk:
    talk.line = Line(model(talk.clock, **MEANS), talk.line.locales)
    return talk


def _proved(talk: Talk) -> None:
    if talk.row.channel == "voice":
        talk.say(BOOK)
        talk.press(BORN)
        talk.press(PIN)
    else:
        talk.text(BOOK)
        talk.text("1948")


def _pick(talk: Talk, key: str) -> None:
    (talk.press if talk.row.channel == "voice" else talk.text)(key)


def _counted() -> tuple[int, int, int]:
    """Return how many visits were booked here, holds there are, and openings they take."""
    with transaction(read_only=True) as session:
        made = select(func.count(Appointment.id)).where(Appointment.hold_id.is_not(None))
        held = select(func.count(Hold.id))
        taken = select(func.count()).select_from(Claim).where(Claim.kind == "hold")
        return tuple(session.scalar(each) or 0 for each in (made, held, taken))  # type: ignore[return-value]


@pytest.mark.parametrize("first", ["voice", "sms"])
def test_what_was_held_is_booked_over_the_other_channel(engine: Engine, first: str) -> None:
    """On both databases one visit comes of it, and nothing is held any more."""
    del engine
    with transaction() as session:
        demo.seed(session, NOON)
    before = _at_read_back(first)
    with transaction(read_only=True) as session:
        starts_at = session.scalars(select(Hold.starts_at)).one()
    with transaction() as session:
        row = session.get_one(Conversation, before.id)
        conversations.end(session, row, outcome="hung_up", at=before.clock.at)
    clock = before.clock
    clock.at += timedelta(minutes=8)
    other = "sms" if first == "voice" else "voice"
    after = _hearing(called(clock=clock) if other == "voice" else texted(clock=clock))
    _proved(after)
    assert after.names[-1] == "booking.go_on"
    _pick(after, "1")
    assert [choice.value for choice in after.reply.choices] == ["yes", "no"]
    _pick(after, "1")
    assert after.names[0] == "booking.booked"
    assert _counted() == (1, 0, 0)
    with transaction(read_only=True) as session:
        booked = session.scalars(select(Appointment).where(Appointment.hold_id.is_not(None))).one()
    assert (booked.starts_at, booked.origin) == (starts_at, "text" if other == "sms" else "phone")


@pytest.mark.usefixtures("demo_database")
def test_who_lets_it_go_is_offered_the_same_time_again() -> None:
    """Nobody has it now, so it is the soonest one as before."""
    before = _at_read_back("voice")
    held = before.reply.prompts[0].details["at"]
    with transaction() as session:
        row = session.get_one(Conversation, before.id)
        conversations.end(session, row, outcome="hung_up", at=before.clock.at)
    after = _hearing(called(clock=before.clock))
    _proved(after)
    assert after.names == ["identity.proved", "booking.go_on"]
    _pick(after, "2")
    assert after.names == ["booking.soonest"]
    assert after.reply.prompts[0].details["at"] == held
