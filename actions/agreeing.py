"""A yes in a longer sentence, for what cannot be undone: when in doubt it is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from locales.phrases import contains, fold, heard

if TYPE_CHECKING:
    from actions.base import Turn

LEADING = 3
"""How many words a yes at the head of a sentence may have ("yes go ahead")."""
OTHERWISE = {
    "en": re.compile(r"\b(?:other|another|different|instead|but|keep|wait|unless|if)\b"),
    "es": re.compile(
        r"\b(?:otr[ao]s?|distint[ao]s?|diferentes?|vez de|pero|mejor|espere|deje|dejela)\b"
    ),
}
"""Words, folded, after which a yes is to something else than what was asked."""


def agrees(turn: Turn) -> bool:
    """Return whether what was said is a yes and nothing that takes it back.

    The model's "affirm" is one unless a negation or a "but" is in it. Where the model
    heard the request itself once more ("yes, please cancel that one"), the sentence has
    to begin with a yes: "cancel my reminders" must not do.
    """
    words = fold(turn.text)
    if contains(turn.text, turn.lang, "negations") or OTHERWISE[_known(turn.lang)].search(words):
        return False
    return turn.intent == "affirm" or _begins_with_yes(words, turn.lang)


def _begins_with_yes(words: str, lang: str) -> bool:
    split = words.split()
    heads = (" ".join(split[:size]) for size in range(1, min(len(split), LEADING) + 1))
    return any(heard(head, lang, "affirm") for head in heads)


def _known(lang: str) -> str:
    return lang if lang in OTHERWISE else "en"
