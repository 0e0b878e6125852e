"""One training of the whole Rasa project."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from rasa.model_training import train

from nlu.components.progress import say
from nlu.inputs import CONFIG, DOMAIN, RULES, languages

if TYPE_CHECKING:
    from pathlib import Path


class TrainingFailedError(RuntimeError):
    """Rasa gave no model. What it complained of stands above, on standard error."""


def train_model(path: Path, data: Path) -> None:
    """Train and put the model at a path, whole or not at all: half of one would be served."""
    sources = [data / language for language in languages(data)]
    say(f"training on {', '.join(source.name for source in sources)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    # Standard output is for the path alone.
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, redirect_stdout(sys.stderr):
        result = train(
            domain=str(DOMAIN),
            config=str(CONFIG),
            training_files=[str(RULES), *map(str, sources)],
            output=folder,
            fixed_model_name="model",
            force_training=True,
        )
        if result.code or not result.model:
            raise TrainingFailedError(f"rasa gave code {result.code}")
        shutil.move(result.model, path)
    say(f"model of {path.stat().st_size / 1e6:.1f} MB written")
