"""Transactions: who waits for whom, and what an address may look like."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from portal.database import connect, new_id, transaction
from portal.records import Tick
from portal.testing import NOON
from tests.portal.together import together

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def _ticks() -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Tick)) or 0


@pytest.mark.usefixtures("engine")
def test_a_reader_does_not_wait_for_a_writer() -> None:
    """While somebody writes, whoever only reads sees what was there before."""
    with transaction() as session:
        session.add(Tick(job="any", due=NOON))
        session.flush()
        assert _ticks() == 0
    assert _ticks() == 1


@pytest.mark.usefixtures("engine")
def test_an_exception_undoes_everything() -> None:
    """Nothing of a transaction that failed is there afterwards."""

    def fail() -> None:
        with transaction() as session:
            session.add(Tick(job="any", due=NOON))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _ticks() == 0


@pytest.mark.usefixtures("database")
def test_a_writer_waits_for_another_and_gets_through() -> None:
    """Two that write at one time both write, one after the other."""
    inside, may_end = threading.Event(), threading.Event()

    def write(number: int) -> None:
        if number:
            inside.wait()
            may_end.set()
        with transaction() as session:
            session.add(Tick(job=str(number), due=NOON))
            session.flush()
            inside.set()
            may_end.wait()

    together(2, write)
    assert _ticks() == 2


def test_who_reads_first_and_writes_later_is_not_refused(database: Engine) -> None:
    """A writer holds the lock from its beginning: no reading goes stale under it."""

    def count_up(_: int) -> None:
        with transaction() as session:
            before = session.scalar(select(func.count()).select_from(Tick)) or 0
            session.add(Tick(job=str(before), due=NOON))

    together(16, count_up)
    assert _ticks() == 16
    assert database


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_any_usual_address(scheme: str) -> None:
    """Whatever an installation calls it, the driver is the same one."""
    engine = connect(f"{scheme}://clinic@db.example/portal")
    assert engine.url.drivername == "postgresql+psycopg"
    assert engine.dialect.driver == "psycopg"


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    """A first start needs no folder."""
    engine = connect(f"sqlite:///{tmp_path / 'new' / 'portal.db'}")
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(select(1).subquery())) == 1
    engine.dispose()


def test_a_database_that_is_away_fails_soon() -> None:
    """Nobody who is on the line waits for a server that does not answer."""
    engine = connect("postgresql://clinic@127.0.0.1:1/portal")
    with pytest.raises(OperationalError):
        engine.connect()


def test_postgresql_takes_no_longer_over_a_statement_than_a_caller_waits(
    postgresql_database: Engine,
) -> None:
    """Two seconds each; a host that acknowledges nothing is given as long."""
    started = time.monotonic()
    with postgresql_database.connect() as connection, pytest.raises(OperationalError):
        connection.execute(text("SELECT pg_sleep(20)"))
    assert time.monotonic() - started < 10
    with postgresql_database.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.info.get_parameters()["tcp_user_timeout"] == "2000"


def test_keys_are_made_in_the_order_of_time() -> None:
    """Of two keys the later one is the greater one, and none comes twice."""
    keys = [new_id() for _ in range(1000)]
    assert keys == sorted(set(keys))
