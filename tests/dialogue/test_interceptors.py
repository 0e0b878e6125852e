"""An emergency, a person, repeat, back and a language are heard before anything else."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import BORN, ORTEGA, RESULTS, STRANGER, called, proved, tasks, texted

pytestmark = pytest.mark.usefixtures("demo_database")

MENU = ["line.menu"]


# A life may be in danger: 911 first, whatever was going on.


@pytest.mark.parametrize("words", ["I have chest pain", "i can't breathe", "call 911"])
def test_it_is_told_to_call_911_and_a_nurse_is_rung(words: str) -> None:
    call = called()
    assert call.say(words) == ["emergency.call_911", "emergency.person_next"]
    assert call.reply.transfer_to == "+12025550103"
    assert call.rasa.asked == []


def test_it_goes_before_the_choice_that_was_offered() -> None:
    call = proved(called())
    assert call.say("my chest hurts, a person please")[0] == "emergency.call_911"


def test_it_is_heard_in_the_middle_of_a_proof() -> None:
    call = called()
    call.say(RESULTS)
    call.press(BORN)
    assert call.say("I think I am having a heart attack")[0] == "emergency.call_911"
    assert call.state.step is None


def test_it_is_heard_in_spanish_and_english_words_in_a_spanish_call() -> None:
    assert called(ORTEGA).say("me duele el pecho")[0] == "emergency.call_911"
    assert called(ORTEGA).say("chest pain")[0] == "emergency.call_911"


def test_who_may_hurt_themselves_hears_of_988() -> None:
    assert called().say("I want to kill myself")[0] == "emergency.crisis"


def test_the_model_may_hear_one_that_no_list_knows() -> None:
    assert called().say("i feel like i am dying here")[0] == "emergency.call_911"


def test_it_leaves_a_task_due_at_once_besides_the_transfer() -> None:
    call = called()
    call.say("I have chest pain")
    (task,) = tasks()
    assert (task.kind, task.pool, task.topic) == ("safety", "nurse", "emergency")


def test_it_is_heard_in_a_text_in_place_of_a_birth_year() -> None:
    talk = texted()
    talk.text(RESULTS)
    assert talk.text("chest pain since 1950")[0] == "emergency.call_911"
    assert {task.kind for task in tasks()} == {"safety", "nurse_call_back"}


def test_what_is_denied_is_none() -> None:
    assert called().say("i have no chest pain") == ["line.missed"]


def test_keys_spell_no_emergency() -> None:
    assert called().press("9")[0] != "emergency.call_911"


# Key 0 and a few words bring a person from anywhere.


@pytest.mark.parametrize("words", ["a person please", "operator", "talk to someone"])
def test_asking_for_one_is_enough(words: str) -> None:
    call = called()
    assert call.say(words) == ["handoff.transferring"]
    assert (call.reply.then, call.reply.transfer_to) == ("transfer", "+12025550102")


def test_zero_is_enough_at_the_menu() -> None:
    assert called().press("0") == ["handoff.transferring"]


def test_a_lone_zero_in_place_of_a_birth_date_is_a_person() -> None:
    call = called()
    call.say(RESULTS)
    assert call.press("0") == ["handoff.transferring"]


def test_a_zero_that_begins_a_birth_date_is_a_digit() -> None:
    call = called(ORTEGA)
    call.say("ya salieron mis análisis")
    assert call.press("03051957") == ["identity.ask_pin"]


def test_what_it_was_about_goes_along() -> None:
    call = proved(called())
    call.press("0")
    assert call.state.topic == "results"


@pytest.mark.parametrize("zero", ["0", " 0 ", "٠", "０"])
def test_a_zero_in_any_script_is_a_person(zero: str) -> None:
    talk = texted()
    talk.text("i do not remember my pin")
    assert talk.text(zero) == ["handoff.call_back"]


def test_a_texter_is_promised_a_call() -> None:
    assert texted().text("0") == ["handoff.call_back"]
    assert len(tasks()) == 1


# No more texts.


def test_on_a_call_it_is_confirmed_and_the_call_goes_on() -> None:
    call = called()
    assert call.say("never write to this number") == ["line.opted_out", "line.anything_else"]
    assert [choice.intent for choice in call.reply.choices] == ["main_menu", "goodbye"]


def test_by_text_the_confirmation_is_the_last_word() -> None:
    assert texted().text("never write to this number") == ["line.opted_out"]


# Star says it again, and the second time slower.


def test_the_last_thing_is_said_again_and_then_slower() -> None:
    call = called()
    greeting = call.names
    assert call.press("*") == greeting
    assert call.reply.pace == "normal"
    assert call.say("repeat that please") == greeting
    assert call.reply.pace == "slow"


def test_the_results_are_said_again_without_asking_the_model() -> None:
    call = proved(called())
    results, asked = call.names, len(call.rasa.asked)
    assert call.press("*") == results
    assert len(call.rasa.asked) == asked
    assert [choice.value for choice in call.reply.choices] == ["again", "paper_copy", "nurse"]


def test_star_inside_a_secret_repeats_the_question() -> None:
    call = called()
    call.say(RESULTS)
    question = call.names
    assert call.press("1121*") == question
    assert (call.reply.expect.kind, call.reply.expect.digits) == ("secret", 8)


def test_slower_is_slower_at_once_and_stays() -> None:
    call = called()
    call.say("slow down please")
    assert call.reply.pace == "slow"
    call.say("what can you do")
    assert call.reply.pace == "slow"


def test_the_model_may_hear_it_too() -> None:
    call = called()
    greeting = call.names
    assert call.say("sorry come again please dear") == greeting
    assert call.say("my ears are old, mind your speed") == ["line.slower", *greeting]
    assert call.reply.pace == "slow"
    assert call.press("*") == greeting


@pytest.mark.parametrize(
    "words", ["sorry come again please dear", "my ears are old, mind your speed"]
)
def test_the_keys_that_were_offered_still_do_what_they_say(words: str) -> None:
    call = proved(called())
    call.say(words)
    assert call.press("2") == ["results.paper_copy_confirm"]


def test_something_else_said_in_between_starts_the_count_anew() -> None:
    call = called()
    call.press("*")
    call.say("what can you do")
    call.press("*")
    assert call.reply.pace == "normal"


# Pound drops the last answer; at a first question it leads to the menu.


def test_it_leads_from_the_first_question_to_the_menu() -> None:
    call = called()
    call.say(RESULTS)
    assert call.press("#") == MENU
    assert (call.state.step, call.state.pending, call.row.flow) == (None, None, None)


def test_it_leads_from_the_pin_to_the_birth_date() -> None:
    call = called()
    call.say(RESULTS)
    call.press(BORN)
    assert call.press("73#") == ["identity.ask_birth_date"]


def test_it_leads_out_of_the_results() -> None:
    call = proved(called())
    assert call.press("#") == MENU
    assert call.row.flow is None


def test_it_undoes_nothing_that_was_done() -> None:
    call = proved(called())
    call.press("2")
    call.press("1")
    call.press("#")
    assert [task.kind for task in tasks()] == ["paper_copy"]


def test_it_is_understood_in_words_and_in_a_text() -> None:
    assert called().say("go back") == MENU
    assert texted().text("#") == MENU


# Another language is spoken at once, and the same thing is asked in it.


def test_asked_for_by_name_it_asks_the_same_question_in_it() -> None:
    call = called()
    call.say(RESULTS)
    assert call.say("español por favor") == ["identity.ask_birth_date"]
    assert call.reply.locale == "es-US"


def test_the_one_that_is_spoken_already_is_no_change() -> None:
    assert called().say("english") == ["line.missed"]


def test_one_that_we_do_not_speak_is_left_to_the_model() -> None:
    call = called()
    call.say("korean")
    assert [question.text for question in call.rasa.asked] == ["korean"]


def test_another_one_may_be_wanted_without_a_name() -> None:
    call = called()
    call.say("another tongue please")
    assert [choice.value for choice in call.reply.choices] == ["en-US", "es-US", None]


def test_at_the_language_menu_its_name_does_too() -> None:
    call = called(STRANGER)
    assert call.state.step == "language"
    assert call.say("español") == MENU
