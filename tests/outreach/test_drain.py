"""What is in the outbox goes out once, to those who may get it, whatever breaks."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from carrier.errors import Remedy
from carrier.sending import NotSent, Unclear
from portal import consent
from portal.answers import Prompt
from portal.database import transaction
from portal.records import Outbox, Phone
from portal.sending import LEASE
from tests.outreach.rows import (
    BASE,
    CODE,
    HOUR,
    NOTICE,
    Outreach,
    ProcessDied,
    again,
    asked,
    e164_of,
    reported,
    tasks,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_text_goes_out_in_its_language_from_the_clinics_number(outreach: Outreach) -> None:
    """Words are made when it is sent; the report's address names the row and nobody."""
    row = asked(outreach, locale="es-US", expires_at=outreach.now + timedelta(minutes=10))

    assert outreach.works() == 1

    text = outreach.carrier.texts[0]
    assert text.to == e164_of(row)
    assert "730264" in text.body
    assert "su clave es 730264" in text.body
    assert text.valid_for == 600
    assert text.status_url == f"{BASE}/sms/status?outbox={row.id}"
    kept = again(row)
    assert (kept.provider_sid, kept.done_at) == (text.sid, outreach.now)
    assert kept.segments is not None


def test_a_text_in_a_language_without_words_goes_in_the_clinics(outreach: Outreach) -> None:
    """A patient whose language is not complete yet still gets their code."""
    asked(outreach, locale="vi-VN")

    outreach.works()

    assert "your code is 730264" in outreach.carrier.texts[0].body


def test_a_call_is_placed_to_an_address_that_names_nobody(outreach: Outreach) -> None:
    """The document's address has the clinic, the language and the row's id."""
    row = asked(outreach, kind="call", purpose="ring", prompts=())

    outreach.works()

    call = outreach.carrier.calls[0]
    with transaction(read_only=True) as session:
        code = session.get_one(Outbox, row.id).clinic_id
    assert call.url.startswith(f"{BASE}/voice/outgoing/")
    assert call.url.endswith(f"/en-US/{row.id}")
    assert call.status_url == f"{BASE}/voice/status?outbox={row.id}"
    assert str(code) not in call.url
    assert not call.detect_machine


def test_a_call_to_somebody_in_danger_listens_first(outreach: Outreach) -> None:
    """Their voicemail must hear nothing, so the carrier finds out who answered."""
    asked(outreach, kind="call", purpose="ring", prompts=(), patient={"safe_contact": True})

    outreach.works()

    assert outreach.carrier.calls[0].detect_machine


def test_nothing_goes_out_after_stop(outreach: Outreach) -> None:
    """Who texted STOP between asking and sending gets nothing, not even a code."""
    row = asked(outreach)
    with transaction() as session:
        consent.opt_out(session, row.phone_id, source="text", at=outreach.now)

    outreach.works()

    assert outreach.carrier.taken == []
    assert again(row).last_error == "opted_out"
    assert again(row).dead_at is not None


def test_what_expired_is_not_sent_and_somebody_rings(outreach: Outreach) -> None:
    """A call that could not be placed in time is a person's task."""
    asked(outreach, kind="call", purpose="ring", prompts=(), expires_at=outreach.now + HOUR)
    outreach.waits(HOUR)

    outreach.works()

    assert outreach.carrier.taken == []
    assert tasks() == [("call_back", "ring: expired")]


def test_texts_that_nobody_asked_for_are_rationed(outreach: Outreach) -> None:
    """One a day: the second one goes out the day after."""
    first = asked(outreach, purpose="notice", prompts=(NOTICE,))
    with transaction(read_only=True) as session:
        number = session.get_one(Phone, first.phone_id)
    asked(outreach, purpose="notice", prompts=(NOTICE,), number=number)

    outreach.works()
    assert len(outreach.carrier.texts) == 1

    outreach.waits(timedelta(days=1))
    outreach.works()
    assert len(outreach.carrier.texts) == 2


def test_a_busy_carrier_is_asked_again_with_growing_pauses(outreach: Outreach) -> None:
    """What was certainly not sent is sent later, once."""
    row = asked(outreach)
    outreach.carrier.before = [NotSent(Remedy.RETRY, 20429), NotSent(Remedy.RETRY, 20429)]

    outreach.works()
    first = again(row).available_at - outreach.now
    outreach.waits(first)
    outreach.works()
    second = again(row).available_at - outreach.now
    outreach.waits(second)
    outreach.works()

    assert second > first > timedelta(0)
    assert len(outreach.carrier.texts) == 1


def test_a_carrier_that_never_answers_ends_with_a_person(outreach: Outreach) -> None:
    """After the last try somebody gets a task; nothing is tried for ever."""
    outreach.carrier.before = [NotSent(Remedy.RETRY) for _ in range(50)]
    row = asked(outreach, purpose="notice", prompts=(NOTICE,))

    for _ in range(40):
        outreach.works()
        outreach.waits(2 * HOUR)

    assert again(row).dead_at is not None
    assert tasks() == [("undelivered_text", "notice: retry")]
    assert 10 < 50 - len(outreach.carrier.before) < 20


def test_a_text_whose_answer_got_lost_is_not_sent_again(outreach: Outreach) -> None:
    """The carrier took it and the answer never came: it is looked up before anything else."""
    row = asked(outreach)
    outreach.carrier.after = [Unclear()]

    outreach.works()
    assert again(row).done_at is None
    outreach.waits(HOUR / 60)
    outreach.works()

    assert len(outreach.carrier.texts) == 1
    assert again(row).provider_sid == outreach.carrier.texts[0].sid


