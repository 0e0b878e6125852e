"""Silence and nonsense are counted apart; three strikes bring a person, six in all as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue.talk import BORN, NONSENSE, RESULTS, called, proved, texted

if TYPE_CHECKING:
    from sqlalchemy import Engine

pytestmark = pytest.mark.usefixtures("demo_database")

TRANSFERRED = ["handoff.transferring"]


def test_silence_is_answered_with_an_example_then_with_keys_then_with_a_person() -> None:
    call = called()
    assert call.stay_silent() == ["line.silence"]
    assert call.stay_silent() == ["line.silence_keys"]
    assert call.reply.expect.kind == "speech"  # an emergency must be heard here too
    assert call.stay_silent() == TRANSFERRED


def test_an_angry_callers_third_sentence_is_still_heard() -> None:
    call = called()
    call.say(NONSENSE)
    call.say(NONSENSE)
    assert call.say("give me a real person") == TRANSFERRED


def test_nonsense_is_answered_with_an_example_then_with_keys_then_with_a_person() -> None:
    call = called()
    assert call.say(NONSENSE) == ["line.missed"]
    assert call.say(NONSENSE) == ["line.missed_keys"]
    assert call.say(NONSENSE) == TRANSFERRED


def test_silence_and_nonsense_are_counted_apart() -> None:
    call = called()
    call.stay_silent()
    call.say(NONSENSE)
    assert call.stay_silent() == ["line.silence_keys"]
    assert (call.row.silences, call.row.misses) == (2, 1)


def test_whoever_gets_through_starts_anew() -> None:
    call = called()
    call.stay_silent()
    call.say(NONSENSE)
    call.say("what can you do")
    assert (call.row.silences, call.row.misses) == (0, 0)
    assert call.stay_silent() == ["line.silence"]


def test_six_errors_in_one_conversation_bring_a_person_however_they_are_mixed() -> None:
    call = called()
    for _ in range(5):
        call.say(NONSENSE)
        assert call.say("what can you do")[-1] == "line.menu"
    assert call.say(NONSENSE) == TRANSFERRED


def test_a_key_that_was_not_offered_is_nonsense_and_never_reaches_the_model() -> None:
    call = called()
    assert call.press("7") == ["line.missed"]
    assert call.rasa.asked == []


def test_silence_at_a_secret_asks_only_the_question_again() -> None:
    call = called()
    call.say(RESULTS)
    assert call.stay_silent() == ["line.no_keys", "identity.ask_birth_date"]
    assert (call.reply.expect.kind, call.reply.expect.digits) == ("secret", 8)


def test_silence_after_the_results_offers_the_keys_and_does_not_read_them_again() -> None:
    call = proved(called())
    assert call.stay_silent() == ["line.not_heard"]
    assert [choice.value for choice in call.reply.choices] == ["again", "paper_copy", "nurse"]


def test_what_is_no_date_three_times_brings_a_person() -> None:
    call = called()
    call.say(RESULTS)
    assert call.press("1231") == ["identity.not_a_date", "identity.ask_birth_date"]
    assert call.press("99999999") == ["identity.not_a_date", "identity.ask_birth_date"]
    assert call.press("13131950") == TRANSFERRED


def test_a_date_at_last_takes_the_strikes_away() -> None:
    call = called()
    call.say(RESULTS)
    call.press("1231")
    assert call.press(BORN) == ["identity.ask_pin"]
    assert call.row.misses == 0


def test_who_was_promised_a_call_back_and_stays_silent_is_said_goodbye_to() -> None:
    call = called()
    call.clock.at = call.clock.at.replace(hour=22)
    for _ in range(3):
        call.stay_silent()
    assert call.names[-2:] == ["handoff.call_back", "line.anything_else"]
    for _ in range(3):
        call.stay_silent()
    assert (call.names, call.reply.then) == (["line.goodbye"], "hangup")


def test_who_was_promised_a_call_back_is_not_hung_up_on_for_one_more_error() -> None:
    call = called()
    call.clock.at = call.clock.at.replace(hour=22)
    for _ in range(3):
        call.say(NONSENSE)
    assert call.names[-2:] == ["handoff.call_back", "line.anything_else"]
    assert call.say(NONSENSE) == ["line.missed"]
    assert call.say(NONSENSE) == ["line.missed_keys"]
    assert call.say(NONSENSE) == ["line.goodbye"]


def test_a_texter_who_is_not_understood_gets_a_person_too() -> None:
    talk = texted()
    assert talk.text(NONSENSE) == ["line.missed"]
    assert talk.text(NONSENSE) == ["line.missed_keys"]
    assert talk.text(NONSENSE) == ["handoff.call_back"]


def test_a_texter_without_a_birth_year_gets_a_person_too() -> None:
    talk = texted()
    talk.text(RESULTS)
    assert talk.text("12") == ["identity.ask_birth_year"]
    assert talk.text("12345") == ["identity.ask_birth_year"]
    assert talk.text("5") == ["handoff.call_back"]


def test_the_house_counts_in_the_row_and_not_in_the_process(demo_database: Engine) -> None:
    call = called()
    call.stay_silent()
    demo_database.dispose()
    assert call.stay_silent() == ["line.silence_keys"]
