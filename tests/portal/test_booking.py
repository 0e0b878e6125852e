"""A held time becomes one visit, whole, however often and however late it is confirmed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, select, update

from portal import holds, testing
from portal.booking import NoReferenceError, any_reference, book, forget_references
from portal.claims import TimeTaken
from portal.database import transaction
from portal.records import Appointment, Audit, Claim, ClinicClosing, ClinicianLeave, Hold
from portal.refusal import Refused
from portal.testing import NOON
from tests.portal.practice import LONG, MIDDLE, SHORT, TUESDAY, practice

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from portal.visits import Visit
    from tests.portal.practice import Practice

pytestmark = pytest.mark.usefixtures("engine")

NINE = datetime.combine(TUESDAY + timedelta(days=1), time(9), NOON.tzinfo)
QUARTER, MINUTE = timedelta(minutes=15), timedelta(minutes=1)


@pytest.fixture
def rows() -> Practice:
    """Return a practice with two patients, committed."""
    with transaction() as session:
        return practice(session, patients=2, days=2)


def _hold(rows: Practice, wall: datetime = NINE, minutes: int = SHORT, *, number: int = 0) -> UUID:
    with transaction() as session:
        return holds.hold(session, rows.access(number), rows.offer(wall, minutes), at=NOON).id


def _book(
    rows: Practice,
    key: UUID,
    *,
    number: int = 0,
    at: datetime = NOON,
    draw: Callable[[], str] = any_reference,
) -> Visit:
    with transaction() as session:
        return book(session, rows.access(number), key, at=at, draw=draw)


def _counts() -> tuple[int, int, int]:
    with transaction(read_only=True) as session:
        rows = [session.scalar(select(func.count()).select_from(each)) for each in COUNTED]
    return rows[0] or 0, rows[1] or 0, rows[2] or 0


COUNTED = (Appointment, Claim, Hold)


@pytest.mark.parametrize(("channel", "origin"), [("voice", "phone"), ("sms", "text")])
def test_a_visit_is_what_was_held(channel: str, origin: str) -> None:
    """The row says where it comes from and as of when, in the clinic's wall time too."""
    with transaction() as session:
        rows = practice(session, days=2, channel=channel)
    key = _hold(rows, NINE, LONG)
    told = _book(rows, key, at=NOON + MINUTE)
    assert (told.starts_at, told.ends_at) == (NINE, NINE + 3 * QUARTER)
    with transaction(read_only=True) as session:
        visit = session.scalars(select(Appointment)).one()
        assert (visit.id, visit.status, visit.hold_id) == (told.id, "booked", key)
        assert visit.reference == told.reference
        assert (visit.local_date, visit.local_start) == (NINE.date(), NINE.time())
        assert (visit.origin, visit.as_of, visit.version) == (origin, NOON + MINUTE, 1)
        claims = session.scalars(select(Claim).order_by(Claim.starts_at)).all()
        assert [each.starts_at for each in claims] == [NINE + n * QUARTER for n in range(3)]
        assert {(each.kind, each.appointment_id) for each in claims} == {("appointment", told.id)}
        traced = session.scalars(select(Audit)).one()
        assert (traced.action, traced.entity_id) == ("booking.booked", str(told.id))
        assert traced.patient_id == rows.patients[0]
    assert _counts() == (1, 3, 0)


def test_a_reference_is_six_digits(rows: Practice) -> None:
    """With its zeros in front."""
    reference = _book(rows, _hold(rows)).reference
    assert reference is not None
    assert len(reference) == 6
    assert reference.isdecimal()


def test_a_reference_in_use_is_drawn_again(rows: Practice) -> None:
    """A collision costs nothing; where nearly all are in use it is trouble, and no endless loop."""
    drawn = iter(["000007", "000007", "000007", "000008"])
    assert _book(rows, _hold(rows), draw=lambda: next(drawn)).reference == "000007"
    key = _hold(rows, NINE + QUARTER, number=1)
    assert _book(rows, key, number=1, draw=lambda: next(drawn)).reference == "000008"
    key = _hold(rows, NINE + 2 * QUARTER)
    with pytest.raises(NoReferenceError):
        _book(rows, key, draw=lambda: "000008")
    assert _counts() == (2, 3, 1)


def test_the_same_confirmation_is_the_same_visit(rows: Practice) -> None:
    """Also long after; and it is written in the trace once."""
    key = _hold(rows)
    first = _book(rows, key)
    assert _book(rows, key, at=NOON + timedelta(hours=5)) == first
    assert _counts() == (1, 1, 0)
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count(Audit.id))) == 1


