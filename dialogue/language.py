"""Which language a conversation is in, and how it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dialogue.menu import OTHER_LANGUAGE_KEY, language_choice, main_menu
from dialogue.moment import Said, prompts
from dialogue.turns import Expect, Kind
from locales.phrases import common_words, fold, language_named
from portal.answers import Choice, Prompt
from portal.records import Patient, PatientPhone, Phone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from dialogue.moment import Moment

FIRST_MENU = 4


def remembered(session: Session, phone: Phone | None, locales: Sequence[str]) -> str | None:
    """Return the language last chosen on this phone, or that of its only patients.

    None for a phone of somebody in danger: a remembered greeting tells whoever
    picks up that the patient has called here.
    """
    if phone is None:
        return None
    patients = session.scalars(
        select(Patient)
        .join(PatientPhone, PatientPhone.patient_id == Patient.id)
        .where(PatientPhone.phone_id == phone.id)
    ).all()
    if any(patient.safe_contact for patient in patients):
        return None
    tags = {phone.locale} if phone.locale else {patient.locale for patient in patients}
    tag = tags.pop() if len(tags) == 1 else None
    return tag if tag in locales else None


def may_remember(session: Session, phone: Phone) -> bool:
    """Return whether a choice made on this phone may be kept for the next call."""
    marked = (
        select(Patient.id)
        .join(PatientPhone, PatientPhone.patient_id == Patient.id)
        .where(PatientPhone.phone_id == phone.id, Patient.safe_contact.is_(True))
    )
    return session.scalars(marked).first() is None


def language_menu(moment: Moment, *before: Prompt) -> Said:
    """Return the question of the language: by key alone, each line in its own voice."""
    moment.state.step = "language"
    tags = moment.line.locales
    first, rest = tags[:FIRST_MENU], tags[FIRST_MENU:]
    shown = rest if moment.state.held.get("page") == "rest" else first
    choices = [language_choice(str(key), tag) for key, tag in enumerate(shown, start=1)]
    label = "line.choice_other_languages" if rest and shown is first else NOT_HERE
    choices.append(Choice(key=OTHER_LANGUAGE_KEY, intent="change_language", label=label))
    return Said(prompts=before, choices=tuple(choices), expect=Expect("key"))


def in_an_emergency(moment: Moment) -> tuple[Prompt, ...]:
    """Return the emergency sentence in every offered language but the one already spoken."""
    others = [tag for tag in moment.line.locales if tag != moment.conversation.locale]
    return tuple(Prompt(name="line.emergency_first", locale=tag) for tag in others[:FIRST_MENU])


NOT_HERE = "line.choice_language_not_here"


def choose(moment: Moment, choice: Choice) -> Said | None:
    """Switch to the chosen language; None when theirs is not here and a person is needed."""
    if choice.value is None:
        if choice.label == NOT_HERE:
            moment.state.close_step()
            return None
        moment.state.held["page"] = "rest"
        return language_menu(moment)
    moment.state.close_step()
    switch(moment, choice.value)
    notices = ("line.assistant_notice", "line.keys_notice")
    return main_menu(moment, *prompts(*notices if moment.is_call else notices[:1]))


def switch(moment: Moment, tag: str) -> None:
    """Go on in another language, and remember it for this phone where that is safe."""
    moment.conversation.locale = tag
    phone = moment.phone
    if phone and may_remember(moment.session, phone):
        phone.locale = tag


def wanted(moment: Moment) -> str | None:
    """Return the language that these words ask for, when it is one we speak."""
    if moment.utterance.kind not in {Kind.SPEECH, Kind.TEXT}:
        return None
    named = language_named(moment.utterance.text, moment.lang)
    tags = [tag for tag in moment.line.locales if tag.partition("-")[0] == named]
    return tags[0] if tags and tags[0] != moment.conversation.locale else None


def guess(text: str, locales: Sequence[str], default: str) -> str:
    """Return the language whose everyday words a first text holds most of."""
    words = set(fold(text).split())
    counts = {tag: len(words & common_words(tag.partition("-")[0])) for tag in locales}
    best = max(counts, key=lambda tag: (counts[tag], tag == default), default=default)
    return best if counts.get(best) else default
