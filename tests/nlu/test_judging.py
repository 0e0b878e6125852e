"""What the gate lets through."""

from __future__ import annotations

import pytest

from nlu.components.judging import Guess, Verdict, judge, language_of

SURE = 0.97
THRESHOLD = 0.6


def _judged(
    text: str, intent: str, confidence: float = SURE, *, language: str = "en", known: bool = True
) -> Verdict:
    guess = Guess(intent, confidence)
    return judge(text, guess, language=language, known=known, threshold=THRESHOLD)


@pytest.mark.parametrize("text", ["", "   ", "...", "??", "😀", "\u200b\u200f", "—"])
def test_silence_is_never_a_yes(text: str) -> None:
    """A classifier called an empty transcript a yes, nine tenths sure."""
    assert _judged(text, "affirm") == (None, "nothing_said")


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("yes", "en", "affirm"),
        ("No.", "en", "deny"),
        ("¡Sí!", "es", "affirm"),
        ("si", "es", "affirm"),
    ],
)
def test_a_yes_on_the_list_needs_no_classifier(text: str, language: str, answer: str) -> None:
    """Whatever the model believes, and however unsure it is."""
    assert _judged(text, "billing", 0.01, language=language) == (answer, "on_the_list")


def test_a_yes_of_another_language_is_not_on_the_list() -> None:
    """The lists are those of the conversation's language."""
    assert _judged("claro que sí", "affirm", language="en").intent is None


def test_the_classifier_alone_cannot_say_yes() -> None:
    """A sentence that only resembles a yes is asked again."""
    assert _judged("that would hit the spot", "affirm") == (None, "not_a_yes_or_no")


@pytest.mark.parametrize("text", ["yes ma'am that's the one", "yeah go on and do that"])
def test_a_sentence_that_begins_with_yes_is_one_if_the_classifier_agrees(text: str) -> None:
    """People seldom say a bare yes."""
    assert _judged(text, "affirm") == ("affirm", "begins_with_it")
    assert _judged(text, "billing") == ("billing", "accepted")


@pytest.mark.parametrize("text", ["yes no wait", "ok no not that one", "yeah that is wrong"])
def test_a_yes_that_takes_itself_back_is_none(text: str) -> None:
    """A yes has effects; a no anywhere in it stops it."""
    assert _judged(text, "affirm").intent is None


def test_a_long_story_is_no_yes() -> None:
    """Who goes on after the yes wants something else, too."""
    story = "yes I was there on Monday and the nurse told me to ring you again"
    assert _judged(story, "affirm").intent is None


def test_below_the_threshold_is_asked_again() -> None:
    """At the threshold it is accepted."""
    assert _judged("my results", "results_status", THRESHOLD - 0.01) == (None, "unsure")
    assert _judged("my results", "results_status", THRESHOLD) == ("results_status", "accepted")


def test_words_in_a_script_nobody_trained_on_are_asked_again() -> None:
    """No known n-gram: what the classifier says of it is chance."""
    assert _judged("ฉันต้องการความช่วยเหลือ", "emergency", known=False) == (None, "unsure")


@pytest.mark.parametrize(
    ("locale", "language"), [("es-US", "es"), ("pt_BR", "pt"), ("ar", "ar"), (None, "en")]
)
def test_the_lists_are_chosen_by_the_language_part(locale: str | None, language: str) -> None:
    """One list serves Spanish wherever it is spoken."""
    assert language_of(locale) == language
