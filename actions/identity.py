"""The caller has no PIN, or has forgotten it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.base import PortalAction
from portal.answers import Answer

if TYPE_CHECKING:
    from actions.base import Turn


class Identity(PortalAction):
    """Lead to the other ways of proof; what is proved is no business of Rasa's."""

    stem = "identity"

    def act(self, turn: Turn) -> Answer:  # noqa: ARG002 - every such turn has one answer
        """Return the way to a new PIN."""
        return Answer(then="forgot_pin", topic="identity")
