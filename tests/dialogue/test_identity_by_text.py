"""By text the birth year proves, and nothing more is ever asked for."""

from __future__ import annotations

import pytest

from tests.dialogue.proving import ASK_DATE, HUGHES_RESULTS
from tests.dialogue.talk import (
    BORN,
    PIN,
    RESULTS,
    STRANGER,
    outbox,
    rung,
    texted,
)

pytestmark = pytest.mark.usefixtures("demo_database")


def test_the_birth_year_lets_a_text_say_that_there_is_a_message() -> None:
    talk = texted()
    assert talk.text(RESULTS) == ["identity.ask_birth_year"]
    assert talk.text("1948") == ["results.text_message"]
    assert talk.row.assurance == 1


def test_a_wrong_year_is_told_as_an_unknown_telephone_is() -> None:
    wrong, unknown = texted(), texted(STRANGER)
    for talk in (wrong, unknown):
        talk.text(RESULTS)
        assert talk.text("1949") == ["identity.year_no_match", "identity.ask_birth_year"]


def test_three_wrong_years_bring_a_call_from_a_person() -> None:
    talk = texted()
    talk.text(RESULTS)
    talk.text("1949")
    talk.text("1950")
    assert talk.text("1951") == ["identity.year_no_match", "handoff.call_back"]


def test_words_in_place_of_the_year_are_something_else_on_their_mind() -> None:
    talk = texted()
    talk.text(RESULTS)
    assert talk.text("what can you do")[0] == "line.help"


def test_a_texter_with_a_message_may_have_us_ring_and_hears_the_results_there() -> None:
    talk = texted()
    talk.text(RESULTS)
    talk.text("1948")
    assert talk.text("1") == ["identity.ring_soon"]
    call = rung(outbox()[0], talk.clock)
    assert call.press("1") == ["identity.why", *ASK_DATE]
    call.press(BORN)
    assert call.press(PIN) == ["identity.proved", *HUGHES_RESULTS]


def test_no_pin_is_ever_asked_for_by_text() -> None:
    talk = texted()
    assert talk.text("i do not remember my pin") == ["identity.needs_call"]
    assert talk.text("call me") == ["identity.ring_soon"]
    assert [row.kind for row in outbox()] == ["call"]


def test_who_answers_yes_to_being_rung_is_rung() -> None:
    talk = texted()
    talk.text("i do not remember my pin")
    assert talk.text("yes please") == ["identity.ring_soon"]


def test_who_does_not_want_to_be_rung_is_heard_all_the_same() -> None:
    talk = texted()
    talk.text("i do not remember my pin")
    assert talk.text("what can you do")[0] == "line.help"
    assert outbox() == []
