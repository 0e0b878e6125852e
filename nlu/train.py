"""`python -m nlu.train --out .models`: prints where the model lies, trained if its inputs are new.

Environment: DATA_DIR, where the embeddings of training lines are kept (default `.cache`).
"""

from __future__ import annotations

import argparse
import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.inputs import DATA, model_path
from nlu.quiet import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> None:
    """Train when needed."""
    parser = argparse.ArgumentParser(prog="python -m nlu.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(".models"), help="folder of the models")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with a folder a language")
    arguments = parser.parse_args()
    path = model_path(arguments.out, arguments.data)
    if not path.exists():
        with _alone(path.parent):
            _train(path, arguments.data)
    print(path)  # noqa: T201


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time train a model; whoever waited finds it there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _train(path: Path, data: Path) -> None:
    if path.exists():
        return
    prepare()
    from nlu.components import embedding
    from nlu.components.progress import say

    embedding.keep_in(Path(os.environ.get("DATA_DIR") or ".cache"))
    say("loading rasa")
    from nlu.training import train_model  # ten seconds

    train_model(path, data)


if __name__ == "__main__":
    main()
