"""The sentence embedding as a Rasa featurizer."""

# ruff: noqa: TC002 - Rasa reads the annotations of its graph at run time

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.embedding import DIMENSIONS, Vectors, embed, embed_for_training
from nlu.components.progress import count, say


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MeaningFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds E5's vector of the whole sentence, centred on the training sentences.

    E5's vectors all point the same way (cosines of .75 to .9); what tells sentences apart is what
    is left of the centre. Without the package it adds nothing, and the classifier goes by letters.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must stand before it in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return what every featurizer of Rasa's is configured with."""
        return dict(DenseFeaturizer.get_default_config())

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept everything: there is nothing to choose."""

    def __init__(
        self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._centre: Vectors = np.zeros(DIMENSIONS, np.float32)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MeaningFeaturizer:
        """Make one that has seen no sentence yet."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> MeaningFeaturizer:
        """Make one with the centre that training found; the first, slow sentence is done."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as directory:
            component._centre = np.load(directory / "centre.npy")  # noqa: SLF001
        embed(["hello"])
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Find the centre of the training sentences."""
        vectors = _embed_training(training_data)
        if vectors is not None and len(vectors):
            self._centre = vectors.mean(axis=0)
        with self._storage.write_to(self._resource) as directory:
            np.save(directory / "centre.npy", self._centre)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors of all training sentences, out of the cache by now."""
        vectors = _embed_training(training_data)
        if vectors is not None:
            self._add(_with_text(training_data), vectors)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector of each message that has words."""
        spoken = [message for message in messages if message.get(TEXT)]
        vectors = embed([message.get(TEXT) for message in spoken]) if spoken else None
        if vectors is not None:
            self._add(spoken, vectors)
        return messages

    def _add(self, messages: list[Message], vectors: Vectors) -> None:
        for message, vector in zip(messages, vectors - self._centre, strict=True):
            # The same row stands for each word, for components that want sequences.
            words = len(message.get("text_tokens") or ()) or 1
            self.add_features_to_message(
                np.tile(vector, (words, 1)), vector[None, :], TEXT, message
            )


def _with_text(training_data: TrainingData) -> list[Message]:
    return [example for example in training_data.training_examples if example.get(TEXT)]


def _embed_training(training_data: TrainingData) -> Vectors | None:
    texts = [example.get(TEXT) for example in _with_text(training_data)]
    say(f"embeddings of {len(texts)} sentences")
    return embed_for_training(texts, count)
