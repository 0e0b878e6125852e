"""`python -m nlu.train --out .models`: prints the path of the model, training it first where its inputs are new."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from nlu.components import embedding
from nlu.inputs import DATA, model_path
from nlu.quiet import prepare


def main() -> None:
    """Train when needed."""
    parser = argparse.ArgumentParser(prog="python -m nlu.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(".models"), help="folder of the models (default .models)")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with one folder of examples for each language")
    arguments = parser.parse_args()
    path = model_path(arguments.out, arguments.data)
    if not path.exists():
        prepare()
        embedding.keep_in(Path(os.environ.get("DATA_DIR") or ".cache"))
        _train(path, arguments.data)
    print(path)  # noqa: T201


def _train(path: Path, data: Path) -> None:
    from nlu.components.progress import say  # noqa: PLC0415

    say("loading rasa")
    from nlu.training import train_model  # noqa: PLC0415  importing Rasa takes ten seconds

    train_model(path, data)


if __name__ == "__main__":
    main()
