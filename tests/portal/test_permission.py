"""Whether something may go out is asked again at the moment it would."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from portal import consent, testing
from portal.permission import is_safe_contact, not_before, objection
from portal.sending import sent
from portal.testing import NOON
from tests.portal.test_outbox import a_text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.records import Outbox, Patient, Phone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_patient(session: Session, **given: Any) -> tuple[Patient, Phone]:
    """Return a patient and the telephone on file for them."""
    number = testing.phone(session)
    return testing.patient(session, testing.clinic(session), number, **given), number


def test_a_text_to_a_patient_may_go_out(session: Session) -> None:
    """A number on file may be texted about care."""
    _, number = a_patient(session)

    assert objection(session, a_text(session, phone_id=number.id), at=NOON) is None


@pytest.mark.parametrize("purpose", ["notice", "identity", "reply", "visit"])
def test_nothing_goes_to_a_telephone_that_opted_out(session: Session, purpose: str) -> None:
    """STOP between writing and sending counts, even for a code."""
    _, number = a_patient(session)
    row = a_text(session, phone_id=number.id, purpose=purpose)
    consent.opt_out(session, number.id, source="text", at=NOON)

    assert objection(session, row, at=NOON) == "opted_out"


def test_no_text_goes_where_somebody_else_may_read_it(session: Session) -> None:
    """One patient in danger on a shared telephone is enough."""
    _, number = a_patient(session)
    testing.patient(session, testing.clinic(session), number, safe_contact=True)

    assert is_safe_contact(session, number.id)
    row = a_text(session, phone_id=number.id, purpose="identity")
    assert objection(session, row, at=NOON) == "safe_contact"


def test_no_text_goes_to_a_landline_or_to_who_wants_none(session: Session) -> None:
    """A number learnt to be a landline, and a patient whose level is none, get no text."""
    wants_none, number = a_patient(session, text_level=0)
    landline = testing.phone(session, line_type="landline")
    testing.patient(session, testing.clinic(session), landline)
    to_landline = a_text(session, phone_id=landline.id)
    to_nobody = a_text(session, phone_id=number.id, patient_id=wants_none.id)

    assert objection(session, to_landline, at=NOON) == "landline"
    assert objection(session, to_nobody, at=NOON) == "no_texts"


def test_what_expired_stays_here(session: Session) -> None:
    """A call or text whose time is over is not made, whoever agreed to it."""
    _, number = a_patient(session)
    row = a_text(session, kind="call", phone_id=number.id, expires_at=NOON)

    assert objection(session, row, at=NOON - HOUR) is None
    assert objection(session, row, at=NOON) == "expired"


def test_a_call_that_was_asked_for_may_be_placed_after_stop(session: Session) -> None:
    """STOP is about texts."""
    _, number = a_patient(session)
    consent.opt_out(session, number.id, source="text", at=NOON)

    row = a_text(session, kind="call", purpose="ring", phone_id=number.id)

    assert objection(session, row, at=NOON) is None


def sent_before(session: Session, row: Outbox, ago: timedelta, **given: Any) -> None:
    """Let a text go out to the same telephone some time before noon."""
    earlier = a_text(session, phone_id=row.phone_id, **given)
    sent(session, earlier, f"SM{earlier.id.hex}", at=NOON - ago)


def test_one_text_a_day_goes_to_a_telephone(session: Session) -> None:
    """The second one waits until the first is a day old."""
    row = a_text(session)
    sent_before(session, row, HOUR)

    assert not_before(session, row, at=NOON) == NOON - HOUR + DAY
    assert not_before(session, row, at=NOON + 23 * HOUR) is None


def test_three_texts_a_week_go_to_a_telephone(session: Session) -> None:
    """The fourth one waits until the first of them is a week old."""
    row = a_text(session)
    for days in (6, 4, 2):
        sent_before(session, row, days * DAY)

    assert not_before(session, row, at=NOON) == NOON + DAY


@pytest.mark.parametrize("purpose", ["identity", "reply", "visit"])
def test_what_was_asked_for_is_not_held_and_does_not_count(session: Session, purpose: str) -> None:
    """A code goes out whatever else did, and holds up nothing."""
    row = a_text(session)
    code = a_text(session, phone_id=row.phone_id, purpose=purpose)
    sent_before(session, row, HOUR, purpose=purpose)

    assert not_before(session, row, at=NOON) is None
    sent_before(session, row, HOUR)
    assert not_before(session, code, at=NOON) is None
