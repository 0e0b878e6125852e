"""The questions on the way to a visit, each of which can be asked again from the draft alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.answers import Answer, Choice, Prompt
from portal.records import Clinic, Clinician, Hold, VisitType
from portal.visits import names_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from actions.caller import Caller
    from actions.draft import Draft
    from portal.offering import Offer

DAY_DIGITS = 4
MOST_KINDS, MOST_CLINICIANS, MOST_NEAR = 4, 7, 3


def ask(caller: Caller, draft: Draft, stem: str, *before: Prompt) -> Answer:
    """Return the question that ``draft.asked`` names, after ``before``."""
    return QUESTIONS[draft.asked](caller, draft, stem, before)


def _soonest(caller: Caller, draft: Draft, stem: str, before: tuple[Prompt, ...]) -> Answer:
    told = details_of(caller, draft.offered[0])
    offered = (*_zone(caller, draft.offered), Prompt(name="booking.soonest", details=told))
    return _question(draft, stem, (*before, *offered), SOONEST)


def _offers(caller: Caller, draft: Draft, stem: str, before: tuple[Prompt, ...]) -> Answer:
    intro = (*_why_not(caller, draft), *_zone(caller, draft.offered), _intro(caller, draft))
    label = _label(draft)
    times = tuple(
        Choice(
            key=str(key),
            intent="choose_option",
            label=label,
            details=details_of(caller, offer),
            value=f"offer:{key - 1}",
        )
        for key, offer in enumerate(draft.offered, start=1)
    )
    return _question(draft, stem, (*before, *intro), (*times, _other_times(len(times) + 1)))


def _when(_caller: Caller, draft: Draft, stem: str, before: tuple[Prompt, ...]) -> Answer:
    return _question(draft, stem, (*before, Prompt(name="booking.when")), WHEN)


def _key_day(caller: Caller, draft: Draft, stem: str, before: tuple[Prompt, ...]) -> Answer:
    asked = _question(draft, stem, (*before, Prompt(name="booking.key_day")), ())
    return replace(asked, keys=DAY_DIGITS) if caller.turn.is_call else asked


def _kind(caller: Caller, draft: Draft, stem: str, before: tuple[Prompt, ...]) -> Answer:
    choices = (
        Choice(
            key=str(key),
            intent="choose_option",
            label="booking.choice_kind",
            details={"kind": kind.name_key},
            value=f"kind:{kind.id.hex}",
        )
        for key, kind in enumerate(kinds(caller)[:MOST_KINDS], start=1)
    )
    return _question(draft, stem, (*before, Prompt(name="booking.ask_kind")), tuple(choices))


def _clinician(caller: Caller, draft: Draft, stem: str, before: tuple[Prompt, ...]) -> Answer:
    anyone = Choice(
        key="1", intent="choose_option", label="booking.choice_anyone", value="clinician:any"
    )
    known = caller.bookable[:MOST_CLINICIANS]
    listed = (_of_clinician(caller, key, *each) for key, each in enumerate(known, start=2))
    asked = Prompt(name="booking.which_clinician")
    return _question(draft, stem, (*before, asked), (anyone, *listed))


def _near(caller: Caller, draft: Draft, stem: str, before: tuple[Prompt, ...]) -> Answer:
    near = [
        (clinician, clinic)
        for wanted in draft.near[:MOST_NEAR]
        for clinician, clinic in caller.bookable
        if clinician.id == wanted
    ]
    listed = tuple(_of_clinician(caller, key, *each) for key, each in enumerate(near, start=1))
    other = _other_clinician(len(listed) + 1)
    asked = Prompt(name="booking.did_you_mean")
    return _question(draft, stem, (*before, asked), (*listed, other))


def _confirm(caller: Caller, draft: Draft, stem: str, before: tuple[Prompt, ...]) -> Answer:
    held = caller.turn.session.get_one(Hold, draft.hold)
    details = details_of(caller, held)
    if held.moves_id:
        details["was"] = caller.visit_starts(held.moves_id)
    read_back, agreed = READ_BACK[stem]
    asked = (*_zone(caller, (held,)), Prompt(name=read_back, details=details))
    yes = Choice(key="1", intent="affirm", label=agreed, value="yes")
    no = Choice(key="2", intent="deny", label="booking.choice_no", value="no")
    return _question(draft, stem, (*before, *asked), (yes, no))


QUESTIONS: dict[str, Callable[[Caller, Draft, str, tuple[Prompt, ...]], Answer]] = {
    "soonest": _soonest,
    "offers": _offers,
    "when": _when,
    "key_day": _key_day,
    "kind": _kind,
    "clinician": _clinician,
    "near": _near,
    "confirm": _confirm,
}


def kinds(caller: Caller) -> Sequence[VisitType]:
    """Return the kinds of visits that may be booked here, as they are read out."""
    return caller.turn.session.scalars(
        select(VisitType)
        .where(VisitType.phone_bookable.is_(True))
        .order_by(VisitType.place, VisitType.code)
    ).all()


def details_of(caller: Caller, offer: Offer | Hold) -> dict[str, Any]:
    """Return what is said of a time: when, with whom, where, and what for."""
    session = caller.turn.session
    clinic = session.get_one(Clinic, offer.clinic_id)
    return {
        "at": caller.wall(offer),
        "clinician": session.get_one(Clinician, offer.clinician_id).display,
        "clinic": _called(caller, clinic),
        "kind": session.get_one(VisitType, offer.visit_type_id).name_key,
    }


def _called(caller: Caller, clinic: Clinic) -> str:
    return clinic.name if caller.turn.is_call else clinic.text_safe_name


def _question(
    draft: Draft, stem: str, prompts: tuple[Prompt, ...], choices: tuple[Choice, ...]
) -> Answer:
    return Answer(prompts=prompts, choices=choices, flow=stem, topic=stem, draft=draft.data())


def _zone(caller: Caller, offers: Sequence[Offer | Hold]) -> Iterator[Prompt]:
    """Say whose clock is meant, where it is not that of the telephone."""
    session = caller.turn.session
    for offer in offers[:1]:
        clinic = session.get_one(Clinic, offer.clinic_id)
        if names_zone(session, caller.turn.conversation, clinic, offer.starts_at):
            yield Prompt(name="visits.in_zone", details={"at": caller.wall(offer)})


def _label(draft: Draft) -> str:
    """Return how the times are read out: with whom and where, as far as that differs."""
    if _is_one_place(draft):
        return "booking.choice_time"
    is_one_clinic = len({offer.clinic_id for offer in draft.offered}) == 1
    return "booking.choice_time_with" if is_one_clinic else "booking.choice_time_at"


def _is_one_place(draft: Draft) -> bool:
    return len({(offer.clinician_id, offer.clinic_id) for offer in draft.offered}) == 1


def _intro(caller: Caller, draft: Draft) -> Prompt:
    name = INTROS[draft.fits, _is_one_place(draft)]
    return Prompt(name=name, details=details_of(caller, draft.offered[0]))


def _why_not(caller: Caller, draft: Draft) -> Iterator[Prompt]:
    """Say why nothing fits, about the day that was asked for where it was one."""
    if draft.fits:
        return
    times, why = draft.times, draft.why or "full"
    if why in WHY_THAT_DAY and times.first_day and times.first_day == times.last_day:
        yield Prompt(name=WHY_THAT_DAY[why], details={"day": times.first_day})
        return
    yield Prompt(name=WHY[why], details=details_of(caller, draft.offered[0]))


def _of_clinician(caller: Caller, key: int, clinician: Clinician, clinic: Clinic) -> Choice:
    return Choice(
        key=str(key),
        intent="choose_option",
        label="booking.choice_clinician",
        details={"clinician": clinician.display, "clinic": _called(caller, clinic)},
        value=f"clinician:{clinician.id.hex}",
    )


def _other_times(key: int) -> Choice:
    return Choice(
        key=str(key), intent="deny", label="booking.choice_other_times", value="other_times"
    )


def _other_clinician(key: int) -> Choice:
    return Choice(
        key=str(key),
        intent="choose_option",
        label="booking.choice_other_clinician",
        value="other_clinician",
    )


READ_BACK = {
    "booking": ("booking.confirm", "booking.choice_yes"),
    "moving": ("moving.confirm", "moving.choice_yes"),
}
"""The read-back of each flow, which ends with its question, and the choice that agrees."""
INTROS = {
    (True, True): "booking.offers_with",
    (True, False): "booking.offers",
    (False, True): "booking.nearest_with",
    (False, False): "booking.nearest",
}
"""What comes before the times: whether they fit, and whether all are with one clinician."""
WHY = {
    "past": "booking.why_past",
    "closed": "booking.why_closed",
    "hours": "booking.why_hours",
    "away": "booking.why_away",
    "too_far": "booking.why_too_far",
    "too_soon": "booking.why_too_soon",
    "full": "booking.why_full",
}
WHY_THAT_DAY = {"closed": "booking.why_closed_day", "full": "booking.why_full_day"}
SOONEST = (
    Choice(key="1", intent="affirm", label="booking.choice_take", value="offer:0"),
    _other_times(2),
    _other_clinician(3),
    Choice(key="4", intent="choose_option", label="booking.choice_other_kind", value="other_kind"),
)
WHEN = (
    Choice(key="1", intent="choose_option", label="booking.choice_later", value="later"),
    Choice(key="2", intent="choose_option", label="booking.choice_morning", value="morning"),
    Choice(key="3", intent="choose_option", label="booking.choice_afternoon", value="afternoon"),
    Choice(key="4", intent="choose_option", label="booking.choice_key_day", value="key_day"),
)
