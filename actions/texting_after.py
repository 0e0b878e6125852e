"""After a call has changed a visit: a text with it, for who wants one and may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import UUID

from actions.base import AN_ANSWER
from actions.caller import CALL_LEVEL
from actions.line import opt_out
from actions.telling import details_of, visit_gone, zones
from portal import cancelling, visit_texts, visits
from portal.access import access_for
from portal.answers import Answer, Choice, Prompt
from portal.records import Patient

if TYPE_CHECKING:
    from actions.base import Turn
    from portal.visits import Visit

Kind = Literal["booked", "moved", "cancelled"]
OPT_OUT = "opt_out"
TEXT, TEXT_IT, NO_TEXT = "text", "text_it", "no_text"
FLOWS: dict[Kind, str] = {"booked": "booking", "moved": "moving", "cancelled": "cancelling"}
MAY_BE_SAID = AN_ANSWER | {OPT_OUT}
"""What may be said to the offer; "no texts please" is no to this one text."""
STANDS: dict[Kind, str] = {
    "booked": visits.BOOKED,
    "moved": visits.BOOKED,
    "cancelled": cancelling.CANCELLED,
}
"""What a visit has still to be for a text to say that it was booked, moved or cancelled."""


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
        draft={"asked": TEXT, "visit": visit.id.hex, "about": kind, "version": visit.version},
        topic="visits",
    )


def about_texts(turn: Turn) -> Answer | None:
    """Return what follows what was said of this text, or of all texts; None for anything else."""
    if _is_about_text(turn):
        return _take_text(turn)
    return opt_out(turn) if turn.intent == OPT_OUT else None


def _is_about_text(turn: Turn) -> bool:
    """Return whether what was said answers that offer, and begins nothing else."""
    is_offered = turn.conversation.flow in FLOWS.values() and turn.draft.get("asked") == TEXT
    return is_offered and turn.intent in MAY_BE_SAID


def _take_text(turn: Turn) -> Answer:
    """Return what follows the answer to that offer; a text is queued after a yes alone."""
    wanted = BY_INTENT.get(turn.intent) if turn.choice is None else turn.choice == TEXT_IT
    if wanted is None:
        return Answer(then="missed", flow=turn.conversation.flow)
    if wanted:
        return _send(turn)
    return Answer(prompts=(Prompt(name="visits.no_text"),), then="anything_else")


def _send(turn: Turn) -> Answer:
    """Queue the text, or say what the clinic made of the visit since it was offered."""
    access = access_for(turn.session, turn.conversation.id, level=CALL_LEVEL)
    kind: Kind = turn.draft["about"]
    try:
        row = visits.own(turn.session, access, UUID(turn.draft["visit"]))
    except visits.Changed:
        return visit_gone()
    visit = visits.told(turn.session, row, turn.conversation)
    if row.status == STANDS[kind] and _is_as_told(turn, visit, kind):
        visit_texts.send(turn.session, turn.conversation, visit, kind=kind, at=turn.at)
        return _said(Prompt(name="visits.text_coming"))
    if row.status == visits.BOOKED:
        now = Prompt(name="visits.told", details=details_of(turn, visit))
        return _said(Prompt(name="visits.changed"), now, *zones([visit]))
    return visit_gone()


def _is_as_told(turn: Turn, visit: Visit, kind: Kind) -> bool:
    """Return whether the row is the one that was told; what is off may have got a reason."""
    return kind == "cancelled" or visit.version == turn.draft["version"]


def _said(*prompts: Prompt) -> Answer:
    return Answer(prompts=prompts, then="anything_else", topic="visits")


YES_OR_NO = (
    Choice(key="1", intent="affirm", label="handoff.choice_yes", value=TEXT_IT),
    Choice(key="2", intent="deny", label="handoff.choice_no", value=NO_TEXT),
)
BY_INTENT = {"affirm": True, "deny": False, OPT_OUT: False}