def test_a_confirmation_of_a_visit_that_was_cancelled_since_books_nothing(rows: Practice) -> None:
    """Nobody is told that they have a visit when they do not."""
    key = _hold(rows)
    told = _book(rows, key)
    with transaction() as session:
        session.execute(delete(Claim).where(Claim.appointment_id == told.id))
        session.execute(update(Appointment).values(status="cancelled"))
    with pytest.raises(Refused):
        _book(rows, key)


def test_what_is_not_held_is_not_booked(rows: Practice) -> None:
    """A hold that is gone, another patient's, or one for a move."""
    key = _hold(rows)
    with pytest.raises(Refused) as refused:
        _book(rows, key, number=1)
    assert refused.value.prompt == "booking.hold_gone"
    _hold(rows, NINE + QUARTER)
    with pytest.raises(Refused):
        _book(rows, key)
    with transaction() as session:
        visit = rows.visit(session, rows.offer(NINE + 4 * QUARTER), number=1)
        offer = rows.offer(NINE + 5 * QUARTER)
        moving = holds.hold(session, rows.access(1), offer, moves=visit, at=NOON).id
    with pytest.raises(Refused):
        _book(rows, moving, number=1)


def test_a_hold_that_ran_out_is_booked_while_nobody_came(rows: Practice) -> None:
    """Whether or not its openings were swept meanwhile."""
    late = NOON + timedelta(minutes=50)
    assert _book(rows, _hold(rows, NINE, MIDDLE), at=late).starts_at == NINE
    key = _hold(rows, NINE + 2 * QUARTER, MIDDLE, number=1)
    with transaction() as session:
        holds.sweep(session, at=late)
    _book(rows, key, number=1, at=late)
    assert _counts() == (2, 4, 0)


def test_a_hold_that_ran_out_and_was_taken_is_not_booked(rows: Practice) -> None:
    """In part is enough; nothing is left half done, and the session goes on."""
    late = NOON + timedelta(minutes=5)
    key = _hold(rows, NINE, MIDDLE)
    with transaction() as session:
        offer = rows.offer(NINE + QUARTER, MIDDLE)
        other = holds.hold(session, rows.access(1), offer, at=late).id
    with transaction() as session:
        with pytest.raises(TimeTaken):
            book(session, rows.access(), key, at=late)
        wanted = rows.wanted(MIDDLE, by=0, from_time=time(9), until_time=time(11))
        assert rows.find(session, wanted, at=late).fits
    assert _counts() == (0, 3, 2)
    _book(rows, other, number=1, at=late)
    assert _counts()[0] == 1


@pytest.mark.parametrize("wrong", ["past", "leave", "closing", "elsewhere"])
def test_what_became_impossible_since_is_not_booked(rows: Practice, wrong: str) -> None:
    """It is looked at again when it is confirmed."""
    key = _hold(rows, NINE, MIDDLE)
    with transaction() as session:
        if wrong == "leave":
            leave = {"starts_at": NINE + QUARTER, "ends_at": NINE + 2 * QUARTER}
            testing.add(session, ClinicianLeave(clinician_id=rows.clinicians[0], **leave))
        elif wrong == "closing":
            day = {"on": NINE.date(), "reason": "painting"}
            testing.add(session, ClinicClosing(clinic_id=rows.clinic_id, **day))
        elif wrong == "elsewhere":
            rows.visit(session, rows.offer(NINE - QUARTER, MIDDLE, by=1))
    with pytest.raises(TimeTaken):
        _book(rows, key, at=NINE if wrong == "past" else NOON)
    with transaction(read_only=True) as session:
        assert session.scalar(select(Appointment.id).where(Appointment.hold_id == key)) is None


def test_visits_that_ended_long_ago_give_their_reference_back(rows: Practice) -> None:
    """After ninety days; what is nearer keeps it, and nothing else of the row changes."""
    told = _book(rows, _hold(rows))
    kept_until = told.ends_at + timedelta(days=90)
    for at, forgotten in ((kept_until, 0), (kept_until + MINUTE, 1), (kept_until + MINUTE, 0)):
        with transaction() as session:
            assert forget_references(session, at=at) == forgotten
    with transaction(read_only=True) as session:
        visit = session.get_one(Appointment, told.id)
        assert (visit.reference, visit.status, visit.version) == (None, "booked", 2)
