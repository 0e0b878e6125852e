"""Proving who is calling: an interruption of whatever they wanted, then back to it.

Everything here is asked and answered without Rasa. What a caller keys goes to
:mod:`portal.identity` and is forgotten; only whether it proved them is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue import handoff
from dialogue.asking import BIRTH_DATE, CODE, PIN, Outcome, again, ask, candidates
from dialogue.closing import MASK
from dialogue.going_on import resume
from dialogue.moment import Message, Said, prompts
from dialogue.other_ways import offer_other_ways, offer_ring
from dialogue.turns import Expect
from locales.digits import digits_in, said_digits
from portal import identity
from portal.answers import Choice, Prompt

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from dialogue.moment import Moment

YEAR = 4
YEAR_WORDS = 5
"""How long an answer with a birth year may be: "I was born in 1948"."""
FULL_PROOF = 2
NO_PIN_KEY = "1"


def begin(moment: Moment, level: int, pending: dict[str, Any] | None, *before: Prompt) -> Said:
    """Ask for the proof that ``pending`` needs; it is sent again once that stands."""
    moment.state.pending = pending
    if identity.is_locked(moment.session, moment.conversation, at=moment.at):
        return _locked(moment, *before)
    if moment.is_call:
        return ask(moment, "birth_date", BIRTH_DATE, *before, *prompts("identity.why"))
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


def back(moment: Moment) -> Said | None:
    """Ask the question before this one; None at the first, which leads to the menu."""
    if moment.state.step in {"pin", "after_no_match", "other_way", "code"}:
        return ask(moment, "birth_date", BIRTH_DATE)
    if moment.state.step == "new_pin_again":
        return ask(moment, "new_pin", PIN)
    return None


def _take_birth_date(moment: Moment) -> Outcome:
    today = identity.today_at(moment.session, moment.conversation, at=moment.at)
    dates = identity.readings(moment.utterance.text, today)
    if not dates:
        asked = ask(moment, "birth_date", BIRTH_DATE, *prompts("identity.not_a_date"))
        return again(moment, asked)
    found = identity.candidates(moment.session, moment.conversation.phone_id, dates)
    moment.state.held["candidates"] = [str(each) for each in found]
    if moment.conversation.direction == "outbound" and moment.state.held.get("other_way"):
        return _judge(
            moment,
            identity.prove_by_call_back(moment.session, moment.conversation, found, at=moment.at),
        )
    if moment.state.held.get("other_way"):
        return offer_other_ways(moment)
    return ask(moment, "pin", PIN)


def _take_pin(moment: Moment) -> Outcome:
    if moment.utterance.text == NO_PIN_KEY:
        return offer_other_ways(moment)
    if len(moment.utterance.text) < PIN.digits:  # slow fingers are not a wrong PIN
        return again(moment, ask(moment, "pin", PIN, *prompts("line.not_caught")))
    proof = identity.prove_by_pin(
        moment.session,
        moment.conversation,
        candidates(moment),
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
        moment.session, moment.conversation, candidates(moment), keyed, at=moment.at
    )


def _take_code(moment: Moment) -> Outcome:
    if len(moment.utterance.text) < CODE.digits:
        return again(moment, ask(moment, "code", CODE, *prompts("line.not_caught")))
    proof = identity.prove_by_code(
        moment.session, moment.conversation, moment.utterance.text, at=moment.at
    )
    if proof.outcome == "no_match" and moment.conversation.failures < identity.TRIES:
        return ask(moment, "code", CODE, *prompts("identity.code_no_match"))
    moment.state.held["sets_pin"] = True
    return _judge(moment, proof)


def _take_birth_year(moment: Moment) -> Outcome:
    year = digits_in(moment.utterance.text) or said_digits(moment.utterance.text, moment.lang)
    # A whole birth date was masked before it came here; else something is on their mind.
    is_year = year and len(moment.utterance.text.split()) <= YEAR_WORDS
    if not is_year and MASK not in moment.utterance.text:
        moment.state.close_step()
        return Message(text=moment.utterance.text)
    if len(year) != YEAR:
        return again(moment, Said(prompts=prompts("identity.ask_birth_year")))
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
        return ask(moment, "new_pin", PIN, *prompts("identity.proved"))
    return resume(moment, *prompts("identity.proved"))


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


def _try_again(moment: Moment) -> Said:
    return ask(moment, "birth_date", BIRTH_DATE)


def _has_no_pin(moment: Moment) -> Said:
    moment.state.held["other_way"] = True
    return ask(moment, "birth_date", BIRTH_DATE)


def _it_is_me(moment: Moment) -> Outcome:
    other_way = moment.state.held.get("other_way")
    asked = begin(moment, FULL_PROOF, moment.state.pending)
    moment.state.held["other_way"] = other_way
    return asked


def _wrong_person(moment: Moment) -> Said:
    moment.state.close_step()
    return Said(prompts=prompts("identity.wrong_person"), expect=Expect("none"), then="hangup")


STEPS: dict[str, Callable[[Moment], Outcome]] = {
    "birth_date": _take_birth_date,
    "pin": _take_pin,
    "code": _take_code,
    "birth_year": _take_birth_year,
}

PICKS: dict[str, Callable[[Moment], Outcome]] = {
    "try_again": _try_again,
    "no_pin": _has_no_pin,
    "it_is_me": _it_is_me,
    "wrong_person": _wrong_person,
}
