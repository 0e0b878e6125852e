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


def _climb(moment: Moment, kind: str, strikes: int) -> Said | None:
    moment.state.errors += 1
    if strikes >= STRIKES or moment.state.errors >= MOST_ERRORS:
        return None
    name = f"line.{kind}" if strikes == 1 else f"line.{kind}_keys"
    return ask_again(moment, *prompts(name), narrow=strikes > 1)


def ask_again(moment: Moment, *before: Prompt, narrow: bool = False) -> Said:
    """Return the last question again, after ``before``.

    Only the question is said again, not what was told before it: a result that
    was heard once need not be read out to somebody who has put the phone down.
    """
    state = moment.state
    if not state.said or (narrow and state.step is None and not state.topic):
        return menu.keys_only(moment, *before)
    question = () if moment.conversation.flow else state.said[-1:]
    return Said(prompts=(*before, *question), choices=state.choices, expect=state.expect)
