"""Choosing a time, for a visit that is booked or one that is moved: the same steps for both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from actions import questions
from actions.draft import Draft
from actions.hearing import hear
from portal import clinicians, holds, offering
from portal.answers import Answer, Prompt
from portal.claims import TimeTaken
from portal.records import Appointment, Clinic
from portal.wanted import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from actions.caller import Caller
    from portal.offering import Offer, Offers
    from portal.records import Hold

OFFERS, NEXT_AFTER_TAKEN = 3, 2


@dataclass(frozen=True)
class Flow:
    """What differs between booking and moving: the name, and what a yes does."""

    stem: str
    finish: Callable[[Caller, Draft], Answer]


def open_draft(caller: Caller, flow: Flow) -> Draft:
    """Return what the open flow has gathered: nothing yet, where it has just been asked for.

    Where they were asked whether to go on with a time, and say something about it
    instead, it is what that time was chosen for.
    """
    if caller.turn.conversation.flow != flow.stem:
        return Draft()
    if caller.turn.draft:
        return Draft.of(caller.turn.draft)
    held = holds.live(caller.turn.session, caller.patient.id, at=caller.turn.at)
    return replace(_draft_of(held), asked="go_on") if held else Draft()


def narrows(caller: Caller, draft: Draft) -> bool:
    """Return whether what was said is about the times on offer, and not about another visit."""
    return bool(draft.offered) and hear(caller, draft, caller.turn.text).anything


def listen(caller: Caller, draft: Draft, flow: Flow) -> Answer:
    """Return what follows words: a time that fits them, or the question that they leave open."""
    heard = hear(caller, draft, caller.turn.text)
    if heard.picked is not None:
        return take(caller, heard.draft, heard.picked, flow)
    if heard.misheard:
        near = tuple(each.id for each in heard.misheard)
        return questions.ask(caller, replace(heard.draft, asked="near", near=near), flow.stem)
    if heard.unknown:
        nobody = Prompt(name="booking.no_such_clinician")
        return questions.ask(caller, replace(heard.draft, asked="clinician"), flow.stem, nobody)
    if not heard.anything and draft.asked and caller.turn.intent != "dont_know":
        return Answer(then="missed", flow=flow.stem)
    return proceed(caller, heard.draft, flow, after=heard.after, before=heard.before)


def proceed(
    caller: Caller,
    draft: Draft,
    flow: Flow,
    *,
    after: datetime | None = None,
    before: datetime | None = None,
    said: tuple[Prompt, ...] = (),
) -> Answer:
    """Return the times that fit, or the question without whose answer none can be found.

    ``said`` comes first.
    """
    draft = _with_usual(caller, draft)
    if after or before:
        draft = replace(draft, times=_around(draft))
    if draft.kind is None:
        return questions.ask(caller, replace(draft, asked="kind"), flow.stem, *said)
    wants_soonest = draft.times == Times() and not draft.moves and not (after or before)
    count = 1 if wants_soonest and not draft.offered else OFFERS
    draft, found = search(caller, draft, count=count, after=after, before=before)
    if not found.offers:
        return _nothing(caller, draft, flow, beyond=bool(after or before))
    if _is_the_one(draft, found):
        return take(caller, draft.offering(found, "offers"), found.offers[0], flow)
    asked = "soonest" if count == 1 else "offers"
    return questions.ask(caller, draft.offering(found, asked), flow.stem, *said)


def _around(draft: Draft) -> Times:
    """Return the times in which to look on: the day's, where a minute of it was asked for."""
    times = draft.can_be
    return replace(times, from_time=None, until_time=None, exact=False) if times.exact else times


def search(
    caller: Caller,
    draft: Draft,
    *,
    count: int = OFFERS,
    after: datetime | None = None,
    before: datetime | None = None,
) -> tuple[Draft, Offers]:
    """Return the times that fit, with anybody at the clinic where the usual clinician has none.

    Somebody whom the caller asked for is kept to, with the nearest times.
    """
    found = _found(caller, draft, count=count, after=after, before=before)
    if found.fits or draft.insists or not draft.clinicians:
        return draft, found
    anyone = replace(draft, clinicians=(), clinics=draft.clinics or (caller.clinic.id,))
    wider = _found(caller, anyone, count=count, after=after, before=before)
    return (anyone, wider) if wider.fits or not found.offers else (draft, found)


