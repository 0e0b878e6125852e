"""Processes that are killed in the middle of their work, as by a power cut."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, select

from portal import holds
from portal.booking import book
from portal.cancelling import cancel
from portal.database import bind, connect, transaction
from portal.encryption import KeyRing, use
from portal.moving import move
from portal.records import Appointment, Hold
from portal.testing import NOON
from tests.portal.practice import LONG, MIDDLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from multiprocessing.connection import Connection

    from sqlalchemy import Engine, Select
    from sqlalchemy.orm import Session

    from portal.access import Access
    from tests.portal.practice import Practice

ANYTHING = "book, move and cancel"
A_MOMENT = 0.007
QUARTER = timedelta(minutes=15)
RING_TEXT = "1:" + "A" * 43 + "="

# Each process is forked from one that has no connection and no thread.
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload([__name__, "psycopg"])


@contextmanager
def dying(url: str, act: str, rows: Practice, first: datetime) -> Iterator[Callable[[int], bool]]:
    """Give a function that says whether a process was killed while it did ``act``.

    It kills it before the n-th thing that the database is told, be it a statement or
    to commit; where there are fewer, nobody is killed. :data:`ANYTHING` has no end, and
    is killed n times :data:`A_MOMENT` after it began.
    """
    here, there = context.Pipe()
    nursery = context.Process(target=_nursery, args=(there, url, act, rows, first))
    nursery.start()
    there.close()

    def is_killed(number: int) -> bool:
        here.send(number)
        code = here.recv()
        assert code in {0, -signal.SIGKILL}
        return bool(code)

    yield is_killed
    here.send(None)
    nursery.join()
    nursery.close()


class _Undone(Exception):  # noqa: N818 - it was meant to be
    """It was only to be known how it is done."""


def _nursery(there: Connection, url: str, act: str, rows: Practice, first: datetime) -> None:
    """Fork one process after the other; they know every statement already, and are quick."""
    use(KeyRing.from_text(RING_TEXT))
    engine = connect(url, pool_size=2)
    bind(engine)
    if act == ANYTHING:
        _rounds(rows, first)
    else:
        with suppress(_Undone), transaction() as session:
            ACTS[act](session, rows, first)
            raise _Undone
    while (number := there.recv()) is not None:
        engine.dispose()
        child = os.fork()
        if not child:
            _work(rows, first) if act == ANYTHING else _die_at(number, engine, act, rows, first)
        if act == ANYTHING:
            time.sleep(number * A_MOMENT)
            os.kill(child, signal.SIGKILL)
        there.send(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _die_at(number: int, engine: Engine, act: str, rows: Practice, first: datetime) -> None:
    told = iter(range(1, number))

    def tells(*_: Any) -> None:
        if next(told, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", tells)
    event.listen(engine, "commit", tells)
    with transaction() as session:
        ACTS[act](session, rows, first)
    os._exit(0)


def _hold(session: Session, rows: Practice, first: datetime) -> None:
    holds.hold(session, rows.access(), rows.offer(first, LONG), at=NOON)


def _book(session: Session, rows: Practice, _first: datetime) -> None:
    book(session, rows.access(), session.scalars(select(Hold.id)).one(), at=NOON)


def _hold_to_move(session: Session, rows: Practice, first: datetime) -> None:
    visit = session.scalars(select(Appointment)).one()
    offer = rows.offer(first + (visit.ends_at - visit.starts_at) / 3, LONG)
    holds.hold(session, rows.access(), offer, moves=visit, at=NOON)


def _move(session: Session, rows: Practice, _first: datetime) -> None:
    move(session, rows.access(), session.scalars(select(Hold.id)).one(), at=NOON)


ACTS: dict[str, Callable[[Session, Practice, datetime], None]] = {
    "hold": _hold,
    "book": _book,
    "hold to move": _hold_to_move,
    "move": _move,
}


def _work(rows: Practice, first: datetime) -> None:
    while True:
        _rounds(rows, first)


def _rounds(rows: Practice, first: datetime) -> None:
    """Book, move and cancel a visit for each patient, an hour apart from each other."""
    for number in range(len(rows.patients)):
        access = rows.access(number)
        _cancel(access)
        for minutes, step in ((MIDDLE, 4 * number), (LONG, 4 * number + 1)):
            with transaction() as session:
                visit = session.scalars(_booked(access)).first()
                offer = rows.offer(first + step * QUARTER, minutes)
                held = holds.hold(session, access, offer, moves=visit, at=NOON)
            with transaction() as session:
                (move if visit else book)(session, access, held.id, at=NOON)
        _cancel(access)


def _booked(access: Access) -> Select[tuple[Appointment]]:
    mine = Appointment.patient_id == access.patient_id
    return select(Appointment).where(mine, Appointment.status == "booked")


def _cancel(access: Access) -> None:
    with transaction() as session:
        visit = session.scalars(_booked(access)).first()
        if visit is not None:
            cancel(session, access, visit.id, visit.version, at=NOON)
