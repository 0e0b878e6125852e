"""A choice is picked by its key, by its place, or by its words, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.choices import pick
from portal.answers import Choice

OFFERED = (
    Choice(key="1", intent="choose_option", label="results.choice_again", value="again"),
    Choice(key="2", intent="choose_option", label="results.choice_paper_copy", value="paper"),
    Choice(key="0", intent="talk_to_staff", label="handoff.choice_person", value="person"),
)
SPANISH = Choice(
    key="9", intent="change_language", label="line.choice_language", locale="es-US", value="es-US"
)


def _picked(text: str, locale: str = "en-US", offered: tuple[Choice, ...] = OFFERED) -> str | None:
    choice = pick(offered, text, locale)
    return choice.value if choice else None


@pytest.mark.parametrize("text", ["1", " 1 ", "1.", "1)", "١", "۱", "１", "one", "number one"])
def test_a_key_is_understood_in_any_script_and_as_a_word(text: str) -> None:
    assert _picked(text) == "again"


@pytest.mark.parametrize(
    ("text", "value"),
    [("the first one", "again"), ("second", "paper"), ("the third", "person"), ("last", "person")],
)
def test_a_place_is_that_of_what_was_read_out_and_not_the_key(text: str, value: str) -> None:
    assert _picked(text) == value


TIMES = (
    *(
        Choice(
            key=str(key), intent="choose_option", label="results.choice_nurse", value=f"time{key}"
        )
        for key in (1, 2, 3)
    ),
    Choice(key="4", intent="choose_option", label="results.choice_again", value="others"),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [("the second one", "time2"), ("the last one", "time3"), ("the fourth one", None)],
)
def test_what_follows_a_list_is_not_of_it(text: str, value: str | None) -> None:
    assert _picked(text, offered=TIMES) == value


def test_the_only_one_of_a_list_is_counted_with_what_follows() -> None:
    assert _picked("the last one", offered=TIMES[2:]) == "others"


@pytest.mark.parametrize(
    ("text", "value"), [("la primera", "again"), ("dos", "paper"), ("el último", "person")]
)
def test_keys_and_places_are_understood_in_spanish(text: str, value: str) -> None:
    assert _picked(text, "es-US") == value


def test_a_choice_is_picked_by_the_words_that_belong_to_it() -> None:
    assert _picked("A person!") == "person"


def test_a_language_is_picked_in_its_own_words_whatever_is_spoken_now() -> None:
    assert _picked("En español", "en-US", (SPANISH,)) == "es-US"


@pytest.mark.parametrize(
    "text", ["", "   ", "7", "11", "12", "the tenth one", "1 2", "a person who has time"]
)
def test_what_was_not_offered_is_no_choice(text: str) -> None:
    assert _picked(text) is None


YES = Choice(key="1", intent="affirm", label="handoff.choice_yes", value="yes")
NO = Choice(key="2", intent="deny", label="handoff.choice_no", value="no")


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [("yeah", "en-US", "yes"), ("uh huh", "en-US", "yes"), ("nope", "en-US", "no"),
     ("claro que sí", "es-US", "yes"), ("para nada", "es-US", "no")],
)  # fmt: skip
def test_where_one_choice_is_the_yes_any_yes_picks_it(text: str, locale: str, value: str) -> None:
    assert _picked(text, locale, (YES, NO)) == value


def test_a_yes_that_could_mean_either_of_two_picks_none() -> None:
    assert _picked("yeah", offered=(YES, YES, NO)) is None
    assert _picked("yeah") is None


def test_a_longer_sentence_is_left_to_the_model() -> None:
    story = (
        "my daughter says a paper copy of the last one got lost in the mail or maybe when "
        "they moved to the new house in march"
    )
    assert _picked(story) is None


def test_a_request_in_ones_own_words_picks_what_it_names() -> None:
    assert _picked("could you mail me a paper copy of that please") == "paper"


def test_nothing_can_be_picked_where_nothing_was_offered() -> None:
    assert pick((), "the last one", "en-US") is None


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_picking(text: str) -> None:
    assert pick(OFFERED, text, "en-US") in (*OFFERED, None)
