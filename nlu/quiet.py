"""What Rasa must be told before it is imported: no telemetry, no cache of its own, no chatter."""

from __future__ import annotations

import logging
import os
import warnings

from nlu import unused

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    # A model is trained whole or not at all; nlu/inputs.py decides which.
    "RASA_MAX_CACHE_SIZE": "0",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SQLALCHEMY_WARN_20": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    # Embedding threads that wait for each other must not take the processor from everything else:
    # with libgomp's default, a sentence took 17 ms alone and 260 ms beside a busy process.
    "OMP_WAIT_POLICY": "passive",
    "GOMP_SPINCOUNT": "500",
}


def prepare(*, threads: int | None = None) -> None:
    """Set this process's environment and leave out warnings about Rasa's old dependencies.

    `threads` is how many may work on one sentence; as many as there are processors by default.
    """
    os.environ.update(_ENVIRONMENT)
    if threads:
        os.environ["OMP_NUM_THREADS"] = str(threads)
    # Rasa and what it imports set filters of their own.
    warnings.showwarning = lambda *_, **__: None
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
    _silence_structlog()
    unused.prepare()


def _silence_structlog() -> None:
    """Keep debug events, which carry what callers said, from being written.

    Unconfigured structlog prints them all.
    """
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        processors=[
            _without_words,
            structlog.processors.add_log_level,
            structlog.processors.KeyValueRenderer(),
        ],
        cache_logger_on_first_use=True,
    )


def _without_words(_logger: object, _method: str, event: dict[str, object]) -> dict[str, object]:
    """Keep an event's name only: its other fields hold messages, slots and whole requests."""
    return {"event": event.get("event")}
