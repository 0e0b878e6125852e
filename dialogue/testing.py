"""Models for tests: one that answers from a table, and one that runs the real actions.

Neither understands language. What a text means is written beside it; what happens
then is the house's own.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from dialogue.moment import meaning
from dialogue.rasa import RasaTrouble
from portal.answers import Answer, unseal
from portal.encryption import ring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from dialogue.moment import Question, Rasa

RULES = Path(__file__).parent.parent / "nlu/rules"
FALLBACK = "nlu_fallback"


class RunsAction(Protocol):
    """An action as rasa-sdk runs it."""

    def name(self) -> str:
        """Return the name by which the rules know it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer one turn through the dispatcher."""


@dataclass
class ScriptedRasa:
    """Answers from ``answers``, by text or by intent; ``otherwise`` is what is in neither.

    ``model`` answers instead of the table where there is one. ``is_down`` is a model
    that cannot be reached. ``first`` is called before every answer, so that a test can
    let something happen meanwhile: a text that comes, a caller who hangs up, a wait.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    otherwise: Answer = field(default_factory=lambda: Answer(then="missed"))
    model: Rasa | None = None
    is_down: bool = False
    first: Callable[[Question], object] | None = None
    asked: list[Question] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        """Return what stands in the table; raises RasaTrouble while it is down."""
        self.asked.append(question)
        if self.first is not None:
            self.first(question)
        if self.is_down:
            raise RasaTrouble("ConnectError")
        if self.model is not None:
            return self.model.ask(question)
        intent = (question.parsed or {}).get("intent", "")
        return self.answers.get(question.text) or self.answers.get(intent) or self.otherwise

    def forget(self, conversation: str) -> None:
        """Note that this conversation is to be forgotten."""
        self.forgotten.append(conversation)

    def is_ready(self) -> bool:
        """Return whether it answers."""
        return not self.is_down


class ActionsInProcess:
    """Runs the real actions, picked by the real rules; ``meanings`` is what each text means.

    A text that is not among them was not understood. What the action answers is sealed
    and opened again, as it is on its way through Rasa.
    """

    def __init__(
        self, actions: Iterable[RunsAction], meanings: Mapping[str, str], rules: Path = RULES
    ) -> None:
        self._actions = {action.name(): action for action in actions}
        self._meanings = meanings
        self._rules = dict(_read(rules))

    def ask(self, question: Question) -> Answer:
        """Return what the action answered; raises RasaTrouble when it had no answer."""
        message = self._understood(question)
        action = self._actions[self._picked(question.flow, message["intent"]["name"])]
        dispatcher = CollectingDispatcher()
        asyncio.run(action.run(dispatcher, _tracker(question, message), {}))
        sealed = [each["custom"]["sealed"] for each in dispatcher.messages]
        if not sealed:
            raise RasaTrouble("no action answered")
        return unseal(sealed[-1], ring())

    def forget(self, conversation: str) -> None:
        """Do nothing: there is no memory between two turns."""

    def is_ready(self) -> bool:
        """Return True: there is nothing that could be down."""
        return True

    def _understood(self, question: Question) -> dict[str, Any]:
        """Return the message as the actions get it from Rasa's tracker."""
        parsed = question.parsed or meaning(self._meanings.get(question.text, FALLBACK))
        intent = {"name": parsed["intent"], "confidence": parsed["confidence"]}
        return {
            # Rasa has the text of what comes understood from there, and from nowhere else.
            "text": parsed["text"] if question.parsed else question.text,
            "intent": intent,
            "entities": list(parsed["entities"]),
            "metadata": {
                "turn": question.turn,
                "locale": question.locale,
                "channel": question.channel,
            },
        }

    def _picked(self, flow: str | None, intent: str) -> str:
        """Return the action of a rule, one that asks for the open flow going first."""
        return self._rules.get((flow, intent)) or self._rules[None, intent]


def _tracker(question: Question, message: dict[str, Any]) -> Tracker:
    return Tracker(
        sender_id=question.conversation,
        slots={"flow": question.flow},
        latest_message=message,
        events=[],
        paused=False,
        followup_action=None,
        active_loop={},
        latest_action_name=None,
    )


def _read(folder: Path) -> Iterator[tuple[tuple[str | None, str], str]]:
    """Give what the rules say: flow (None for any) and intent, and then the action."""
    for path in sorted(folder.glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            asked, done = rule["steps"]
            flows = [each["slot_was_set"][0]["flow"] for each in rule.get("condition", ())]
            for each in asked.get("or", [asked]):
                yield (flows[0] if flows else None, each["intent"]), done["action"]
