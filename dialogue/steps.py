"""The questions that the dialogue asks by itself, and the choices that belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue import going_on, handoff, identity, ladder, language, new_pin, other_ways
from dialogue.choices import named, pick
from dialogue.menu import entries
from dialogue.moment import Message, meaning
from dialogue.turns import Kind
from locales.digits import ascii_digits

if TYPE_CHECKING:
    from dialogue.moment import Moment, Said
    from portal.answers import Choice

STEPS = {**identity.STEPS, **new_pin.STEPS, **handoff.STEPS}
PICKS = {**identity.PICKS, **other_ways.PICKS, **handoff.PICKS, **going_on.PICKS}


def at_question(moment: Moment) -> Said | Message | None:
    """Take what was keyed or texted at an open question; speech there is a change of mind."""
    step = STEPS.get(moment.state.step or "")
    if step is None or moment.utterance.kind == Kind.SPEECH:
        return None
    moment.conversation.silences = 0
    misses = moment.conversation.misses
    said = step(moment)
    if moment.conversation.misses == misses:  # else it was no birth date, no number
        ladder.understood(moment)
    return said


def at_keys(moment: Moment) -> Message | None:
    """Take as many keys as the open flow has asked for; fewer may be those of a choice."""
    said, expect = ascii_digits(moment.utterance.text), moment.state.expect
    is_whole = len(said) == expect.digits and said.isdecimal()
    if expect.kind != "keys" or moment.utterance.kind != Kind.DIGITS or not is_whole:
        return None
    ladder.understood(moment)
    return Message(text=said, parsed=meaning("inform_time", said, said))


def at_choice(moment: Moment) -> Said | Message | None:
    """Take one of the choices that were read out, by key, place or words."""
    said, locale = moment.utterance.text, moment.conversation.locale
    # A capability's own words ("RESULTS") open it from anywhere, its key where it was read out.
    choice = pick(moment.state.choices, said, locale) or named(entries(), said, locale)
    if choice is None:
        return _unknown_key(moment)
    ladder.understood(moment)
    return own(moment, choice) or Message(parsed=meaning(choice.intent, choice.value))


def own(moment: Moment, choice: Choice) -> Said | Message | None:
    """Return what the dialogue itself makes of a choice; None for the model's."""
    if choice.intent == "change_language":
        return language.choose(moment, choice) or handoff.to_person(moment, "interpreter")
    took = PICKS.get(choice.value or "") if moment.state.step else None
    return took(moment) if took else None


def _unknown_key(moment: Moment) -> Said | None:
    if moment.utterance.kind != Kind.DIGITS:
        return None
    return ladder.missed(moment) or handoff.give_up(moment, "not_understood")
