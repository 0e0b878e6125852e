"""A visit that moves keeps its old time until it has the new one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import holds
from portal.booking import book
from portal.claims import TimeTaken
from portal.database import transaction
from portal.moving import move
from portal.records import Appointment, Audit, Claim, Hold
from portal.refusal import Refused
from portal.testing import NOON
from portal.visits import Changed
from tests.portal.practice import LONG, MIDDLE, SHORT, TUESDAY, practice

if TYPE_CHECKING:
    from uuid import UUID

    from portal.visits import Visit
    from tests.portal.practice import Practice

pytestmark = pytest.mark.usefixtures("engine")

NINE = datetime.combine(TUESDAY + timedelta(days=1), time(9), NOON.tzinfo)
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


@pytest.fixture
def rows() -> Practice:
    """Return a practice with two patients, committed."""
    with transaction() as session:
        return practice(session, patients=2, days=2)


@pytest.fixture
def visit(rows: Practice) -> UUID:
    """Return the key of the first patient's visit: at nine, of 45 minutes, confirmed."""
    with transaction() as session:
        made = rows.visit(session, rows.offer(NINE, LONG))
        made.confirmed_at = NOON
        return made.id


def _hold(rows: Practice, visit: UUID, wall: datetime, minutes: int = LONG, *, by: int = 0) -> UUID:
    with transaction() as session:
        offer = rows.offer(wall, minutes, by=by)
        moves = session.get_one(Appointment, visit)
        return holds.hold(session, rows.access(), offer, moves=moves, at=NOON).id


def _move(rows: Practice, key: UUID, *, number: int = 0, at: datetime = NOON) -> Visit:
    with transaction() as session:
        return move(session, rows.access(number), key, at=at)


def _claimed(visit: UUID) -> list[datetime]:
    with transaction(read_only=True) as session:
        of_visit = select(Claim.starts_at).where(Claim.appointment_id == visit)
        return list(session.scalars(of_visit.order_by(Claim.starts_at)))


def _held() -> list[datetime]:
    with transaction(read_only=True) as session:
        held = select(Claim.starts_at).where(Claim.kind == "hold").order_by(Claim.starts_at)
        return list(session.scalars(held))


@pytest.mark.parametrize("steps", [-2, -1, 1, 2, 3, 7])
def test_a_visit_moves_onto_and_beside_its_own_time(
    rows: Practice, visit: UUID, steps: int
) -> None:
    """The hold takes only what the visit does not have; afterwards it has all of it."""
    to = NINE + steps * QUARTER
    key = _hold(rows, visit, to)
    own = {NINE + n * QUARTER for n in range(3)}
    new = [to + n * QUARTER for n in range(3)]
    assert _held() == [each for each in new if each not in own]
    assert _claimed(visit) == sorted(own)
    assert _move(rows, key).starts_at == to
    assert (_claimed(visit), _held()) == (new, [])


def test_a_moved_visit_stays_the_same_visit(rows: Practice, visit: UUID) -> None:
    """With another clinician and of another kind; nobody has confirmed it yet."""
    with transaction(read_only=True) as session:
        before = session.get_one(Appointment, visit)
    key = _hold(rows, visit, NINE + HOUR, SHORT, by=1)
    told = _move(rows, key, at=NOON + QUARTER)
    with transaction(read_only=True) as session:
        after = session.get_one(Appointment, visit)
        assert session.scalar(select(Hold.id)) is None
        traced = session.scalars(select(Audit)).one()
        assert (traced.action, traced.entity_id) == ("moving.moved", str(visit))
    assert (told.id, told.version, told.confirmed) == (visit, before.version + 1, False)
    assert (after.clinician_id, after.visit_type_id) == (rows.clinicians[1], rows.kinds[SHORT])
    assert (after.starts_at, after.ends_at) == (NINE + HOUR, NINE + HOUR + QUARTER)
    assert (after.local_date, after.local_start) == (NINE.date(), time(10))
    assert (after.origin, after.as_of, after.hold_id) == ("phone", NOON + QUARTER, key)
    assert after.patient_id == before.patient_id
    assert _claimed(visit) == [NINE + HOUR]


def test_a_reference_is_kept_and_one_is_given_to_whoever_has_none(
    rows: Practice, visit: UUID
) -> None:
    """Staff booked it without; a number that was told stays true."""
    first = _move(rows, _hold(rows, visit, NINE + HOUR)).reference
    assert first is not None
    assert _move(rows, _hold(rows, visit, NINE + 2 * HOUR)).reference == first


def test_the_same_confirmation_is_the_same_move(rows: Practice, visit: UUID) -> None:
    """Until it moves again: then the old confirmation moves nothing back."""
    key = _hold(rows, visit, NINE + HOUR)
    first = _move(rows, key)
    assert _move(rows, key) == first
    _move(rows, _hold(rows, visit, NINE + 2 * HOUR))
    with pytest.raises(Refused):
        _move(rows, key)
    assert _claimed(visit)[0] == NINE + 2 * HOUR


