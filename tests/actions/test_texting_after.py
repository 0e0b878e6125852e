"""The offer to text a visit: what is sent is what stands, and a new wish is no answer to it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.booking import Booking
from actions.cancelling import Cancelling
from actions.moving import Moving
from portal.database import transaction
from portal.records import Appointment
from tests.actions.flowing import DAY, HOUR, Flow, changed, on, taken_off, visits_of
from tests.dialogue.talk import HUGHES, outbox

pytestmark = pytest.mark.usefixtures("demo_database")


def _booked() -> Flow:
    flow = Flow.called(Booking, HUGHES).hear("book_appointment", "i need an appointment")
    flow.press("1").press("1")
    assert flow.names[-1] == "visits.ask_text"
    return flow


def _moved() -> Flow:
    visits_of(on(18))
    flow = Flow.called(Moving, HUGHES).hear("reschedule_appointment", "move my visit")
    flow.press("1").press("1")
    assert flow.names[-1] == "visits.ask_text"
    return flow


def _off() -> Flow:
    visits_of(on(11))
    return Flow.called(Cancelling, HUGHES).hear("cancel_appointment").press("1").press("1")


def _by_phone() -> Appointment:
    with transaction(read_only=True) as session:
        return session.scalars(select(Appointment).where(Appointment.origin == "phone")).one()


def test_another_visit_may_be_booked_instead_of_an_answer() -> None:
    assert _booked().hear("book_appointment", "i need another appointment").answer.prompts


def test_another_visit_may_be_moved_instead_of_an_answer() -> None:
    assert _moved().hear("reschedule_appointment", "i need to move my visit").answer.prompts


@pytest.mark.parametrize("flow", [_booked, _moved])
def test_a_visit_that_staff_took_off_meanwhile_is_not_texted(flow: object) -> None:
    assert callable(flow)
    asked = flow()
    taken_off(_by_phone().id)
    asked.press("1")
    assert (asked.names, asked.answer.then, outbox()) == (["visits.gone"], "anything_else", [])


def test_a_visit_that_staff_changed_meanwhile_is_told_as_it_is_now() -> None:
    flow = _booked()
    visit = _by_phone()
    starts_at = visit.starts_at + DAY
    changed(visit.id, starts_at=starts_at, ends_at=starts_at + HOUR)
    assert flow.press("1").names[:2] == ["visits.changed", "visits.told"]
    assert (flow.details("visits.told")["at"], outbox()) == (starts_at, [])


def test_a_visit_that_is_on_again_is_not_texted_as_off() -> None:
    flow = _off()
    changed(_by_phone().id, status="booked", cancel_reason=None)
    assert flow.press("1").names[:2] == ["visits.changed", "visits.told"]
    assert outbox() == []


def test_what_stands_is_texted() -> None:
    assert _booked().press("1").names == ["visits.text_coming"]
    assert len(outbox()) == 1


def test_no_texts_please_is_no_to_this_text_alone() -> None:
    flow = _off().hear("opt_out", "no, no texts please")
    assert (flow.names, outbox()) == (["visits.no_text"], [])
