"""What rows have that are changed from more than one side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.database import one_of


class Origin:
    """``origin`` is the door a change came through; ``as_of`` the instant it was true."""

    origin: Mapped[str] = mapped_column(
        one_of("origin", "phone", "text", "desk", "portal"), default="portal"
    )
    as_of: Mapped[datetime]


class Versioned:
    """A stale write is refused (StaleDataError) instead of undoing somebody's change."""

    version: Mapped[int]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy gives it the class
        """Let SQLAlchemy count and compare ``version``."""
        return {"version_id_col": cls.version}
