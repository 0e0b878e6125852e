"""A life may be in danger, in words that no list knew."""

from __future__ import annotations

import pytest

from actions.emergency import Emergency
from tests.actions.running import conversation, run
from tests.dialogue.talk import tasks

pytestmark = pytest.mark.usefixtures("demo_database")


def test_an_emergency_is_for_the_dialogue_to_answer() -> None:
    answer = run(Emergency, "emergency", conversation()).answer
    assert answer
    assert (answer.then, answer.topic, answer.prompts) == ("emergency", "emergency", ())


def test_its_task_is_written_where_it_is_said_and_not_here() -> None:
    run(Emergency, "emergency", conversation())
    assert tasks() == []
