"""How a proof is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from dialogue import handoff, ladder
from dialogue.moment import Message, Said
from dialogue.turns import Expect
from portal.answers import Prompt

if TYPE_CHECKING:
    from dialogue.moment import Moment

BIRTH_DATE, PIN, CODE = Expect("secret", 8), Expect("secret", 6), Expect("secret", 6)
Outcome = Said | Message


def ask(moment: Moment, step: str, expect: Expect, *before: Prompt) -> Said:
    """Open a step of the proof: its question is the prompt ``identity.ask_<step>``."""
    moment.state.step = step
    question = Prompt(name=f"identity.ask_{step}")
    return Said(prompts=(*before, question), expect=expect)


def again(moment: Moment, asked: Said) -> Said:
    """Return the question again, or a person for somebody who cannot give what it asks for."""
    return handoff.give_up(moment, "identity") if ladder.is_lost(moment) else asked


def candidates(moment: Moment) -> list[UUID]:
    """Return who the birth date that was keyed may belong to."""
    return [UUID(each) for each in moment.state.held.get("candidates", ())]
