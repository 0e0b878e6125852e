"""Outreach and the carrier's REST side, over real HTTP and the carrier's own SDK."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from carrier.sending import Carrier, Unclear
from outreach.drain import Drain
from portal import testing
from portal.database import transaction
from portal.outbox import record_delivery
from portal.records import Clinic, Phone
from tests.outreach.rows import NOTICE, Outreach, again, asked, tasks
from tests.simulator.line import ACCOUNT, TOKEN
from tests.simulator.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.records import Outbox

LANDLINE = "+12025550111"


class Forgetful(Carrier):
    """The real client, whose answer gets lost once."""

    lost = False

    def send_text(
        self, *, to: str, from_: str, body: str, status_url: str, valid_for: int | None = None
    ) -> str:
        """Send, and lose what the carrier answers."""
        sid = super().send_text(
            to=to, from_=from_, body=body, status_url=status_url, valid_for=valid_for
        )
        if not self.lost:
            self.lost = True
            raise Unclear
        return sid


@pytest.fixture
def served() -> Iterator[Served]:
    """Return the simulator's carrier, listening on this machine."""
    with serve({}) as listening:
        yield listening


def drain(outreach: Outreach, served: Served, carrier: Carrier | None = None) -> Drain:
    """Return a drain that sends to the simulator."""
    sends = carrier or Carrier(ACCOUNT, TOKEN, served.rest)
    return Drain(sends, served.url, "drain", lambda: outreach.now)


def numbers_of(row: Outbox) -> tuple[str, str]:
    """Return the numbers that a row goes to and comes from."""
    with transaction(read_only=True) as session:
        phone = session.get_one(Phone, row.phone_id)
        return phone.e164, session.get_one(Clinic, row.clinic_id).phone


def test_an_answer_that_got_lost_is_found_in_the_carriers_list(
    outreach: Outreach, served: Served
) -> None:
    """The text went out once; its id comes from the list that the carrier keeps."""
    row = asked(outreach)
    carrier = Forgetful(ACCOUNT, TOKEN, served.rest)
    sends = drain(outreach, served, carrier)

    sends.once()
    outreach.waits(timedelta(minutes=1))
    sends.once()

    known = carrier.texts_to(*numbers_of(row))
    assert [each.sid for each in known] == [again(row).provider_sid]


def test_a_text_to_a_landline_comes_back_and_becomes_a_task(
    outreach: Outreach, served: Served
) -> None:
    """What the carrier reports to the address in the request leads to the row and a person."""
    with transaction() as session:
        number = testing.phone(session, e164=LANDLINE)
    row = asked(outreach, purpose="notice", prompts=(NOTICE,), number=number)
    sends = drain(outreach, served)

    sends.once()
    report = awaited(served, "undelivered")
    with transaction() as session:
        record_delivery(
            session,
            provider_sid=report["MessageSid"],
            status=report["MessageStatus"],
            error_code=report["ErrorCode"],
            at=outreach.now,
        )
    sends.once()

    assert again(row).dead_at is not None
    assert tasks() == [("undelivered_text", "notice: 30006")]


def awaited(served: Served, status: str) -> dict[str, str]:
    """Return the carrier's report with this status, once it has come."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for form in served.line.forms("/sms/status"):
            if form["MessageStatus"] == status:
                return form
        time.sleep(0.05)
    message = f"no report says {status}"
    raise AssertionError(message)


def test_a_call_rings_and_can_be_looked_up(outreach: Outreach, served: Served) -> None:
    """The carrier takes the call and lists it under its numbers."""
    row = asked(outreach, kind="call", purpose="ring", prompts=())
    carrier = Carrier(ACCOUNT, TOKEN, served.rest)

    drain(outreach, served, carrier).once()

    known = carrier.calls_to(*numbers_of(row))
    assert [each.sid for each in known] == [again(row).provider_sid]
