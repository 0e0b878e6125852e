"""A process that is killed at any point leaves the whole booking or none of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal import holds
from portal.database import transaction
from portal.records import Appointment, Audit, Claim, Hold
from portal.testing import NOON
from tests.portal.dying import ACTS, ANYTHING, dying
from tests.portal.practice import TUESDAY, practice

if TYPE_CHECKING:
    from sqlalchemy import Engine

NINE = datetime.combine(TUESDAY + timedelta(days=1), time(9), NOON.tzinfo)
QUARTER = timedelta(minutes=15)
AT_LEAST_TOLD = 10


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def _everything() -> dict[str, list[tuple[Any, ...]]]:
    with transaction(read_only=True) as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in (each.__table__ for each in (Appointment, Claim, Hold, Audit))
        }


@pytest.mark.parametrize(
    ("act", "before"),
    [
        ("hold", ()),
        ("book", ("hold",)),
        ("hold to move", ("hold", "book")),
        ("move", ("hold", "book", "hold to move")),
    ],
)
def test_killed_before_each_statement_nothing_is_done(
    engine: Engine, act: str, before: tuple[str, ...]
) -> None:
    """Before every single thing that is told to the database, and before the commit."""
    with transaction() as session:
        rows = practice(session, days=2)
    for step in before:
        with transaction() as session:
            ACTS[step](session, rows, NINE)
    as_it_was = _everything()
    number = 1
    with dying(_url(engine), act, rows, NINE) as is_killed:
        while is_killed(number):
            assert _everything() == as_it_was
            number += 1
    assert number > AT_LEAST_TOLD
    assert _everything() != as_it_was
    kinds = [row[2] for row in _everything()["claim"]]
    assert kinds.count("appointment") == (0 if act == "hold" else 3)


def test_killed_at_any_moment_the_calendar_is_whole(engine: Engine) -> None:
    """A process that books, moves and cancels as fast as it can, killed twenty times."""
    with transaction() as session:
        rows = practice(session, patients=3, days=2)
    with dying(_url(engine), ANYTHING, rows, NINE) as is_killed:
        for moment in range(20):
            assert is_killed(moment)
            _is_whole()


def _is_whole() -> None:
    """Each visit that stands has its openings, nobody else has any, and each was traced."""
    with transaction() as session:
        holds.sweep(session, at=NOON + timedelta(days=1))
        visits = session.scalars(select(Appointment)).all()
        for visit in visits:
            of_visit = select(Claim.starts_at).where(Claim.appointment_id == visit.id)
            steps = (visit.ends_at - visit.starts_at) // QUARTER if visit.holds_time else 0
            assert sorted(session.scalars(of_visit)) == [
                visit.starts_at + step * QUARTER for step in range(steps)
            ]
        assert set(session.scalars(select(Claim.kind))) <= {"appointment"}
        booked = select(func.count()).where(Audit.action == "booking.booked")
        assert session.scalar(booked) == len(visits) > 0
