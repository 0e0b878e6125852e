"""Whether an understanding is good enough to act upon. No Rasa here."""

from __future__ import annotations

from typing import Literal, NamedTuple

from locales.phrases import heard_in

Reason = Literal["nothing_said", "unknown_words", "unsure", "not_a_yes_or_no", "accepted", "on_the_list"]

YES_OR_NO = ("affirm", "deny")


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
    """Decide by the words first: silence and a lone emoji were classified as a confident yes, which books visits."""
    if not any(char.isalnum() for char in text):
        return Verdict(None, "nothing_said")
    for answer in YES_OR_NO:
        if heard_in(text, language, answer):
            return Verdict(answer, "on_the_list")
    return _judge_guess(guess, known=known, threshold=threshold)


def _judge_guess(guess: Guess, *, known: bool, threshold: float) -> Verdict:
    if not known:
        return Verdict(None, "unknown_words")
    if guess.intent is None or guess.confidence < threshold:
        return Verdict(None, "unsure")
    if guess.intent in YES_OR_NO:
        return Verdict(None, "not_a_yes_or_no")
    return Verdict(guess.intent, "accepted")