def test_a_text_that_did_not_arrive_at_the_carrier_is_sent_again(outreach: Outreach) -> None:
    """No answer, and nothing in the carrier's list: it goes out now."""
    row = asked(outreach)
    outreach.carrier.before = [Unclear()]

    outreach.works()
    outreach.waits(HOUR / 60)
    outreach.works()

    assert len(outreach.carrier.texts) == 1
    assert again(row).done_at is not None


def test_while_the_carrier_lists_nothing_nothing_is_sent_again(outreach: Outreach) -> None:
    """Not being able to look it up is no reason to send it twice."""
    row = asked(outreach)
    outreach.carrier.after = [Unclear()]
    outreach.carrier.listing = [NotSent(Remedy.RETRY), Unclear()]

    for _ in range(4):
        outreach.works()
        outreach.waits(HOUR / 60)

    assert len(outreach.carrier.texts) == 1
    assert again(row).done_at is not None


@pytest.mark.parametrize("kind", ["text", "call"])
def test_a_drain_that_dies_after_sending_is_made_good(outreach: Outreach, kind: str) -> None:
    """Between the carrier's yes and our note the process dies: the next one finds the sending."""
    row = asked(outreach, kind=kind, prompts=(CODE,) if kind == "text" else ())
    outreach.carrier.after = [ProcessDied()]

    with pytest.raises(ProcessDied):
        outreach.drain("the one that dies").once()
    assert not outreach.drain("another").once(), "the dead one's lease still runs"
    outreach.waits(LEASE + timedelta(seconds=1))
    outreach.works()

    assert len(outreach.carrier.taken) == 1
    assert again(row).provider_sid == outreach.carrier.taken[0].sid


def test_a_drain_that_dies_before_sending_is_made_good(outreach: Outreach) -> None:
    """The carrier's list shows that nothing went out, so it does now."""
    asked(outreach)
    outreach.carrier.before = [ProcessDied()]

    with pytest.raises(ProcessDied):
        outreach.drain("the one that dies").once()
    outreach.waits(LEASE + timedelta(seconds=1))
    outreach.works()

    assert len(outreach.carrier.texts) == 1


def test_records_that_are_away_after_sending_do_not_send_twice(outreach: Outreach) -> None:
    """The note fails, not the sending: the row's outcome is unknown, not failed."""
    row = asked(outreach)
    outreach.carrier.after = [RuntimeError("the connection broke")]

    outreach.works()
    outreach.waits(HOUR / 60)
    outreach.works()

    assert len(outreach.carrier.texts) == 1
    assert again(row).done_at is not None


def test_an_equal_text_of_another_row_is_not_taken_for_ours(outreach: Outreach) -> None:
    """Two equal texts to one number are two: the one that was noted down does not count."""
    first = asked(outreach)
    with transaction(read_only=True) as session:
        number = session.get_one(Phone, first.phone_id)
        clinic = first.clinic_id
    outreach.works()
    outreach.carrier.before = [Unclear()]
    second = asked(outreach, number=number, clinic_id=clinic)

    outreach.works()
    outreach.waits(HOUR / 60)
    outreach.works()

    assert len(outreach.carrier.texts) == 2
    assert again(second).provider_sid == outreach.carrier.texts[1].sid


def test_two_drains_never_send_one_row_twice(outreach: Outreach) -> None:
    """Four drains at once, twenty rows: twenty texts."""
    for _ in range(20):
        asked(outreach)

    def work(name: str) -> None:
        drain = outreach.drain(name)
        while drain.once():
            pass

    threads = [threading.Thread(target=work, args=(f"drain {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    sent_to = [text.to for text in outreach.carrier.texts]
    assert len(sent_to) == len(set(sent_to)) == 20


def test_a_text_without_words_becomes_a_task_and_holds_nobody_up(outreach: Outreach) -> None:
    """A prompt that does not exist is a mistake of ours; the next row goes out all the same."""
    asked(outreach, purpose="notice", prompts=(Prompt(name="results.no_such_prompt"),), priority=-1)
    asked(outreach)

    assert outreach.works() == 2

    assert len(outreach.carrier.texts) == 1
    assert tasks() == [("undelivered_text", "notice: no_words")]


def test_nothing_of_what_is_sent_is_logged(
    outreach: Outreach, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither code nor number comes out, whatever goes wrong."""
    row = asked(outreach)
    broken = Prompt(
        name="identity.code_text", details={"clinic": "Oak Street", "code": ["secret!"]}
    )
    asked(outreach, purpose="notice", prompts=(broken,))
    outreach.carrier.after = [RuntimeError("730264 to " + e164_of(row))]
    outreach.works()
    outreach.waits(HOUR)
    outreach.works()

    said = "".join(capfd.readouterr())
    assert "a row of the outbox broke" in said
    for secret in ("730264", e164_of(row), "secret!"):
        assert secret not in said


def test_a_row_lives_the_same_life_on_both_databases(engine: Engine) -> None:
    """Sent without an answer, looked up, reported as blocked, and then a person has it."""
    outreach = Outreach()
    row = asked(outreach, purpose="notice", prompts=(NOTICE,))
    outreach.carrier.after = [Unclear()]

    outreach.works()
    outreach.waits(HOUR / 60)
    outreach.works()
    reported(outreach.carrier.texts[0], "undelivered", "30004", at=outreach.now)
    outreach.works()

    assert len(outreach.carrier.texts) == 1
    assert again(row).dead_at == outreach.now
    assert tasks() == [("undelivered_text", "notice: 30004")]
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one() == 1
