"""Somebody will be there: read back, marked on a yes, and the ways out for who will not."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from actions.base import AN_ANSWER, BACK, PortalAction
from actions.caller import Caller
from actions.one_visit import CONFIRM, OneVisit
from actions.telling import details_of, no_visits, visit_gone, what_to_bring, zones
from actions.which import is_gone, named_in
from portal import confirming, visits
from portal.answers import Answer, Choice, Prompt
from portal.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from actions.base import Turn
    from portal.visits import Visit

YES, NO = "yes", "no"


class Confirming(PortalAction):
    """Read back the next visit, or the one that is named, and mark that they will come."""

    stem = "confirming"

    def act(self, turn: Turn) -> Answer:
        """Return the question whether they will be there, or what follows its answer."""
        caller, draft = Caller.of(turn), OneVisit.of(turn, self.stem)
        try:
            return _step(caller, draft)
        except visits.Changed as changed:
            return _changed(turn, changed)


def _step(caller: Caller, draft: OneVisit) -> Answer:
    turn = caller.turn
    said = turn.choice or BY_INTENT.get(turn.intent)
    if draft.asked == CONFIRM and said in ANSWERS:
        return ANSWERS[said](caller, draft)
    found = visits.upcoming(turn.session, caller.access, at=turn.at)
    if is_gone(turn, found):
        return _without(turn, found)
    if draft.asked and turn.intent in AN_ANSWER:
        return _not_an_answer(caller, found)
    return _begin(caller, found)


def _without(turn: Turn, found: Sequence[Visit]) -> Answer:
    """Say that the visit that was picked is gone, and ask about the next one, if any."""
    return _ask(turn, found[0], Prompt(name="visits.gone")) if found else visit_gone()


def _begin(caller: Caller, found: Sequence[Visit]) -> Answer:
    turn = caller.turn
    if not found and visits.under_way(turn.session, caller.access, at=turn.at):
        raise Refused("confirming.begun")
    if not found:
        return no_visits()
    picked = [visit for visit in found if visit.id.hex == turn.choice]
    named = picked or named_in(turn, found, turn.text, at=caller.now)
    return _ask(turn, (named or found)[0])


def _not_an_answer(caller: Caller, found: Sequence[Visit]) -> Answer:
    """Return the question about another visit where one was named instead of an answer."""
    turn = caller.turn
    named = named_in(turn, found, turn.text, at=caller.now)
    if named:
        return _ask(turn, named[0])
    if turn.intent == "deny":
        return Answer(then="anything_else")
    return Answer(then="missed", flow=Confirming.stem)


def _ask(turn: Turn, visit: Visit, *before: Prompt) -> Answer:
    if visit.confirmed:
        already = Prompt(name="confirming.already", details=details_of(turn, visit))
        return _done(turn, visit, *before, already)
    asked = Prompt(name="confirming.ask", details=details_of(turn, visit))
    return _question(visit, *before, asked, *zones([visit]))


def _question(visit: Visit, *prompts: Prompt) -> Answer:
    key = visit.id.hex
    return Answer(
        prompts=prompts,
        choices=(
            Choice(key="1", intent="affirm", label="visits.choice_confirm", value=YES),
            Choice(key="2", intent="reschedule_appointment", label="visits.choice_move", value=key),
            Choice(
                key="3", intent="cancel_appointment", label="visits.choice_cannot_come", value=key
            ),
        ),
        flow=Confirming.stem,
        draft=asdict(OneVisit(asked=CONFIRM, visit=key, version=visit.version)),
        topic="visits",
    )


def _confirm(caller: Caller, draft: OneVisit) -> Answer:
    turn = caller.turn
    visit = confirming.confirm(turn.session, caller.access, draft.key, draft.version, at=turn.at)
    return _done(turn, visit, Prompt(name="confirming.done", details=details_of(turn, visit)))


def _done(turn: Turn, visit: Visit, *told: Prompt) -> Answer:
    prompts = (*told, *zones([visit]), *what_to_bring(turn, visit))
    return Answer(prompts=prompts, then="anything_else", topic="visits")


def _changed(turn: Turn, changed: visits.Changed) -> Answer:
    """Say what the clinic made of the visit meanwhile, and ask again about that."""
    if changed.visit is None:
        return visit_gone()
    return _ask(turn, changed.visit, Prompt(name="visits.changed"))


def _will_not(caller: Caller, draft: OneVisit) -> Answer:
    """Ask what to do with the visit: a no gives up nothing yet."""
    return _question(_of(caller, draft), Prompt(name="confirming.what_then"))


def _again(caller: Caller, draft: OneVisit) -> Answer:
    """Ask again after a step back."""
    return _ask(caller.turn, _of(caller, draft))


def _of(caller: Caller, draft: OneVisit) -> Visit:
    row = visits.own(caller.turn.session, caller.access, draft.key)
    return visits.told(caller.turn.session, row, caller.turn.conversation)


ANSWERS: dict[str, Callable[[Caller, OneVisit], Answer]] = {
    YES: _confirm,
    NO: _will_not,
    BACK: _again,
}
BY_INTENT = {"affirm": YES, "deny": NO, "dont_know": NO}
