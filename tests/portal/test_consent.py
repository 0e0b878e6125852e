"""STOP stops everything on that telephone, START gives back what had been granted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import consent, testing
from portal.records import ConsentEvent
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LATER, LATEST = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)


def test_a_number_on_file_may_be_texted_and_a_strangers_only_what_it_asked_for(
    session: Session,
) -> None:
    """Leaving the number at the clinic is consent; ringing once is not."""
    clinic, known, stranger = (
        testing.clinic(session),
        testing.phone(session),
        testing.phone(session),
    )
    testing.patient(session, clinic, known)
    assert consent.may_text(session, known.id, "reminders")
    assert not consent.may_text(session, stranger.id, "reminders")
    assert consent.may_text(session, stranger.id, "identity")


@pytest.mark.parametrize("purpose", ["identity", "reply", "visit", "reminders", "anything"])
def test_stop_stops_every_purpose(session: Session, purpose: str) -> None:
    """After STOP not even what was asked for is texted."""
    phone = testing.phone(session)
    testing.patient(session, testing.clinic(session), phone)
    consent.opt_in(session, phone.id, purpose=purpose, source="desk", at=NOON)
    consent.opt_out(session, phone.id, source="text", at=LATER)
    assert not consent.may_text(session, phone.id, purpose)


def test_start_restores_only_what_was_granted(session: Session) -> None:
    """Reminders that were declined before STOP stay declined after START."""
    phone = testing.phone(session)
    testing.patient(session, testing.clinic(session), phone)
    consent.opt_out(session, phone.id, purpose="reminders", source="desk", at=NOON)
    consent.opt_out(session, phone.id, source="text", at=LATER)
    consent.opt_in(session, phone.id, source="text", at=LATEST)
    assert not consent.may_text(session, phone.id, "reminders")
    assert consent.may_text(session, phone.id, "notices")


def test_the_newest_event_counts_even_within_one_instant(session: Session) -> None:
    """Two texts of one second are taken in the order in which they came."""
    phone = testing.phone(session)
    for granted in (False, True, False, True):
        change = consent.opt_in if granted else consent.opt_out
        change(session, phone.id, source="text", at=NOON)
        assert consent.may_text(session, phone.id, "reply") is granted


def test_stop_belongs_to_one_telephone(session: Session) -> None:
    """The patient's other telephone is not stopped with it."""
    one, other = testing.phone(session), testing.phone(session)
    testing.patient(session, testing.clinic(session), one, other)
    consent.opt_out(session, one.id, source="text", at=NOON)
    assert not consent.may_text(session, one.id, "reminders")
    assert consent.may_text(session, other.id, "reminders")


def test_events_are_only_added_with_their_evidence(session: Session) -> None:
    """What was said, where, in which words and language stays on record."""
    phone = testing.phone(session)
    said = {"source": "text", "wording": "line.opted_out", "locale": "es-US", "evidence": "SM1"}
    consent.opt_out(session, phone.id, at=NOON, **said)
    consent.opt_in(session, phone.id, source="text", at=LATER)
    rows = session.scalars(select(ConsentEvent).order_by(ConsentEvent.at)).all()
    assert [row.granted for row in rows] == [False, True]
    assert {name: getattr(rows[0], name) for name in said} == said
