"""A visit at another time: the old one stands until the new one does."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from actions import booking, choosing, picking
from actions.base import PortalAction
from actions.booking import GO_ON, told
from actions.caller import Caller
from actions.choosing import Flow
from actions.draft import Draft
from actions.hearing import hear, time_said
from actions.texting_after import about_texts, offer_text
from actions.which import WHICH, which
from locales.phrases import phrases
from portal import holds, moving, visits
from portal.answers import Answer, Prompt
from portal.claims import TimeTaken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from actions.base import Turn
    from portal.visits import Changed, Visit

WISH = "wish"
AT_ONCE = 2
"""Within how many words after "to" the new time has to begin."""


class Moving(PortalAction):
    """Find another time for a visit that stands, and move it there."""

    stem = "moving"

    def act(self, turn: Turn) -> Answer:
        """Return the next step to the new time, or the visit as it stands there."""
        caller = Caller.of(turn)
        if turn.choice == GO_ON:
            return _go_on(caller)
        if (of_texts := about_texts(turn)) is not None:
            return of_texts
        draft = choosing.open_draft(caller, FLOW)
        if turn.intent == "book_appointment" and not _is_about_move(caller, draft):
            return booking.begin(turn)
        return picking.answer(caller, draft, FLOW) if draft.moves else _begin(caller)


def _is_about_move(caller: Caller, draft: Draft) -> bool:
    """Return whether what sounds like a new visit answers what moving has asked."""
    return caller.turn.draft.get("asked") == WHICH or choosing.narrows(caller, draft)


def _go_on(caller: Caller) -> Answer:
    held = holds.live(caller.turn.session, caller.patient.id, at=caller.turn.at)
    is_move = held is not None and held.moves_id is not None
    return choosing.go_on(caller, held, FLOW) if held and is_move else _begin(caller)


def begin(turn: Turn) -> Answer:
    """Return the first step to another time for a visit, whatever was open before."""
    return _begin(Caller.of(turn))


def _begin(caller: Caller) -> Answer:
    """Ask which visit, unless there is one or they said which; then offer other times."""
    turn = caller.turn
    coming = visits.upcoming(turn.session, caller.access, at=turn.at)
    old, new = parts(caller, turn.text)
    found = which(turn, coming, flow="moving", text=old, at=caller.now)
    if isinstance(found, Answer):
        return _with_wish(turn, found, new)
    return _other_times(caller, found, _wish(caller, new))


def _with_wish(turn: Turn, asked: Answer, wish: str) -> Answer:
    """Return the question which visit is meant, keeping what was said of the new time."""
    if asked.draft is None:
        return asked
    return replace(asked, draft={**asked.draft, WISH: turn.draft.get(WISH) or wish})


def _wish(caller: Caller, said: str) -> str:
    """Return what names the new time: said just now, or before it was asked which visit."""
    before = str(caller.turn.draft.get(WISH) or "")
    return said if not before or _names_new_time(caller, said) else before


def _names_new_time(caller: Caller, said: str) -> bool:
    """Return whether the new time stands in an answer to which visit is meant."""
    return time_said(caller, said) is not None and said != caller.turn.text


def parts(caller: Caller, text: str) -> tuple[str, str]:
    """Return what was said of the old time, and what of the new one.

    "Move my Tuesday visit to Thursday": some words lead to nothing but a new time, when
    it follows at once ("to move it" leads nowhere); others are also said of the old one
    ("the one for Friday").
    """
    lists = phrases(caller.turn.lang)
    certain, either = lists.get("new_time_leads", ()), lists.get("either_time_leads", ())
    for old, new in _split(text, (*certain, *either)):
        if time_said(caller, old) and time_said(caller, new):
            return old, new
    for old, new in _split(text, certain):
        if time_said(caller, " ".join(new.split()[:AT_ONCE])):
            return old, new
    return text, text


def _split(text: str, leads: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands before and after each of ``leads``, the last one first."""
    any_lead = "|".join(map(re.escape, leads))
    for found in reversed(list(re.finditer(rf"\b(?:{any_lead})\b", text, re.IGNORECASE))):
        yield text[: found.start()], text[found.end() :]


def _other_times(caller: Caller, visit: Visit, said: str, *before: Prompt) -> Answer:
    draft = Draft(
        kind=visit.visit_type_id,
        clinicians=(visit.clinician_id,),
        clinics=(visit.clinic_id,),
        moves=visit.id,
    )
    wished = hear(caller, draft, said).draft
    if wished.times.first_day == visit.starts_at.date() and not wished.times.from_time:
        # That was the visit and not the wish: "I need to move the one on Friday".
        wished = draft
    times = wished.times
    if times.exact and not (times.first_day or times.weekdays):
        # "To nine forty-five": of the day on which it is.
        day = visit.starts_at.date()
        wished = replace(wished, times=replace(times, first_day=day, last_day=day))
    now = Prompt(name="moving.now", details={"at": visit.starts_at, "clinician": visit.clinician})
    return choosing.proceed(caller, wished, FLOW, said=(*before, now))


def _move(caller: Caller, draft: Draft) -> Answer:
    if draft.hold is None:
        return choosing.proceed(caller, draft, FLOW)
    try:
        visit = moving.move(caller.turn.session, caller.access, draft.hold, at=caller.turn.at)
    except TimeTaken:
        still = choosing.taken(caller, draft, FLOW)
        return replace(still, prompts=(Prompt(name="moving.old_stands"), *still.prompts))
    except visits.Changed as changed:
        return _begin_again(caller, changed)
    return offer_text(caller.turn, visit, "moved", before=told(caller, visit, "moving.moved"))


def _begin_again(caller: Caller, changed: Changed) -> Answer:
    """Say what the clinic made of the visit meanwhile, and go on from there."""
    if changed.visit is None:
        gone = Prompt(name="moving.gone")
        return Answer(prompts=(gone,), then="anything_else", topic="moving")
    return _other_times(caller, changed.visit, "", Prompt(name="moving.changed"))


FLOW = Flow("moving", _move)
