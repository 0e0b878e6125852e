"""Rows are rewritten under the ring's current key, and found by its blind indexes.

To change keys: add the new one at the end of ``DATA_KEYS`` and restart; rekey; then
stop, take the old one off, rekey again (the blind indexes hang on the first key),
and start. A PIN whose hash was last made under the key that was taken off has to be
set again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, Table, and_, func, select, tuple_, type_coerce, update

from portal.database import Base, transaction
from portal.encryption import HEADER_BYTES, Encrypted, EncryptedJSON, ring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Column, ColumnElement, Row

BATCH = 200
Report = Callable[[str, int], None]


@dataclass(frozen=True)
class _Column:
    """A column of ciphertexts, or of blind indexes, and how to say where it is."""

    table: Table
    column: Column[Any]
    aad: str = ""

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column.name}"

    @property
    def key(self) -> Sequence[Column[Any]]:
        return list(self.table.primary_key.columns)

    def is_row(self, row: Row[Any]) -> ColumnElement[bool]:
        return and_(*(column == row._mapping[column] for column in self.key))  # noqa: SLF001


def rekey(report: Report) -> int:
    """Return how many values were rewritten; ``report`` hears of each column as it goes on.

    In batches of their own transactions, so that the line goes on answering. Rows
    that already are as they should be stay untouched: stopped half-way, it takes up
    where it was. Raises NotReadable where a key is missing.
    """
    written = 0
    for column in _columns():
        written += _repeat(column, report)
    for column in _indexes():
        written += _index(column, report)
    return written


def _columns() -> Iterator[_Column]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Encrypted | EncryptedJSON):
                yield _Column(table, column, column.type.aad)


def _indexes() -> Iterator[_Column]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if "finds" in column.info:
                yield _Column(table, column)


def _repeat(column: _Column, report: Report) -> int:
    done = 0
    while batch := _rewrite(column):
        done += batch
        report(column.name, done)
    return done


def _rewrite(column: _Column) -> int:
    stored = type_coerce(column.column, LargeBinary)
    header = func.substr(stored, 1, HEADER_BYTES, type_=LargeBinary)
    outdated = select(*column.key, stored.label("stored")).where(header != ring().header)
    with transaction() as session:
        rows = session.execute(outdated.limit(BATCH).with_for_update()).all()
        for row in rows:
            plain = ring().decrypt(bytes(row.stored), column.aad)
            value = ring().encrypt(plain, column.aad)
            _write(session, column, row, value)
    return len(rows)


def _index(column: _Column, report: Report) -> int:
    written, last = 0, None
    finds = column.table.columns[column.column.info["finds"]]
    purpose = column.column.info["purpose"]
    page = select(*column.key, finds.label("plain"), column.column.label("stored"))
    page = page.order_by(*column.key).limit(BATCH)
    while True:
        after = page if last is None else page.where(tuple_(*column.key) > tuple_(*last))
        with transaction() as session:
            rows = session.execute(after.with_for_update()).all()
            for row in rows:
                right = ring().blind_index(purpose, row.plain)
                if right != bytes(row.stored):
                    _write(session, column, row, right)
                    written += 1
        if not rows:
            return written
        last = [rows[-1]._mapping[each] for each in column.key]  # noqa: SLF001
        report(column.name, written)


def _write(session: Any, column: _Column, row: Row[Any], value: bytes) -> None:
    # Not through the mapped type, which would encrypt what is encrypted already.
    session.execute(
        update(column.table)
        .where(column.is_row(row))
        .values({column.column: type_coerce(value, LargeBinary)})
    )