def _found(
    caller: Caller, draft: Draft, *, count: int, after: datetime | None, before: datetime | None
) -> Offers:
    found = offering.find(
        caller.turn.session,
        replace(draft.wanted, clinics=_where(caller, draft)),
        patient_id=caller.patient.id,
        conversation_id=caller.turn.conversation.id,
        at=caller.turn.at,
        count=count,
        moves=_moved(caller, draft),
        after=after,
        before=before,
    )
    return replace(found, offers=tuple(_by_one_clock(caller, found.offers)))


def _moved(caller: Caller, draft: Draft) -> Appointment | None:
    return caller.turn.session.get(Appointment, draft.moves) if draft.moves else None


def _where(caller: Caller, draft: Draft) -> frozenset[UUID]:
    """Return the clinics to look in: those named, else where the clinician is seen, else theirs."""
    if draft.clinics:
        return frozenset(draft.clinics)
    seen_at = {each.id for who, each in caller.bookable if who.id in draft.clinicians}
    return frozenset(seen_at or {caller.clinic.id})


def _by_one_clock(caller: Caller, offers: Sequence[Offer]) -> Iterator[Offer]:
    """Yield the offers of one time zone, the caller's own first: two would mix up the hours."""
    zones = [caller.turn.session.get_one(Clinic, offer.clinic_id).tz for offer in offers]
    zone = caller.clinic.tz if caller.clinic.tz in zones else next(iter(zones), None)
    yield from (offer for offer, its in zip(offers, zones, strict=True) if its == zone)


def take(caller: Caller, draft: Draft, offer: Offer, flow: Flow) -> Answer:
    """Hold a time and read it back; two other times where somebody was quicker."""
    moves, at = _moved(caller, draft), caller.turn.at
    try:
        held = holds.hold(caller.turn.session, caller.access, offer, moves=moves, at=at)
    except TimeTaken:
        return taken(caller, draft, flow)
    chosen = replace(draft, hold=held.id, kind=offer.visit_type_id, asked="confirm")
    return questions.ask(caller, chosen, flow.stem)


def taken(caller: Caller, draft: Draft, flow: Flow) -> Answer:
    """Say that somebody was quicker, and offer the next two times."""
    draft, found = search(caller, replace(draft, hold=None), count=NEXT_AFTER_TAKEN)
    if not found.offers:
        return _nothing(caller, draft, flow, beyond=False)
    quicker = Prompt(name="booking.just_taken")
    return questions.ask(caller, draft.offering(found, "offers"), flow.stem, quicker)


def go_on(caller: Caller, held: Hold, flow: Flow) -> Answer:
    """Return the read-back of a time that was chosen in another call or text session."""
    draft = _draft_of(held)
    try:
        held = holds.take_over(caller.turn.session, held, caller.access, at=caller.turn.at)
    except TimeTaken:
        return taken(caller, draft, flow)
    return questions.ask(caller, replace(draft, hold=held.id, asked="confirm"), flow.stem)


def _draft_of(held: Hold) -> Draft:
    return Draft(
        kind=held.visit_type_id,
        clinicians=(held.clinician_id,),
        clinics=(held.clinic_id,),
        insists=True,
        offered=(holds.offered(held),),
        moves=held.moves_id,
    )


def _with_usual(caller: Caller, draft: Draft) -> Draft:
    """Return the draft with what goes without saying: the usual clinician and kind of visit."""
    if draft.kind and (draft.clinicians or draft.clinics):
        return draft
    usual = clinicians.usual(caller.turn.session, caller.patient.id, at=caller.turn.at)
    if draft.kind is None:
        known = questions.kinds(caller)
        # Who has never been here may need anything; the others mostly come for the first kind.
        if known and (usual or len(known) == 1):
            draft = replace(draft, kind=known[0].id)
    if draft.clinicians or draft.clinics:
        return draft
    if usual:
        return replace(draft, clinicians=(usual.id,))
    return replace(draft, clinics=(caller.clinic.id,))


def _is_the_one(draft: Draft, found: Offers) -> bool:
    """Return whether exactly the minute that was asked for is free: it need not be offered."""
    times = draft.times
    one_day = times.first_day is not None and times.first_day == times.last_day
    return found.fits and times.exact and one_day and len(found.offers) == 1


def _nothing(caller: Caller, draft: Draft, flow: Flow, *, beyond: bool) -> Answer:
    if beyond and draft.offered:
        no_more = Prompt(name="booking.no_more")
        return questions.ask(caller, replace(draft, asked="offers"), flow.stem, no_more)
    return Answer(prompts=(Prompt(name="booking.none_free"),), then="handoff", topic=flow.stem)
