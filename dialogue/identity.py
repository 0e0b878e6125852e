"""Proving who is calling: an interruption of whatever they wanted, then back to it.

Everything here is asked and answered without Rasa. What a caller keys goes to
:mod:`portal.identity` and is forgotten; only whether it proved them is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from dialogue import handoff, ladder
from dialogue.closing import MASK
from dialogue.moment import Message, Said, meaning, prompts
from dialogue.turns import Expect
from locales.digits import digits_in, said_digits
from portal import identity
from portal.answers import Choice, Prompt
from portal.encryption import ring as key_ring
from portal.hours import local
from portal.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.moment import Moment

BIRTH_DATE, PIN, CODE, YEAR = Expect("secret", 8), Expect("secret", 6), Expect("secret", 6), 4
FULL_PROOF = 2
NO_PIN_KEY = "1"
Outcome = Said | Message


def begin(moment: Moment, level: int, pending: dict[str, Any] | None, *before: Prompt) -> Said:
    """Ask for the proof that ``pending`` needs; it is sent again once that stands."""
    moment.state.pending = pending
    if identity.is_locked(moment.session, moment.conversation, at=moment.at):
        return _locked(moment, *before)
    if moment.is_call:
        return _ask(moment, "birth_date", BIRTH_DATE, *before, *prompts("identity.why"))
    if level < FULL_PROOF:
        moment.state.step = "birth_year"
        return Said(prompts=(*before, *prompts("identity.ask_birth_year")))
    return offer_ring(moment, *before)


def begin_without_pin(moment: Moment, pending: dict[str, Any] | None) -> Said:
    """Start for somebody who has no PIN or forgot it: birth date, then another way."""
    if not moment.is_call:
        moment.state.pending = pending
        return offer_ring(moment)
    asked = begin(moment, FULL_PROOF, pending)
    moment.state.held["other_way"] = True
    return asked


def offer_ring(moment: Moment, *before: Prompt) -> Said:
    """Offer a call to somebody who texts: a text is no place for proof."""
    moment.state.step = "ring_me"
    return Said(prompts=(*before, *prompts("identity.needs_call")), choices=(RING_ME,))


RING = "ring"
RING_ME = Choice(key="1", intent="affirm", label="identity.choice_ring_me", value=RING)


def may_ring(moment: Moment, pending: dict[str, Any]) -> None:
    """Let a choice that an action offers ring the caller, and go on with ``pending`` then."""
    moment.state.step = "ring_me"
    moment.state.pending = pending


def back(moment: Moment) -> Said | None:
    """Ask the question before this one; None at the first, which leads to the menu."""
    if moment.state.step in {"pin", "after_no_match", "other_way", "code"}:
        return _ask(moment, "birth_date", BIRTH_DATE)
    if moment.state.step == "new_pin_again":
        return _ask(moment, "new_pin", PIN)
    return None


def _ask(moment: Moment, step: str, expect: Expect, *before: Prompt) -> Said:
    moment.state.step = step
    question = Prompt(name=f"identity.ask_{step}")
    return Said(prompts=(*before, question), expect=expect)


def _take_birth_date(moment: Moment) -> Outcome:
    today = identity.today_at(moment.session, moment.conversation, at=moment.at)
    dates = identity.readings(moment.utterance.text, today)
    if not dates:
        asked = _ask(moment, "birth_date", BIRTH_DATE, *prompts("identity.not_a_date"))
        return _again(moment, asked)
    found = identity.candidates(moment.session, moment.conversation.phone_id, dates)
    moment.state.held["candidates"] = [str(each) for each in found]
    if moment.conversation.direction == "outbound" and moment.state.held.get("other_way"):
        return _judge(
            moment,
            identity.prove_by_call_back(moment.session, moment.conversation, found, at=moment.at),
        )
    if moment.state.held.get("other_way"):
        return _offer_other_ways(moment)
    return _ask(moment, "pin", PIN)


def _again(moment: Moment, asked: Said) -> Said:
    """Return the question again, or a person for somebody who cannot give what it asks for."""
    return handoff.give_up(moment, "identity") if ladder.is_lost(moment) else asked


def _take_pin(moment: Moment) -> Outcome:
    if moment.utterance.text == NO_PIN_KEY:
        return _offer_other_ways(moment)
    proof = identity.prove_by_pin(
        moment.session,
        moment.conversation,
        _candidates(moment),
        moment.utterance.text,
        fitting=moment.compared,
        at=moment.at,
    )
    return _judge(moment, proof)


def compare(moment: Moment) -> frozenset[UUID] | None:
    """Return whose PIN was just keyed; None where none was asked for. Nothing is written.

    Three slow hashes: they are worked out before the turn's transaction, in which
    other callers' turns would have to wait for them.
    """
    keyed = moment.utterance.text
    if moment.state.step != "pin" or len(keyed) != PIN.digits or not keyed.isdecimal():
        return None
    return identity.compare_pin(
        moment.session, moment.conversation, _candidates(moment), keyed, at=moment.at
    )


def _take_code(moment: Moment) -> Outcome:
    proof = identity.prove_by_code(
        moment.session, moment.conversation, moment.utterance.text, at=moment.at
    )
    if proof.outcome == "no_match" and moment.conversation.failures < identity.TRIES:
        return _ask(moment, "code", CODE, *prompts("identity.code_no_match"))
    moment.state.held["sets_pin"] = True
    return _judge(moment, proof)


def _take_birth_year(moment: Moment) -> Outcome:
    year = digits_in(moment.utterance.text) or said_digits(moment.utterance.text, moment.lang)
    # A whole birth date was masked before it came here; else something is on their mind.
    if not year and MASK not in moment.utterance.text:
        moment.state.close_step()
        return Message(text=moment.utterance.text)
    if len(year) != YEAR:
        return _again(moment, Said(prompts=prompts("identity.ask_birth_year")))
    proof = identity.prove_by_birth_year(moment.session, moment.conversation, year, at=moment.at)
    if proof.outcome == "proved":
        return resume(moment)
    if proof.outcome == "locked" or moment.conversation.failures >= identity.TRIES:
        return _locked(moment, *prompts("identity.year_no_match"))
    return Said(prompts=prompts("identity.year_no_match", "identity.ask_birth_year"))


def _judge(moment: Moment, proof: identity.Proof) -> Outcome:
    if proof.outcome == "proved":
        return _proved(moment)
    if proof.outcome == "locked" or moment.conversation.failures >= identity.TRIES:
        return _locked(moment)
    return _no_match(moment)


def _proved(moment: Moment) -> Outcome:
    call_back = moment.conversation.direction == "outbound" and moment.state.held.get("other_way")
    if call_back or moment.state.held.get("sets_pin"):
        return _ask(moment, "new_pin", PIN, *prompts("identity.proved"))
    return resume(moment, *prompts("identity.proved"))


def resume(moment: Moment, *before: Prompt) -> Message:
    """Return what waited for the proof, to be answered now; the menu if nothing did."""
    pending = moment.state.pending or meaning("main_menu")
    moment.state.close_step()
    moment.state.pending = None
    return Message(text=pending.get("text", ""), parsed=pending, before=before)


def _no_match(moment: Moment) -> Said:
    moment.state.step = "after_no_match"
    moment.state.held.pop("candidates", None)
    choices = (
        Choice(key="1", intent="affirm", label="identity.choice_try_again", value="try_again"),
        Choice(key="2", intent="forgot_pin", label="identity.choice_no_pin", value="no_pin"),
    )
    return Said(prompts=prompts("identity.no_match"), choices=choices)


def _locked(moment: Moment, *before: Prompt) -> Said:
    """Say what a mismatch says, and bring a person: a lock must not be a dead end."""
    said = before or prompts("identity.no_match")
    return handoff.to_person(moment, "identity", *said)


def _offer_other_ways(moment: Moment) -> Said:
    moment.state.step = "other_way"
    choices = (
        Choice(key="1", intent="affirm", label="identity.choice_text_code", value="text_code"),
        Choice(key="2", intent="affirm", label="identity.choice_call_me", value="call_me"),
    )
    return Said(prompts=prompts("identity.prove_other_way"), choices=choices)


def _send_code(moment: Moment) -> Said:
    identity.issue_code(moment.session, moment.conversation, _candidates(moment), at=moment.at)
    # The same words whether or not anybody matched: they never tell who is a patient.
    return _ask(moment, "code", CODE, *prompts("identity.code_sent"))


def _ring_number_on_file(moment: Moment) -> Said:
    identity.request_call_back(
        moment.session,
        moment.conversation,
        _candidates(moment),
        pending=moment.state.pending,
        at=moment.at,
    )
    moment.conversation.outcome = "call_back_asked"
    return Said(prompts=prompts("identity.ringing_you"), expect=Expect("none"), then="hangup")


def _ring_this_phone(moment: Moment) -> Said:
    ring = identity.request_ring(
        moment.session, moment.conversation, pending=moment.state.pending, at=moment.at
    )
    moment.state.close_step()
    if ring.outbox is None and ring.task is not None:  # rung too often already: a person does it
        due = {"due": local(moment.clinic, ring.task.due_at)}
        return Said(prompts=prompts("handoff.text_call_back", **due))
    return Said(prompts=prompts("identity.ring_soon"))


def _take_new_pin(moment: Moment) -> Outcome:
    try:
        identity.check_new_pin(
            moment.session, moment.conversation, moment.utterance.text, at=moment.at
        )
    except Refused as refusal:
        return _other_pin(moment, refusal.prompt)
    # A fingerprint, not the PIN, is what waits for the second entry.
    moment.state.held["new_pin"] = key_ring().blind_index("new pin", moment.utterance.text).hex()
    return _ask(moment, "new_pin_again", PIN)


def _take_new_pin_again(moment: Moment) -> Outcome:
    print_again = key_ring().blind_index("new pin", moment.utterance.text).hex()
    if print_again != moment.state.held.pop("new_pin", None):
        return _other_pin(moment, "identity.pins_differ")
    identity.set_pin(moment.session, moment.conversation, moment.utterance.text, at=moment.at)
    return resume(moment, *prompts("identity.pin_set"))


def _other_pin(moment: Moment, why: str) -> Outcome:
    """Ask for another PIN; after three that would not do, go on without one."""
    if ladder.is_lost(moment):
        return resume(moment, *prompts(why))
    return _ask(moment, "new_pin", PIN, *prompts(why))


def _try_again(moment: Moment) -> Said:
    return _ask(moment, "birth_date", BIRTH_DATE)


def _has_no_pin(moment: Moment) -> Said:
    moment.state.held["other_way"] = True
    return _ask(moment, "birth_date", BIRTH_DATE)


def _it_is_me(moment: Moment) -> Outcome:
    other_way = moment.state.held.get("other_way")
    asked = begin(moment, FULL_PROOF, moment.state.pending)
    moment.state.held["other_way"] = other_way
    return asked


def _wrong_person(moment: Moment) -> Said:
    moment.state.close_step()
    return Said(prompts=prompts("identity.wrong_person"), expect=Expect("none"), then="hangup")


def _candidates(moment: Moment) -> list[UUID]:
    return [UUID(each) for each in moment.state.held.get("candidates", ())]


STEPS: dict[str, Callable[[Moment], Outcome]] = {
    "birth_date": _take_birth_date,
    "pin": _take_pin,
    "code": _take_code,
    "birth_year": _take_birth_year,
    "new_pin": _take_new_pin,
    "new_pin_again": _take_new_pin_again,
}

PICKS: dict[str, Callable[[Moment], Outcome]] = {
    "try_again": _try_again,
    "no_pin": _has_no_pin,
    "text_code": _send_code,
    "call_me": _ring_number_on_file,
    RING: _ring_this_phone,
    "it_is_me": _it_is_me,
    "wrong_person": _wrong_person,
}
