"""The answers that an open flow has gathered, one draft on top of the other, for the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.moment import Message, meaning
from portal.answers import to_data

if TYPE_CHECKING:
    from dialogue.moment import Moment
    from portal.answers import Answer

BACK = "back"
MOST_DRAFTS = 20
"""How far back anybody can go: whoever hears forty times of day need not be led through all."""


def keep_draft(moment: Moment, message: Message, answer: Answer) -> None:
    """Put the draft of ``answer`` on the stack of its flow; one without a flow ends the stack.

    To be called while the conversation's row still names the flow that was open before.
    After a step back the question of the draft on top is asked again, and what it has
    become meanwhile (other times are free by now) takes that draft's place: on top of it,
    the same step would be there to be taken again for ever.
    """
    state = moment.state
    if answer.flow is None or answer.flow != moment.conversation.flow:
        state.answers = []
    if answer.flow is None or answer.draft is None:
        return
    draft = to_data(answer.draft)
    if is_step_back(message):
        state.answers = state.answers[:-1]
    if state.answers[-1:] != [draft]:
        state.answers = [*state.answers, draft][-MOST_DRAFTS:]


def step_back(moment: Moment) -> Message | None:
    """Return the message that has the flow ask again; None where its first question is open.

    A question of the dialogue's own that lies over the flow (a proof for something else,
    a language) is left for the flow's question, which loses nothing by it.
    """
    state = moment.state
    if state.answers and state.step not in OF_THE_FLOW:
        state.close_step()
        state.pending = None
        return _back()
    if len(state.answers) > 1:
        state.answers = state.answers[:-1]
        return _back()
    return None


def _back() -> Message:
    return Message(parsed=meaning("choose_option", BACK))


def is_step_back(message: Message) -> bool:
    """Return whether this is the message that :func:`step_back` made."""
    return message.parsed == meaning("choose_option", BACK)


OF_THE_FLOW = {None, "ring_me"}
"""The steps in which the question is the flow's own: an action may offer to ring."""
