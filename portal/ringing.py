"""Ringing a caller: on the number on file as a proof, or on the telephone they text from.

A call-back proves what a caller ID cannot: whoever answers holds the telephone
that the clinic has on file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from portal import lockouts, outbox
from portal.candidates import provable
from portal.handoff import call_back_task
from portal.proofs import is_locked
from portal.records import Conversation, Outbox, PatientPhone, StaffTask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from portal.records import Patient

PROOF_BY_CALL, RING = "call_back", "ring"
"""The purposes of a call: with a birth date it is the proof; or it is just a call."""

# While they listen to the goodbye and put the receiver down, their line is busy.
PUTS_DOWN_WITHIN = timedelta(seconds=15)
# Somebody waits beside the telephone; later than that a person must act instead.
STILL_WAITING = timedelta(minutes=15)
FIRST_IN_THE_QUEUE = -1
CAPS = ((timedelta(hours=1), 3), (timedelta(days=1), 6))
"""How many such calls one telephone gets, so that nobody can be rung to weariness, and
how many it can ask for: else whoever tries birth dates could ring patient after patient."""
HIDDEN_CAPS = ((timedelta(hours=1), 20), (timedelta(days=1), 60))
"""How many all hidden callers of one clinic can ask for."""


@dataclass(frozen=True, kw_only=True)
class Ring:
    """A call that is on its way, or the task of a person where there can be none."""

    outbox: Outbox | None = None
    task: StaffTask | None = field(default=None)


def request_call_back(
    session: Session,
    conversation: Conversation,
    candidates: Sequence[UUID],
    *,
    pending: dict[str, Any] | None = None,
    at: datetime,
) -> Ring:
    """Return the call to the number on file, which then goes on with ``pending``.

    Rung is the telephone the caller is on, if it is the patient's, else the
    patient's first. Where the candidates do not lead to exactly one telephone
    nobody is rung, and staff get to know if there is a number to call; the words
    are the same in either case.
    """
    phones = _numbers_on_file(session, conversation, candidates, at)
    if len(phones) == 1:
        phone_id, patient_id = next(iter(phones.items()))
        on_the_line = phone_id == conversation.phone_id
        ring = _ring(
            session,
            conversation,
            PROOF_BY_CALL,
            phone_id,
            patient_id=patient_id,
            pending=pending,
            at=at + PUTS_DOWN_WITHIN if on_the_line else at,
        )
        if ring is not None:
            return Ring(outbox=ring)
    return _instead(session, conversation, "identity", at)


def request_ring(
    session: Session,
    conversation: Conversation,
    *,
    pending: dict[str, Any] | None = None,
    at: datetime,
) -> Ring:
    """Return the call to the telephone that texts, which then goes on with ``pending``.

    Beyond three in an hour or six in a day there is a task to ring back instead.
    """
    if conversation.phone_id is None:
        return Ring()
    ring = _ring(session, conversation, RING, conversation.phone_id, pending=pending, at=at)
    return Ring(outbox=ring) if ring else _instead(session, conversation, RING, at)


def _numbers_on_file(
    session: Session, conversation: Conversation, ids: Sequence[UUID], at: datetime
) -> dict[UUID, UUID]:
    """Return the telephones to ring, each with one of the patients it is on file for."""
    if is_locked(session, conversation, at=at):
        return {}
    numbers = {
        _number_of(session, conversation, patient): patient.id
        for patient in provable(session, conversation, ids, at=at)
        if _may_be_rung(session, patient, at)
    }
    return {phone: patient for phone, patient in numbers.items() if phone is not None}


def _may_be_rung(session: Session, patient: Patient, at: datetime) -> bool:
    # Who else is at home may pick up, and knows the birth date of whom they threaten.
    if patient.safe_contact:
        return False
    return not lockouts.is_locked(session, lockouts.patient(patient.id), at=at)


def _number_of(session: Session, conversation: Conversation, patient: Patient) -> UUID | None:
    own = (
        select(PatientPhone.phone_id)
        .where(PatientPhone.patient_id == patient.id)
        .order_by(
            (PatientPhone.phone_id == conversation.phone_id).desc(),
            PatientPhone.is_primary.desc(),
            PatientPhone.phone_id,
        )
    )
    return session.scalars(own).first()


def _ring(
    session: Session,
    conversation: Conversation,
    purpose: str,
    phone_id: UUID,
    *,
    patient_id: UUID | None = None,
    pending: dict[str, Any] | None,
    at: datetime,
) -> Outbox | None:
    # A second wish in the same turn, or a webhook come twice, is the same call.
    key = f"{purpose}:{conversation.id}:{conversation.next_turn}"
    known = session.scalars(select(Outbox).where(Outbox.dedupe_key == key)).first()
    if known is not None:
        return known
    if not _is_below_caps(session, conversation, phone_id, at):
        return None
    return outbox.enqueue(
        session,
        kind="call",
        purpose=purpose,
        phone_id=phone_id,
        patient_id=patient_id,
        clinic_id=conversation.clinic_id,
        conversation_id=conversation.id,
        locale=conversation.locale,
        dedupe_key=key,
        body={"purpose": purpose, "pending": pending},
        expires_at=at + STILL_WAITING,
        priority=FIRST_IN_THE_QUEUE,
        at=at,
    )


def _is_below_caps(
    session: Session, conversation: Conversation, phone_id: UUID, at: datetime
) -> bool:
    hidden = conversation.phone_id is None
    return _is_below(session, Outbox.phone_id == phone_id, CAPS, at) and _is_below(
        session, _asked_by(conversation), HIDDEN_CAPS if hidden else CAPS, at
    )


def _asked_by(conversation: Conversation) -> ColumnElement[bool]:
    """Return which calls were asked for by this caller, or by any hidden one of the clinic."""
    whose: ColumnElement[bool] = Conversation.phone_id == conversation.phone_id
    if conversation.phone_id is None:
        whose = and_(whose, Conversation.clinic_id == conversation.clinic_id)
    return Outbox.conversation_id.in_(select(Conversation.id).where(whose))


def _is_below(
    session: Session,
    which: ColumnElement[bool],
    caps: Sequence[tuple[timedelta, int]],
    at: datetime,
) -> bool:
    rung = select(func.count(Outbox.id)).where(
        Outbox.kind == "call", which, Outbox.purpose.in_((PROOF_BY_CALL, RING))
    )
    return all(
        (session.scalar(rung.where(Outbox.available_at > at - window)) or 0) < most
        for window, most in caps
    )


def _instead(session: Session, conversation: Conversation, topic: str, at: datetime) -> Ring:
    if conversation.phone_id is None:
        return Ring()
    return Ring(task=call_back_task(session, conversation, topic=topic, at=at))
