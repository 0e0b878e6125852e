"""The last component: what may be acted upon, and what is asked again."""

# ruff: noqa: TC002 - Rasa reads the annotations of its graph at run time

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.judging import Guess, Verdict, judge, language_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Gate(GraphComponent, RasaClassifier):
    """Rewrites to nlu_fallback what is not understood well enough.

    What the classifier believed stays under "gate".
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must stand before it in the pipeline."""
        return [RasaClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return a threshold for a pipeline that sets none."""
        return {"threshold": 0.5}

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003  Rasa calls by name
        resource: Resource,  # noqa: ARG003  Rasa calls by name
        execution_context: ExecutionContext,  # noqa: ARG003  Rasa calls by name
    ) -> Gate:
        """Make one with the configured threshold."""
        return cls(float(config["threshold"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message in the language of its conversation."""
        for message in messages:
            guess = _guess(message)
            verdict = judge(
                message.get(TEXT) or "",
                guess,
                language=language_of((message.get("metadata") or {}).get("locale")),
                known=_has_known_ngram(message),
                threshold=self._threshold,
            )
            _rewrite(message, guess, verdict)
        return messages


def _guess(message: Message) -> Guess:
    intent = message.get(INTENT) or {}
    return Guess(intent.get("name"), float(intent.get("confidence") or 0.0))


def _has_known_ngram(message: Message) -> bool:
    _, sentence = message.get_sparse_features(TEXT)
    return sentence is not None and sentence.features.nnz > 0


def _rewrite(message: Message, guess: Guess, verdict: Verdict) -> None:
    listed = verdict.reason == "on_the_list"
    intent = {
        "name": verdict.intent or DEFAULT_NLU_FALLBACK_INTENT_NAME,
        "confidence": 1.0 if listed else guess.confidence,
    }
    seen = {"accepted": verdict.intent is not None, "reason": verdict.reason, **guess._asdict()}
    message.set(INTENT, intent, add_to_output=True)
    message.set("gate", seen, add_to_output=True)
