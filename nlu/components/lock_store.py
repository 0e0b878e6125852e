"""One turn of a sender at a time, without Rasa's polling once a second."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from rasa.core.lock_store import LockStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class QueueLockStore(LockStore):
    """Wakes the next turn of a sender as soon as the one before it is done.

    One process with one loop needs no more.
    """

    def __init__(self, *_: Any, **__: Any) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = 0,  # noqa: ARG002  Rasa's signature
        wait_time_in_seconds: float = 0,  # noqa: ARG002  Rasa's signature
    ) -> AsyncIterator[None]:
        """Hold the sender's lock; the last user drops it."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._leave(conversation_id)

    def _leave(self, conversation_id: str) -> None:
        self._users[conversation_id] -= 1
        if not self._users[conversation_id]:
            del self._users[conversation_id], self._locks[conversation_id]
