"""`python -m nlu.serve --model <path>`: Rasa with our channel, on loopback.

Environment: NLU_PORT, NLU_TOKEN (the channel's bearer token), ACTIONS_URL (the action server's
webhook).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from nlu.quiet import prepare

NEEDED = ("NLU_PORT", "NLU_TOKEN", "ACTIONS_URL")


def missing(environment: dict[str, str]) -> list[str]:
    """Return the settings that are not there."""
    return [name for name in NEEDED if not environment.get(name)]


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m nlu.serve", description=__doc__)
    parser.add_argument(
        "--model", type=Path, required=True, help="what python -m nlu.train printed"
    )
    model: Path = parser.parse_args().model
    if absent := missing(dict(os.environ)):
        sys.exit(f"nlu: not set: {', '.join(absent)}")
    if not model.is_file():
        sys.exit(f"nlu: no model at {model}; python -m nlu.train makes one")
    # With two on two processors a sentence takes 9 ms in place of 17 on an idle machine, but 44 in
    # place of 17 on a busy one, and a line is busy when it matters.
    prepare(threads=1)
    from nlu.server import serve

    serve(model, int(os.environ["NLU_PORT"]))


if __name__ == "__main__":
    main()
