"""Twenty callers for one time, on either channel: one has it, and nobody waits for nobody."""

from __future__ import annotations

import time as clock
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal import holds
from portal.booking import book
from portal.claims import TimeTaken
from portal.database import DatabaseBusyError, transaction
from portal.moving import move
from portal.records import Appointment, Audit, Claim, Conversation, Hold
from portal.testing import NOON
from tests.portal.practice import LONG, MIDDLE, SHORT, TUESDAY, practice
from tests.portal.together import together

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from portal.offering import Offer
    from tests.portal.practice import Practice

pytestmark = pytest.mark.usefixtures("engine")

CALLERS = 20
NINE = datetime.combine(TUESDAY + timedelta(days=1), time(9), NOON.tzinfo)
QUARTER = timedelta(minutes=15)
Value = TypeVar("Value")


@pytest.fixture
def rows() -> Practice:
    """Return a practice with twenty patients, every other one of whom texts."""
    with transaction() as session:
        made = practice(session, patients=CALLERS, days=2)
        for call in made.calls[::2]:
            session.get_one(Conversation, call).channel = "sms"
        return made


def patiently(do: Callable[[int], Value]) -> Callable[[int], Value]:
    """Return ``do``, tried again while the database is too busy; a deadlock is no such thing."""

    def one(number: int) -> Value:
        while True:
            try:
                return do(number)
            except (OperationalError, DatabaseBusyError) as error:
                if isinstance(getattr(error, "orig", None), DeadlockDetected):
                    raise
                clock.sleep(0.01)

    return one


def at_once(do: Callable[[int], Value], times: int = CALLERS) -> list[Value]:
    """Return what each of so many callers got, all at one instant."""
    return together(times, patiently(do))


def _chosen(
    rows: Practice, number: int, offer: Offer, *, at: datetime = NOON
) -> UUID | list[datetime]:
    """Return the key of the hold, or the two times that are offered to whoever came too late."""
    with transaction() as session:
        try:
            return holds.hold(session, rows.access(number), offer, at=at).id
        except TimeTaken:
            found = rows.find(session, rows.wanted(LONG), number=number, at=at, count=2)
            return [each.starts_at for each in found.offers]


def _appointments() -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count(Appointment.id))) or 0


def test_of_twenty_who_choose_one_time_one_holds_it(rows: Practice) -> None:
    """Each of the others hears that it was taken, and of the next two, in the same turn."""
    first = rows.offer(datetime.combine(TUESDAY, time(13), NOON.tzinfo), LONG)
    got = at_once(lambda number: _chosen(rows, number, first))
    losers = [each for each in got if isinstance(each, list)]
    assert len(losers) == CALLERS - 1
    assert all(len(offers) == 2 for offers in losers)
    with transaction(read_only=True) as session:
        claimed = session.execute(select(Claim.opening_id, Claim.conversation_id)).all()
    assert len(claimed) == 3
    assert len({whose for _, whose in claimed}) == 1


def test_of_twenty_who_confirm_one_time_one_gets_it(rows: Practice) -> None:
    """All had chosen it, one after the other had run out; the visit is whole and one."""
    keys = []
    for number in range(CALLERS):
        at = NOON + number * timedelta(minutes=15)
        keys.append(_chosen(rows, number, rows.offer(NINE, MIDDLE), at=at))
    late = NOON + timedelta(hours=6)

    def confirm(number: int) -> bool:
        key = keys[number]
        assert not isinstance(key, list)
        with transaction() as session:
            try:
                book(session, rows.access(number), key, at=late)
            except TimeTaken:
                wanted = rows.wanted(MIDDLE)
                assert len(rows.find(session, wanted, number=number, at=late, count=2).offers) == 2
                return False
            return True

    assert sum(at_once(confirm)) == 1
    with transaction(read_only=True) as session:
        visit = session.scalars(select(Appointment)).one()
        claims = session.scalars(select(Claim).order_by(Claim.starts_at)).all()
        assert [each.appointment_id for each in claims] == [visit.id] * 2
        assert visit.patient_id == claims[0].patient_id


