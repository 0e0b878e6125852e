"""The intent classifier over n-grams and meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from nlu.components.layers import Layers, Numbers, fit
from nlu.components.progress import say

_RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaClassifier, GraphComponent):
    """Logistic regression or a small network over the sentence features of all featurizers before it."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must stand before it in the pipeline."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return what compared best (docs/adr/0003-intent-classifier.md)."""
        return {"kind": "logistic", "options": {}}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, layers: Layers | None) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._layers = layers

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  Rasa calls by name
    ) -> IntentClassifier:
        """Make one that knows nothing yet."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  Rasa calls by name
        **_: Any,
    ) -> IntentClassifier:
        """Make one with the layers that training found."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, Layers.read(directory / "layers.npz"))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example with a text and an intent."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        sparse, dense = _features(examples)
        labels = [e.get(INTENT) for e in examples]
        say(f"{self._config['kind']} over {len(labels)} sentences, {len(set(labels))} intents, {sparse.shape[1]} n-grams")
        self._layers = fit(self._config["kind"], sparse, dense, labels, **self._config["options"])
        with self._storage.write_to(self._resource) as directory:
            self._layers.save(directory / "layers.npz")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, its confidence and the five most likely ones."""
        if self._layers is None or not messages:
            return messages
        rows = self._layers.probabilities(*_features(messages, self._layers.ngrams))
        for message, row in zip(messages, rows, strict=True):
            _rank(message, self._layers.classes, row)
        return messages


def _rank(message: Message, classes: Sequence[str], row: Numbers) -> None:
    best = np.argsort(-row)[:_RANKED]
    ranking = [{"name": classes[i], "confidence": float(row[i])} for i in best]
    message.set(INTENT, dict(ranking[0]), add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _features(messages: Sequence[Message], ngrams: int | None = None) -> tuple[csr_matrix, Numbers]:
    """Return the sentence features of all messages; zeros where a message has none (no word, no embedding)."""
    sparse = [message.get_sparse_features(TEXT)[1] for message in messages]
    dense = [message.get_dense_features(TEXT)[1] for message in messages]
    width = ngrams if ngrams is not None else max((f.features.shape[1] for f in sparse if f), default=0)
    columns = max((f.features.shape[1] for f in dense if f), default=0)
    rows = [csr_matrix(f.features) if f else csr_matrix((1, width)) for f in sparse]
    meaning = [f.features[0] if f else np.zeros(columns) for f in dense]
    return vstack(rows).tocsr().astype(np.float32), np.asarray(meaning, np.float32).reshape(len(messages), columns)
