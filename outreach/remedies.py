"""What becomes of a row that the carrier refused or could not deliver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from carrier.errors import Remedy, remedy_for
from portal import consent
from portal.records import Phone
from portal.sending import CODE, UNDELIVERED, failed_sendings, give_up, next_try, put_off

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.records import Outbox

log = structlog.get_logger()

TOMORROW = timedelta(days=1)
AGAIN_LATER = {"text": timedelta(hours=2), "call": timedelta(minutes=3)}
MOST_DELIVERIES = 2
# A number engaged or not picked up is no error to the carrier, and has no code.
NOT_ANSWERED = frozenset({"busy", "no-answer"})


@dataclass(frozen=True)
class Failure:
    """What went wrong: the carrier's code or one word, and whether it had been taken."""

    remedy: Remedy
    why: str
    was_sent: bool = False


def settle(session: Session, row: Outbox, failure: Failure, *, at: datetime) -> None:
    """Do what the remedy says: put the row off, or let it rest and bring in a person."""
    if failure.remedy is Remedy.OPERATOR:
        log.error("the carrier refuses our account or our words", code=failure.why)
    if failure.remedy is Remedy.OPT_OUT:
        consent.opt_out(session, row.phone_id, source="carrier", evidence=row.provider_sid, at=at)
    if failure.remedy is Remedy.NO_TEXTS:
        session.get_one(Phone, row.phone_id).line_type = "landline"
    until = _until(session, row, failure, at)
    if until is None:
        give_up(session, row, failure.why, at=at)
    else:
        put_off(session, row, failure.why, until=until)


def settle_undelivered(session: Session, row: Outbox, *, at: datetime) -> None:
    """Do what is to be done about a row that was taken and not delivered."""
    why = (row.last_error or "").removeprefix(UNDELIVERED)
    settle(session, row, Failure(_remedy_of(why), why, was_sent=True), at=at)


def _remedy_of(why: str) -> Remedy:
    if why in NOT_ANSWERED:
        return Remedy.LATER
    return remedy_for(int(why)) if why.isascii() and why.isdigit() else Remedy.PERSON


def _until(session: Session, row: Outbox, failure: Failure, at: datetime) -> datetime | None:
    """Return when the row is tried again; None: never."""
    if failure.was_sent and row.purpose == CODE:
        return None  # the code is gone from the row, and nearly out of date
    until = _wanted(session, row, failure, at)
    too_late = until is not None and row.expires_at is not None and until >= row.expires_at
    return None if too_late else until


def _wanted(session: Session, row: Outbox, failure: Failure, at: datetime) -> datetime | None:
    if failure.remedy is Remedy.TOMORROW:
        return at + TOMORROW
    if failure.remedy is Remedy.LATER:
        tried_enough = failed_sendings(session, row) >= MOST_DELIVERIES
        return None if tried_enough else at + AGAIN_LATER[row.kind]
    # What was filtered out once is filtered out again; what was refused before it was
    # taken can go out once the account is mended.
    mends = failure.remedy is Remedy.OPERATOR and not failure.was_sent
    return next_try(row, at) if mends or failure.remedy is Remedy.RETRY else None
