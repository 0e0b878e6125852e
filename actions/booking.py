"""A new visit: the soonest with the usual clinician first, or whatever was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions import choosing, picking
from actions.base import PortalAction
from actions.caller import Caller
from actions.choosing import Flow
from actions.draft import Draft
from actions.telling import what_to_bring, zones
from actions.texting_after import about_texts, offer_text
from portal import booking, holds
from portal.answers import Answer, Prompt
from portal.claims import TimeTaken

if TYPE_CHECKING:
    from actions.base import Turn
    from portal.visits import Visit

GO_ON = "go_on"


class Booking(PortalAction):
    """Find a time that suits, hold it, read it back, and book it."""

    stem = "booking"

    def act(self, turn: Turn) -> Answer:
        """Return the next step to a visit, or the visit that stands."""
        caller = Caller.of(turn)
        if turn.choice == GO_ON:
            return _go_on(caller)
        if (of_texts := about_texts(turn)) is not None:
            return of_texts
        draft = choosing.open_draft(caller, FLOW)
        if turn.intent == "reschedule_appointment" and not choosing.narrows(caller, draft):
            return _move_instead(turn)
        return picking.answer(caller, draft, FLOW)


def _move_instead(turn: Turn) -> Answer:
    """Go over to moving: "actually I want to change the one that I have"."""
    from actions.moving import begin  # which knows us at its own beginning

    return begin(turn)


def begin(turn: Turn) -> Answer:
    """Return the first step to a new visit, whatever was open before."""
    return choosing.listen(Caller.of(turn), Draft(), FLOW)


def _go_on(caller: Caller) -> Answer:
    held = holds.live(caller.turn.session, caller.patient.id, at=caller.turn.at)
    if held is None or held.moves_id:  # it ran out while the question was open
        return choosing.proceed(caller, Draft(), FLOW)
    return choosing.go_on(caller, held, FLOW)


def _book(caller: Caller, draft: Draft) -> Answer:
    if draft.hold is None:
        return choosing.proceed(caller, draft, FLOW)
    try:
        visit = booking.book(caller.turn.session, caller.access, draft.hold, at=caller.turn.at)
    except TimeTaken:
        return choosing.taken(caller, draft, FLOW)
    return offer_text(caller.turn, visit, "booked", before=told(caller, visit, "booking.booked"))


def told(caller: Caller, visit: Visit, name: str) -> tuple[Prompt, ...]:
    """Return what is said of a visit that has just been written, read from its row."""
    details = {
        "at": visit.starts_at,
        "clinician": visit.clinician,
        "clinic": visit.clinic if caller.turn.is_call else visit.text_safe_name,
        "reference": visit.reference,
    }
    written = Prompt(name=name, details=details)
    return (written, *zones([visit]), *what_to_bring(caller.turn, visit))


FLOW = Flow("booking", _book)
