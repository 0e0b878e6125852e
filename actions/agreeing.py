"""A yes in a longer sentence, for what cannot be undone: when in doubt it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from locales.phrases import contains, fold, heard

if TYPE_CHECKING:
    from actions.base import Turn

LEADING = 3
"""How many words a yes at the head of a sentence may have ("yes go ahead")."""


def agrees(turn: Turn) -> bool:
    """Return whether what was said is a yes and nothing that takes it back.

    The model's "affirm" is one unless a negation or a "but" is in it. Where the model
    heard the request itself once more ("yes, please cancel that one"), the sentence has
    to begin with a yes: "cancel my reminders" must not do.
    """
    if any(contains(turn.text, turn.lang, name) for name in ("negations", "takes_back")):
        return False
    return turn.intent == "affirm" or _begins_with_yes(fold(turn.text), turn.lang)


def keeps(turn: Turn) -> bool:
    """Return whether what was said leaves a visit as it is ("no, do not cancel that")."""
    is_not_kept = contains(turn.text, turn.lang, "does_not_keep_it")
    return contains(turn.text, turn.lang, "keeps_it") and not is_not_kept


def _begins_with_yes(words: str, lang: str) -> bool:
    split = words.split()
    heads = (" ".join(split[:size]) for size in range(1, min(len(split), LEADING) + 1))
    return any(heard(head, lang, "affirm") for head in heads)
