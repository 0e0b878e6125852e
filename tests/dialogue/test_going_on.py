"""Whoever had chosen a time is asked, once proved, whether to go on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from dialogue.moment import meaning
from portal import holds
from portal.answers import Answer
from portal.database import transaction
from portal.hours import local
from portal.records import Claim
from tests.dialogue.held import ASKED, BOOK, at_call, hold, kept, places
from tests.dialogue.talk import NONSENSE, RESULTS

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dialogue.moment import Question

pytestmark = pytest.mark.usefixtures("demo_database")

YES = meaning("choose_option", "go_on")


def test_after_the_pin_it_is_asked_ahead_of_what_was_wanted() -> None:
    clock, made = kept()
    call = at_call(clock)
    assert call.names == ASKED
    assert [(c.key, c.label, c.value) for c in call.reply.choices] == [
        ("1", "booking.choice_go_on", "go_on"),
        ("2", "booking.choice_start_over", "start_over"),
    ]
    clinician, clinic = places(made)
    held = hold(made)
    assert held
    assert call.reply.prompts[-1].details == {
        "at": local(clinic, held.starts_at),
        "clinician": clinician.display,
        "clinic": clinic.name,
    }
    assert call.state.pending


@pytest.mark.parametrize("words", ["1", "yes", "let's go on"])
def test_a_yes_has_the_flow_take_it_over(words: str) -> None:
    clock, made = kept()
    call = at_call(clock)
    (call.press if words == "1" else call.say)(words)
    assert call.names == ["line.welcome"]
    assert call.rasa.asked[-1].parsed == YES
    assert call.rasa.asked[-1].flow == "booking"
    assert (call.row.flow, call.state.answers) == ("booking", [{"n": 1}])
    assert (call.state.step, call.state.pending) == (None, None)
    assert hold(made)


def test_a_yes_that_only_the_model_understood_does_too(demo_database: Engine) -> None:
    """The model is asked twice in that turn, and never with a transaction open."""
    clock, _ = kept()
    call = at_call(clock)
    asked = len(call.rasa.asked)

    def write(_question: Question) -> None:
        with demo_database.begin() as connection:  # waits for whatever is open
            connection.exec_driver_sql("PRAGMA user_version=7")

    call.rasa.first = write
    assert call.say("that would be lovely dear") == ["line.welcome"]
    assert [each.text for each in call.rasa.asked[asked:]] == ["that would be lovely dear", ""]
    assert call.rasa.asked[-1].parsed == YES
    assert (call.row.flow, call.row.lease_until) == ("booking", None)


def test_the_model_is_never_asked_a_third_time() -> None:
    clock, _ = kept()
    call = at_call(clock)
    asked = len(call.rasa.asked)
    call.rasa.model = None
    call.rasa.otherwise = Answer(then="missed", intent="affirm", flow="booking")
    call.say("that would be lovely dear")
    assert call.names[0] == "line.not_caught"
    assert len(call.rasa.asked) == asked + 2


def test_a_model_that_breaks_at_the_second_question_is_trouble_like_any() -> None:
    clock, made = kept()
    call = at_call(clock)

    def break_down(question: Question) -> None:
        call.rasa.is_down = question.parsed is not None

    call.rasa.first = break_down
    assert call.say("that would be lovely dear") == ["line.trouble", "handoff.transferring"]
    assert hold(made)


def test_a_visit_that_was_to_be_moved_goes_on_being_moved() -> None:
    clock, _ = kept(is_moved=True)
    call = at_call(clock)
    call.press("1")
    assert call.rasa.asked[-1].flow == "moving"


@pytest.mark.parametrize("words", ["2", "no", "let it go"])
def test_a_no_lets_it_go_and_answers_what_was_wanted(words: str) -> None:
    clock, made = kept()
    call = at_call(clock)
    (call.press if words == "2" else call.say)(words)
    assert call.names == ["line.help", "line.anything_else"]
    again = call.rasa.asked[-1]
    assert (again.text, (again.parsed or {})["intent"]) == (BOOK, "book_appointment")
    assert hold(made) is None
    with transaction(read_only=True) as session:
        taken = select(func.count()).select_from(Claim).where(Claim.kind == "hold")
        assert session.scalar(taken) == 0


def test_a_no_after_it_was_let_go_elsewhere_is_a_no() -> None:
    clock, made = kept()
    call = at_call(clock)
    with transaction() as session:
        found = holds.live(session, call.row.patient_id, at=clock.at)  # type: ignore[arg-type]
        assert found
        holds.release(session, found)
    assert call.press("2") == ["line.help", "line.anything_else"]
    assert hold(made) is None


def test_silence_and_nonsense_ask_it_again_and_then_bring_a_person() -> None:
    clock, made = kept()
    call = at_call(clock)
    assert call.stay_silent() == ["line.not_heard", "booking.go_on"]
    assert call.say(NONSENSE) == ["line.not_caught", "booking.go_on"]
    assert call.press("7") == ["line.not_caught", "booking.go_on"]
    assert call.stay_silent() == ["line.not_heard", "booking.go_on"]
    assert call.stay_silent() == ["handoff.transferring"]
    assert hold(made)


def test_a_person_comes_from_there_too_and_the_time_is_kept() -> None:
    clock, made = kept()
    call = at_call(clock)
    assert call.press("0") == ["handoff.transferring"]
    assert hold(made)


def test_back_is_the_menu_as_from_any_first_question_and_undoes_nothing() -> None:
    clock, made = kept()
    call = at_call(clock)
    assert call.press("#") == ["line.menu"]
    assert (call.state.step, call.state.pending) == (None, None)
    assert hold(made)


def test_something_else_said_there_is_answered() -> None:
    clock, made = kept()
    call = at_call(clock)
    assert call.say(RESULTS) == ["line.help", "line.anything_else"]
    assert call.state.step is None
    assert hold(made)


def test_star_says_it_again() -> None:
    clock, _ = kept()
    call = at_call(clock)
    assert call.press("*") == ASKED
    assert call.state.step == "go_on"
