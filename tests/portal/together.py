"""Many threads that do one thing at one instant."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import IntegrityError

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")


def together(times: int, do: Callable[[int], Value]) -> list[Value]:
    """Return what ``do(0) ... do(times - 1)`` returned, begun all at once."""
    start = threading.Barrier(times)

    def one(number: int) -> Value:
        start.wait()
        return do(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def wins(do: Callable[[int], object]) -> Callable[[int], bool]:
    """Return ``do`` as something that says whether the database let it through."""

    def one(number: int) -> bool:
        try:
            do(number)
        except IntegrityError:
            return False
        return True

    return one
