"""The migrations make exactly the schema that the records describe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text

from portal.database import Base, connect
from portal.migrating import CONFIG, migrate

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def test_nothing_is_left_to_migrate(engine: Engine) -> None:
    """Autogenerate finds no difference, on either database."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_and_default_is_there_too(database: Engine, tmp_path: Path) -> None:
    """Autogenerate does not look at CHECK: the tables' own texts are compared."""
    plain = connect(f"sqlite:///{tmp_path / 'plain.db'}", pool_size=1)
    Base.metadata.create_all(plain)
    assert _tables(plain) == _tables(database)
    plain.dispose()


def _tables(engine: Engine) -> dict[str, list[str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'"
    with engine.connect() as connection:
        rows = connection.execute(text(query)).tuples().all()
    return {
        name: sorted(_parts(sql.replace('"', "")))
        for name, sql in rows
        if name != "alembic_version"
    }


def _parts(sql: str) -> list[str]:
    """Return a table's columns and constraints: what commas outside of brackets part."""
    inside = sql.partition("(")[2].rpartition(")")[0]
    apart = re.split(r",(?![^()]*\))(?![^()]*\([^()]*\)[^()]*\))", inside)
    return [" ".join(part.split()) for part in apart]


def test_constraints_have_the_same_names_on_postgresql(postgresql_database: Engine) -> None:
    """Each constraint can be named in a later migration, on both databases."""
    found = inspect(postgresql_database)
    for table in Base.metadata.sorted_tables:
        checks = {each["name"] for each in found.get_check_constraints(table.name)}
        named = {str(each.name) for each in table.constraints if each.name}
        assert checks <= named
        assert {name for name in named if name.startswith("ck_")} == checks


def test_the_schema_goes_away_and_comes_back(tmp_path: Path) -> None:
    """Down to nothing and up again leaves what was there, triggers included."""
    engine = connect(f"sqlite:///{tmp_path / 'portal.db'}", pool_size=1)
    assert migrate(engine) == (None, _head())
    before = _everything(engine)
    assert migrate(engine) == (_head(), _head())
    assert migrate(engine, "base") == (_head(), None)
    assert _everything(engine) == {"alembic_version"}
    assert migrate(engine) == (None, _head())
    assert _everything(engine) == before
    engine.dispose()


def _everything(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT name FROM sqlite_master WHERE sql <> ''")))


def _head() -> str | None:
    return ScriptDirectory.from_config(Config(CONFIG)).get_current_head()


def test_history_is_one_line() -> None:
    """There is one newest revision, and none that was started beside it."""
    assert len(ScriptDirectory.from_config(Config(CONFIG)).get_heads()) == 1


def test_foreign_keys_are_on_again_after_a_migration(tmp_path: Path) -> None:
    """SQLite's tables are changed with foreign keys off, and only for that."""
    engine = connect(f"sqlite:///{tmp_path / 'portal.db'}", pool_size=1)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()


@pytest.mark.parametrize("pragma", ["journal_mode=wal", "synchronous=1", "busy_timeout=1500"])
def test_sqlite_is_set_up_for_many_processes(database: Engine, pragma: str) -> None:
    """Readers do not wait for writers, and writers wait as long as a caller can."""
    name, _, value = pragma.partition("=")
    with database.connect() as connection:
        assert str(connection.scalar(text(f"PRAGMA {name}"))) == value


def test_a_migration_of_a_large_table_may_take_its_time(postgresql_database: Engine) -> None:
    """What limits a caller's statements on PostgreSQL does not limit it."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(postgresql_database, "before_cursor_execute", note)
    migrate(postgresql_database)
    event.remove(postgresql_database, "before_cursor_execute", note)
    assert asked[0] == "SET LOCAL statement_timeout = 0"
    with postgresql_database.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "2s"
