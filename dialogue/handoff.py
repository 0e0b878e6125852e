"""Bringing in a person: now if somebody is there, else by a promise that has an owner."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import phonenumbers

from dialogue import ladder, menu
from dialogue.moment import Said, prompts
from dialogue.turns import Expect
from locales.digits import digits_in
from portal import handoff
from portal.answers import Choice, Prompt

if TYPE_CHECKING:
    from dialogue.moment import Moment

NUMBER_DIGITS = 10
NURSE = "nurse"
NURSE_TOPICS = {"clinical_question", "emergency"}
# What is said before the transfer: in an emergency nothing may sound like "do not hang up".
ANNOUNCED = {
    "clinical_question": "handoff.nurse_transferring",
    "emergency": "emergency.person_next",
    "interpreter": "handoff.interpreter_now",
}
# How a call back is promised, where it is more than "someone will call".
PROMISED = {
    "clinical_question": "handoff.nurse_call_back",
    "interpreter": "handoff.interpreter",
}
# Where a person was promised already or cannot be: whoever leaves no number, and
# whatever picked up our call and does not say that it is them (a machine, maybe).
ENDED_BY_SILENCE = {"number", "number_read_back", "answered"}
US_PREFIX = "+1"


def to_person(moment: Moment, topic: str, *before: Prompt) -> Said:
    """Return the transfer to somebody, or the promise that somebody rings back.

    The promise is said from a task that this transaction has written: no
    sentence says that somebody will act unless somebody owns it.
    """
    moment.state.close_step()
    moment.state.topic = topic
    brought = handoff.request_person(
        moment.session,
        moment.conversation,
        topic=topic,
        pool=_pool(topic),
        may_transfer=moment.is_call,
        at=moment.at,
    )
    if brought.transfer_to:
        return _transferred(topic, brought.transfer_to, before)
    if moment.conversation.phone_id is None:
        return _number_wanted(moment, *before, *_why_not_now(moment, brought))
    return promised(moment, brought, *before)


def give_up(moment: Moment, topic: str) -> Said:
    """Return a person for somebody who does not get through to us; goodbye after a promise.

    Without that end, a line left open beside the telephone would be promised a
    call back, or asked for a number, for ever.
    """
    if moment.state.step == "answered":
        # We rang because somebody asked: what that was for must not be lost.
        handoff.call_back_task(moment.session, moment.conversation, topic="ring", at=moment.at)
    if moment.conversation.outcome == "handed_off" or moment.state.step in ENDED_BY_SILENCE:
        return Said(prompts=prompts("line.goodbye"), expect=Expect("none"), then="hangup")
    return to_person(moment, topic)


def _pool(topic: str) -> str:
    return NURSE if topic in NURSE_TOPICS else "front_desk"


def promised(moment: Moment, brought: handoff.Handoff, *before: Prompt) -> Said:
    """Return the promise of a call back, honest about when the clinic opens."""
    moment.conversation.outcome = "handed_off"
    ladder.helped(moment)
    name = PROMISED.get(moment.state.topic or "", "handoff.call_back")
    if moment.state.topic == "emergency" and not moment.is_call:
        # No hour beside an emergency in a text: it reads like an appointment.
        name = "emergency.do_not_wait"
    promise = Prompt(name=name, details={"due": brought.due_at})
    # What they ask for after this is another matter, with an owner of its own.
    moment.state.topic = None
    said = (*before, *_why_not_now(moment, brought), promise)
    if not moment.is_call:
        return Said(prompts=said)
    return menu.anything_else(moment, *said)


def failed_transfer(moment: Moment) -> Said:
    """Return what is said when nobody took the call: a promise instead."""
    topic = moment.state.topic or "person"
    brought = handoff.call_back(
        moment.session, moment.conversation, topic=topic, pool=_pool(topic), at=moment.at
    )
    if moment.conversation.phone_id is None:
        return _number_wanted(moment, *prompts("handoff.transfer_failed"))
    return promised(moment, brought, *prompts("handoff.transfer_failed"))


def _take_number(moment: Moment) -> Said:
    """Read back the ten digits where a caller with a hidden number can be reached."""
    digits = digits_in(moment.utterance.text)
    if not _can_be_rung(digits):
        return _number_again(moment)
    moment.state.step = "number_read_back"
    moment.state.held["number"] = US_PREFIX + digits
    choices = (
        Choice(key="1", intent="affirm", label="handoff.choice_yes", value="number_right"),
        Choice(key="2", intent="deny", label="handoff.choice_no", value="number_wrong"),
    )
    read_back = Prompt(name="handoff.number_confirm", details={"phone": US_PREFIX + digits})
    return Said(prompts=(read_back,), choices=choices)


def _can_be_rung(digits: str) -> bool:
    if len(digits) != NUMBER_DIGITS:
        return False
    return phonenumbers.is_valid_number(phonenumbers.parse(US_PREFIX + digits))


def _keep_number(moment: Moment) -> Said:
    topic = moment.state.topic or "person"
    brought = handoff.call_back(
        moment.session,
        moment.conversation,
        topic=topic,
        pool=_pool(topic),
        number=moment.state.held["number"],
        at=moment.at,
    )
    moment.state.close_step()
    # That we are closed was said before the number was asked for.
    return promised(moment, replace(brought, opens_at=None))


def _transferred(topic: str, number: str, before: tuple[Prompt, ...]) -> Said:
    announced = ANNOUNCED.get(topic, "handoff.transferring")
    return Said(
        prompts=(*before, *prompts(announced)),
        expect=Expect("none"),
        then="transfer",
        transfer_to=number,
    )


def _number_wanted(moment: Moment, *before: Prompt) -> Said:
    moment.state.step = "number"
    question = prompts("handoff.ask_number")
    return Said(prompts=(*before, *question), expect=Expect("secret", NUMBER_DIGITS))


def _number_again(moment: Moment) -> Said:
    if ladder.is_lost(moment):
        return give_up(moment, "number")
    return Said(prompts=prompts("handoff.number_again"), expect=Expect("secret", NUMBER_DIGITS))


def _why_not_now(moment: Moment, brought: handoff.Handoff) -> tuple[Prompt, ...]:
    if not moment.is_call:
        return ()
    if brought.opens_at is None:
        return ()
    closed = Prompt(name="handoff.closed", details={"opens": brought.opens_at})
    if brought.pool != NURSE or moment.clinic.nurse_line is None:
        return (closed,)
    # Nurse lines answer at night; who feels sick should not have to wait for us to open.
    return (closed, Prompt(name="handoff.nurse_line", details={"phone": moment.clinic.nurse_line}))


STEPS = {"number": _take_number}
PICKS = {"number_right": _keep_number, "number_wrong": _number_wanted}
