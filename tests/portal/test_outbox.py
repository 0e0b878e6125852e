"""What is promised in one transaction goes out once, and its state never goes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal import testing
from portal.answers import Prompt
from portal.database import transaction
from portal.outbox import asked_for, enqueue, prompts_of, record_delivery, standing
from portal.records import Delivery, Outbox, StaffTask
from portal.sending import (
    LEASE,
    UNKNOWN,
    claim,
    give_up,
    is_any_ready,
    is_ours_already,
    put_off,
    sent,
)
from portal.testing import NOON
from tests.portal.together import together

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

CODE = Prompt(name="identity.code_text", details={"clinic": "Oak Street", "code": "730264"})
SECOND = timedelta(seconds=1)
on_both = pytest.mark.usefixtures("engine")
on_sqlite = pytest.mark.usefixtures("database")


def a_text(session: Session, **given: Any) -> Outbox:
    """Return the row of a text that may go out at noon."""
    values: dict[str, Any] = {
        "kind": "text",
        "purpose": "notice",
        "locale": "en-US",
        "dedupe_key": uuid4().hex,
        "at": NOON,
        **given,
    }
    values.setdefault("clinic_id", testing.clinic(session).id)
    values.setdefault("phone_id", testing.phone(session).id)
    return enqueue(session, **values)


def committed(**given: Any) -> Outbox:
    """Return the row of a text that was written down by another transaction."""
    with transaction() as session:
        return a_text(session, **given)


def again(row: Outbox) -> Outbox:
    """Return the row as it stands in the database now."""
    with transaction(read_only=True) as session:
        return session.get_one(Outbox, row.id)


def test_a_row_keeps_what_it_says(engine: Engine) -> None:
    """Prompts go in with their details and come out the same, encrypted in between."""
    row = committed(prompts=(CODE,), body={"pending": {"intent": "results_status"}})

    kept = again(row)

    assert prompts_of(kept) == (CODE,)
    assert kept.body["pending"] == {"intent": "results_status"}
    with engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT body FROM outbox").scalar_one()
    assert b"730264" not in bytes(stored)


@on_both
def test_the_same_promise_twice_is_one_row() -> None:
    """An equal dedupe key gives the row that is there, in one transaction or another."""
    with transaction() as session:
        first = a_text(session, dedupe_key="confirm:1")
        second = enqueue(
            session,
            kind="text",
            purpose="other",
            phone_id=first.phone_id,
            clinic_id=first.clinic_id,
            locale="es-US",
            dedupe_key="confirm:1",
            at=NOON,
        )
    third = committed(dedupe_key="confirm:1")

    assert {first.id} == {second.id, third.id}
    assert third.purpose == "notice"


@on_sqlite
def test_what_was_rolled_back_is_not_sent() -> None:
    """The row lives and dies with the transaction that promised it."""

    def breaks() -> None:
        with transaction() as session:
            a_text(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks()

    with transaction(read_only=True) as session:
        assert not is_any_ready(session, NOON)


@on_both
def test_a_row_is_claimed_by_one_holder_until_its_lease_ends() -> None:
    """While a lease runs nobody else gets the row; afterwards its outcome is unknown."""
    row = committed()

    with transaction() as session:
        first = claim(session, "one", at=NOON)
    with transaction() as session:
        too_early = claim(session, "two", at=NOON + LEASE)
    with transaction() as session:
        second = claim(session, "two", at=NOON + LEASE + SECOND)

    assert first is not None
    assert (first.id, first.last_error) == (row.id, None)
    assert too_early is None
    assert second is not None
    assert (second.id, second.last_error, second.attempts) == (row.id, UNKNOWN, 2)


@on_both
def test_many_drains_at_once_share_the_rows_out() -> None:
    """Sixteen claims at one instant for five rows: each row is had once."""
    for _ in range(5):
        committed()

    def one(number: int) -> UUID | None:
        with transaction() as session:
            row = claim(session, f"drain {number}", at=NOON)
        return row.id if row else None

    had = [row for row in together(16, one) if row is not None]

    assert len(had) == len(set(had)) == 5


@on_both
def test_urgent_rows_go_first_then_the_oldest() -> None:
    """A lower priority number comes first, then whoever has waited longest."""
    late = committed(at=NOON - SECOND)
    early = committed(at=NOON - 2 * SECOND)
    urgent = committed(priority=-1)
    future = committed(at=NOON + SECOND)

    order = []
    for _ in range(4):
        with transaction() as session:
            row = claim(session, "drain", at=NOON)
        order.append(row and row.id)

    assert order == [urgent.id, early.id, late.id, None]
    assert future.id not in order


@on_sqlite
def test_a_code_is_forgotten_once_it_went_out() -> None:
    """After the carrier took it, nobody can read the code in the records any more."""
    row = committed(purpose="identity", prompts=(CODE,))

    with transaction() as session:
        sent(session, row, "SM1", segments=1, at=NOON)

    kept = again(row)
    assert (kept.provider_sid, kept.done_at, kept.segments) == ("SM1", NOON, 1)
    assert prompts_of(kept) == (Prompt(name="identity.code_text"),)


@on_sqlite
def test_other_texts_keep_what_they_said() -> None:
    """What was told to whom stays on record."""
    row = committed(prompts=(Prompt(name="results.text_message", details={"phone": "+1"}),))

    with transaction() as session:
        sent(session, row, "SM1", at=NOON)

    assert prompts_of(again(row))[0].details == {"phone": "+1"}


@on_both
def test_what_can_never_go_out_becomes_a_task() -> None:
    """A promise that cannot be kept by text has a person, a pool and a deadline."""
    row = committed(locale="es-US")

    with transaction() as session:
        task = give_up(session, row, "30004", at=NOON)

    assert task is not None
    assert (task.kind, task.pool, task.phone_id) == (
        "undelivered_text",
        "language:es",
        row.phone_id,
    )
    assert task.due_at == NOON + timedelta(hours=24)
    assert again(row).dead_at == NOON
    with transaction() as session:
        assert claim(session, "drain", at=NOON + timedelta(days=9)) is None


@on_sqlite
def test_a_call_that_failed_is_rung_by_a_person() -> None:
    """Whoever was to be rung is rung, by the front desk in its own language."""
    row = committed(kind="call", purpose="ring")

    with transaction() as session:
        task = give_up(session, row, "no-answer", at=NOON)

    assert task is not None
    assert (task.kind, task.pool) == ("call_back", "front_desk")


@on_sqlite
def test_a_code_that_cannot_go_out_leaves_no_task_and_no_code() -> None:
    """Whoever asked for it is offered another way at once, on the line."""
    row = committed(purpose="identity", prompts=(CODE,))

    with transaction() as session:
        assert give_up(session, row, "opted_out", at=NOON) is None
        assert session.scalars(select(StaffTask)).all() == []

    assert prompts_of(again(row)) == (Prompt(name="identity.code_text"),)


@on_both
def test_a_report_is_kept_once() -> None:
    """The same report again changes nothing, nor does one about something not ours."""
    row = committed()
    with transaction() as session:
        sent(session, row, "SM1", at=NOON)

    def report(sid: str, status: str) -> bool:
        with transaction() as session:
            return record_delivery(session, provider_sid=sid, status=status, at=NOON)

    assert [report("SM1", "sent"), report("SM1", "sent")] == [True, False]
    assert not report("SM9", "sent")
    assert not report("SM1", "something new")
    with transaction(read_only=True) as session:
        assert len(session.scalars(select(Delivery)).all()) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("order", "ends"),
    [
        (["queued", "sent", "delivered"], "delivered"),
        (["delivered", "sent", "queued"], "delivered"),
        (["delivered", "undelivered"], "delivered"),
        (["delivered", "failed", "sending"], "delivered"),
        (["sent", "delivered", "read", "delivered"], "read"),
    ],
)
def test_reports_in_any_order_never_take_a_row_back(order: list[str], ends: str) -> None:
    """The furthest state stands; a failure after a delivery reopens nothing."""
    row = committed()
    with transaction() as session:
        sent(session, row, "SM1", at=NOON)

    for status in order:
        with transaction() as session:
            record_delivery(session, provider_sid="SM1", status=status, at=NOON)

    with transaction(read_only=True) as session:
        assert standing(session, again(row)) == ends
    assert again(row).done_at == NOON


@on_both
def test_a_failure_makes_the_row_ready_for_what_must_follow() -> None:
    """What was not delivered is looked at again, with the carrier's code."""
    row = committed()
    with transaction() as session:
        sent(session, row, "SM1", at=NOON)

    with transaction() as session:
        record_delivery(
            session, provider_sid="SM1", status="undelivered", error_code="30006", at=NOON
        )
    with transaction() as session:
        record_delivery(session, provider_sid="SM1", status="failed", error_code="30007", at=NOON)
        found = claim(session, "drain", at=NOON)

    assert found is not None
    assert found.last_error == "undelivered:30006"


