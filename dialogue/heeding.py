"""What an action answered, turned into what is said and what happens next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogue import (
    handoff,
    identity,
    interceptors,
    ladder,
    language,
    menu,
    other_ways,
    steps,
)
from dialogue.choices import meant
from dialogue.drafts import keep_draft
from dialogue.moment import Message, Moment, Said, prompts
from dialogue.turns import Expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.answers import Answer

Outcome = Said | Message


def heed(moment: Moment, message: Message, answer: Answer | None) -> Outcome:
    """Return what the dialogue says after an action's ``answer``; None is trouble.

    A message where the model understood a yes to a question of the dialogue's own, and
    what was put off until then is for the model in its turn.
    """
    if answer is None:
        return handoff.to_person(moment, "trouble", *prompts("line.trouble"))
    answer = replace(answer, prompts=(*message.before, *answer.prompts))
    if answer.then not in ASKS_AGAIN:
        _go_on(moment, message, answer)
    if answer.then != "missed":
        ladder.understood(moment)
    if answer.needs is not None:
        return identity.begin(moment, answer.needs, _pending(message, answer))
    moment.state.topic = answer.topic or moment.state.topic
    if any(choice.value == other_ways.RING for choice in answer.choices):
        other_ways.may_ring(moment, _pending(message, answer))
    return FOLLOWS[answer.then](moment, answer)


# The same choices stay open after these, and the flow that they belong to with them.
ASKS_AGAIN = {"missed", "repeat", "slower"}


def _go_on(moment: Moment, message: Message, answer: Answer) -> None:
    """Close what was open: they have gone on to something else, maybe after a proof."""
    moment.state.close_step()
    if answer.needs is None:
        keep_draft(moment, message, answer)
        moment.conversation.flow = answer.flow


def _pending(message: Message, answer: Answer) -> dict[str, object]:
    """Return the message as Rasa understood it, so that it need not be understood twice."""
    return {
        "text": message.text,  # none where a key was pressed: "1" is no time of day
        "intent": answer.intent,
        "confidence": answer.confidence,
        "entities": [dict(entity) for entity in answer.entities],
    }


def _listen(_moment: Moment, answer: Answer) -> Said:
    expect = Expect("keys", answer.keys) if answer.keys else Expect()
    return Said(prompts=answer.prompts, choices=answer.choices, expect=expect)


def _hang_up(moment: Moment, answer: Answer) -> Said:
    moment.conversation.outcome = moment.conversation.outcome or "completed"
    goodbye = interceptors.hang_up_politely(moment)
    return replace(goodbye, prompts=(*answer.prompts, *goodbye.prompts))


def _hand_off(moment: Moment, answer: Answer) -> Said:
    return handoff.to_person(moment, answer.topic or "person", *answer.prompts)


def _menu(moment: Moment, answer: Answer) -> Said:
    interceptors.leave(moment)
    return menu.main_menu(moment, *answer.prompts)


def _anything_else(moment: Moment, answer: Answer) -> Outcome:
    later, moment.state.later = moment.state.later, None
    if later is not None:  # what they had asked for before they went on with a chosen time
        return Message(text=later.get("text", ""), parsed=later, before=answer.prompts)
    return menu.anything_else(moment, *answer.prompts)


def _repeat(moment: Moment, _answer: Answer) -> Said:
    return interceptors.said_again(moment)


def _slower(moment: Moment, _answer: Answer) -> Said:
    return interceptors.said_again(moment, slower=True)


def _language(moment: Moment, answer: Answer) -> Said:
    return language.language_menu(moment, *answer.prompts)


def _missed(moment: Moment, answer: Answer) -> Outcome:
    """Take a yes that no list knew where only one choice can be meant by it; else ask again."""
    if answer.intent == "deny" and moment.state.step == "ring_me":
        return interceptors.to_menu(moment)
    choice = meant(moment.state.choices, answer.intent)
    picked = steps.own(moment, choice) if choice else None
    if picked is not None:
        ladder.understood(moment)
        return picked
    return not_understood(moment)


def not_understood(moment: Moment) -> Said:
    """Return the question again, or a person for somebody who was not understood too often."""
    return ladder.missed(moment) or handoff.give_up(moment, "not_understood")


def _forgot_pin(moment: Moment, _answer: Answer) -> Said:
    return identity.begin_without_pin(moment, moment.state.pending)


def _emergency(moment: Moment, _answer: Answer) -> Said:
    return interceptors.answer_emergency(moment, "emergency")


FOLLOWS: dict[str, Callable[[Moment, Answer], Outcome]] = {
    "listen": _listen,
    "hangup": _hang_up,
    "handoff": _hand_off,
    "menu": _menu,
    "anything_else": _anything_else,
    "repeat": _repeat,
    "slower": _slower,
    "language": _language,
    "missed": _missed,
    "forgot_pin": _forgot_pin,
    "emergency": _emergency,
}
