"""A life may be in danger, in words that no list knew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.base import PortalAction
from portal.answers import Answer

if TYPE_CHECKING:
    from actions.base import Turn


class Emergency(PortalAction):
    """Say 911 first, then bring a person."""

    stem = "emergency"

    def act(self, turn: Turn) -> Answer:  # noqa: ARG002 - every such turn has one answer
        """Return the emergency answer; the dialogue writes its task and says it."""
        return Answer(then="emergency", topic="emergency")
