"""The number on file is rung, or a person gets to know; nobody is rung to weariness."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import identity, lockouts, testing
from portal.records import Outbox, StaffTask
from portal.ringing import PROOF_BY_CALL, RING
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.records import Clinic

BORN = date(1950, 3, 14)
PENDING = {"intent": "results_status", "text": "my results"}


@pytest.fixture
def clinic(session: Session) -> Clinic:
    """Return a clinic."""
    return testing.clinic(session)


def _tasks(session: Session) -> list[StaffTask]:
    return list(session.scalars(select(StaffTask)))


def test_the_landline_on_file_is_rung_and_goes_on_with_what_was_wanted(
    session: Session, clinic: Clinic
) -> None:
    """Once the caller has put the receiver down, in their language, with what was pending."""
    landline = testing.phone(session, line_type="landline")
    patient = testing.patient(session, clinic, landline, born=BORN)
    call = testing.conversation(session, clinic, landline, locale="es-US")
    ring = identity.request_call_back(session, call, [patient.id], pending=PENDING, at=NOON)
    row = ring.outbox
    assert row is not None
    assert (row.kind, row.purpose, row.phone_id) == ("call", PROOF_BY_CALL, landline.id)
    assert (row.patient_id, row.locale, row.conversation_id) == (patient.id, "es-US", call.id)
    assert row.body["purpose"] == PROOF_BY_CALL
    assert row.body["pending"] == PENDING
    assert row.available_at == NOON + timedelta(seconds=15)
    assert _tasks(session) == []


@pytest.mark.parametrize("is_hidden", [True, False])
def test_from_elsewhere_the_first_number_on_file_is_rung(
    session: Session, clinic: Clinic, *, is_hidden: bool
) -> None:
    """A forged or foreign number is never the one that rings."""
    home, other = testing.phone(session), testing.phone(session)
    patient = testing.patient(session, clinic, home, other, born=BORN)
    elsewhere = None if is_hidden else testing.phone(session)
    call = testing.conversation(session, clinic, elsewhere)
    ring = identity.request_call_back(session, call, [patient.id], at=NOON)
    assert ring.outbox is not None
    assert (ring.outbox.phone_id, ring.outbox.available_at) == (home.id, NOON)


def test_whoever_calls_from_their_second_number_is_rung_there(
    session: Session, clinic: Clinic
) -> None:
    """It is on file as well, and it is the one beside them."""
    phones = [testing.phone(session) for _ in range(2)]
    patient = testing.patient(session, clinic, *phones, born=BORN)
    call = testing.conversation(session, clinic, phones[1])
    ring = identity.request_call_back(session, call, [patient.id], at=NOON)
    assert ring.outbox is not None
    assert ring.outbox.phone_id == phones[1].id


@pytest.mark.parametrize(
    "why", ["nobody", "strangers", "child", "locked call", "locked patient", "safe contact"]
)
def test_where_nobody_can_be_rung_a_person_gets_to_know(
    session: Session, clinic: Clinic, why: str
) -> None:
    """No telephone rings, and the caller's own number stands on a task of the front desk."""
    on = testing.phone(session)
    call = testing.conversation(session, clinic, on, failures=3 if why == "locked call" else 0)
    born = date(2012, 2, 2) if why == "child" else BORN
    first = testing.patient(session, clinic, testing.phone(session), born=born)
    second = testing.patient(session, clinic, testing.phone(session), born=BORN)
    ids = {"nobody": [], "strangers": [first.id, second.id]}.get(why, [first.id])
    first.safe_contact = why == "safe contact"
    if why == "locked patient":
        for _ in range(5):
            lockouts.count(session, [lockouts.patient(first.id)], at=NOON)
    ring = identity.request_call_back(session, call, ids, at=NOON)
    assert ring.outbox is None
    assert session.scalars(select(Outbox)).all() == []
    (task,) = _tasks(session)
    assert (task.topic, task.phone_id, task.pool) == ("identity", on.id, "front_desk")


