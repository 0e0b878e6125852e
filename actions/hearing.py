"""What a caller said of a visit: with whom, where, what for, and when.

Several things may stand in one sentence, and any of them may come unasked; each is
looked for by itself. What is heard replaces what was said of it before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from actions.in_view import in_view, week_of
from locales.ordinals import place_said
from locales.phrases import contains, kind_named, phrases
from locales.when import appointment_time
from portal import clinicians
from portal.free_time import fits_day, fits_time
from portal.places import clinics_named
from portal.records import VisitType
from portal.wanted import Times

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from actions.caller import Caller
    from actions.draft import Draft
    from locales.when import TimeSaid
    from portal.clinicians import Named
    from portal.offering import Offer
    from portal.records import Clinician

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The draft with everything that was heard taken in.

    ``anything`` tells whether anything was; ``picked`` is the one time of those offered
    that was meant; ``misheard`` are the clinicians whose names come near one that was
    said, nearest first, and ``unknown`` says that none does. ``after`` and ``before``
    are instants beyond which to look on ("something later").
    """

    draft: Draft
    anything: bool
    picked: Offer | None = None
    misheard: tuple[Clinician, ...] = ()
    unknown: bool = False
    after: datetime | None = None
    before: datetime | None = None


def hear(caller: Caller, draft: Draft, text: str) -> Heard:
    """Return what ``text`` says of the visit that is looked for."""
    text = _without_no(caller, draft, text)
    said = in_view(caller, draft, text, time_said(caller, text))
    picked = _picked(caller, draft, text, said)
    if picked is not None:
        return Heard(draft=draft, anything=True, picked=picked)
    named = clinicians.named(caller.turn.session, text, caller.turn.lang)
    wished = _with_clinician(caller, draft, text, named)
    wished = _with_kind(caller, wished, text)
    wished = _with_clinic(caller, wished, text)
    wished = _with_times(caller, wished, text, said)
    after, before = _beyond(caller, draft, text, said)
    near = _bookable(caller, named)
    return Heard(
        draft=wished,
        anything=wished != draft or said is not None or bool(after or before) or named.asked,
        misheard=near,
        unknown=named.asked and not named.exact and not near,
        after=after,
        before=before,
    )


def says_more(caller: Caller, draft: Draft) -> bool:
    """Return whether a yes or a no comes with a wish that what was read out does not meet."""
    heard = hear(caller, draft, caller.turn.text)
    return heard.picked is None and heard.draft != draft and not _meets(caller, heard.draft)


def _meets(caller: Caller, wished: Draft) -> bool:
    """Return whether the first of what was offered is all that is wished: "yes, Monday at ten"."""
    offer = wished.offered[0] if wished.offered else None
    if offer is None or wished.kind not in {None, offer.visit_type_id}:
        return False
    if wished.clinicians and offer.clinician_id not in wished.clinicians:
        return False
    return suits(caller.wall(offer), wished.times)


def time_said(caller: Caller, text: str) -> TimeSaid | None:
    """Return the time that ``text`` names, in the wall time of the patient's clinic."""
    given = (caller.hours,) if caller.hours else ()
    return appointment_time(text, caller.turn.lang, caller.now, *given)


def _bookable(caller: Caller, named: Named) -> tuple[Clinician, ...]:
    """Return those whose names come near one that was said, and who see patients."""
    if named.exact or not named.near:
        return ()
    ids = {clinician.id for clinician, _ in caller.bookable}
    return tuple(each for each in named.near if each.id in ids)


def _without_no(caller: Caller, draft: Draft, text: str) -> str:
    """Return ``text`` without a no to what was read out: "no, Tuesday" does not exclude it."""
    if not draft.offered:
        return text
    for lead in phrases(caller.turn.lang).get("corrections", ()):
        rest = text[len(lead) :]
        if text.casefold().startswith(lead) and not rest[:1].isalpha():  # "none" is no "no"
            return rest.lstrip(" ,.")
    return text


def _picked(caller: Caller, draft: Draft, text: str, said: TimeSaid | None) -> Offer | None:
    """Return the one offer that was meant: "the second one", "the nine thirty", "Thursday's"."""
    place = place_said(text, caller.turn.lang) if draft.asked in CHOSEN_BY_PLACE else None
    if place is not None:
        return next(iter(draft.offered[place - 1 if place > 0 else place :][:1]), None)
    if said is None or draft.asked not in CHOSEN_BY_TIME:
        return None
    fitting = [offer for offer in draft.offered if suits(caller.wall(offer), said)]
    return fitting[0] if len(fitting) == 1 else None


