"""One tokenizer for nine languages."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.text import pieces, unmarked


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MultilingualTokenizer(Tokenizer):
    """Cuts at spaces and around CJK characters; case, accents and Arabic forms do not count.

    In training it adds a copy without marks of each example that has some: folded, the characters
    of both are alike, but the sentence embedding loses its way without marks (Vietnamese .37
    against .8).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return what Rasa's own tokenizers are configured with."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Cut one attribute of a message."""
        return [Token(p.text, p.start, lemma=p.lemma) for p in pieces(message.get(attribute))]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the unmarked copies, then tokenize."""
        written = training_data.training_examples
        copies = [copy for example in written if (copy := _unmarked_copy(example))]
        return super().process_training_data(training_data.merge(TrainingData(copies)))


def _unmarked_copy(example: Message) -> Message | None:
    text, intent = example.get(TEXT), example.get(INTENT)
    if not text or not intent or (bare := unmarked(text)) == text:
        return None
    return Message.build(text=bare, intent=intent)
