"""The models for tests do what Rasa would do: pick the action by the rules, and keep still."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from dialogue.moment import Question, meaning
from dialogue.rasa import RasaTrouble
from dialogue.testing import RULES, ActionsInProcess, ScriptedRasa
from portal.answers import Answer, seal
from portal.encryption import ring
from tests.dialogue.talk import called, model

if TYPE_CHECKING:
    from pathlib import Path

    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher


def _question(text: str = "", intent: str | None = None, flow: str | None = None) -> Question:
    return Question(
        conversation="0190" * 8,
        turn=1,
        locale="en-US",
        channel="voice",
        flow=flow,
        text=text,
        parsed=meaning(intent) if intent else None,
    )


def _picked(intent: str, flow: str | None) -> str:
    return ActionsInProcess((), {})._picked(flow, intent)  # noqa: SLF001 - what it would run


@pytest.mark.parametrize(
    ("intent", "flow", "action"),
    [
        ("results_status", None, "action_results"),
        ("results_status", "results", "action_results"),
        ("choose_option", "results", "action_results"),
        ("choose_option", None, "action_line"),
        ("nlu_fallback", "results", "action_results"),
        ("nlu_fallback", None, "action_line"),
        ("talk_to_staff", "results", "action_handoff"),
        ("request_refill", None, "action_handoff"),
        ("book_appointment", "results", "action_booking"),
        ("inform_time", "moving", "action_moving"),
        ("choose_option", "booking", "action_booking"),
        ("emergency", "results", "action_emergency"),
    ],
)
def test_an_action_is_picked_by_the_rules_and_the_open_flow(
    intent: str, flow: str | None, action: str
) -> None:
    assert _picked(intent, flow) == action


def test_every_intent_of_the_domain_has_an_action() -> None:
    domains = (yaml.safe_load(path.read_text()) for path in (RULES.parent / "domain").glob("*.yml"))
    intents = [intent for domain in domains for intent in domain.get("intents") or ()]
    assert len(intents) > 30
    assert {_picked(intent, None)[:7] for intent in intents} == {"action_"}


@pytest.mark.usefixtures("demo_database")
def test_the_real_action_answers_for_the_real_conversation() -> None:
    call = called()
    question = Question(
        conversation=call.id.hex,
        turn=2,
        locale="en-US",
        channel="voice",
        flow=None,
        text="did my lab work come in",
    )
    answer = model(call.clock).ask(question)
    assert (answer.needs, answer.intent) == (2, "results_status")


class Echo:
    """An action that says what text it was given."""

    def name(self) -> str:
        """Return the name that the rules know."""
        return "action_results"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer with the text as the topic."""
        del domain
        told = Answer(topic=tracker.latest_message["text"])
        dispatcher.utter_message(json_message={"sealed": seal(told, ring())})
        return []


def test_the_text_of_what_comes_understood_is_its_own_as_in_the_real_model() -> None:
    model_ = ActionsInProcess([Echo()], {"my results": "results_status"})
    assert model_.ask(_question("my results")).topic == "my results"
    parsed = meaning("results_status", text="my results")
    assert model_.ask(replace(_question("1"), parsed=parsed)).topic == "my results"


def test_rules_are_found_whatever_order_they_stand_in(tmp_path: Path) -> None:
    plain = {"rule": "a", "steps": [{"intent": "inform_time"}, {"action": "action_any"}]}
    of_flow = {
        "rule": "b",
        "condition": [{"slot_was_set": [{"flow": "booking"}]}],
        "steps": [
            {"or": [{"intent": "inform_time"}, {"intent": "affirm"}]},
            {"action": "action_booking"},
        ],
    }
    for place, rules in enumerate(([plain, of_flow], [of_flow, plain])):
        folder = tmp_path / str(place)
        folder.mkdir()
        (folder / "rules.yml").write_text(yaml.safe_dump({"rules": rules}))
        picked = ActionsInProcess((), {}, folder)._picked  # noqa: SLF001 - what it would run
        assert picked("booking", "inform_time") == "action_booking"
        assert picked("results", "inform_time") == "action_any"


@pytest.mark.usefixtures("demo_database")
def test_an_action_without_an_answer_is_trouble() -> None:
    with pytest.raises(RasaTrouble):
        model(called().clock).ask(_question("thank you so much", "results_status"))


def test_a_table_answers_by_text_then_by_intent_then_otherwise() -> None:
    by_text, by_intent = Answer(then="menu"), Answer(then="hangup")
    rasa = ScriptedRasa({"hello": by_text, "goodbye": by_intent})
    assert rasa.ask(_question("hello")) == by_text
    assert rasa.ask(_question(intent="goodbye")) == by_intent
    assert rasa.ask(_question("what")).then == "missed"
    assert [question.text for question in rasa.asked] == ["hello", "", "what"]


def test_one_that_is_down_is_trouble_and_not_ready() -> None:
    rasa = ScriptedRasa(is_down=True)
    with pytest.raises(RasaTrouble):
        rasa.ask(_question("hello"))
    assert not rasa.is_ready()
    assert model(lambda: called().clock.at).is_ready()


def test_what_is_forgotten_is_kept_for_the_test() -> None:
    rasa = ScriptedRasa()
    rasa.forget("0190")
    assert rasa.forgotten == ["0190"]
