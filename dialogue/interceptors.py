"""What is heard before anything else: an emergency, a person, repeat, back, a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue import handoff, identity, language, menu
from dialogue.choices import pick
from dialogue.drafts import step_back
from dialogue.going_on import resume
from dialogue.ladder import ask_again
from dialogue.moment import Message, Said, prompts
from dialogue.turns import Expect, Kind
from locales.digits import ascii_digits
from locales.phrases import contains, heard
from portal.emergency import report_emergency

if TYPE_CHECKING:
    from dialogue.moment import Moment

PERSON_KEY, REPEAT_KEY, BACK_KEY = "0", "*", "#"
SLOW, SLOWER = "slow", "line.slower"


def emergency(moment: Moment) -> Said | None:
    """Answer words that may mean a life is in danger, whatever was going on."""
    if moment.utterance.kind not in {Kind.SPEECH, Kind.TEXT}:
        return None
    kinds = ("crisis", "emergency")
    # Both the language we speak and English: in distress people use any word they have.
    found = [k for k in kinds if _contains(moment, k)]
    return answer_emergency(moment, found[0]) if found else None


def answer_emergency(moment: Moment, kind: str) -> Said:
    """Return the call to 911 (or 988), then a person as fast as one can be had."""
    report_emergency(moment.session, moment.conversation, kind=kind, at=moment.at)
    name = "emergency.crisis" if kind == "crisis" else "emergency.call_911"
    moment.state.close_step()
    return handoff.to_person(moment, "emergency", *prompts(name))


def _contains(moment: Moment, name: str) -> bool:
    return any(contains(moment.utterance.text, lang, name) for lang in {moment.lang, "en"})


def person(moment: Moment) -> Said | None:
    """Bring in a person, from anywhere, on key 0 or by asking for one."""
    if _key(moment) != PERSON_KEY and not _asks_for_person(moment):
        return None
    return handoff.to_person(moment, moment.state.topic or "person")


def _asks_for_person(moment: Moment) -> bool:
    """Return whether somebody is asked for, other than by a choice that was just offered."""
    if not _says(moment, "person"):
        return False
    offered = pick(moment.state.choices, moment.utterance.text, moment.conversation.locale)
    return offered is None or offered.key == PERSON_KEY


def repeat(moment: Moment) -> Said | None:
    """Say the last thing again; the second time, and from then on, slower."""
    if _key(moment) != REPEAT_KEY and not _says(moment, "repeat"):
        return None
    return said_again(moment)


def said_again(moment: Moment, *, slower: bool = False) -> Said:
    """Return what was last said, slower when asked for or asked for twice."""
    state = moment.state
    state.repeats += 1
    said = tuple(prompt for prompt in state.said if prompt.name != SLOWER)
    if slower or state.repeats > 1:
        moment.conversation.pace = SLOW
    first = prompts(SLOWER) if slower else ()
    return Said(prompts=(*first, *said), choices=state.choices, expect=state.expect)


def slower(moment: Moment) -> Said | None:
    """Speak slower from now on, and say the last thing again."""
    return said_again(moment, slower=True) if _says(moment, "slower") else None


def back(moment: Moment) -> Said | Message | None:
    """Drop the flow's last answer and ask it again; at the first question, the menu."""
    if _key(moment) != BACK_KEY and not _says(moment, "back"):
        return None
    if moment.state.step == "new_pin":  # setting a PIN is offered, not demanded
        return resume(moment)
    return identity.back(moment) or step_back(moment) or to_menu(moment)


def to_menu(moment: Moment) -> Said:
    """Leave whatever was open, and ask what they want."""
    if moment.state.step == "language":
        return language.language_menu(moment)
    leave(moment)
    return menu.main_menu(moment)


def leave(moment: Moment) -> None:
    """Forget the open question, its flow, and what waited for a proof."""
    moment.state.close_step()
    moment.state.pending = None
    moment.state.later = None
    moment.state.answers = []
    moment.state.topic = None
    moment.conversation.flow = None


def change_language(moment: Moment) -> Said | None:
    """Switch at once to a language asked for by name, and ask the same thing in it."""
    tag = language.wanted(moment)
    if tag is None:
        return None
    language.switch(moment, tag)
    if moment.state.step == "language":
        moment.state.close_step()
        return menu.main_menu(moment)
    if any(choice.intent == "change_language" for choice in moment.state.choices):
        return menu.main_menu(moment)  # the way to another language is another one now
    return ask_again(moment)


def hang_up_politely(_moment: Moment) -> Said:
    """Return the goodbye."""
    return Said(prompts=prompts("line.goodbye"), expect=Expect("none"), then="hangup")


def _key(moment: Moment) -> str | None:
    """Return the reserved key that was pressed, also inside an entry of digits."""
    text = ascii_digits(moment.utterance.text).strip()
    if moment.utterance.kind == Kind.TEXT:
        return text if text in {PERSON_KEY, REPEAT_KEY, BACK_KEY} else None
    if moment.utterance.kind != Kind.DIGITS:
        return None
    if text == PERSON_KEY:
        return PERSON_KEY
    return next((key for key in text if key in {REPEAT_KEY, BACK_KEY}), None)


def _says(moment: Moment, name: str) -> bool:
    if moment.utterance.kind not in {Kind.SPEECH, Kind.TEXT}:
        return False
    return heard(moment.utterance.text, moment.lang, name)
