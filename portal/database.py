"""The one database: its engine, its transactions, and the types every record uses."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Uuid,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator
from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, ExceptionContext

LOCK_WAIT_MS = 1500
"""How long a writer waits for another; short, because a caller is listening."""

ANSWER_WAIT_MS = 2000
"""How long PostgreSQL may take over one statement, or its host to acknowledge what it was sent."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, is kept in UTC and comes back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.utcoffset() is None:
            message = "a naive datetime is no instant"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the stored instant, aware (SQLite gives back wall digits only)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every record."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        UUID: Uuid,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


def one_of(name: str, *values: str) -> Enum:
    """Return the type of a column that holds one of ``values``.

    VARCHAR and a CHECK rather than a database enum, so that one more value is
    one changed constraint on SQLite and PostgreSQL alike.
    """
    return Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def listed(values: tuple[str, ...]) -> str:
    """Return ``values`` as SQL puts them in an ``IN (...)`` of a constraint."""
    return ", ".join(f"'{value}'" for value in values)


def new_id() -> UUID:
    """Return a new key: version 7, so that keys of one hour lie together in the index."""
    return uuid7()


sessions: sessionmaker[Session] = sessionmaker(expire_on_commit=False)


def connect(url: str | URL, *, pool_size: int = 16) -> Engine:
    """Return an engine for ``url`` (SQLite or PostgreSQL) that has connected to nothing yet.

    Its errors never quote what was to be stored.
    """
    address = _with_driver(make_url(url))
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, pool_size)
    return _postgresql(address, pool_size)


def bind(engine: Engine) -> None:
    """Let :func:`transaction` use ``engine``, in the whole process."""
    sessions.configure(bind=engine)


@contextmanager
def transaction(*, read_only: bool = False) -> Iterator[Session]:
    """Give a session whose work is committed at the end, or undone by an exception.

    A read-only one does not wait for writers on SQLite, and both databases
    refuse a write in it.
    """
    with sessions() as session:
        if read_only:
            session.bind = _for_reading(session.get_bind())
        with _queue(session, read_only=read_only), session.begin():
            yield session


class DatabaseBusyError(Exception):
    """Other writers of this process held the database for longer than a turn may wait."""


_writers = threading.Lock()


@contextmanager
def _queue(session: Session, *, read_only: bool) -> Iterator[None]:
    """Let the writers of this process wait in a queue where the database has none.

    SQLite's own waiting is sleeping and trying again, longer each time: of eight
    callers who prove themselves at once, one was found asleep until it gave up.
    """
    if read_only or session.get_bind().dialect.name != "sqlite":
        yield
        return
    if not _writers.acquire(timeout=LOCK_WAIT_MS / 1000):
        raise DatabaseBusyError
    try:
        yield
    finally:
        _writers.release()


def _for_reading(engine: Engine | Connection) -> Engine | Connection:
    return engine.execution_options(read_only=True, postgresql_readonly=True)


def _with_driver(url: URL) -> URL:
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _postgresql(url: URL, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=1,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 2,
            "application_name": "dialtone",
            # Of a host that is gone the system else learns after a quarter of an hour.
            "tcp_user_timeout": ANSWER_WAIT_MS,
            "options": f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout={ANSWER_WAIT_MS}"
            " -c timezone=UTC",
        },
    )
    event.listen(engine, "handle_error", _hide_detail)
    return engine


def _hide_detail(context: ExceptionContext) -> None:
    # PostgreSQL quotes the row that it refuses ("Key (mrn)=(...) already exists").
    detail = getattr(getattr(context.original_exception, "diag", None), "message_detail", None)
    for error in (context.original_exception, context.sqlalchemy_exception):
        if detail and error is not None:
            error.args = tuple(str(arg).replace(detail, "(hidden)") for arg in error.args)


def _sqlite(url: URL, pool_size: int) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, hide_parameters=True, pool_size=pool_size, max_overflow=0, pool_timeout=1
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself: we say which kind.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={LOCK_WAIT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    # Without it INSERT OR REPLACE would delete rows without asking their triggers.
    connection.execute("PRAGMA recursive_triggers=ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for the lock
    # any more (SQLite refuses at once), so writers take it at their beginning.
    reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
