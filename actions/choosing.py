"""Choosing a time, for a visit that is booked or one that is moved: the same steps for both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from actions import questions
from actions.hearing import hear
from portal import clinicians, holds, offering
from portal.answers import Answer, Prompt
from portal.claims import TimeTaken
from portal.records import Appointment, Hold
from portal.wanted import Times

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from actions.caller import Caller
    from actions.draft import Draft
    from portal.offering import Offer, Offers

OFFERS, NEXT_AFTER_TAKEN = 3, 2
NOON, MIDNIGHT_BEFORE = time(12), time(0)
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Flow:
    """What differs between booking and moving: the name, and what a yes does."""

    stem: str
    finish: Callable[[Caller, Draft], Answer]


def answer(caller: Caller, draft: Draft, flow: Flow) -> Answer:
    """Return what follows what was just picked or said in an open flow."""
    picked = caller.turn.choice or BY_YES_OR_NO.get((draft.asked, caller.turn.intent))
    if draft.asked == "key_day" and picked and picked.isdecimal():
        return _on_keyed_day(caller, draft, flow, picked)
    if picked is None:
        return listen(caller, draft, flow)
    name, _, rest = picked.partition(":")
    pick = PICKS.get(name)
    return pick(caller, draft, flow, rest) if pick else questions.ask(caller, draft, flow.stem)


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
    session = caller.turn.session
    return offering.find(
        session,
        draft.wanted,
        patient_id=caller.patient.id,
        conversation_id=caller.turn.conversation.id,
        at=caller.turn.at,
        count=count,
        moves=session.get(Appointment, draft.moves) if draft.moves else None,
        after=after,
        before=before,
    )


def take(caller: Caller, draft: Draft, offer: Offer, flow: Flow) -> Answer:
    """Hold a time and read it back; two other times where somebody was quicker."""
    session = caller.turn.session
    moves = session.get(Appointment, draft.moves) if draft.moves else None
    try:
        held = holds.hold(session, caller.access, offer, moves=moves, at=caller.turn.at)
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
    from actions.draft import Draft

    return Draft(
        kind=held.visit_type_id,
        clinicians=(held.clinician_id,),
        clinics=(held.clinic_id,),
        moves=held.moves_id,
        version=held.moves_version,
    )


def _with_usual(caller: Caller, draft: Draft) -> Draft:
    """Return the draft with what goes without saying: the usual clinician and kind of visit."""
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


def _on_keyed_day(caller: Caller, draft: Draft, flow: Flow, keyed: str) -> Answer:
    day = next_day(keyed, caller.now.date())
    if day is None:
        wrong = Prompt(name="booking.not_a_day")
        return questions.ask(caller, draft, flow.stem, wrong)
    times = draft.times.narrowed(Times(first_day=day, last_day=day))
    return proceed(caller, replace(draft, times=times), flow)


def next_day(keyed: str, today: date) -> date | None:
    """Return the coming day that four keys name: month and day, or day and month."""
    first, second = keyed[:2], keyed[2:]
    for month, day in ((first, second), (second, first)):
        for year in range(today.year, today.year + 5):  # the 29th of February may be far
            try:
                named = date(year, int(month), int(day))
            except ValueError:
                continue
            if today <= named:
                return named
    return None


def _take_offer(caller: Caller, draft: Draft, flow: Flow, place: str) -> Answer:
    return take(caller, draft, draft.offered[int(place)], flow)


def _ask(asked: str) -> Callable[[Caller, Draft, Flow, str], Answer]:
    def again(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
        return questions.ask(caller, replace(draft, asked=asked), flow.stem)

    return again


def _later(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
    last = draft.offered[-1].starts_at if draft.offered else None
    return proceed(caller, draft, flow, after=last)


def _in_the_morning(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
    return _in_part(caller, draft, flow, Times(from_time=MIDNIGHT_BEFORE, until_time=NOON))


def _in_the_afternoon(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
    return _in_part(caller, draft, flow, Times(from_time=NOON))


def _in_part(caller: Caller, draft: Draft, flow: Flow, part: Times) -> Answer:
    return proceed(caller, replace(draft, times=draft.times.narrowed(part)), flow)


def _with_kind(caller: Caller, draft: Draft, flow: Flow, kind: str) -> Answer:
    return proceed(caller, replace(draft, kind=UUID(kind), offered=()), flow)


def _with_clinician(caller: Caller, draft: Draft, flow: Flow, who: str) -> Answer:
    if who == "any":
        chosen = replace(draft, clinicians=(), clinics=(caller.clinic.id,), insists=True)
    else:
        chosen = replace(draft, clinicians=(UUID(who),), clinics=(), insists=True)
    return proceed(caller, replace(chosen, offered=()), flow)


def _yes(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
    return flow.finish(caller, draft)


def _no(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
    _let_go(caller)
    return questions.ask(caller, replace(draft, asked="when", hold=None), flow.stem)


def _back(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
    """Ask the question again that the draft on top belongs to; a write is never undone."""
    if draft.asked not in questions.QUESTIONS or _is_over(caller, draft):
        return Answer(then="menu")
    if draft.hold is None:
        _let_go(caller)
    return questions.ask(caller, draft, flow.stem)


def _is_over(caller: Caller, draft: Draft) -> bool:
    """Return whether the time that was held is held no more: it was booked, or it ran out."""
    return draft.hold is not None and caller.turn.session.get(Hold, draft.hold) is None


def _let_go(caller: Caller) -> None:
    held = holds.of(caller.turn.session, caller.turn.conversation.id)
    if held is not None:
        holds.release(caller.turn.session, held)


PICKS: dict[str, Callable[[Caller, Draft, Flow, str], Answer]] = {
    "offer": _take_offer,
    "other_times": _ask("when"),
    "other_clinician": _ask("clinician"),
    "other_kind": _ask("kind"),
    "key_day": _ask("key_day"),
    "later": _later,
    "morning": _in_the_morning,
    "afternoon": _in_the_afternoon,
    "kind": _with_kind,
    "clinician": _with_clinician,
    "yes": _yes,
    "no": _no,
    "back": _back,
}
# A yes or a no that the model understood in a longer sentence; the lists know the short ones.
BY_YES_OR_NO = {
    ("soonest", "affirm"): "offer:0",
    ("soonest", "deny"): "other_times",
    ("offers", "deny"): "other_times",
    ("confirm", "affirm"): "yes",
    ("confirm", "deny"): "no",
}
