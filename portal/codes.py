"""One-time codes: a text to the number on file, for those who have no PIN.

Whoever holds that telephone holds the code, whatever number they call from. It
opens the conversation that asked for it, once, within ten minutes.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select, update

from portal import consent, lockouts, outbox
from portal.answers import Prompt
from portal.candidates import patients_on, provable
from portal.database import new_id
from portal.encryption import ring
from portal.proofs import FULL_LEVEL, Proof, Try, is_locked, judge
from portal.records import Clinic, Conversation, OneTimeCode, Patient, PatientPhone, Phone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

CODE_DIGITS = 6
VALID_FOR = timedelta(minutes=10)
MOST_WRONG = 3
PURPOSE = "identity"
# Before everything that nobody is waiting for with the receiver in their hand.
FIRST_IN_THE_QUEUE = -1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CAPS = ((HOUR, 3), (DAY, 6))
"""How many codes go to one patient, and on behalf of one caller's telephone."""
HIDDEN_CAPS = ((HOUR, 20), (DAY, 60))
"""How many go on behalf of all hidden callers of one clinic."""


@dataclass(frozen=True, kw_only=True)
class CodePlan:
    """What was done: for whom a code went where, or for nobody.

    Never for the caller's ears. They hear the same words whichever it was.
    """

    patient_id: UUID | None
    phone_id: UUID | None
    expires_at: datetime


def issue_code(
    session: Session, conversation: Conversation, candidates: Sequence[UUID], *, at: datetime
) -> CodePlan:
    """Return what was sent to whom, after writing the code and the text that carries it.

    Only a single candidate gets one: people who did not call are not disturbed,
    and a code does not tell twins apart. No text goes to a landline, to a telephone
    that has opted out, or to one that somebody else may read (safe contact).
    """
    patient = _for_whom(session, conversation, candidates, at)
    phone = _where(session, conversation, patient) if patient else None
    sent_to = patient if phone else None
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    row = OneTimeCode(
        id=new_id(),
        conversation_id=conversation.id,
        patient_id=sent_to.id if sent_to else None,
        phone_id=phone.id if phone else None,
        code_hash=_fingerprint(conversation, code),
        sent_at=at,
        expires_at=at + VALID_FOR,
    )
    session.add(row)
    session.flush()
    if sent_to and phone:
        _enqueue(session, conversation, row, phone, code)
    return CodePlan(patient_id=row.patient_id, phone_id=row.phone_id, expires_at=row.expires_at)


def prove_by_code(
    session: Session, conversation: Conversation, code: str, *, at: datetime
) -> Proof:
    """Return whether ``code`` is one that this conversation was sent and has not used.

    A newer code leaves the failures of the older ones where they are.
    """
    sent = session.scalars(
        select(OneTimeCode)
        .where(OneTimeCode.conversation_id == conversation.id, OneTimeCode.patient_id.is_not(None))
        .order_by(OneTimeCode.sent_at)
    ).all()
    given = _fingerprint(conversation, code)
    # Each is compared, so that time does not tell which one it was.
    named = [row for row in sent if hmac.compare_digest(row.code_hash, given)]
    fits = next((row for row in named if _is_live(row, at)), None)
    proof = judge(session, conversation, _tried(sent, named, fits), at=at)
    if proof.outcome == "proved":
        _use_up(session, conversation, at)
    else:
        _count_wrong(session, conversation)
    return proof


def _tried(
    sent: Sequence[OneTimeCode], named: Sequence[OneTimeCode], fits: OneTimeCode | None
) -> Try:
    claimed = sorted({row.patient_id for row in sent if row.patient_id is not None})
    return Try(
        factor="code",
        claimed=claimed,
        fits=fits.patient_id if fits else None,
        level=FULL_LEVEL,
        failure="expired" if named else "no_match",
    )


def _is_live(row: OneTimeCode, at: datetime) -> bool:
    return row.used_at is None and row.expires_at > at and row.failures < MOST_WRONG


def _use_up(session: Session, conversation: Conversation, at: datetime) -> None:
    """Spend all codes of the conversation: once one of them was good, none is any more."""
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.conversation_id == conversation.id, OneTimeCode.used_at.is_(None))
        .values(used_at=at)
    )


