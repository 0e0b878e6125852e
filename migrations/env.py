# ruff: noqa: INP001 - Alembic loads it by its path
"""How the schema in the records becomes the schema in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context

import portal.records  # noqa: F401 - the import is what fills Base.metadata
from portal.database import Base, UTCDateTime, connect
from portal.encryption import Encrypted, EncryptedJSON
from settings import Settings

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy import Connection


def plain_type(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types as what the database knows: a migration must outlive them."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Encrypted | EncryptedJSON):
        return "sa.LargeBinary()"
    return False


def migrate(connection: Connection) -> None:
    """Run what alembic was asked for, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=plain_type,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Migrate over the connection we were given, or over the one of the settings."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    with connect(Settings.from_env().database_url, pool_size=1).begin() as connection:
        migrate(connection)


main()