@on_both
def test_a_report_may_be_quicker_than_our_own_note() -> None:
    """The address of the report names the row, so it counts before the id is known."""
    row = committed()
    with transaction() as session:
        claim(session, "drain", at=NOON)

    with transaction() as session:
        record_delivery(
            session,
            provider_sid="SM1",
            status="failed",
            error_code="30004",
            outbox_id=row.id,
            at=NOON,
        )
    with transaction() as session:
        sent(session, row, "SM1", segments=1, at=NOON + SECOND)

    kept = again(row)
    assert (kept.provider_sid, kept.done_at, kept.last_error) == ("SM1", None, "undelivered:30004")
    assert kept.segments == 1


@on_sqlite
def test_a_report_about_an_older_sending_changes_nothing() -> None:
    """Once a row has gone out anew, only what happens to that counts."""
    row = committed()
    with transaction() as session:
        sent(session, row, "SM1", at=NOON)
    with transaction() as session:
        put_off(session, row, None, until=NOON)
        assert record_delivery(session, provider_sid="SM1", status="sent", at=NOON) is False
    with transaction() as session:
        sent(session, row, "SM2", at=NOON)

    with transaction() as session:
        late = record_delivery(
            session, provider_sid="SM1", status="failed", outbox_id=row.id, at=NOON
        )

    assert late is False
    assert again(row).done_at == NOON


