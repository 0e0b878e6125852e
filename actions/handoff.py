"""A person is wanted, or needed because the line cannot do it itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.base import PortalAction
from portal.answers import Answer, Prompt

if TYPE_CHECKING:
    from actions.base import Turn

WANTED = {"talk_to_staff", "interpreter", "clinical_question"}


class Handoff(PortalAction):
    """Bring in a person; say honestly when the line cannot do a thing by itself yet."""

    stem = "handoff"

    def act(self, turn: Turn) -> Answer:
        """Return the handoff, with the topic that goes along to staff."""
        honest = () if turn.intent in WANTED else (Prompt(name="handoff.not_by_phone_yet"),)
        return Answer(prompts=honest, then="handoff", topic=turn.intent)
