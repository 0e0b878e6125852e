"""After a call has changed a visit: a text with it, for who wants one and may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import UUID

from portal import visit_texts, visits
from portal.access import access_for
from portal.answers import Answer, Choice, Prompt
from portal.records import Patient

if TYPE_CHECKING:
    from actions.base import Turn
    from portal.visits import Visit

Kind = Literal["booked", "moved", "cancelled"]
TEXT, TEXT_IT, NO_TEXT = "text", "text_it", "no_text"
FLOWS: dict[Kind, str] = {"booked": "booking", "moved": "moving", "cancelled": "cancelling"}
AN_ANSWER = {"inform_time", "choose_option", "affirm", "deny", "dont_know", "nlu_fallback"}


def offer_text(turn: Turn, visit: Visit, kind: Kind, *, before: tuple[Prompt, ...] = ()) -> Answer:
    """Return ``before`` and the offer to text it; only ``before`` where no text may go out.

    Who texts has it in writing already.
    """
    patient = turn.session.get_one(Patient, turn.conversation.patient_id)
    if not turn.is_call or not visit_texts.can_text(turn.session, turn.conversation, patient):
        return Answer(prompts=before, then="anything_else", topic="visits")
    return Answer(
        prompts=(*before, Prompt(name="visits.ask_text")),
        choices=YES_OR_NO,
        flow=FLOWS[kind],
        draft={"asked": TEXT, "visit": visit.id.hex, "kind": kind},
        topic="visits",
    )


def is_about_text(turn: Turn) -> bool:
    """Return whether what was said answers that offer, and begins nothing else."""
    is_offered = turn.conversation.flow in FLOWS.values() and turn.draft.get("asked") == TEXT
    return is_offered and turn.intent in AN_ANSWER


def take_text(turn: Turn) -> Answer:
    """Return what follows the answer to that offer; a text is queued after a yes alone."""
    wanted = BY_INTENT.get(turn.intent) if turn.choice is None else turn.choice == TEXT_IT
    if wanted is None:
        return Answer(then="missed", flow=turn.conversation.flow)
    if wanted:
        return _send(turn)
    return Answer(prompts=(Prompt(name="visits.no_text"),), then="anything_else")


def _send(turn: Turn) -> Answer:
    access = access_for(turn.session, turn.conversation.id, level=1)
    row = visits.own(turn.session, access, UUID(turn.draft["visit"]))
    visit = visits.told(turn.session, row, turn.conversation)
    visit_texts.send(turn.session, turn.conversation, visit, kind=turn.draft["kind"], at=turn.at)
    return Answer(prompts=(Prompt(name="visits.text_coming"),), then="anything_else")


YES_OR_NO = (
    Choice(key="1", intent="affirm", label="handoff.choice_yes", value=TEXT_IT),
    Choice(key="2", intent="deny", label="handoff.choice_no", value=NO_TEXT),
)
BY_INTENT = {"affirm": True, "deny": False}