@on_sqlite
def test_a_report_about_a_row_that_was_given_up_is_dropped() -> None:
    """A person has it now; the carrier's last words do not take it back."""
    row = committed()
    with transaction() as session:
        sent(session, row, "SM1", at=NOON)
        give_up(session, row, "30004", at=NOON)

    with transaction() as session:
        assert not record_delivery(session, provider_sid="SM1", status="delivered", at=NOON)


@on_both
def test_an_id_belongs_to_one_row() -> None:
    """What a row went out as is known, while it stands there and from reports later on."""
    row = committed()
    with transaction() as session:
        sent(session, row, "SM1", at=NOON)
    with transaction() as session:
        record_delivery(session, provider_sid="SM1", status="failed", at=NOON)
        put_off(session, row, None, until=NOON)

    with transaction(read_only=True) as session:
        assert is_ours_already(session, "SM1")
        assert not is_ours_already(session, "SM2")


@on_sqlite
def test_a_call_that_is_answered_finds_its_row() -> None:
    """The call's id counts, or none yet; neither a text's row nor another call's does."""
    call, text = committed(kind="call", purpose="ring"), committed()

    with transaction() as session:
        assert asked_for(session, call.id, "CA1") is not None
        assert asked_for(session, text.id, "CA1") is None
        assert asked_for(session, uuid4(), "CA1") is None
        sent(session, call, "CA1", at=NOON)
    with transaction() as session:
        assert asked_for(session, call.id, "CA1") is not None
        assert asked_for(session, call.id, "CA2") is None
