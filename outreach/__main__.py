"""The process that sends: ``python -m outreach`` runs until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from carrier.sending import Carrier
from logs import only_warnings
from outreach.chores import Chores
from outreach.drain import Drain
from portal.database import bind, connect
from portal.encryption import KeyRing, use
from settings import SettingError, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger()

PAUSE_SECONDS = 0.5
AFTER_TROUBLE_SECONDS = 2.0


def run(once: Callable[[], bool], stop: threading.Event) -> None:
    """Drain until ``stop`` is set; trouble (the database away) is waited out."""
    while not stop.is_set():
        try:
            pause = 0.0 if once() else PAUSE_SECONDS
        except Exception as error:  # noqa: BLE001 - it must go on when the trouble is over
            log.error("outreach has trouble", error=type(error).__name__)  # noqa: TRY400
            pause = AFTER_TROUBLE_SECONDS
        stop.wait(pause)


def main() -> None:
    """Send what is in the outbox until SIGTERM or Ctrl-C; a row under way is finished first."""
    try:
        settings = Settings.from_env()
    except SettingError as error:
        sys.exit(f"outreach: {error}")
    only_warnings()
    use(KeyRing.from_text(settings.data_keys))
    bind(connect(settings.database_url, pool_size=2))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(_worker(settings), stop)


def _worker(settings: Settings) -> Callable[[], bool]:
    """Return what is done over and over: the chores that are due, then a sending."""
    drain, chores = _drain(settings), Chores()

    def once() -> bool:
        chores.look(datetime.now(UTC))
        return drain.once()

    return once


def _drain(settings: Settings) -> Drain:
    return Drain(
        carrier=Carrier(
            settings.twilio_account_sid, settings.twilio_auth_tokens[0], settings.twilio_api_url
        ),
        public_base_url=settings.public_base_url,
        holder=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}",
        clock=lambda: datetime.now(UTC),
    )


if __name__ == "__main__":
    main()
