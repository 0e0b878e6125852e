"""Silence and words that say nothing to us: one short re-ask, then keys, then a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue import menu
from dialogue.moment import Said, prompts

if TYPE_CHECKING:
    from dialogue.moment import Moment
    from portal.answers import Prompt

STRIKES = 3
MOST_ERRORS = 6
IN_ZONE = "visits.in_zone"
"""Said after a question that names a time: whose clock is meant."""


def silent(moment: Moment) -> Said | None:
    """Return what follows silence; None when it is time for a person."""
    moment.conversation.silences += 1
    return _climb(moment, "silence", moment.conversation.silences)


def missed(moment: Moment) -> Said | None:
    """Return what follows words that were not understood; None when a person is needed."""
    moment.conversation.misses += 1
    return _climb(moment, "missed", moment.conversation.misses)


def understood(moment: Moment) -> None:
    """Start counting anew: the caller got through."""
    moment.conversation.silences = 0
    moment.conversation.misses = 0


def helped(moment: Moment) -> None:
    """Start counting anew, all errors of the conversation too: a person is on their way."""
    understood(moment)
    moment.state.errors = 0


def is_lost(moment: Moment) -> bool:
    """Count an entry that has not the form asked for; return whether they need a person now."""
    moment.conversation.misses += 1
    return _is_enough(moment, moment.conversation.misses)


def _climb(moment: Moment, kind: str, strikes: int) -> Said | None:
    if _is_enough(moment, strikes):
        return None
    if _is_at_menu(moment):
        return _menu_again(moment, kind, strikes)
    if kind == "silence" and moment.state.expect.kind == "secret":
        return ask_again(moment, *prompts("line.no_keys"))
    return ask_again(moment, *prompts(SHORT[kind]))


def _is_enough(moment: Moment, strikes: int) -> bool:
    moment.state.errors += 1
    return strikes >= STRIKES or moment.state.errors >= MOST_ERRORS


SHORT = {"silence": "line.not_heard", "missed": "line.not_caught"}


def _is_at_menu(moment: Moment) -> bool:
    return moment.state.step is None and moment.conversation.flow is None


def _menu_again(moment: Moment, kind: str, strikes: int) -> Said:
    """Return an example of what can be said, then the menu; the second time its keys alone."""
    choices = menu.keys_of(moment)
    if strikes == 1:
        return Said(prompts=prompts(f"line.{kind}"), choices=choices)
    # The keys are asked for, but words go on being heard: an angry caller's next
    # sentence is "give me a person", a frightened one's is an emergency.
    return Said(prompts=prompts(f"line.{kind}_keys"), choices=choices)


def ask_again(moment: Moment, *before: Prompt) -> Said:
    """Return the last question again, after ``before``.

    Only the question is said again, not what was told before it: a result that
    was heard once need not be read out to somebody who has put the phone down.
    """
    state = moment.state
    if not state.said and not state.choices:  # the languages are choices and nothing else
        return menu.main_menu(moment, *before)
    question = _question(state.said) if _is_asked_in_words(moment) else ()
    return Said(prompts=(*before, *question), choices=state.choices, expect=state.expect)


def _question(said: tuple[Prompt, ...]) -> tuple[Prompt, ...]:
    """Return the last prompt, with the one that it adds to."""
    is_added = bool(said) and said[-1].name == IN_ZONE
    return said[-2:] if is_added else said[-1:]


def _is_asked_in_words(moment: Moment) -> bool:
    """Return whether the last prompt is the question, and not what was told before the choices.

    What a flow has told once is left out; but "yes, press 1" alone asks nothing, nor
    does a question that has no choices.
    """
    of_yes_or_no = any(choice.intent in {"affirm", "deny"} for choice in moment.state.choices)
    return moment.conversation.flow is None or of_yes_or_no or not moment.state.choices
