"""Where the results stand, and what may be done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.base import PortalAction
from portal import results
from portal.access import access_for
from portal.answers import Answer, Choice, Prompt
from portal.records import Patient

if TYPE_CHECKING:
    from collections.abc import Iterable

    from actions.base import Turn
    from portal.results import ResultStatus

CALL_LEVEL = 2
TEXT_LEVEL = 1
PAPER_COPY, NURSE, AGAIN = "paper_copy", "nurse", "again"


class Results(PortalAction):
    """Tell where the results stand, and then do what is asked about them."""

    stem = "results"

    def act(self, turn: Turn) -> Answer:
        """Return the status of the results, or of what was chosen after them."""
        if not turn.is_call:
            return _texted(turn)
        if turn.choice in PAPER_STEPS:
            return PAPER_STEPS[turn.choice](turn)
        if turn.choice == NURSE:
            return Answer(then="handoff", topic="clinical_question")
        if turn.intent == "results_status" or turn.choice == AGAIN:
            return _spoken(turn)
        return Answer(then="missed", flow=self.stem)


def _spoken(turn: Turn) -> Answer:
    access = access_for(turn.session, turn.conversation.id, level=CALL_LEVEL)
    found = results.results_for(turn.session, access, at=turn.at)
    if not found:
        return Answer(prompts=(Prompt(name="results.none"),), then="anything_else")
    intro = Prompt(name="results.intro", details={"count": len(found)})
    return Answer(
        prompts=(intro, *_told(found)), choices=AFTERWARDS, flow="results", topic="results"
    )


def _told(found: Iterable[ResultStatus]) -> Iterable[Prompt]:
    for result in found:
        yield Prompt(name=f"results.{result.says}", details=result.details)
        if result.note_key:
            yield Prompt(name=result.note_key)


def _texted(turn: Turn) -> Answer:
    """Return one of the only two things that a text may say about results."""
    access = access_for(turn.session, turn.conversation.id, level=TEXT_LEVEL)
    says = results.results_by_text(turn.session, access, at=turn.at)
    told = Prompt(name=f"results.text_{says.outcome}", details={"phone": says.clinic_phone})
    return Answer(prompts=(told,), choices=(RING_ME,) if says.outcome == "message" else ())


def _confirm_paper_copy(turn: Turn) -> Answer:
    """Read back what would be done; paper that could reach the wrong hands is for a person."""
    access = access_for(turn.session, turn.conversation.id, level=CALL_LEVEL)
    if turn.session.get_one(Patient, access.patient_id).safe_contact:
        return Answer(then="handoff", topic="results")
    return Answer(
        prompts=(Prompt(name="results.paper_copy_confirm"),), choices=YES_OR_NO, flow="results"
    )


def _no_paper_copy(_turn: Turn) -> Answer:
    return Answer(then="anything_else")


def _paper_copy(turn: Turn) -> Answer:
    access = access_for(turn.session, turn.conversation.id, level=CALL_LEVEL)
    task = results.request_paper_copy(turn.session, access, at=turn.at)
    told = Prompt(name="results.paper_copy_asked", details={"due": task.due_at})
    return Answer(prompts=(told,), then="anything_else")


AFTERWARDS = (
    Choice(key="1", intent="choose_option", label="results.choice_again", value=AGAIN),
    Choice(key="2", intent="choose_option", label="results.choice_paper_copy", value=PAPER_COPY),
    Choice(key="3", intent="choose_option", label="results.choice_nurse", value=NURSE),
)
YES_OR_NO = (
    Choice(key="1", intent="affirm", label="handoff.choice_yes", value="mail_it"),
    Choice(key="2", intent="deny", label="handoff.choice_no", value="mail_nothing"),
)
PAPER_STEPS = {
    PAPER_COPY: _confirm_paper_copy,
    "mail_it": _paper_copy,
    "mail_nothing": _no_paper_copy,
}
RING_ME = Choice(key="1", intent="affirm", label="identity.choice_ring_me", value="ring")
