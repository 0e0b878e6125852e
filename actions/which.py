"""Which of several visits is meant: as a caller says it, or by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from actions.base import AN_ANSWER, BACK
from actions.hearing import suits
from actions.telling import details_of, no_visits, visit_gone
from locales.phrases import kind_named
from locales.weekdays import weekday_alone
from locales.when import appointment_time
from portal import clinicians
from portal.answers import Answer, Choice, Prompt
from portal.records import VisitType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from actions.base import Turn
    from portal.visits import Visit

MOST_ASKED = 3
MORE = "more:"
WHICH, NONE = "which", "none"


def which(
    turn: Turn, found: Sequence[Visit], *, flow: str, at: datetime, text: str | None = None
) -> Visit | Answer:
    """Return the one visit that is meant, or the question which of them it is.

    ``found`` are the visits that can be meant, soonest first; ``flow`` is the stem of the
    capability that asks, and gets the answer; ``at`` the wall time at the patient's clinic
    (what "tomorrow" is counted from); ``text`` what was said of the visit where that is
    not all that was said. A choice whose value is a visit's id in hex names it, and so
    does being the only one. The question's draft is ``{"asked": "which", "from": 0}``:
    call this again with whatever is answered to it, "back" and "more" included.
    """
    if _is_refusal(turn, flow):
        return Answer(then="anything_else")
    if is_gone(turn, found):
        return _without(turn, found, flow)
    named = _by_key(turn, found) or _only(found)
    if named is not None:
        return named
    if not found and not _is_open(turn, flow):
        return no_visits()
    meant = named_in(turn, found, turn.text if text is None else text, at=at)
    if len(meant) == 1:
        return meant[0]
    return _not_an_answer(turn, flow) or _question(turn, found, flow)


def named_in(turn: Turn, found: Sequence[Visit], text: str, *, at: datetime) -> list[Visit]:
    """Return the visits that ``text`` names by time, clinician or kind; none if it names none."""
    wishes = [wish for wish in _wishes(turn, text, at) if any(map(wish, found))]
    return [visit for visit in found if all(wish(visit) for wish in wishes)] if wishes else []


def exactly_named(turn: Turn, found: Sequence[Visit], *, at: datetime) -> list[Visit] | None:
    """Return the visits that have all that was said of one; None where nothing was said of any.

    Somebody whose name is nobody's here was named all the same.
    """
    wishes = list(_wishes(turn, turn.text, at))
    seen = clinicians.named(turn.session, turn.text, turn.lang)
    if seen.asked and not seen.exact:
        return []
    return [visit for visit in found if all(wish(visit) for wish in wishes)] if wishes else None


def is_gone(turn: Turn, found: Sequence[Visit]) -> bool:
    """Return whether a visit was picked by its key that is not among those ``found`` any more."""
    return _is_key(turn.choice) and _by_key(turn, found) is None


def _is_key(choice: str | None) -> bool:
    try:
        return choice is not None and bool(UUID(hex=choice))
    except ValueError:
        return False


def _without(turn: Turn, found: Sequence[Visit], flow: str) -> Answer:
    """Say that the visit that was picked is gone; another one is taken only when it is picked."""
    if not found:
        return visit_gone()
    asked = _question(turn, found, flow)
    return replace(asked, prompts=(Prompt(name="visits.gone"), *asked.prompts))


def _wishes(turn: Turn, text: str, at: datetime) -> Iterator[Callable[[Visit], bool]]:
    """Yield what a visit has to be like for each thing that ``text`` says of it."""
    said = appointment_time(text, turn.lang, at)
    day = weekday_alone(text, turn.lang)
    if said is not None and day is not None and said.first_day == said.last_day:
        # "The one on Thursday": of whichever week.
        any_week = replace(said, first_day=None, last_day=None, weekdays=frozenset({day}))
        yield lambda visit: suits(visit.starts_at, any_week)
    elif said is not None:
        yield lambda visit: suits(visit.starts_at, said)
    seen = {each.id for each in clinicians.named(turn.session, text, turn.lang).exact}
    if seen:
        yield lambda visit: visit.clinician_id in seen
    code = kind_named(text, turn.lang)
    if code is not None:
        kind = turn.session.scalar(select(VisitType.id).where(VisitType.code == code))
        yield lambda visit: visit.visit_type_id == kind


def _by_key(turn: Turn, found: Sequence[Visit]) -> Visit | None:
    return next((visit for visit in found if visit.id.hex == turn.choice), None)


def _only(found: Sequence[Visit]) -> Visit | None:
    return found[0] if len(found) == 1 else None


def _is_open(turn: Turn, flow: str) -> bool:
    """Return whether what was said is an answer to the question that this module asked."""
    asked = turn.draft.get("asked") if turn.conversation.flow == flow else None
    return asked in {WHICH, NONE} and turn.intent in AN_ANSWER and turn.choice != BACK


def _is_refusal(turn: Turn, flow: str) -> bool:
    """Return whether none of the visits is meant: a no, and nothing that was picked."""
    return _is_open(turn, flow) and turn.intent == "deny" and turn.choice is None


def _not_an_answer(turn: Turn, flow: str) -> Answer | None:
    """Return what follows an answer that picks nothing; None where the question is due."""
    if not _is_open(turn, flow) or (turn.choice or "").startswith(MORE):
        return None
    return Answer(then="missed", flow=flow)


def _question(turn: Turn, found: Sequence[Visit], flow: str) -> Answer:
    start = _start(turn, flow)
    start = start if start < len(found) else 0  # there may be fewer by now
    shown = found[start : start + MOST_ASKED]
    choices = [
        Choice(
            key=str(key),
            intent="choose_option",
            label="visits.choice_visit",
            # By text nobody reads it, but whoever writes it is understood.
            details={"clinician": visit.clinician, **details_of(turn, visit)},
            value=visit.id.hex,
        )
        for key, visit in enumerate(shown, start=1)
    ]
    if start + MOST_ASKED < len(found):
        choices.append(more(len(choices) + 1, start + MOST_ASKED))
    return Answer(
        prompts=(Prompt(name="visits.which"),),  # the read-back says whose clock is meant
        choices=tuple(choices),
        flow=flow,
        draft={"asked": WHICH, "from": start},
        topic="visits",
    )


def more(key: int, start: int) -> Choice:
    """Return the choice of the visits from place ``start`` on."""
    return Choice(
        key=str(key),
        intent="choose_option",
        label="visits.choice_more",
        value=f"{MORE}{start}",
    )


def _start(turn: Turn, flow: str) -> int:
    """Return from which visit on they are read out: after "more", or again after a step back."""
    if turn.choice and turn.choice.startswith(MORE):
        return int(turn.choice.removeprefix(MORE))
    is_back = turn.choice == BACK and turn.conversation.flow == flow
    return int(turn.draft.get("from", 0)) if is_back else 0
