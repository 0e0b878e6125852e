"""A choice is understood by its key, by its place in the list, by its words, or by yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import locales
from locales.digits import ascii_digits
from locales.ordinals import place_said
from locales.phrases import fold, heard, number, ordinal, phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.answers import Choice


YES_OR_NO = {"affirm": {"affirm", "main_menu"}, "deny": {"deny", "goodbye"}}
"""What a choice is for that a yes, or a no, picks: "What else?" is answered by either."""


OF_THIS_QUESTION = {"choose_option", "deny"}
"""What a sentence may pick by naming it: never a yes, which has effects ("book it, but at ten")."""
LETTERS = 4
"""How long a word must be to mean something by itself: articles are shorter."""


REQUEST_WORDS = 20
"""How long a request may be that picks a choice by naming it: beyond that it is a story."""


def pick(choices: Sequence[Choice], text: str, locale: str) -> Choice | None:
    """Return the choice that ``text`` names, or None.

    A key wins over words; words must be the whole utterance, so that a longer
    sentence goes to the model, which hears more than a list can.
    """
    return (
        _by_key(choices, text, locale)
        or _by_place(choices, text, locale)
        or _by_words(choices, text, locale)
        or _by_yes_or_no(choices, text, locale)
        or _by_mention(choices, text, locale)
    )


def meant(choices: Sequence[Choice], intent: str | None) -> Choice | None:
    """Return the one choice that a yes (or a no), understood by the model, can only mean."""
    fitting = [choice for choice in choices if choice.intent in YES_OR_NO.get(intent or "", ())]
    return fitting[0] if len(fitting) == 1 else None


def named(choices: Sequence[Choice], text: str, locale: str) -> Choice | None:
    """Return the choice whose words ``text`` is, whether or not it was read out just now."""
    return _by_words(choices, text, locale)


def _by_key(choices: Sequence[Choice], text: str, locale: str) -> Choice | None:
    """Find the key that was pressed, written in any script, or said ("press two")."""
    said = number(text, locale.partition("-")[0])
    key = str(said) if said is not None else ascii_digits(text).strip(" .)")
    return next((choice for choice in choices if choice.key == key), None)


def _by_place(choices: Sequence[Choice], text: str, locale: str) -> Choice | None:
    listed, lang = _listed(choices), locale.partition("-")[0]
    # In a sentence only of what is a list: "the second one" of three times, of two visits.
    is_list = len(listed) > 1 and listed[0].label == listed[-1].label
    place = place_said(text, lang) if is_list else ordinal(text, lang)
    if place is None:
        return None
    # "The first one" is the first of those that were read out, whatever its key.
    if place == -1:
        return listed[-1] if listed else None
    return listed[place - 1] if 0 < place <= len(listed) else None


def _listed(choices: Sequence[Choice]) -> Sequence[Choice]:
    """Return the choices that are the list, where others follow one ("for other times, press 4").

    A list is what is worded alike, twice or more; where nothing is, all of them are it. A
    yes and a no are no list: "the second one" then means what was read out before.
    """
    alike = [choice for choice in choices if choice.label == choices[0].label]
    if len(alike) > 1:
        return alike
    return () if any(choice.intent in YES_OR_NO for choice in choices) else choices


def _by_words(choices: Sequence[Choice], text: str, locale: str) -> Choice | None:
    words = fold(text)
    fitting = [c for c in choices if words in _names(c, locale)]
    return fitting[0] if len(fitting) == 1 else None


def _by_yes_or_no(choices: Sequence[Choice], text: str, locale: str) -> Choice | None:
    """Return the one choice that a yes (or a no) can only mean; None where there are two."""
    said = next((yn for yn in YES_OR_NO if heard(text, locale.partition("-")[0], yn)), None)
    return meant(choices, said)


def _by_mention(choices: Sequence[Choice], text: str, locale: str) -> Choice | None:
    """Return the one choice whose words, at least two that mean something, a sentence holds.

    "Could you mail me a paper copy" is for "paper copy"; "a person" is too little.
    """
    sentence = f" {fold(text)} "
    negations = phrases(locale.partition("-")[0]).get("negations", ())
    if len(sentence.split()) > REQUEST_WORDS or any(f" {word} " in sentence for word in negations):
        return None
    fitting = [
        choice
        for choice in choices
        # What opens a capability the model hears better: "what do my test results mean".
        if choice.intent in OF_THIS_QUESTION
        and any(_is_telling(words) and f" {words} " in sentence for words in _names(choice, locale))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_telling(words: str) -> bool:
    return sum(len(word) >= LETTERS for word in words.split()) > 1


def _names(choice: Choice, locale: str) -> set[str]:
    said = locales.said(choice.label, choice.details, choice.locale or locale)
    return {fold(words) for words in said}
