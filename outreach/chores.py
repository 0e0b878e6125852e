"""The chores between two sendings: each done once a period, by whichever worker is first."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from portal import booking, holds, housekeeping, idempotency, openings
from portal.database import transaction

log = structlog.get_logger()
LOOK_EVERY = timedelta(minutes=1)
A_DAY = timedelta(days=1)


class Chores:
    """Looks once a minute whether a chore is due; the database says whose turn it is."""

    def __init__(self) -> None:
        self._looks_at: datetime | None = None

    def look(self, at: datetime) -> None:
        """Do what is due, unless it was looked at within the minute."""
        if self._looks_at is None or at >= self._looks_at:
            self._looks_at = at + LOOK_EVERY
            do_chores(at)


def do_chores(at: datetime) -> None:
    """End and forget what is over, seal the audit, extend the openings."""
    with transaction() as session:
        if housekeeping.is_due(session, "tidy", housekeeping.EVERY, at=at):
            housekeeping.end_stale(session, at=at)
            idempotency.forget_expired(session, at=at)
            holds.sweep(session, at=at)
    with transaction() as session:
        if housekeeping.is_due(session, "seal", housekeeping.HOUR, at=at):
            seal = housekeeping.seal_audit(session, at=at)
            if seal is not None:
                # Also outside the database, where its administrator cannot reach.
                log.warning("audit sealed", until=str(seal.to_at), digest=seal.digest.hex())
    with transaction() as session:
        if housekeeping.is_due(session, "openings", A_DAY, at=at):
            booking.forget_references(session, at=at)
            made = openings.extend(session, at=at)
            log.info("openings extended", made=made)
