"""The time that it is in a script, for the web process and the action server alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TUESDAY = datetime(2026, 11, 24, 18, 20, tzinfo=UTC)
"""When every script begins: 13:20 at the main clinic and 10:20 at the west one, a Tuesday.

It is Thanksgiving on the Thursday, which is 26 November.
"""


@dataclass(frozen=True)
class Clock:
    """A clock that goes on as the machine's does, from wherever it was put.

    How far it is from the machine's stands in a file, in seconds, which several
    processes read: what a script waits has passed for all of them.
    """

    file: Path

    def now(self) -> datetime:
        """Return the time of this script."""
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))

    def put(self, at: datetime) -> None:
        """Let it be ``at`` now."""
        self.file.write_text(str((at - datetime.now(UTC)).total_seconds()))

    def wait(self, passes: timedelta) -> None:
        """Let ``passes`` have passed."""
        self.put(self.now() + passes)
