"""Other ways of proof: a code by text, a call to the number on file, a call to who texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.asking import CODE, ask, candidates
from dialogue.moment import Said, prompts
from dialogue.turns import Expect
from portal import identity
from portal.answers import Choice, Prompt
from portal.hours import local

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.asking import Outcome
    from dialogue.moment import Moment


def offer_ring(moment: Moment, *before: Prompt) -> Said:
    """Offer a call to somebody who texts: a text is no place for proof."""
    moment.state.step = "ring_me"
    return Said(prompts=(*before, *prompts("identity.needs_call")), choices=(RING_ME,))


RING = "ring"
RING_ME = Choice(key="1", intent="affirm", label="identity.choice_ring_me", value=RING)


def may_ring(moment: Moment, pending: dict[str, Any]) -> None:
    """Let a choice that an action offers ring the caller, and go on with ``pending`` then."""
    moment.state.step = "ring_me"
    moment.state.pending = pending


def offer_other_ways(moment: Moment) -> Said:
    """Offer the ways of somebody who has no PIN or forgot it."""
    moment.state.step = "other_way"
    choices = (
        Choice(key="1", intent="affirm", label="identity.choice_text_code", value="text_code"),
        Choice(key="2", intent="affirm", label="identity.choice_call_me", value="call_me"),
    )
    return Said(prompts=prompts("identity.prove_other_way"), choices=choices)


def _send_code(moment: Moment) -> Said:
    identity.issue_code(moment.session, moment.conversation, candidates(moment), at=moment.at)
    # The same words whether or not anybody matched: they never tell who is a patient.
    return ask(moment, "code", CODE, *prompts("identity.code_sent"))


def _ring_number_on_file(moment: Moment) -> Said:
    identity.request_call_back(
        moment.session,
        moment.conversation,
        candidates(moment),
        pending=moment.state.pending,
        at=moment.at,
    )
    moment.conversation.outcome = "call_back_asked"
    return Said(prompts=prompts("identity.ringing_you"), expect=Expect("none"), then="hangup")


def _ring_this_phone(moment: Moment) -> Said:
    ring = identity.request_ring(
        moment.session, moment.conversation, pending=moment.state.pending, at=moment.at
    )
    moment.state.close_step()
    if ring.outbox is None and ring.task is not None:  # rung too often already: a person does it
        due = {"due": local(moment.clinic, ring.task.due_at)}
        return Said(prompts=prompts("handoff.text_call_back", **due))
    return Said(prompts=prompts("identity.ring_soon"))


PICKS: dict[str, Callable[[Moment], Outcome]] = {
    "text_code": _send_code,
    "call_me": _ring_number_on_file,
    RING: _ring_this_phone,
}
