"""Bringing in a person: now when somebody is there, else a promise that has an owner."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal import audit
from portal.conversations import phone_for
from portal.hours import closes_at, hours_today, is_open, local, opens_next
from portal.records import Clinic, PatientPhone, StaffTask
from portal.tasks import ANSWERED_WITHIN, NORMAL, SOON, open_task

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Conversation

__all__ = [
    "Handoff",
    "call_back",
    "call_back_task",
    "hours_today",
    "is_open",
    "nurse_task",
    "opens_next",
    "pool_for",
    "request_person",
    "same_day",
    "within_a_day",
]

FRONT_DESK, NURSE = "front_desk", "nurse"
AFTER_OPENING = timedelta(hours=2)
# A promise of five minutes, made just before the doors close, would be broken.
LEAST_TIME = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Handoff:
    """What was decided: a transfer now, or a task; instants are in the clinic's zone.

    Neither stands when nobody could reach the caller yet (a hidden number):
    nothing may be promised before they have left one. ``opens_at`` is there while
    the clinic is closed.
    """

    pool: str
    transfer_to: str | None = field(default=None, repr=False)
    task: StaffTask | None = None
    due_at: datetime | None = None
    opens_at: datetime | None = None


def request_person(
    session: Session,
    conversation: Conversation,
    *,
    topic: str,
    pool: str = FRONT_DESK,
    may_transfer: bool = True,
    at: datetime,
) -> Handoff:
    """Return who takes over: the number to transfer the call to, else a call-back task.

    A call is transferred while the clinic is open and has a number for it.
    """
    clinic = session.get_one(Clinic, conversation.clinic_id)
    number = _number(clinic, pool)
    may = may_transfer and conversation.channel == "voice" and number is not None
    if may and is_open(session, clinic, at):
        audit.record_caller(
            session, conversation, action="handoff.transfer", detail={"topic": topic}, at=at
        )
        return Handoff(pool=pool_for(conversation, clinic, pool), transfer_to=number)
    return call_back(session, conversation, topic=topic, pool=pool, at=at)


def call_back(
    session: Session,
    conversation: Conversation,
    *,
    topic: str,
    pool: str = FRONT_DESK,
    number: str | None = None,
    at: datetime,
) -> Handoff:
    """Return the promise to ring back, on ``number`` (E.164) or on the one we know.

    The same conversation and topic make one task, however often it is asked for.
    """
    clinic = session.get_one(Clinic, conversation.clinic_id)
    given = phone_for(session, number, at=at)
    phone_id = given.id if given else _reachable(session, conversation)
    closed = None if is_open(session, clinic, at) else opens_next(session, clinic, at)
    if phone_id is None:
        return Handoff(pool=pool_for(conversation, clinic, pool), opens_at=closed)
    make = nurse_task if pool == NURSE else call_back_task
    task = make(session, conversation, topic=topic, pool=pool, phone_id=phone_id, at=at)
    due = local(clinic, task.due_at)
    return Handoff(pool=task.pool, task=task, due_at=due, opens_at=closed)


def call_back_task(
    session: Session,
    conversation: Conversation,
    *,
    topic: str,
    pool: str = FRONT_DESK,
    phone_id: UUID | None = None,
    at: datetime,
) -> StaffTask:
    """Return the task to ring the caller back, see :func:`within_a_day`."""
    clinic = session.get_one(Clinic, conversation.clinic_id)
    return _promise(
        session,
        conversation,
        kind="call_back",
        topic=topic,
        pool=pool_for(conversation, clinic, pool),
        phone_id=phone_id,
        priority=NORMAL,
        due_at=within_a_day(session, clinic, at),
        at=at,
    )


def nurse_task(
    session: Session,
    conversation: Conversation,
    *,
    topic: str,
    pool: str = NURSE,
    phone_id: UUID | None = None,
    at: datetime,
) -> StaffTask:
    """Return the task for a nurse to ring the caller on the same day, see :func:`same_day`."""
    clinic = session.get_one(Clinic, conversation.clinic_id)
    return _promise(
        session,
        conversation,
        kind="nurse_call_back",
        topic=topic,
        pool=pool_for(conversation, clinic, pool),
        phone_id=phone_id,
        priority=SOON,
        due_at=same_day(session, clinic, at),
        at=at,
    )


def within_a_day(session: Session, clinic: Clinic, at: datetime) -> datetime:
    """Return the deadline of what is promised within 24 hours (of clock time).

    Asked for while the clinic is closed it is never before two hours after the next
    opening: nobody would be there to keep it.
    """
    opens = None if is_open(session, clinic, at) else opens_next(session, clinic, at)
    a_day = at + ANSWERED_WITHIN
    return max(a_day, opens + AFTER_OPENING) if opens else a_day


def same_day(session: Session, clinic: Clinic, at: datetime) -> datetime:
    """Return the deadline of what a nurse must see today.

    While the clinic is open that is when its day ends (in half an hour at the
    soonest), while it is closed two hours after it opens; 24 hours where no
    opening is in sight.
    """
    if closes_at(session, clinic, at) is not None:
        last = hours_today(session, clinic, at)[-1][1]
        return max(min(last, at + ANSWERED_WITHIN), at + LEAST_TIME)
    opens = opens_next(session, clinic, at)
    return opens + AFTER_OPENING if opens else at + ANSWERED_WITHIN


def pool_for(conversation: Conversation, clinic: Clinic, pool: str) -> str:
    """Return the pool that owns it: the front desk's work goes to whoever speaks the language.

    Clinical pools keep what is theirs, with the language written on the task: a
    nurse with an interpreter is better than a speaker of Spanish without a licence.
    """
    language = _language(conversation.locale)
    if pool == FRONT_DESK and language != _language(clinic.locale_default):
        return f"language:{language}"
    return pool


def _promise(
    session: Session,
    conversation: Conversation,
    *,
    phone_id: UUID | None,
    at: datetime,
    **promised: Any,
) -> StaffTask:
    task = open_task(
        session,
        dedupe_key=f"{promised['kind']}:{conversation.id}:{promised['topic']}",
        patient_id=conversation.patient_id,
        conversation_id=conversation.id,
        phone_id=phone_id or _reachable(session, conversation),
        clinic_id=conversation.clinic_id,
        locale=conversation.locale,
        at=at,
        **promised,
    )
    _keep_number(task, phone_id)
    _trace(session, conversation, task, at)
    return task


def _keep_number(task: StaffTask, phone_id: UUID | None) -> None:
    # A caller who corrects the number wants to be rung on the one they gave last.
    if phone_id is not None and task.phone_id != phone_id:
        task.phone_id = phone_id


def _trace(session: Session, conversation: Conversation, task: StaffTask, at: datetime) -> None:
    audit.record_caller(
        session,
        conversation,
        action="handoff.task",
        entity="staff_task",
        entity_id=task.id,
        detail={"kind": task.kind, "topic": task.topic, "pool": task.pool},
        at=at,
    )


def _reachable(session: Session, conversation: Conversation) -> UUID | None:
    """Return the telephone that the caller is on, else the proved patient's own."""
    if conversation.phone_id is not None or conversation.patient_id is None:
        return conversation.phone_id
    own = (
        select(PatientPhone.phone_id)
        .where(PatientPhone.patient_id == conversation.patient_id)
        .order_by(PatientPhone.is_primary.desc(), PatientPhone.phone_id)
    )
    return session.scalars(own).first()


def _number(clinic: Clinic, pool: str) -> str | None:
    return (clinic.nurse_line if pool == NURSE else None) or clinic.front_desk


def _language(tag: str) -> str:
    return tag.partition("-")[0]
