"""INSERT ... ON CONFLICT, which both databases know and SQLAlchemy spells twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.database import Base


def insert(session: Session, record: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an insert into ``record``'s table that can say what to do on a conflict."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(record) if is_postgresql else sqlite.insert(record)