def test_an_unknown_hidden_caller_leaves_nothing(session: Session, clinic: Clinic) -> None:
    """There is no number to ring, and no task that nobody could carry out."""
    call = testing.conversation(session, clinic)
    ring = identity.request_call_back(session, call, [], at=NOON)
    assert (ring.outbox, ring.task, _tasks(session)) == (None, None, [])


def test_two_patients_on_one_telephone_are_rung_there_once(
    session: Session, clinic: Clinic
) -> None:
    """Which of them it is their birth date tells when they answer."""
    phone = testing.phone(session)
    pair = [testing.patient(session, clinic, phone, born=BORN) for _ in range(2)]
    call = testing.conversation(session, clinic, phone)
    ids = [each.id for each in pair]
    ring = identity.request_call_back(session, call, ids, at=NOON)
    assert ring.outbox is not None
    assert len(session.scalars(select(Outbox)).all()) == 1


def test_who_texts_is_rung_on_that_telephone(session: Session, clinic: Clinic) -> None:
    """At once, with what they wanted, and the same wish twice is one call."""
    phone = testing.phone(session)
    text = testing.conversation(session, clinic, phone, channel="sms")
    rings = [identity.request_ring(session, text, pending=PENDING, at=NOON) for _ in range(2)]
    assert rings[0].outbox is rings[1].outbox
    row = rings[0].outbox
    assert row is not None
    assert (row.kind, row.purpose, row.phone_id) == ("call", RING, phone.id)
    assert (row.body["pending"], row.available_at) == (PENDING, NOON)
    assert row.expires_at == NOON + timedelta(minutes=15)


def test_three_rings_an_hour_then_a_task(session: Session, clinic: Clinic) -> None:
    """A forged text cannot make somebody's telephone ring all night."""
    phone = testing.phone(session)
    rings = []
    for minutes in range(5):
        text = testing.conversation(session, clinic, phone, channel="sms")
        at = NOON + timedelta(minutes=minutes)
        rings.append(identity.request_ring(session, text, at=at))
    assert [ring.outbox is not None for ring in rings] == [True, True, True, False, False]
    assert [ring.task is not None for ring in rings] == [False, False, False, True, True]
    later = testing.conversation(session, clinic, phone, channel="sms")
    in_an_hour = NOON + timedelta(minutes=63)
    assert identity.request_ring(session, later, at=in_an_hour).outbox is not None


def test_who_tries_birth_dates_cannot_ring_patient_after_patient(
    session: Session, clinic: Clinic
) -> None:
    """Three an hour from one telephone, whoever is meant; a patient's own is not held up by it."""
    from_one = testing.phone(session)
    meant = [
        testing.patient(session, clinic, testing.phone(session), born=BORN).id for _ in range(5)
    ]
    asked = [testing.conversation(session, clinic, from_one) for _ in meant]
    rings = [
        identity.request_call_back(session, call, [one], at=NOON)
        for call, one in zip(asked, meant, strict=True)
    ]
    assert [ring.outbox is not None for ring in rings] == [True, True, True, False, False]
    other = testing.conversation(session, clinic, testing.phone(session))
    assert identity.request_call_back(session, other, meant[-1:], at=NOON).outbox is not None


def test_all_hidden_callers_of_a_clinic_have_one_cap(session: Session, clinic: Clinic) -> None:
    """Twenty an hour: whoever hides cannot be told from the others."""
    meant = [testing.patient(session, clinic, testing.phone(session), born=BORN) for _ in range(21)]
    rings = [
        identity.request_call_back(
            session, testing.conversation(session, clinic), [patient.id], at=NOON
        )
        for patient in meant
    ]
    assert [ring.outbox is not None for ring in rings] == [True] * 20 + [False]


def test_a_hidden_number_cannot_be_rung(session: Session, clinic: Clinic) -> None:
    """Without a number there is neither a call nor a promise of one."""
    ring = identity.request_ring(session, testing.conversation(session, clinic), at=NOON)
    assert (ring.outbox, ring.task) == (None, None)
