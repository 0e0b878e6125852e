"""What the carrier refuses or cannot deliver has one remedy each, and ends with a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from carrier.errors import Remedy
from carrier.sending import NotSent
from portal import consent
from portal.database import transaction
from portal.outbox import prompts_of
from portal.records import ConsentEvent, Phone
from tests.outreach.rows import HOUR, NOTICE, Outreach, again, asked, reported, tasks


def test_a_refusal_as_opted_out_is_their_stop(outreach: Outreach) -> None:
    """Who stopped us at the carrier has stopped us here too."""
    row = asked(outreach, purpose="notice", prompts=(NOTICE,))
    outreach.carrier.before = [NotSent(Remedy.OPT_OUT, 21610)]

    outreach.works()

    with transaction(read_only=True) as session:
        assert not consent.may_text(session, row.phone_id, "notice")
        assert session.scalars(select(ConsentEvent.source)).all() == ["carrier"]
    assert tasks() == [("undelivered_text", "notice: 21610")]


def test_a_landline_is_learnt_from_the_report(outreach: Outreach) -> None:
    """Where no text can arrive none is sent any more, and a person rings."""
    row = asked(outreach, purpose="notice", prompts=(NOTICE,))
    outreach.works()

    reported(outreach.carrier.texts[0], "undelivered", "30006", at=outreach.now)
    outreach.works()

    with transaction(read_only=True) as session:
        assert session.get_one(Phone, row.phone_id).line_type == "landline"
    assert len(outreach.carrier.texts) == 1
    assert tasks() == [("undelivered_text", "notice: 30006")]


def test_a_handset_that_is_off_gets_it_once_more(outreach: Outreach) -> None:
    """Two hours later, once; then a person has it."""
    asked(outreach, purpose="notice", prompts=(NOTICE,))
    outreach.works()

    reported(outreach.carrier.texts[0], "undelivered", "30003", at=outreach.now)
    outreach.works()
    assert len(outreach.carrier.texts) == 1
    outreach.waits(2 * HOUR)
    outreach.works()
    reported(outreach.carrier.texts[1], "undelivered", "30003", at=outreach.now)
    outreach.works()
    outreach.waits(9 * HOUR)
    outreach.works()

    assert len(outreach.carrier.texts) == 2
    assert tasks() == [("undelivered_text", "notice: 30003")]


def test_a_code_that_was_not_delivered_is_not_sent_later(outreach: Outreach) -> None:
    """It is gone from the records, and the caller has been offered another way."""
    row = asked(outreach, expires_at=outreach.now + timedelta(minutes=10))
    outreach.works()

    reported(outreach.carrier.texts[0], "undelivered", "30001", at=outreach.now)
    outreach.waits(timedelta(minutes=1))
    outreach.works()

    assert len(outreach.carrier.texts) == 1
    assert prompts_of(again(row))[0].details == {}
    assert tasks() == []


@pytest.mark.parametrize("status", ["busy", "no-answer"])
def test_a_call_that_nobody_took_rings_once_more_then_a_person_does(
    outreach: Outreach, status: str
) -> None:
    """Somebody asked to be rung: engaged or away, they are rung again, then by a person."""
    asked(outreach, kind="call", purpose="ring", prompts=(), expires_at=outreach.now + HOUR / 4)
    outreach.works()

    for call in (0, 1):
        reported(outreach.carrier.calls[call], status, at=outreach.now)
        outreach.works()
        outreach.waits(timedelta(minutes=3))
        outreach.works()

    assert len(outreach.carrier.calls) == 2
    assert tasks() == [("call_back", f"ring: {status}")]


def test_a_text_that_was_filtered_is_not_sent_again(outreach: Outreach) -> None:
    """Our words or our registration are at fault: whoever runs this and a person get to know."""
    asked(outreach, purpose="notice", prompts=(NOTICE,))
    outreach.works()

    reported(outreach.carrier.texts[0], "undelivered", "30007", at=outreach.now)
    outreach.waits(24 * HOUR)
    outreach.works()

    assert len(outreach.carrier.texts) == 1
    assert tasks() == [("undelivered_text", "notice: 30007")]


def test_a_wrong_password_is_mended_and_then_it_goes_out(outreach: Outreach) -> None:
    """What our own account refuses waits until the account is right."""
    asked(outreach, purpose="notice", prompts=(NOTICE,))
    outreach.carrier.before = [NotSent(Remedy.OPERATOR, 20003)]

    outreach.works()
    outreach.waits(timedelta(minutes=1))
    outreach.works()

    assert len(outreach.carrier.texts) == 1


def test_a_used_up_allowance_waits_for_tomorrow(outreach: Outreach) -> None:
    """A network's daily limit is gone the next day."""
    asked(outreach, purpose="notice", prompts=(NOTICE,))
    outreach.carrier.before = [NotSent(Remedy.TOMORROW, 30023)]

    outreach.works()
    outreach.waits(23 * HOUR)
    assert outreach.works() == 0
    outreach.waits(HOUR)
    outreach.works()

    assert len(outreach.carrier.texts) == 1
