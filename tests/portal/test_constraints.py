"""What must never be in the records, the database itself refuses, on both of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from portal import audit, consent, testing
from portal.database import Base, new_id, sessions, transaction
from portal.lockouts import count
from portal.lockouts import patient as patient_subject
from portal.records import (
    Audit,
    AuditSeal,
    ConsentEvent,
    Conversation,
    Idempotency,
    Lockout,
    Outbox,
    PatientPhone,
    Phone,
    Prescription,
    ProxyGrant,
    RefillRequest,
    StaffTask,
    Tick,
    Turn,
)
from portal.testing import NOON
from tests.portal.together import together, wins

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Engine

pytestmark = pytest.mark.usefixtures("engine")
A_DAY = timedelta(days=1)


def _prescription() -> tuple[UUID, UUID]:
    with transaction() as session:
        patient = testing.patient(session, testing.clinic(session))
        row = Prescription(
            patient_id=patient.id,
            clinician_id=testing.clinician(session).id,
            rxnorm="83367",
            display="atorvastatin",
            refills_allowed=3,
        )
        return patient.id, testing.add(session, row).id


def _ask(patient_id: UUID, prescription_id: UUID) -> None:
    with transaction() as session:
        session.add(
            RefillRequest(
                patient_id=patient_id,
                prescription_id=prescription_id,
                kind="refill",
                requested_at=NOON,
                origin="phone",
                as_of=NOON,
            )
        )


def test_of_thirty_two_refill_requests_one_stands() -> None:
    """One medicine has at most one open request, and another after it is decided."""
    patient_id, prescription_id = _prescription()
    ask = wins(lambda _: _ask(patient_id, prescription_id))
    assert sum(together(32, ask)) == 1

    with transaction() as session:
        session.execute(update(RefillRequest).values(status="approved"))
    assert not ask(0)
    with transaction() as session:
        session.execute(update(RefillRequest).values(status="denied"))
    assert ask(0)


def test_of_thirty_two_equal_webhooks_one_is_taken() -> None:
    """One provider's id is claimed once, and a turn of it is written once."""
    with transaction() as session:
        call = testing.conversation(session, testing.clinic(session))

    def receive(number: int) -> None:
        with transaction() as session:
            session.add(
                Idempotency(
                    scope="sms",
                    key="SM1",
                    request_hash=str(number),
                    claimed_at=NOON,
                    expires_at=NOON + A_DAY,
                )
            )
            session.flush()
            session.add(Turn(conversation_id=call.id, number=number + 1, speaker="caller", at=NOON))

    assert sum(together(32, wins(receive))) == 1
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 1


@pytest.mark.parametrize(
    "second",
    [{"number": 1, "speaker": "caller"}, {"number": 2, "speaker": "line", "provider_sid": "SM1"}],
)
def test_a_turn_and_a_message_are_written_once(second: dict[str, Any]) -> None:
    """A conversation has one turn of each number and speaker, the carrier's id is there once."""
    with transaction() as session:
        call = testing.conversation(session, testing.clinic(session))
        first = {"number": 1, "speaker": "caller", "provider_sid": "SM1"}
        session.add(Turn(conversation_id=call.id, at=NOON, **first))
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Turn(conversation_id=call.id, at=NOON, **second))


def test_thirty_two_failures_at_once_are_counted_as_thirty_two() -> None:
    """No failure is lost between two that look at one time."""
    subject = patient_subject(new_id())

    def fail(_: int) -> bool:
        with transaction() as session:
            return subject in count(session, [subject], at=NOON)

    refused = together(32, fail)
    with transaction(read_only=True) as session:
        row = session.get_one(Lockout, subject.key)
    assert row.failures == 32
    assert row.locked_until == NOON + subject.window
    assert refused.count(False) == subject.limit


def test_a_periodic_job_runs_once() -> None:
    """Of sixteen workers that find a job due, one takes it."""

    def take(_: int) -> None:
        with transaction() as session:
            session.add(Tick(job="reminders", due=NOON, taken_at=NOON))

    assert sum(together(16, wins(take))) == 1


def _evidence() -> dict[type[Base], Any]:
    with transaction() as session:
        phone = testing.phone(session)
        consent.opt_out(session, phone.id, source="text", at=NOON)
        audit.record(session, action="results.heard", actor_kind="caller", at=NOON)
        session.add(
            AuditSeal(from_at=NOON, to_at=NOON + A_DAY, row_count=1, digest=b"1", sealed_at=NOON)
        )
    return {Audit: Audit.action, ConsentEvent: ConsentEvent.source, AuditSeal: AuditSeal.row_count}


@pytest.mark.parametrize("record", [Audit, ConsentEvent, AuditSeal])
def test_evidence_is_only_ever_added(record: type[Base]) -> None:
    """An audit row, a consent and a seal can neither be changed nor deleted."""
    column = _evidence()[record]
    for change in (update(record).values({column: column}), delete(record)):
        with pytest.raises(IntegrityError, match="append-only"), transaction() as session:
            session.execute(change)
    with transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(record)) == 1


@pytest.mark.parametrize("table", ["audit", "consent_event", "audit_seal"])
def test_evidence_cannot_be_replaced_or_emptied(table: str, engine: Engine) -> None:
    """Nor by the ways around UPDATE and DELETE that each database has."""
    _evidence()
    around = {
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",  # noqa: S608
        "postgresql": f"TRUNCATE {table}",
    }[engine.dialect.name]
    with pytest.raises(IntegrityError, match="append-only"), transaction() as session:
        session.execute(text(around))


