"""The one visit that cancelling and confirming are about, kept between two turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actions.base import Turn

CONFIRM = "confirm"


@dataclass(frozen=True, kw_only=True)
class OneVisit:
    """A visit as it was read out at ``version``; ``asked`` names the question about it."""

    asked: str = ""
    visit: str = ""
    version: int = 0

    @classmethod
    def of(cls, turn: Turn, stem: str) -> OneVisit:
        """Return what the flow of ``stem`` has gathered; an empty draft while it is not open."""
        kept: Mapping[str, Any] = turn.draft if turn.conversation.flow == stem else {}
        return cls(**{name: kept[name] for name in ("asked", "visit", "version") if name in kept})

    @property
    def key(self) -> UUID:
        """Return the key of the visit."""
        return UUID(self.visit)
