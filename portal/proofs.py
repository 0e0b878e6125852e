"""How a try to prove who is calling is judged, whatever it was tried with.

Wrong and unknown end alike. What the caller may know is ``proved``, ``no_match``
and ``locked``, of which the last two have the same words; that it is a *patient*
who is locked shows in the records only, since an unknown one cannot be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from portal import audit, lockouts
from portal.database import new_id
from portal.records import ProofAttempt

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Conversation

TRIES = 3
"""Failed tries in one conversation; then a person takes over."""

BIRTH_YEAR_LEVEL, FULL_LEVEL = 1, 2


@dataclass(frozen=True)
class Proof:
    """How it ended: ``proved``, ``no_match``, or ``locked`` (no further try is taken)."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class Try:
    """What was tried: with what, for whom it may have been, and whom it fits.

    ``claimed`` are the patients against whom a failure counts; ``failure`` is what
    the records call it when it does not fit.
    """

    factor: str
    claimed: Sequence[UUID]
    fits: UUID | None
    level: int
    failure: str = "no_match"


def is_locked(session: Session, conversation: Conversation, *, at: datetime) -> bool:
    """Return whether no further try is taken: three failed here, or too many on this telephone."""
    spent = conversation.failures >= TRIES
    return spent or lockouts.is_locked(session, lockouts.caller(conversation), at=at)


def judge(session: Session, conversation: Conversation, tried: Try, *, at: datetime) -> Proof:
    """Return how ``tried`` ends, after counting it, and write down what it proved or did not.

    It is counted first and judged by its number, so that tries made at once count
    like tries made one after the other. More than a birth year is proved on the
    telephone only: texts lie about in handsets and in carriers' logs.
    """
    if tried.level > BIRTH_YEAR_LEVEL and conversation.channel != "voice":
        raise ValueError("no secret is taken by text")
    if is_locked(session, conversation, at=at):
        _failed(session, conversation, replace(tried, failure="locked"), at=at)
        return Proof("locked")
    subjects = {lockouts.caller(conversation), *map(lockouts.patient, tried.claimed)}
    used_up = lockouts.count(session, subjects, at=at)
    if _stands(conversation, tried, used_up):
        lockouts.take_back(session, subjects - used_up)
        return _proved(session, conversation, tried, at)
    conversation.failures += 1
    _failed(session, conversation, tried, used_up, at=at)
    return Proof("locked" if is_locked(session, conversation, at=at) else "no_match")


def _stands(conversation: Conversation, tried: Try, used_up: set[lockouts.Subject]) -> bool:
    if tried.fits is None:
        return False
    needed = {lockouts.caller(conversation), lockouts.patient(tried.fits)}
    return needed.isdisjoint(used_up)


def _proved(session: Session, conversation: Conversation, tried: Try, at: datetime) -> Proof:
    conversation.patient_id = tried.fits
    conversation.assurance = tried.level
    session.add(_attempt(conversation, tried, "proved", tried.fits, at=at))
    detail = {"factor": tried.factor, "level": tried.level}
    audit.record_caller(session, conversation, action="identity.proved", detail=detail, at=at)
    return Proof("proved")


def _failed(
    session: Session,
    conversation: Conversation,
    tried: Try,
    used_up: Collection[lockouts.Subject] = (),
    *,
    at: datetime,
) -> None:
    """Write one row for each patient it may have been for, or one for nobody."""
    for patient_id in tried.claimed or (None,):
        spent = patient_id is not None and lockouts.patient(patient_id) in used_up
        ended = "locked" if spent else tried.failure
        session.add(_attempt(conversation, tried, ended, patient_id, at=at))
        audit.record_caller(
            session,
            conversation,
            action="identity.refused",
            patient_id=patient_id,
            detail={"factor": tried.factor, "outcome": ended},
            at=at,
        )


def _attempt(
    conversation: Conversation, tried: Try, outcome: str, patient_id: UUID | None, *, at: datetime
) -> ProofAttempt:
    return ProofAttempt(
        id=new_id(),
        conversation_id=conversation.id,
        phone_id=conversation.phone_id,
        patient_id=patient_id,
        factor=tried.factor,
        outcome=outcome,
        at=at,
    )
