"""The main menu: one entry for each capability that has one, always in the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import locales
from dialogue.moment import Said, prompts
from portal.answers import Choice, Prompt

if TYPE_CHECKING:
    from dialogue.moment import Moment

OTHER_LANGUAGE_KEY = "9"


def main_menu(moment: Moment, *before: Prompt) -> Said:
    """Return the open question with the menu's keys after it."""
    return Said(prompts=(*before, *prompts("line.menu")), choices=keys_of(moment))


def keys_of(moment: Moment) -> tuple[Choice, ...]:
    """Return everything that the main menu has a key for."""
    return (*entries(), *other_languages(moment))


def anything_else(moment: Moment, *before: Prompt) -> Said:
    """Return the question that ends a task, with the way back and the way out."""
    ways = (
        Choice(key="1", intent="main_menu", label="line.choice_menu"),
        Choice(key="2", intent="goodbye", label="line.choice_goodbye"),
    )
    question = prompts("line.anything_else")
    return Said(prompts=(*before, *question), choices=ways if moment.is_call else ())


def entries() -> tuple[Choice, ...]:
    """Return the capabilities' own entries, keyed from 1 in their order, a person last."""
    own = (
        Choice(key=str(key), intent=intent, label=label)
        for key, (intent, label) in enumerate(locales.menu_entries(), start=1)
    )
    return (*own, Choice(key="0", intent="talk_to_staff", label="handoff.choice_person"))


def other_languages(moment: Moment) -> tuple[Choice, ...]:
    """Return the way to another language, said in that language when there is only one."""
    others = [tag for tag in moment.line.locales if tag != moment.conversation.locale]
    if not moment.is_call or not others:
        return ()
    if len(others) == 1:
        return (language_choice(OTHER_LANGUAGE_KEY, others[0]),)
    return (
        Choice(
            key=OTHER_LANGUAGE_KEY, intent="change_language", label="line.choice_other_languages"
        ),
    )


def language_choice(key: str, tag: str) -> Choice:
    """Return the choice of a language, worded and voiced in that language."""
    return Choice(
        key=key, intent="change_language", label="line.choice_language", locale=tag, value=tag
    )