def test_a_move_onto_a_taken_time_keeps_the_old_one(rows: Practice, visit: UUID) -> None:
    """Whoever loses the race never loses the first appointment; the session goes on."""
    late = NOON + HOUR
    key = _hold(rows, visit, NINE + QUARTER)
    with transaction() as session:
        holds.hold(session, rows.access(1), rows.offer(NINE + 3 * QUARTER), at=late)
    before = _claimed(visit)
    with transaction() as session:
        with pytest.raises(TimeTaken):
            move(session, rows.access(), key, at=late)
        row = session.get_one(Appointment, visit)
        assert (row.starts_at, row.version, row.hold_id) == (NINE, 2, None)
        assert row.confirmed_at == NOON
        found = rows.find(session, rows.wanted(LONG), at=late, moves=row)
        assert len(found.offers) == 3
    assert _claimed(visit) == before


def test_a_hold_that_ran_out_moves_all_the_same(rows: Practice, visit: UUID) -> None:
    """While nobody came."""
    key = _hold(rows, visit, NINE + QUARTER)
    with transaction() as session:
        holds.sweep(session, at=NOON + QUARTER)
    _move(rows, key, at=NOON + QUARTER)
    assert _claimed(visit) == [NINE + n * QUARTER for n in (1, 2, 3)]


@pytest.mark.parametrize("what", ["moved", "arrived", "cancelled"])
def test_a_visit_that_staff_changed_meanwhile_is_not_moved(
    rows: Practice, visit: UUID, what: str
) -> None:
    """What was read out is not what it is now."""
    key = _hold(rows, visit, NINE + HOUR)
    with transaction() as session:
        row = session.get_one(Appointment, visit)
        if what == "cancelled":
            session.query(Claim).where(Claim.appointment_id == visit).delete()
            row.status = "cancelled"
        elif what == "arrived":
            row.status = "arrived"
        else:
            row.as_of = NOON + QUARTER
    with transaction() as session:
        with pytest.raises(Changed) as changed:
            move(session, rows.access(), key, at=NOON)
        assert (changed.value.visit is not None) == (what == "moved")
    assert _claimed(visit) == (
        [] if what == "cancelled" else [NINE + n * QUARTER for n in range(3)]
    )


def test_a_visit_that_has_begun_is_not_moved(rows: Practice, visit: UUID) -> None:
    """To the minute; what was done then is for a person to sort out."""
    key = _hold(rows, visit, NINE + 2 * HOUR)
    with pytest.raises(Refused) as refused:
        _move(rows, key, at=NINE)
    assert refused.value.prompt == "confirming.begun"
    _move(rows, key, at=NINE - timedelta(seconds=1))


def test_what_was_held_to_be_booked_moves_nothing(rows: Practice, visit: UUID) -> None:
    """Nor does somebody else's hold, or none."""
    with transaction() as session:
        new = holds.hold(session, rows.access(), rows.offer(NINE + HOUR, MIDDLE), at=NOON).id
    with pytest.raises(Refused):
        _move(rows, new)
    key = _hold(rows, visit, NINE + HOUR)
    with pytest.raises(Refused) as refused:
        _move(rows, key, number=1)
    assert refused.value.prompt == "booking.hold_gone"


def test_a_patient_does_not_move_into_a_second_room(rows: Practice, visit: UUID) -> None:
    """Another visit of theirs stands in the way, with whomever."""
    with transaction() as session:
        rows.visit(session, rows.offer(NINE + HOUR, LONG, by=1))
    with pytest.raises(TimeTaken):
        _hold(rows, visit, NINE + HOUR - QUARTER)


def test_a_visit_moves_to_another_clinician_at_the_same_time(rows: Practice, visit: UUID) -> None:
    """The patient is not in two rooms for an instant."""
    key = _hold(rows, visit, NINE, by=1)
    assert _move(rows, key).clinician_id == rows.clinicians[1]
    assert _claimed(visit) == [NINE + n * QUARTER for n in range(3)]


def test_what_a_move_leaves_is_free_for_others(rows: Practice, visit: UUID) -> None:
    """At the commit, not before it."""
    key = _hold(rows, visit, NINE + HOUR)
    with transaction() as session, pytest.raises(TimeTaken):
        holds.hold(session, rows.access(1), rows.offer(NINE), at=NOON)
    _move(rows, key)
    with transaction() as session:
        held = holds.hold(session, rows.access(1), rows.offer(NINE), at=NOON)
        assert book(session, rows.access(1), held.id, at=NOON).starts_at == NINE