def test_a_naive_datetime_is_refused() -> None:
    """What has no zone is no instant, whether it is stored or compared."""
    naive = datetime(2026, 6, 9, 10, 0)  # noqa: DTZ001 - that is what is refused
    with pytest.raises(StatementError, match="naive"), transaction() as session:
        session.add(Tick(job="any", due=naive))
    with pytest.raises(StatementError, match="naive"), transaction() as session:
        session.scalars(select(Tick).where(Tick.due < naive))


def test_an_instant_comes_back_as_the_same_one_in_utc() -> None:
    """Whatever zone it was given in, it is stored and compared as an instant."""
    with transaction() as session:
        session.add(Tick(job="any", due=NOON))
    with transaction(read_only=True) as session:
        earlier = NOON.astimezone(UTC) - timedelta(microseconds=1)
        kept = session.scalars(select(Tick.due).where(Tick.due > earlier)).one()
    assert kept == NOON
    assert kept.utcoffset() == timedelta(0)


@pytest.mark.parametrize("given", [{"due_at": NOON}, {"status": "claimed"}, {"status": "lost"}])
def test_a_promise_has_a_deadline_ahead_and_an_owner(given: dict[str, Any]) -> None:
    """A task due before it was made, or claimed by nobody, or in no known state, is refused."""
    with transaction() as session:
        clinic = testing.clinic(session)
    columns = {"due_at": NOON + A_DAY, "created_at": NOON, "locale": "en-US", **given}
    with pytest.raises((IntegrityError, StatementError)):
        _add(StaffTask(kind="call_back", pool="nurse", clinic_id=clinic.id, **columns))


def test_a_patient_has_one_primary_telephone() -> None:
    """A second telephone is no primary one."""
    with transaction() as session:
        first, second = testing.phone(session), testing.phone(session)
        patient = testing.patient(session, testing.clinic(session), first, second)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(
            update(PatientPhone)
            .where(PatientPhone.patient_id == patient.id, PatientPhone.phone_id == second.id)
            .values(is_primary=True)
        )


def test_a_grant_is_given_once_and_again_after_it_was_revoked() -> None:
    """One patient has at most one live grant for another, and none for themselves."""
    with transaction() as session:
        clinic = testing.clinic(session)
        one, other = testing.patient(session, clinic), testing.patient(session, clinic)

    def grant(patient: UUID, proxy: UUID) -> bool:
        row = {"patient_id": patient, "proxy_patient_id": proxy, "scope": {}, "valid_from": NOON}
        return wins(lambda _: _add(ProxyGrant(**row)))(0)

    assert not grant(one.id, one.id)
    assert grant(one.id, other.id)
    assert not grant(one.id, other.id)
    with transaction() as session:
        session.execute(update(ProxyGrant).values(revoked_at=NOON))
    assert grant(one.id, other.id)


def _add(row: Base) -> None:
    with transaction() as session:
        session.add(row)


def test_what_is_pointed_at_is_not_deleted() -> None:
    """A telephone with a consent on it stays: nothing cascades anywhere."""
    _evidence()
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(delete(Phone))
    for table in Base.metadata.sorted_tables:
        assert {key.ondelete for key in table.foreign_keys} <= {"RESTRICT"}


def test_something_sent_has_one_end() -> None:
    """A text is not both delivered and given up, and one key sends one text."""
    with transaction() as session:
        clinic, phone = testing.clinic(session), testing.phone(session)
    row = {
        "kind": "text",
        "dedupe_key": "hello",
        "phone_id": phone.id,
        "clinic_id": clinic.id,
        "locale": "en-US",
        "body": {},
        "purpose": "reply",
        "available_at": NOON,
    }
    _add(Outbox(**row))
    with pytest.raises(IntegrityError):
        _add(Outbox(**row))
    with pytest.raises(IntegrityError):
        _add(Outbox(**{**row, "dedupe_key": "other"}, done_at=NOON, dead_at=NOON))


def test_rows_added_together_go_in_by_their_foreign_keys() -> None:
    """Whoever adds a call before its clinic is not punished for it."""
    clinic_id, call_id = new_id(), new_id()
    with sessions() as session, session.begin():
        session.add(Turn(conversation_id=call_id, number=1, speaker="line", at=NOON))
        session.add(
            Conversation(
                id=call_id,
                channel="voice",
                provider_sid="CA1",
                clinic_id=clinic_id,
                locale="en-US",
                started_at=NOON,
                last_at=NOON,
            )
        )
        session.add(testing.Clinic(id=clinic_id, **_clinic()))
    with transaction(read_only=True) as session:
        assert session.scalars(select(Turn.conversation_id)).one() == call_id


def _clinic() -> dict[str, Any]:
    return {
        "code": "x",
        "name": "x",
        "text_safe_name": "x",
        "tz": "UTC",
        "phone": "+12025550100",
        "address": "x",
    }


def test_a_read_only_transaction_writes_nothing() -> None:
    """Readers cannot write by mistake, and the next writer on that connection can."""
    for _ in range(3):
        with pytest.raises(DBAPIError), transaction(read_only=True) as session:
            session.add(Tick(job="any", due=NOON))
    _add(Tick(job="any", due=NOON))


def test_errors_do_not_quote_what_was_to_be_stored() -> None:
    """An error may be logged: it names the constraint, never the row."""
    _add(Tick(job="secret-job", due=NOON))
    with pytest.raises(IntegrityError) as refused:
        _add(Tick(job="secret-job", due=NOON))
    assert "tick" in str(refused.value)
    assert "secret-job" not in f"{refused.value} {refused.value.orig}"
