"""Giving up a visit: read back, done on a yes alone, and why, for who wants to say."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from actions.agreeing import agrees, keeps
from actions.base import AN_ANSWER, BACK, PortalAction
from actions.caller import Caller
from actions.one_visit import CONFIRM, OneVisit
from actions.telling import details_of, visit_gone, zones
from actions.texting_after import about_texts, offer_text
from actions.which import exactly_named, named_in, which
from portal import cancelling, visits
from portal.answers import Answer, Choice, Prompt
from portal.cancelling import REASONS
from portal.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from actions.base import Turn
    from portal.visits import Visit

REASON = "reason"
YES, KEEP = "yes", "keep"


class Cancelling(PortalAction):
    """Find the visit that a patient cannot come to, read it back, and take it off."""

    stem = "cancelling"

    def act(self, turn: Turn) -> Answer:
        """Return the next step to a visit that is off, or what comes after it."""
        caller = Caller.of(turn)
        if (of_texts := about_texts(turn)) is not None:
            return of_texts
        draft = OneVisit.of(turn, self.stem)
        step = STEPS.get(draft.asked, _begin)
        try:
            return step(caller, draft)
        except visits.Changed as changed:
            return _changed(turn, changed)


def _begin(caller: Caller, _draft: OneVisit) -> Answer:
    """Read back the visit that is meant, or ask which one it is."""
    turn = caller.turn
    found = visits.upcoming(turn.session, caller.access, at=turn.at)
    if not found and visits.under_way(turn.session, caller.access, at=turn.at):
        raise Refused("cancelling.begun")
    return _meant(caller, found)


def _meant(caller: Caller, found: Sequence[Visit]) -> Answer:
    turn = caller.turn
    meant = which(turn, found, flow=Cancelling.stem, at=caller.now)
    return meant if isinstance(meant, Answer) else _read_back(turn, meant)


def _read_back(turn: Turn, visit: Visit, *before: Prompt) -> Answer:
    asked = Prompt(name="cancelling.confirm", details=details_of(turn, visit))
    return Answer(
        prompts=(*before, asked, *zones([visit])),
        choices=_choices(visit),
        flow=Cancelling.stem,
        draft=asdict(OneVisit(asked=CONFIRM, visit=visit.id.hex, version=visit.version)),
        topic="visits",
    )


def _choices(visit: Visit) -> tuple[Choice, ...]:
    # The first one is no "affirm": "I cannot come then, make it Thursday" holds its words,
    # and a choice that answers yes or no is picked by a part of a sentence too.
    return (
        Choice(key="1", intent="cancel_appointment", label="cancelling.choice_yes", value=YES),
        Choice(
            key="2",
            intent="reschedule_appointment",
            label="cancelling.choice_move",
            value=visit.id.hex,
        ),
        Choice(key="3", intent="deny", label="cancelling.choice_keep", value=KEEP),
    )


def _confirmed(caller: Caller, draft: OneVisit) -> Answer:
    """Return what follows what was said to the read-back."""
    turn = caller.turn
    said = turn.choice or (KEEP if turn.intent == "deny" else None)
    if said in ANSWERS:
        return ANSWERS[said](caller, draft)
    found = visits.upcoming(turn.session, caller.access, at=turn.at)
    named = exactly_named(turn, found, at=caller.now)
    if named is not None and [visit.id.hex for visit in named] != [draft.visit]:
        return _another(caller, found, named)
    if turn.choice is None and keeps(turn):
        return _keep(caller, draft)
    if turn.choice is None and turn.intent in MAY_BE_YES and agrees(turn):
        return _take_off(caller, draft)
    # "I want to cancel" once more is no yes: where there are several visits it may be
    # about another one.
    if turn.intent not in AN_ANSWER and [visit.id.hex for visit in found] != [draft.visit]:
        return _meant(caller, found)
    return Answer(then="missed", flow=Cancelling.stem)


MAY_BE_YES = {"affirm", "cancel_appointment"}


def _another(caller: Caller, found: Sequence[Visit], named: Sequence[Visit]) -> Answer:
    """Return what follows words that name not the visit that was read back, or not it alone.

    It is never taken off: another one is read back, and else it is asked which is meant.
    """
    turn = caller.turn
    if len(named) == 1:
        return _read_back(turn, named[0])
    if turn.intent in MAY_BE_YES or named_in(turn, found, turn.text, at=caller.now):
        return _meant(caller, found)
    return Answer(then="missed", flow=Cancelling.stem)


def _take_off(caller: Caller, draft: OneVisit) -> Answer:
    turn = caller.turn
    done = cancelling.cancel(turn.session, caller.access, draft.key, draft.version, at=turn.at)
    told = Prompt(name="cancelling.done", details=details_of(turn, done.visit))
    late = (Prompt(name="cancelling.late"),) if done.task else ()
    return Answer(
        prompts=(told, *late, Prompt(name="cancelling.ask_reason")),
        choices=WHY,
        flow=Cancelling.stem,
        draft=asdict(OneVisit(asked=REASON, visit=draft.visit, version=done.visit.version)),
        topic="visits",
    )


def _changed(turn: Turn, changed: visits.Changed) -> Answer:
    """Say what the clinic made of the visit meanwhile, and ask again about that."""
    if changed.visit is None:
        return visit_gone()
    return _read_back(turn, changed.visit, Prompt(name="visits.changed"))


def _keep(caller: Caller, draft: OneVisit) -> Answer:
    turn = caller.turn
    row = visits.own(turn.session, caller.access, draft.key)
    visit = visits.told(turn.session, row, turn.conversation)
    kept = Prompt(name="cancelling.kept", details=details_of(turn, visit))
    return Answer(prompts=(kept,), then="anything_else", topic="visits")


def _again(caller: Caller, draft: OneVisit) -> Answer:
    """Ask again after a step back: of a visit that is off there is nothing left to ask."""
    turn = caller.turn
    row = visits.own(turn.session, caller.access, draft.key)
    if row.status != visits.BOOKED:
        return Answer(then="menu")
    return _read_back(turn, visits.told(turn.session, row, turn.conversation))


ANSWERS: dict[str, Callable[[Caller, OneVisit], Answer]] = {
    YES: _take_off,
    KEEP: _keep,
    BACK: _again,
}


def _reasoned(caller: Caller, draft: OneVisit) -> Answer:
    """Write the reason down where one was picked; whatever else was said, the visit is off."""
    turn = caller.turn
    if turn.choice == BACK:
        return Answer(then="menu")
    # "I cannot come" alone is a reason, unless there is something else to give up.
    if turn.intent not in AN_ANSWER and visits.coming(
        turn.session, caller.access.patient_id, at=turn.at
    ):
        return _begin(caller, draft)
    if turn.choice in REASONS:
        cancelling.give_reason(turn.session, caller.access, draft.key, turn.choice)
    row = cancelling.given_up(turn.session, caller.access, draft.key)
    visit = visits.told(turn.session, row, turn.conversation)
    is_told = turn.choice in REASONS and turn.choice != "other"
    thanks = (Prompt(name="cancelling.thanks"),) if is_told else ()
    return offer_text(turn, visit, "cancelled", before=thanks)


STEPS: dict[str, Callable[[Caller, OneVisit], Answer]] = {CONFIRM: _confirmed, REASON: _reasoned}
WHY = tuple(
    Choice(key=str(key), intent="choose_option", label=f"cancelling.choice_{reason}", value=reason)
    for key, reason in enumerate(REASONS, start=1)
)
