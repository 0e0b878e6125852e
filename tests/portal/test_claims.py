"""Double booking, and a cancelled visit that occupies, are impossible by constraint."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import testing
from portal.database import transaction
from portal.records import Appointment, Claim
from portal.testing import NOON
from tests.portal.calendar_rows import ATOM, FIRST, Morning, morning, opening
from tests.portal.together import together, wins

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("engine")


def _claims() -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Claim)) or 0


def test_of_thirty_two_callers_one_gets_the_opening() -> None:
    """However many book one opening at one instant, one visit stands."""
    rows = morning(patients=32)

    def book(caller: int) -> None:
        with transaction() as session:
            rows.visit(session, caller, start=0)

    assert sum(together(32, wins(book))) == 1
    with transaction(read_only=True) as session:
        booked = session.scalars(select(Appointment.id)).all()
        claimed = session.scalars(select(Claim.appointment_id)).all()
    assert list(claimed) == list(booked)


def test_visits_that_overlap_are_never_both_booked() -> None:
    """Visits of 45 minutes at five offsets leave no opening taken twice and none half booked."""
    rows = morning(patients=25)

    def book(caller: int) -> None:
        with transaction() as session:
            rows.visit(session, caller, start=caller % 5, atoms=3)

    booked = sum(together(25, wins(book)))
    assert 1 <= booked <= 2
    assert _claims() == 3 * booked


def test_a_cancelled_visit_cannot_go_on_occupying() -> None:
    """Cancelling while the claims stand is refused, and allowed once they are gone."""
    rows = morning()
    with transaction() as session:
        visit = rows.visit(session, 0, start=4, atoms=2)
    cancelled = update(Appointment).where(Appointment.id == visit).values(status="cancelled")

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(cancelled)

    with transaction() as session:
        session.execute(delete(Claim).where(Claim.appointment_id == visit))
        session.execute(cancelled)
    with transaction() as session:
        rows.visit(session, 1, start=4, atoms=2)
    assert _claims() == 2


@pytest.mark.parametrize("status", ["proposed", "pending", "cancelled", "noshow"])
def test_only_a_visit_that_holds_time_can_claim_it(status: str) -> None:
    """A proposed or cancelled visit takes no opening."""
    rows = morning()
    with transaction() as session:
        visit = rows.appointment(session, 0, start=0)
        session.execute(update(Appointment).where(Appointment.id == visit).values(status=status))

    with pytest.raises(IntegrityError), transaction() as session:
        rows.claim(session, 0, appointment_id=visit, patient_id=rows.patients[0])


def test_a_visit_moves_by_a_quarter_of_an_hour_in_one_transaction() -> None:
    """The own claims go first, so that a visit of 45 minutes moves onto its own time."""
    rows = morning()
    with transaction() as session:
        visit = rows.visit(session, 0, start=0, atoms=3)
    with transaction() as session:
        _move(session, rows, visit, to=1, atoms=3)
    assert _claims() == 3


def test_a_move_onto_a_taken_time_keeps_the_old_one() -> None:
    """The caller who loses the race never loses the first appointment."""
    rows = morning()
    with transaction() as session:
        visit = rows.visit(session, 0, start=0)
        rows.visit(session, 1, start=2)

    with pytest.raises(IntegrityError), transaction() as session:
        _move(session, rows, visit, to=2, atoms=1)

    with transaction(read_only=True) as session:
        kept = session.scalars(select(Claim.opening_id).where(Claim.appointment_id == visit)).all()
    assert list(kept) == [rows.openings[0]]


def _move(session: Session, rows: Morning, visit: UUID, *, to: int, atoms: int) -> None:
    session.execute(delete(Claim).where(Claim.appointment_id == visit))
    for place in range(to, to + atoms):
        rows.claim(session, place, appointment_id=visit, patient_id=rows.patients[0])


def test_a_patient_is_not_in_two_rooms_but_may_hold_a_second_time() -> None:
    """Two visits of one patient at one time are refused; a hold beside a visit is not."""
    rows = morning()
    patient = {"patient_id": rows.patients[0]}
    hold = {"kind": "hold", "conversation_id": rows.call_id, "expires_at": NOON}
    with transaction() as session:
        rows.visit(session, 0, start=0)
        other = testing.clinician(session)
        there = opening(session, rows.clinic_id, other.id, 0)

    with transaction() as session:
        rows.claim(session, 0, opening_id=there, **hold, **patient)
    with transaction() as session:
        session.execute(delete(Claim).where(Claim.opening_id == there))
        visit = rows.appointment(session, 0, start=0)
    with pytest.raises(IntegrityError), transaction() as session:
        rows.claim(session, 0, opening_id=there, appointment_id=visit, **patient)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"kind": "hold"}, "hold_expires"),
        ({"kind": "hold", "expires_at": NOON}, "who_holds"),
        ({"kind": "block"}, "block_has_reason"),
        ({"kind": "appointment"}, "visit_has_appointment"),
        ({"kind": "block", "reason": "painting", "expires_at": NOON}, "hold_expires"),
        ({"kind": "block", "reason": "painting", "holds_time": False}, "holds_time"),
    ],
)
def test_a_claim_says_whose_it_is_and_until_when(wrong: dict[str, Any], constraint: str) -> None:
    """A hold ends and has a holder, a block has a reason, a visit is there."""
    rows = morning()
    with pytest.raises(IntegrityError, match=constraint), transaction() as session:
        rows.claim(session, 0, patient_id=rows.patients[0], **wrong)


def test_a_claim_is_for_the_time_of_its_opening() -> None:
    """A claim cannot say another time than the opening's own."""
    rows = morning()
    with pytest.raises(IntegrityError), transaction() as session:
        rows.claim(session, 0, kind="block", reason="painting", starts_at=FIRST + ATOM)


def test_a_change_by_somebody_else_is_not_overwritten() -> None:
    """Of two who edit one visit, the second is told and changes nothing."""
    rows = morning()
    with transaction() as session:
        visit = rows.visit(session, 0, start=0)

    with transaction() as session:
        seen = session.get_one(Appointment, visit)
    with transaction() as session:
        session.get_one(Appointment, visit).confirmed_at = NOON

    seen.ends_at = seen.starts_at + timedelta(hours=1)
    with pytest.raises(StaleDataError), transaction() as session:
        session.add(seen)


def test_an_appointment_is_what_its_status_says(engine: Engine) -> None:
    """Whether a visit holds its time is worked out by the database, for every status."""
    rows = morning()
    with transaction() as session:
        visit = rows.appointment(session, 0, start=0)
    for status, holds in (("arrived", True), ("fulfilled", True), ("noshow", False)):
        with transaction() as session:
            change = update(Appointment).where(Appointment.id == visit).values(status=status)
            session.execute(change)
        with engine.connect() as connection:
            held = connection.scalar(select(Appointment.holds_time))
        assert held is holds
