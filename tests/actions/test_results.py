"""What may be said of results: by voice after a full proof, by text one of two sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from actions.results import Results
from tests.actions.running import Ran, conversation, run
from tests.dialogue.talk import everything, tasks

if TYPE_CHECKING:
    from uuid import UUID

    from portal.answers import Answer

pytestmark = pytest.mark.usefixtures("demo_database")

NOT_BACK = ["results.intro", "results.not_back", "results.normal", "results.note_keep_habits"]
HEARD = {
    "1948-11-21": NOT_BACK,
    "1957-03-05": ["results.intro", "results.back_unreviewed"],
    "1951-09-30": ["results.intro", "results.clinician_will_call"],
    "1944-12-02": ["results.intro", "results.care_team_message"],
    "1969-01-12": ["results.none"],
}
TEXTED = {
    "1948-11-21": "results.text_message",
    "1957-03-05": "results.text_message",
    "1951-09-30": "results.text_message",
    "1944-12-02": "results.text_nothing",
    "1969-01-12": "results.text_nothing",
}


def _call(born: str = "1948-11-21", level: int = 2) -> UUID:
    return conversation(None, born=born, level=level)


def _text(born: str = "1948-11-21", level: int = 1) -> UUID:
    return conversation(born=born, level=level, channel="sms")


def _asked(of: UUID, *, choice: str | None = None) -> Ran:
    intent = "choose_option" if choice else "results_status"
    return run(Results, intent, of, choice=choice, flow="results" if choice else None)


def _answer(ran: Ran) -> Answer:
    assert ran.answer
    return ran.answer


@pytest.mark.parametrize(("born", "heard"), HEARD.items())
def test_each_patient_of_the_demo_hears_where_their_results_stand(
    born: str, heard: list[str]
) -> None:
    assert _asked(_call(born)).names == heard


@pytest.mark.parametrize(("born", "texted"), TEXTED.items())
def test_each_patient_of_the_demo_is_texted_one_of_two_sentences(born: str, texted: str) -> None:
    assert _asked(_text(born)).names == [texted]


def test_no_value_and_no_flag_is_in_any_answer() -> None:
    for born in HEARD:
        told = repr(_answer(_asked(_call(born))))
        assert [word for word in ("mg/dL", "5.4", "abnormal", "creatinine") if word in told] == []


def test_what_is_told_names_the_test_and_its_day() -> None:
    told = _answer(_asked(_call())).prompts[1]
    assert told.details["test"] == "results.test_blood_count"
    assert str(told.details["collected"]) == "2026-06-08"


def test_a_sensitive_result_is_told_without_its_name() -> None:
    told = _answer(_asked(_call("1944-12-02"))).prompts[1]
    assert set(told.details) == {"due"}


@pytest.mark.parametrize("born", ["1951-09-30", "1944-12-02"])
def test_who_will_be_called_has_a_task_with_the_deadline_that_is_told(born: str) -> None:
    told = _answer(_asked(_call(born))).prompts[1]
    owned = [task for task in tasks() if task.result_id and task.due_at == told.details["due"]]
    assert len(owned) == 1


def test_asking_again_makes_no_second_task() -> None:
    of = _call("1951-09-30")
    _asked(of)
    before = len(tasks())
    _asked(of, choice="again")
    assert len(tasks()) == before


@pytest.mark.parametrize("level", [0, 1])
def test_a_call_needs_the_full_proof(level: int) -> None:
    answer = _answer(_asked(_call(level=level)))
    assert (answer.needs, answer.prompts) == (2, ())


def test_a_text_needs_the_birth_year() -> None:
    answer = _answer(_asked(conversation(channel="sms")))
    assert (answer.needs, answer.prompts) == (1, ())


def test_afterwards_they_may_hear_it_again_have_it_on_paper_or_speak_to_a_nurse() -> None:
    answer = _answer(_asked(_call()))
    assert [choice.value for choice in answer.choices] == ["again", "paper_copy", "nurse"]
    assert (answer.flow, answer.topic) == ("results", "results")


def test_again_tells_it_again() -> None:
    assert _asked(_call(), choice="again").names == NOT_BACK


def test_a_paper_copy_is_a_task_with_the_deadline_that_is_told() -> None:
    ran = _asked(_call(), choice="mail_it")
    (task,) = [task for task in tasks() if task.kind == "paper_copy"]
    assert (ran.names, _answer(ran).then) == (["results.paper_copy_asked"], "anything_else")
    assert _answer(ran).prompts[0].details["due"] == task.due_at


def test_a_paper_copy_is_read_back_before_anything_is_written() -> None:
    before = len(tasks())
    ran = _asked(_call(), choice="paper_copy")
    assert (ran.names, [c.value for c in _answer(ran).choices]) == (
        ["results.paper_copy_confirm"],
        ["mail_it", "mail_nothing"],
    )
    assert (_answer(_asked(_call(), choice="mail_nothing")).then, len(tasks())) == (
        "anything_else",
        before,
    )


def test_a_paper_copy_needs_the_proof_as_well() -> None:
    before = len(tasks())
    assert _answer(_asked(_call(level=1), choice="paper_copy")).needs == 2
    assert len(tasks()) == before


def test_a_nurse_is_a_handoff_with_a_clinical_topic() -> None:
    answer = _answer(_asked(_call(), choice="nurse"))
    assert (answer.then, answer.topic) == ("handoff", "clinical_question")


@pytest.mark.parametrize("intent", ["affirm", "deny", "nlu_fallback", "inform_time"])
def test_what_answers_nothing_was_not_understood_and_the_flow_stays(intent: str) -> None:
    answer = _answer(run(Results, intent, _call(), flow="results"))
    assert (answer.then, answer.flow, answer.prompts) == ("missed", "results", ())


@pytest.mark.parametrize("choice", ["paper_copy", "nurse", "again"])
def test_by_text_no_choice_opens_more_than_the_two_sentences(choice: str) -> None:
    assert _asked(_text(), choice=choice).names == ["results.text_message"]
    assert [task for task in tasks() if task.kind == "paper_copy"] == []


def test_a_message_by_text_can_be_answered_by_having_us_ring() -> None:
    assert [choice.value for choice in _answer(_asked(_text())).choices] == ["ring"]
    assert _answer(_asked(_text("1944-12-02"))).choices == ()


def test_who_heard_what_is_in_the_audit_and_no_value_is() -> None:
    of = _call()
    _asked(of)
    kept = [line for line in everything().split("\n") if "results.heard" in line]
    assert len(kept) == 2
    assert "LDL" not in "".join(kept)