def test_times_that_overlap_are_never_both_held(rows: Practice) -> None:
    """Visits of 45 minutes at five offsets: no opening twice, none half held."""
    got = at_once(
        lambda number: _chosen(rows, number, rows.offer(NINE + number % 5 * QUARTER, LONG))
    )
    won = sum(not isinstance(each, list) for each in got)
    assert 1 <= won <= 2
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Claim)) == 3 * won


def test_the_same_confirmation_ten_times_at_once_books_once(rows: Practice) -> None:
    """Whoever delivers it, all hear of the same visit."""
    key = _chosen(rows, 0, rows.offer(NINE, LONG))
    assert not isinstance(key, list)

    def confirm(_: int) -> tuple[UUID, str | None]:
        with transaction() as session:
            told = book(session, rows.access(0), key, at=NOON)
            return told.id, told.reference

    assert len(set(at_once(confirm, 10))) == 1
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count(Audit.id))) == 1
        assert session.scalar(select(func.count(Hold.id))) == 0
    assert _appointments() == 1


def test_the_same_move_ten_times_at_once_moves_once(rows: Practice) -> None:
    """The version rises by one."""
    with transaction() as session:
        visit = rows.visit(session, rows.offer(NINE, LONG))
        offer = rows.offer(NINE + QUARTER, LONG)
        key = holds.hold(session, rows.access(), offer, moves=visit, at=NOON).id

    def confirm(_: int) -> int:
        with transaction() as session:
            return move(session, rows.access(), key, at=NOON).version

    assert set(at_once(confirm, 10)) == {2}


def test_a_patient_who_confirms_on_two_channels_at_once_is_in_one_room(rows: Practice) -> None:
    """Two times that overlap, with two clinicians: one of them is booked."""
    with transaction() as session:
        other = rows.another(session, channel="sms")
        keys = [
            holds.hold(session, access, rows.offer(NINE + by * QUARTER, MIDDLE, by=by), at=NOON).id
            for by, access in enumerate((rows.access(), other))
        ]

    def confirm(number: int) -> bool:
        with transaction() as session:
            try:
                book(session, rows.access(), keys[number], at=NOON)
            except TimeTaken:
                return False
            return True

    assert sorted(at_once(confirm, 2)) == [False, True]


def test_callers_who_exchange_their_choices_do_not_wait_for_each_other(rows: Practice) -> None:
    """Each wants what another one holds: all keep what they have, again and again."""
    offers = [rows.offer(NINE + n * QUARTER, SHORT) for n in range(8)]
    for number, offer in enumerate(offers):
        _chosen(rows, number, offer)

    def exchange(number: int) -> None:
        for step in range(1, 8):
            _chosen(rows, number, offers[(number + step) % 8])

    at_once(exchange, 8)
    with transaction(read_only=True) as session:
        held = session.execute(select(Claim.opening_id, Claim.conversation_id)).all()
    assert len(held) == 8


def test_visits_that_move_in_a_ring_lose_no_time(rows: Practice) -> None:
    """Five visits side by side, each of which wants to begin a quarter of an hour later."""
    with transaction() as session:
        starts = [NINE + 2 * n * QUARTER for n in range(5)]
        for number, start in enumerate(starts):
            rows.visit(session, rows.offer(start, MIDDLE), number=number)

    def shift(number: int) -> None:
        for step in (1, -1, 1):
            _shift(rows, number, step * QUARTER)

    at_once(shift, 5)
    with transaction(read_only=True) as session:
        visits = session.scalars(select(Appointment).order_by(Appointment.starts_at)).all()
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(visits))
        for visit in visits:
            of_visit = select(Claim.starts_at).where(Claim.appointment_id == visit.id)
            assert sorted(session.scalars(of_visit)) == [
                visit.starts_at,
                visit.starts_at + QUARTER,
            ]


def _shift(rows: Practice, number: int, by: timedelta) -> None:
    with transaction() as session:
        visit = session.scalars(
            select(Appointment).where(Appointment.patient_id == rows.patients[number])
        ).one()
        offer = rows.offer(visit.starts_at + by, MIDDLE)
        try:
            held = holds.hold(session, rows.access(number), offer, moves=visit, at=NOON)
        except TimeTaken:
            return
    with transaction() as session:
        move(session, rows.access(number), held.id, at=NOON)