CHOSEN_BY_PLACE = {"soonest", "offers", "when", "confirm"}
"""The questions at which "the second one" means one of the times that were read out last."""
CHOSEN_BY_TIME = {"soonest", "offers"}
"""The questions at which naming a time means one of those that were just read out."""


def suits(starts_at: datetime, said: TimeSaid | Times) -> bool:
    """Return whether a wall time is one of those that ``said`` names."""
    times = said if isinstance(said, Times) else _as_times(said)
    return fits_day(times, starts_at.date()) and fits_time(times, starts_at.time())


def _with_clinician(caller: Caller, draft: Draft, text: str, named: Named) -> Draft:
    chosen = tuple(each.id for each in named.exact) or _by_custom(caller, text)
    if chosen:
        return replace(draft, clinicians=chosen, clinics=(), insists=True)
    if named.unwanted:
        return replace(draft, clinicians=_others(caller, named), clinics=(), insists=True)
    if contains(text, caller.turn.lang, "any_clinician"):
        return replace(draft, clinicians=(), clinics=(caller.clinic.id,), insists=True)
    return draft


def _by_custom(caller: Caller, text: str) -> tuple[UUID, ...]:
    """Return whom they mean by "the doctor I saw last time" or "my usual doctor"."""
    session, patient, at = caller.turn.session, caller.patient.id, caller.turn.at
    for name, who in (
        ("seen_last_clinician", clinicians.seen_last),
        ("usual_clinician", clinicians.usual),
    ):
        found = who(session, patient, at=at) if contains(text, caller.turn.lang, name) else None
        if found is not None:
            return (found.id,)
    return ()


def _others(caller: Caller, named: Named) -> tuple[UUID, ...]:
    """Return everybody at the clinic but those who are not wanted."""
    unwanted = {each.id for each in named.unwanted}
    return tuple(
        clinician.id
        for clinician, clinic in caller.bookable
        if clinic.id == caller.clinic.id and clinician.id not in unwanted
    )


def _with_kind(caller: Caller, draft: Draft, text: str) -> Draft:
    code = kind_named(text, caller.turn.lang)
    if code is None or draft.moves:  # a visit that is moved stays what it is
        return draft
    kind = caller.turn.session.scalar(select(VisitType).where(VisitType.code == code))
    return replace(draft, kind=kind.id) if kind else draft


def _with_clinic(caller: Caller, draft: Draft, text: str) -> Draft:
    named = tuple(clinic.id for clinic in clinics_named(caller.turn.session, text))
    if not named:
        return draft
    # Whoever asks for a place takes whoever is there, unless they named somebody too.
    clinicians_kept = draft.clinicians if draft.insists else ()
    return replace(draft, clinics=named, clinicians=clinicians_kept)


def _with_times(caller: Caller, draft: Draft, text: str, said: TimeSaid | None) -> Draft:
    if said is not None:
        return replace(draft, times=draft.can_be.narrowed(_as_times(said)))
    if contains(text, caller.turn.lang, "week_after"):
        monday = week_of(caller, draft) + A_WEEK
        week = Times(first_day=monday, last_day=monday + timedelta(days=6))
        return replace(draft, times=draft.can_be.narrowed(week))
    if contains(text, caller.turn.lang, "soonest"):
        return replace(draft, times=Times())
    return draft


def _as_times(said: TimeSaid) -> Times:
    return Times(
        first_day=said.first_day,
        last_day=said.last_day,
        from_time=said.from_time,
        until_time=said.until_time,
        exact=said.exact,
        weekdays=said.weekdays,
    )


def _beyond(
    caller: Caller, draft: Draft, text: str, said: TimeSaid | None
) -> tuple[datetime | None, datetime | None]:
    """Return the instants after or before which to look: "something later", "none of those"."""
    if said is not None or not draft.offered:
        return None, None
    lang = caller.turn.lang
    if contains(text, lang, "earlier"):
        return None, draft.offered[0].starts_at
    if contains(text, lang, "later") or contains(text, lang, "none_of_these"):
        return draft.offered[-1].starts_at, None
    return None, None
