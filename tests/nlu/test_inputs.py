"""What names a model."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from nlu.inputs import DATA, NLU, input_files, languages, model_hash, model_path

if TYPE_CHECKING:
    from pathlib import Path


def test_the_languages_are_the_folders_that_have_examples(tmp_path: Path) -> None:
    """A folder that somebody has only made is no language yet."""
    (tmp_path / "vi").mkdir()
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "line.yml").write_text("nlu: []")
    assert languages(tmp_path) == ["es"]


def test_another_example_makes_another_model(tmp_path: Path) -> None:
    """And the same examples the same model, wherever they lie."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    assert model_hash(data) == model_hash()
    with (data / "en" / "results.yml").open("a") as file:
        file.write("    - is the lab done with me\n")
    assert model_hash(data) != model_hash()


def test_the_path_of_a_model_is_its_hash() -> None:
    """Two sets of inputs never write one file."""
    path = model_path(NLU)
    assert (path.name, path.parent.name) == ("model.tar.gz", model_hash())


def test_what_only_serves_is_no_input() -> None:
    """Whoever mends the gate need not train; whoever mends the tokenizer must."""
    names = {file.name for file in input_files()}
    assert {"tokenizer.py", "kernel.py", "config.yml", "phrases.py", "results.yml"} <= names
    assert not names & {"gate.py", "judging.py", "channel.py", "patches.py"}
