"""The intent classifier over letters and meaning."""

# ruff: noqa: TC002, TC003 - Rasa reads the annotations of its graph at run time

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

from nlu.components.kernel import Features, Likeness, Machine, Numbers, fit
from nlu.components.progress import say
from nlu.components.text import unmarked

_RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelClassifier(RasaClassifier, GraphComponent):
    """Least squares with a kernel over the sentence features of the featurizers before it.

    Its confidence is how often such a guess was right on lines kept out of a trial training.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must stand before it in the pipeline."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return what compared best (docs/adr/0003-intent-classifier.md)."""
        return dict(vars(Likeness()))

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        machine: Machine | None,
    ) -> None:
        self._like = Likeness(**{name: float(config[name]) for name in vars(Likeness())})
        self._storage = storage
        self._resource = resource
        self._machine = machine

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  Rasa calls by name
    ) -> KernelClassifier:
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
    ) -> KernelClassifier:
        """Make one with what training found."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, Machine.read(directory / "machine.npz"))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example with a text and an intent."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        labels = [e.get(INTENT) for e in examples]
        features = _features(examples)
        say(f"classifier: {len(labels)} sentences, {len(set(labels))} intents")
        lines = [unmarked(e.get(TEXT)) for e in examples]
        self._machine = fit(features, labels, lines, self._like)
        with self._storage.write_to(self._resource) as directory:
            self._machine.save(directory / "machine.npz")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, its confidence and the five most likely ones."""
        if self._machine is None or not messages:
            return messages
        rows = self._machine.probabilities(_features(messages, len(self._machine.rarity)))
        for message, row in zip(messages, rows, strict=True):
            _rank(message, self._machine.classes, row)
        return messages


def _rank(message: Message, classes: Sequence[str], row: Numbers) -> None:
    best = np.argsort(-row)[:_RANKED]
    ranking = [{"name": classes[i], "confidence": float(row[i])} for i in best]
    message.set(INTENT, dict(ranking[0]), add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _features(messages: Sequence[Message], ngrams: int | None = None) -> Features:
    """Gather sentence features; zeros where a message has none (no word, no embedding)."""
    sparse = [message.get_sparse_features(TEXT)[1] for message in messages]
    dense = [message.get_dense_features(TEXT)[1] for message in messages]
    width = ngrams or max((f.features.shape[1] for f in sparse if f), default=0)
    columns = max((f.features.shape[1] for f in dense if f), default=0)
    counts = vstack([csr_matrix(f.features) if f else csr_matrix((1, width)) for f in sparse])
    vectors = np.stack([f.features[0] if f else np.zeros(columns) for f in dense])
    return Features(counts.tocsr(), vectors.astype(np.float32))
