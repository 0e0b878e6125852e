"""Whether an understanding is good enough to act upon. No Rasa here."""

from __future__ import annotations

from typing import Literal, NamedTuple

from locales.phrases import contains, fold, heard

Reason = Literal[
    "nothing_said", "on_the_list", "begins_with_it", "not_a_yes_or_no", "unsure", "accepted"
]

YES_OR_NO = ("affirm", "deny")
_OPENINGS = range(1, 5)
_SHORT = 8


class Verdict(NamedTuple):
    """The intent to act upon (None: ask again), and why."""

    intent: str | None
    reason: Reason


class Guess(NamedTuple):
    """What the classifier believes."""

    intent: str | None
    confidence: float


def language_of(locale: str | None) -> str:
    """Return the language part of a locale tag; English when there is none."""
    return (locale or "en").replace("_", "-").split("-", 1)[0].lower()


def judge(text: str, guess: Guess, *, language: str, known: bool, threshold: float) -> Verdict:
    """Decide by the words first.

    Silence and a lone emoji were classified as a confident yes, which would book visits.
    """
    if not any(char.isalnum() for char in text):
        return Verdict(None, "nothing_said")
    for answer in YES_OR_NO:
        if heard(text, language, answer):
            return Verdict(answer, "on_the_list")
    return _judge_guess(text, guess, language, known=known and guess.confidence >= threshold)


def _judge_guess(text: str, guess: Guess, language: str, *, known: bool) -> Verdict:
    if guess.intent is None or not known:
        return Verdict(None, "unsure")
    if guess.intent in YES_OR_NO:
        return _judge_yes_or_no(text, guess.intent, language)
    return Verdict(guess.intent, "accepted")


def _judge_yes_or_no(text: str, answer: str, language: str) -> Verdict:
    """Take the classifier's word only for a short sentence that begins with a yes or a no.

    A yes has effects, so that none is taken that says no anywhere ("yes, no, wait").
    """
    words = fold(text).split()
    begins = any(heard(" ".join(words[:size]), language, answer) for size in _OPENINGS)
    takes_back = answer == "affirm" and contains(text, language, "deny")
    if begins and not takes_back and len(words) <= _SHORT:
        return Verdict(answer, "begins_with_it")
    return Verdict(None, "not_a_yes_or_no")
