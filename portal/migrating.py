"""The database's schema is brought to the newest migration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

CONFIG = Path(__file__).parent.parent / "alembic.ini"


def migrate(engine: Engine, to: str = "head") -> tuple[str | None, str | None]:
    """Return the schema's revisions before and after; ``to`` is where it should go.

    All in one transaction: a migration that fails leaves what was there.
    """
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                return _run(connection, to)
        finally:
            if sqlite:
                _foreign_keys(connection, on=True)


def _run(connection: Connection, to: str) -> tuple[str | None, str | None]:
    if connection.dialect.name == "postgresql":
        # Nobody is on the line, and a large table takes its time.
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    before = _revision(connection)
    config = Config(CONFIG)
    config.attributes["connection"] = connection
    (command.downgrade if to == "base" else command.upgrade)(config, to)
    _check(connection)
    return before, _revision(connection)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    # SQLite changes a table by making it anew, which its foreign keys would refuse;
    # and it takes this pragma only outside of a transaction.
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _check(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        message = f"the migration broke a foreign key of table {broken[0]}"
        raise RuntimeError(message)