def _count_wrong(session: Session, conversation: Conversation) -> None:
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.conversation_id == conversation.id, OneTimeCode.used_at.is_(None))
        .values(failures=OneTimeCode.failures + 1)
    )


def _for_whom(
    session: Session, conversation: Conversation, ids: Sequence[UUID], at: datetime
) -> Patient | None:
    may = provable(session, conversation, ids, at=at)
    if len(may) != 1 or is_locked(session, conversation, at=at):
        return None
    patient = may[0]
    if lockouts.is_locked(session, lockouts.patient(patient.id), at=at):
        return None
    return patient if _is_below_caps(session, conversation, patient, at) else None


def _is_below_caps(
    session: Session, conversation: Conversation, patient: Patient, at: datetime
) -> bool:
    # The row that is counted for is locked first (SQLite has one writer anyway),
    # so that requests at the same instant see each other's codes.
    session.execute(
        select(Patient.id).where(Patient.id == patient.id).with_for_update(key_share=True)
    )
    to_patient = OneTimeCode.patient_id == patient.id
    if not _is_below(session, to_patient, CAPS, at):
        return False
    return _is_below(session, _asked_by(session, conversation), _caps(conversation), at)


def _caps(conversation: Conversation) -> Sequence[tuple[timedelta, int]]:
    return HIDDEN_CAPS if conversation.phone_id is None else CAPS


def _asked_by(session: Session, conversation: Conversation) -> ColumnElement[bool]:
    """Return which codes were asked for by this caller, or by any hidden one, and lock them."""
    lock = select(Phone.id).where(Phone.id == conversation.phone_id)
    whose: ColumnElement[bool] = Conversation.phone_id == conversation.phone_id
    if conversation.phone_id is None:
        lock = select(Clinic.id).where(Clinic.id == conversation.clinic_id)
        whose = and_(whose, Conversation.clinic_id == conversation.clinic_id)
    session.execute(lock.with_for_update(key_share=True))
    return OneTimeCode.conversation_id.in_(select(Conversation.id).where(whose))


def _is_below(
    session: Session,
    which: ColumnElement[bool],
    caps: Sequence[tuple[timedelta, int]],
    at: datetime,
) -> bool:
    sent = select(func.count(OneTimeCode.id)).where(which, OneTimeCode.patient_id.is_not(None))
    return all(
        (session.scalar(sent.where(OneTimeCode.sent_at > at - window)) or 0) < most
        for window, most in caps
    )


def _where(session: Session, conversation: Conversation, patient: Patient) -> Phone | None:
    """Return the patient's telephone that may be texted, first the one they call from."""
    if patient.safe_contact or patient.text_level == 0:
        return None
    on_file = session.scalars(
        select(Phone)
        .join(PatientPhone, PatientPhone.phone_id == Phone.id)
        .where(PatientPhone.patient_id == patient.id, Phone.line_type != "landline")
        .order_by(
            (Phone.id == conversation.phone_id).desc(), PatientPhone.is_primary.desc(), Phone.id
        )
    )
    return next((phone for phone in on_file if _may_carry(session, phone)), None)


def _may_carry(session: Session, phone: Phone) -> bool:
    others = patients_on(session, phone.id)
    is_safe = not any(patient.safe_contact for patient in others)
    return is_safe and consent.may_text(session, phone.id, PURPOSE)


def _enqueue(
    session: Session, conversation: Conversation, row: OneTimeCode, phone: Phone, code: str
) -> None:
    clinic = session.get_one(Clinic, conversation.clinic_id)
    details = {"clinic": clinic.text_safe_name, "code": code}
    outbox.enqueue(
        session,
        kind="text",
        purpose=PURPOSE,
        phone_id=phone.id,
        patient_id=row.patient_id,
        clinic_id=clinic.id,
        conversation_id=conversation.id,
        locale=conversation.locale,
        dedupe_key=f"code:{row.id}",
        prompts=(Prompt(name="identity.code_text", details=details),),
        expires_at=row.expires_at,
        priority=FIRST_IN_THE_QUEUE,
        at=row.sent_at,
    )


def _fingerprint(conversation: Conversation, code: str) -> str:
    # Bound to the conversation: the code that one call was sent opens no other.
    return ring().blind_index(f"one-time code {conversation.id}", code).hex()
