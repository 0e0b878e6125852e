"""How a call begins: the emergency sentence, who we are, and the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue import language, menu
from dialogue.moment import Moment, Said, prompts
from dialogue.turns import Expect
from portal.answers import Choice, Prompt
from portal.identity import PROOF_BY_CALL

if TYPE_CHECKING:
    from portal.records import Outbox


def call_came(moment: Moment) -> Said:
    """Return the greeting: in the language remembered for this phone, else with the menu."""
    tag = language.remembered(moment.session, moment.phone, moment.line.locales)
    hello = Prompt(name="line.greeting", details={"clinic": moment.clinic.name})
    if tag is None:
        return language.language_menu(moment, hello, *language.in_an_emergency(moment))
    moment.conversation.locale = tag
    return menu.main_menu(moment, hello, *prompts("line.assistant_notice", "line.keys_notice"))


def we_rang(moment: Moment, asked: Outbox) -> Said:
    """Return how a call that we placed begins: who we are, and whether it is them.

    Nothing says that anybody here is a patient: whoever picks up hears only that
    somebody at this number asked to be rung.
    """
    body = asked.body or {}
    moment.state.pending = body.get("pending")
    moment.state.step = "answered"
    moment.state.held["other_way"] = body.get("purpose") == PROOF_BY_CALL
    choices = (
        Choice(key="1", intent="affirm", label="identity.choice_it_is_me", value="it_is_me"),
        Choice(key="2", intent="deny", label="identity.choice_not_me", value="wrong_person"),
    )
    # Anybody may have picked up: the name must give no speciality away either.
    clinic = moment.clinic.text_safe_name
    hello = Prompt(name="identity.call_back_hello", details={"clinic": clinic})
    return Said(prompts=(hello,), choices=choices, expect=Expect("key"))
