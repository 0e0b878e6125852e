"""What the processes write down of themselves: what went wrong, and nothing about anybody."""

from __future__ import annotations

import logging

import structlog


def only_warnings() -> None:
    """Let only warnings and worse be written, by us and by the libraries."""
    logging.getLogger().setLevel(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
