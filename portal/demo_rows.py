"""How the demo's rows are written: from its file, under keys that stay the same."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.database import Base

SOURCE = Path(__file__).with_name("demo.toml")
NAMESPACE = uuid5(NAMESPACE_URL, "urn:dialtone:demo")
Entry = dict[str, Any]
Row = TypeVar("Row", bound="Base")


@cache
def source() -> dict[str, list[Entry]]:
    """Return what ``demo.toml`` says."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def demo_id(*names: object) -> UUID:
    """Return the key of a demo row: the same at every seeding."""
    return uuid5(NAMESPACE, "/".join(map(str, names)))


def put(session: Session, record: type[Row], key: UUID, **columns: Any) -> Row:
    """Return the row with ``key``, made when it is new, with these columns."""
    there = session.get(record, key)
    if there is None:
        there = record(id=key, **columns)
        session.add(there)
        return there
    for name, value in columns.items():
        setattr(there, name, value)
    return there
