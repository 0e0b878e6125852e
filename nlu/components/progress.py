"""What a training tells while it runs: one line for each stage, on standard error."""

from __future__ import annotations

import sys
import time

_STARTED = time.monotonic()


def say(line: str) -> None:
    """Write one progress line with the seconds since the program began."""
    seconds = time.monotonic() - _STARTED
    print(f"nlu {seconds:6.1f}s  {line}", file=sys.stderr, flush=True)  # noqa: T201


def count(done: int, of: int) -> None:
    """Tell how many sentences are embedded, about every tenth of the way."""
    step = max(of // 10, 64)
    if done == of or done // step != max(done - 64, 0) // step:
        say(f"embedded {done} of {of} new sentences")
