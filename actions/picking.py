"""What a caller picked on the way to a time, and what follows it; words go to be heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING
from uuid import UUID

from actions import questions
from actions.agreeing import agrees
from actions.base import BACK
from actions.choosing import Flow, listen, proceed, take
from actions.hearing import says_more
from portal import holds
from portal.answers import Answer, Prompt
from portal.records import Hold
from portal.wanted import Times

if TYPE_CHECKING:
    from collections.abc import Callable

    from actions.caller import Caller
    from actions.draft import Draft

NOON, MIDNIGHT = time(12), time(0)
LEAP_YEARS = 8
"""Within how many years the 29th of February comes for certain."""


def answer(caller: Caller, draft: Draft, flow: Flow) -> Answer:
    """Return what follows what was just picked or said in an open flow."""
    picked = caller.turn.choice or _agreed(caller, draft)
    if draft.asked == "key_day" and picked and picked.isdecimal():
        return _on_keyed_day(caller, draft, flow, picked)
    if picked is None:
        return listen(caller, draft, flow)
    name, _, rest = picked.partition(":")
    pick = PICKS.get(name)
    return pick(caller, draft, flow, rest) if pick else questions.ask(caller, draft, flow.stem)


def _agreed(caller: Caller, draft: Draft) -> str | None:
    """Return what a yes or a no picks that the model understood; None where more was said.

    "No, Tuesday" says what is wanted instead, and so does "yes, but at ten".
    """
    picked = BY_YES_OR_NO.get((draft.asked, caller.turn.intent))
    if picked is None or says_more(caller, draft):
        return None
    is_certain = caller.turn.intent != "affirm" or agrees(caller.turn)
    return picked if is_certain else None


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
        for year in range(today.year, today.year + LEAP_YEARS + 1):
            try:
                named = date(year, int(month), int(day))
            except ValueError:
                continue
            if today <= named:
                return named
    return None


def _take_offer(caller: Caller, draft: Draft, flow: Flow, place: str) -> Answer:
    if int(place) >= len(draft.offered):  # a choice of a question that was open before
        return questions.ask(caller, draft, flow.stem)
    return take(caller, draft, draft.offered[int(place)], flow)


def _ask(asked: str) -> Callable[[Caller, Draft, Flow, str], Answer]:
    def again(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
        return questions.ask(caller, replace(draft, asked=asked), flow.stem)

    return again


def _later(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
    last = draft.offered[-1].starts_at if draft.offered else None
    return proceed(caller, draft, flow, after=last)


def _in_the_morning(caller: Caller, draft: Draft, flow: Flow, _rest: str) -> Answer:
    return _in_part(caller, draft, flow, Times(from_time=MIDNIGHT, until_time=NOON))


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
    BACK: _back,
}
# A yes or a no that the model understood in a longer sentence; the lists know the short ones.
BY_YES_OR_NO = {
    ("soonest", "affirm"): "offer:0",
    ("soonest", "deny"): "other_times",
    ("offers", "deny"): "other_times",
    ("confirm", "affirm"): "yes",
    ("confirm", "deny"): "no",
}
