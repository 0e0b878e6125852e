"""Proving who is calling. Everything the dialogue needs for it is found here.

Caller ID is a hint and never a proof: it can be forged (telephony §4.1). What
proves is a birth date together with a PIN, a code sent to the number on file, or
a call to it; and by text, for the little that a text may do, the birth year of a
patient whose telephone it is.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from portal import audit
from portal.access import IdentityNeeded
from portal.candidates import born_on, candidates, patients_on, provable, readings, today_at
from portal.codes import CodePlan, issue_code, prove_by_code
from portal.pins import hash_pin, is_outdated, is_too_easy, matching
from portal.proofs import BIRTH_YEAR_LEVEL, FULL_LEVEL, TRIES, Proof, Try, is_locked, judge
from portal.records import Patient
from portal.refusal import Refused
from portal.ringing import PROOF_BY_CALL, Ring, request_call_back, request_ring

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Conversation

__all__ = [
    "PROOF_BY_CALL",
    "TRIES",
    "CodePlan",
    "Proof",
    "Ring",
    "candidates",
    "check_new_pin",
    "compare_pin",
    "hash_pin",
    "is_locked",
    "issue_code",
    "prove_by_birth_year",
    "prove_by_call_back",
    "prove_by_code",
    "prove_by_pin",
    "readings",
    "request_call_back",
    "request_ring",
    "set_pin",
    "today_at",
]


def compare_pin(
    session: Session,
    conversation: Conversation,
    candidates: Sequence[UUID],
    pin: str,
    *,
    at: datetime,
) -> frozenset[UUID]:
    """Return whose PIN it is, after comparing three, whoever there is; nothing is written.

    It takes long (see ``portal.pins``) and may run in a read-only transaction
    before :func:`prove_by_pin`, so that no writer waits for it on SQLite.
    """
    patients = provable(session, conversation, candidates, at=at)
    places = matching([patient.pin_hash for patient in patients], pin)
    return frozenset(patients[place].id for place in places)


def prove_by_pin(
    session: Session,
    conversation: Conversation,
    candidates: Sequence[UUID],
    pin: str,
    *,
    at: datetime,
    fitting: frozenset[UUID] | None = None,
) -> Proof:
    """Return whether ``pin`` is that of exactly one of the candidates (three at most).

    ``fitting`` is what :func:`compare_pin` returned, where it was called before;
    else it is called here, before anything is counted, so that no row stays locked
    meanwhile. Two that fit are none.
    """
    if fitting is None:
        fitting = compare_pin(session, conversation, candidates, pin, at=at)
    patients = provable(session, conversation, candidates, at=at)
    found = [patient for patient in patients if patient.id in fitting]
    tried = Try(
        factor="pin",
        claimed=[patient.id for patient in patients],
        fits=found[0].id if len(found) == 1 else None,
        level=FULL_LEVEL,
        failure="ambiguous" if found else "no_match",
    )
    proof = judge(session, conversation, tried, at=at)
    if proof.outcome == "proved":
        _renew(found[0], pin)
    return proof


def prove_by_birth_year(
    session: Session, conversation: Conversation, year: str, *, at: datetime
) -> Proof:
    """Return whether exactly one patient of the texting telephone was born in ``year``.

    A patient whose texts somebody else may read (safe contact) proves nothing by
    text. A failure counts against the telephone alone: years are guessed too
    easily to lock a patient out by them.
    """
    fitting = _born_in(session, conversation, year, at)
    fits = fitting[0].id if len(fitting) == 1 else None
    tried = Try(
        factor="birth_year",
        claimed=[fits] if fits else [],
        fits=fits,
        level=BIRTH_YEAR_LEVEL,
        failure="ambiguous" if fitting else "no_match",
    )
    return judge(session, conversation, tried, at=at)


def prove_by_call_back(
    session: Session, conversation: Conversation, candidates: Sequence[UUID], *, at: datetime
) -> Proof:
    """Return whether we rang the number on file of exactly one candidate.

    The candidates come from the birth date that whoever answered has just keyed. A
    patient in danger at home (safe contact) is not proved by holding the telephone.
    """
    on_file = _on_rung_phone(session, conversation)
    patients = [
        patient
        for patient in provable(session, conversation, candidates, at=at)
        if patient.id in on_file and not patient.safe_contact
    ]
    tried = Try(
        factor="call_back",
        claimed=[patient.id for patient in patients],
        fits=patients[0].id if len(patients) == 1 else None,
        level=FULL_LEVEL,
        failure="ambiguous" if patients else "no_match",
    )
    return judge(session, conversation, tried, at=at)


def check_new_pin(
    session: Session,
    conversation: Conversation,
    pin: str,
    *,
    at: datetime,  # noqa: ARG001 - every rule takes it; this one does not change with time
) -> None:
    """Raise Refused when ``pin`` is too easy, and IdentityNeeded when nobody is proved."""
    _owner_for(session, conversation, pin)


def set_pin(session: Session, conversation: Conversation, pin: str, *, at: datetime) -> None:
    """Give the proved patient this PIN; raises as :func:`check_new_pin` does."""
    patient = _owner_for(session, conversation, pin)
    patient.pin_hash = hash_pin(pin)
    patient.pin_set_at = at
    patient.origin = "phone"
    patient.as_of = at
    audit.record_caller(
        session,
        conversation,
        action="identity.pin_set",
        entity="patient",
        entity_id=patient.id,
        at=at,
    )


def _owner_for(session: Session, conversation: Conversation, pin: str) -> Patient:
    if conversation.patient_id is None or conversation.assurance < FULL_LEVEL:
        raise IdentityNeeded(FULL_LEVEL)
    patient = session.get_one(Patient, conversation.patient_id)
    if is_too_easy(pin, born_on(patient)):
        raise Refused("identity.pin_too_easy")
    return patient


def _renew(patient: Patient, pin: str) -> None:
    # Only now is the PIN known, so only now can it move to the newest key.
    if patient.pin_hash and is_outdated(patient.pin_hash):
        patient.pin_hash = hash_pin(pin)


def _born_in(
    session: Session, conversation: Conversation, year: str, at: datetime
) -> list[Patient]:
    if conversation.phone_id is None:
        return []
    on_file = [patient.id for patient in patients_on(session, conversation.phone_id)]
    return [
        patient
        for patient in provable(session, conversation, on_file, at=at)
        if not patient.safe_contact
        and hmac.compare_digest(f"{born_on(patient).year}".encode(), year.encode())
    ]


def _on_rung_phone(session: Session, conversation: Conversation) -> set[UUID]:
    if conversation.direction != "outbound" or conversation.phone_id is None:
        return set()
    return {patient.id for patient in patients_on(session, conversation.phone_id)}
