"""Keeping the conversation going: greetings, help, the menu, and what was not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.base import FALLBACK, PortalAction
from portal import consent
from portal.answers import Answer, Prompt
from portal.records import Clinic

if TYPE_CHECKING:
    from actions.base import Turn


class Line(PortalAction):
    """Answer what is about the call itself and not about the patient."""

    stem = "line"

    def act(self, turn: Turn) -> Answer:
        """Return the answer for the intent; anything else was not understood here."""
        if turn.intent == "opt_out":
            return opt_out(turn)
        return ANSWERS.get(turn.intent, NOT_UNDERSTOOD)


def opt_out(turn: Turn) -> Answer:
    """Stop the texts to this phone: any reasonable words count (47 CFR 64.1200(a)(10))."""
    if turn.conversation.phone_id is None:
        return Answer(then="handoff", topic="opt_out")
    consent.opt_out(
        turn.session,
        turn.conversation.phone_id,
        source=turn.conversation.channel,
        locale=turn.conversation.locale,
        at=turn.at,
    )
    clinic = turn.session.get_one(Clinic, turn.conversation.clinic_id)
    details = {"clinic": clinic.text_safe_name, "phone": clinic.phone}
    said = (Prompt(name="line.opted_out", details=details),)
    # By text the confirmation is the last word (47 CFR 64.1200(a)(12)); a call goes on.
    return Answer(prompts=said, then="anything_else" if turn.is_call else "listen")


NOT_UNDERSTOOD = Answer(then="missed")
ANSWERS = {
    "greet": Answer(then="menu"),
    "main_menu": Answer(then="menu"),
    "help": Answer(prompts=(Prompt(name="line.help"),), then="menu"),
    "out_of_scope": Answer(prompts=(Prompt(name="line.out_of_scope"),), then="menu"),
    "dont_know": Answer(prompts=(Prompt(name="line.help"),), then="menu"),
    "thanks": Answer(prompts=(Prompt(name="line.welcome"),), then="anything_else"),
    "goodbye": Answer(then="hangup"),
    "repeat": Answer(then="repeat"),
    "slower": Answer(then="slower"),
    "change_language": Answer(then="language"),
    FALLBACK: NOT_UNDERSTOOD,
}
