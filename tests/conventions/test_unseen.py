"""What the understanding is graded with, it has not been trained on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from locales.phrases import fold
from tests.conversations.scripts import scripts, words

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(__file__).parents[2]
ANNOTATED = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")
# Commands, keys and years are what they are: there is one way to write STOP.
FEWEST_WORDS = 3


@pytest.fixture(scope="module")
def trained() -> frozenset[str]:
    """Return every sentence that the model is trained on, folded."""
    files = sorted((HOUSE / "nlu/data").rglob("*.yml"))
    lines = (line for file in files for line in _examples(file))
    return frozenset(fold(line) for line in lines)


def test_there_is_something_to_compare_with(trained: frozenset[str]) -> None:
    """The training examples are found and read."""
    assert len(trained) > 1000


def test_no_sentence_of_a_script_is_a_training_sentence(trained: frozenset[str]) -> None:
    """Whatever callers say in the scripts, the model hears for the first time."""
    said = {line for script in scripts() for _, line in words(script)}
    sentences = {line for line in said if len(line.split()) >= FEWEST_WORDS}
    assert [line for line in sorted(sentences) if fold(line) in trained] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_evaluation_line_is_a_training_line(trained: frozenset[str], language: str) -> None:
    """Lines that grade the model are held out, every one of them."""
    assert [line for line in _held_out(language) if fold(line) in trained] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_evaluation_line_stands_twice(language: str) -> None:
    """A line that belonged to two intents would be wrong under one of them."""
    lines = [fold(line) for line in _held_out(language)]
    assert len(lines) == len(set(lines))


def _held_out(language: str) -> list[str]:
    path = HOUSE / f"tests/evaluation/{language}.yml"
    by_intent: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [line for lines in by_intent.values() for line in lines]


def _examples(path: Path) -> Iterator[str]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", [])
    for entry in entries:
        for line in str(entry.get("examples", "")).splitlines():
            if line.lstrip().startswith("- "):
                yield ANNOTATED.sub(r"\1", line.lstrip()[2:])
