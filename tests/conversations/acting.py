"""The action server as it runs, with the scripts' clock: ``python -m … <the clock's file>``."""

from __future__ import annotations

import inspect
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasa_sdk.executor import ActionExecutor

from actions.__main__ import serve
from actions.base import PortalAction
from logs import only_warnings
from tests.conversations.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> None:
    """Serve the actions, which take the time from the file, until told to stop."""
    only_warnings()
    clock = Clock(Path(sys.argv[1]))
    executor = ActionExecutor()
    executor.register_package("actions")
    for action in _below(PortalAction):
        executor.register_action(action(clock.now))
    serve(executor)


def _below(base: type) -> Iterator[Any]:
    below: list[type] = base.__subclasses__()
    return chain((each for each in below if not inspect.isabstract(each)), *map(_below, below))


if __name__ == "__main__":
    main()
