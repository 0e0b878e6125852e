"""A person who is wanted, or who is needed because the line cannot do it yet."""

from __future__ import annotations

import pytest

from actions.handoff import Handoff
from tests.actions.running import conversation, run
from tests.dialogue.talk import tasks

pytestmark = pytest.mark.usefixtures("demo_database")


@pytest.mark.parametrize("intent", ["talk_to_staff", "clinical_question", "interpreter"])
def test_a_person_who_is_wanted_is_brought_without_excuses(intent: str) -> None:
    answer = run(Handoff, intent, conversation()).answer
    assert answer
    assert (answer.then, answer.topic, answer.prompts) == ("handoff", intent, ())


@pytest.mark.parametrize("intent", ["book_appointment", "request_refill", "billing", "proxy"])
def test_what_the_line_cannot_do_yet_is_said_before_the_person_comes(intent: str) -> None:
    answer = run(Handoff, intent, conversation()).answer
    assert answer
    assert (answer.then, answer.topic) == ("handoff", intent)
    assert [prompt.name for prompt in answer.prompts] == ["handoff.not_by_phone_yet"]


def test_it_promises_nothing_by_itself() -> None:
    run(Handoff, "talk_to_staff", conversation())
    assert tasks() == []
