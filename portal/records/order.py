"""Rows that are added together are inserted in the order of their foreign keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import relationship

from portal.database import Base

if TYPE_CHECKING:
    from sqlalchemy import ForeignKeyConstraint
    from sqlalchemy.orm import Mapper


def order_inserts() -> None:
    """Tell the unit of work about every foreign key.

    It orders inserts by relationships and not by foreign keys. Our rules write
    explicit selects and want no lazy loading, so the relationships made here have
    one purpose, and refuse to load anything.
    """
    by_table = {mapper.local_table: mapper for mapper in Base.registry.mappers}
    for mapper in by_table.values():
        for key in mapper.local_table.foreign_key_constraints:  # type: ignore[attr-defined]
            _depend(mapper, key, by_table)


def _depend(mapper: Mapper[Any], key: ForeignKeyConstraint, by_table: dict[Any, Any]) -> None:
    if key.referred_table is mapper.local_table:
        return
    name = "_" + "_".join(key.column_keys)
    mapper.add_property(
        name,
        relationship(
            by_table[key.referred_table].class_,
            foreign_keys=list(key.columns),
            lazy="raise",
            cascade="",
        ),
    )
