"""A text about a visit goes where it may, says little, and goes at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import consent, outbox, testing, visit_texts, visits
from portal.answers import Prompt
from portal.permission import CAPS, not_before, objection
from portal.records import Appointment, Outbox, PatientPhone, VisitType
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation, Patient, Phone
    from portal.visits import Visit

DAY = timedelta(days=1)
PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def west(session: Session) -> Clinic:
    """Return a clinic in another zone than the one that is called."""
    return testing.clinic(session, tz="America/Los_Angeles", text_safe_name="Harbor Clinic")


@pytest.fixture
def visit(session: Session, west: Clinic, patient: Patient, call: Conversation) -> Visit:
    """Return a visit there in five days, as it may be told on the call."""
    kind = testing.add(
        session, VisitType(code="follow_up", name_key="visits.type_follow_up", minutes=30)
    )
    starts = NOON + 5 * DAY
    row = testing.add(
        session,
        Appointment(
            patient_id=patient.id,
            clinician_id=testing.clinician(session).id,
            clinic_id=west.id,
            visit_type_id=kind.id,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
            local_date=starts.astimezone(PACIFIC).date(),
            local_start=starts.astimezone(PACIFIC).time(),
            reference="481920",
            as_of=NOON,
        ),
    )
    return visits.told(session, row, call)


def _may(session: Session, call: Conversation, patient: Patient) -> bool:
    session.flush()
    return visit_texts.can_text(session, call, patient)


@pytest.mark.parametrize(
    ("line_type", "may"), [("mobile", True), ("unknown", True), ("landline", False)]
)
def test_a_telephone_on_file_that_can_take_texts_may_get_one(
    session: Session,
    call: Conversation,
    patient: Patient,
    phone: Phone,
    *,
    line_type: str,
    may: bool,
) -> None:
    """Where it is not known what it is, it is tried."""
    phone.line_type = line_type
    assert _may(session, call, patient) is may


def test_no_other_telephone_may_get_one(session: Session, clinic: Clinic, patient: Patient) -> None:
    """Neither one that is not on file, nor a hidden one."""
    strange = testing.conversation(session, clinic, testing.phone(session))
    hidden = testing.conversation(session, clinic)
    assert not _may(session, strange, patient)
    assert not _may(session, hidden, patient)


def test_who_wants_no_texts_gets_none(
    session: Session, call: Conversation, patient: Patient, phone: Phone
) -> None:
    """STOP of the telephone counts as much as the patient's own level."""
    patient.text_level = 0
    assert not _may(session, call, patient)
    patient.text_level = 1
    assert _may(session, call, patient)
    consent.opt_out(session, phone.id, source="text", at=NOON)
    assert not _may(session, call, patient)


def test_who_is_in_danger_gets_none(
    session: Session, clinic: Clinic, call: Conversation, patient: Patient, phone: Phone
) -> None:
    """Nor anybody else on their telephone, nor they on another one."""
    patient.safe_contact = True
    assert not _may(session, call, patient)
    patient.safe_contact = False
    testing.patient(session, clinic, phone, safe_contact=True)
    assert not _may(session, call, patient)


@pytest.mark.parametrize("kind", ["booked", "moved", "cancelled"])
def test_the_text_says_when_and_where_and_no_more(
    session: Session, call: Conversation, patient: Patient, visit: Visit, west: Clinic, kind: str
) -> None:
    """In the zone of the clinic where the visit is; sent from the line that was called."""
    call.locale = "es-US"
    row = visit_texts.send(session, call, visit, kind=kind, at=NOON)
    (said,) = outbox.prompts_of(row)
    assert said == Prompt(
        name=f"visits.text_{kind}",
        details={
            "clinic": "Harbor Clinic",
            "at": (NOON + 5 * DAY).astimezone(PACIFIC),
            "reference": "481920",
            "phone": west.phone,
        },
    )
    assert said.details["at"].utcoffset() == timedelta(hours=-7)
    assert (row.phone_id, row.patient_id, row.locale) == (call.phone_id, patient.id, "es-US")
    assert (row.clinic_id, row.purpose, row.available_at) == (call.clinic_id, "visit", NOON)


def test_the_same_text_is_sent_once(session: Session, call: Conversation, visit: Visit) -> None:
    """A later version of the visit is another text."""
    first = visit_texts.send(session, call, visit, kind="booked", at=NOON)
    again = visit_texts.send(session, call, visit, kind="booked", at=NOON + timedelta(minutes=1))
    assert first.id == again.id
    row = session.get_one(Appointment, visit.id)
    row.confirmed_at = NOON
    session.flush()
    later = visits.told(session, row, call)
    visit_texts.send(session, call, later, kind="moved", at=NOON)
    assert len(session.scalars(select(Outbox)).all()) == 2


def test_what_was_asked_for_does_not_wait_for_its_turn(
    session: Session, call: Conversation, visit: Visit
) -> None:
    """However many texts went there today; and it takes none of the reminders' turns."""
    for number in range(CAPS[-1][1]):
        sent = outbox.enqueue(
            session,
            kind="text",
            purpose="reminders",
            phone_id=call.phone_id,
            clinic_id=call.clinic_id,
            locale="en-US",
            dedupe_key=f"reminder:{number}",
            at=NOON,
        )
        sent.done_at = NOON
    session.flush()
    row = visit_texts.send(session, call, visit, kind="booked", at=NOON)
    assert not_before(session, row, at=NOON) is None
    assert objection(session, row, at=NOON) is None


def test_what_changes_before_it_goes_out_counts(
    session: Session, call: Conversation, phone: Phone, patient: Patient, visit: Visit
) -> None:
    """A STOP in between, a level, and a time that is over."""
    row = visit_texts.send(session, call, visit, kind="booked", at=NOON)
    assert objection(session, row, at=NOON + DAY) == "expired"
    patient.text_level = 0
    session.flush()
    assert objection(session, row, at=NOON) == "no_texts"
    consent.opt_out(session, phone.id, source="text", at=NOON)
    assert objection(session, row, at=NOON) == "opted_out"


def test_it_is_of_no_use_once_the_visit_begins(
    session: Session, call: Conversation, visit: Visit
) -> None:
    """Nor later than a day after it was asked for."""
    soon = visit.starts_at - timedelta(hours=1)
    row = visit_texts.send(session, call, visit, kind="moved", at=soon)
    assert row.expires_at == visit.starts_at


def test_a_hidden_number_is_a_mistake_of_ours(
    session: Session, clinic: Clinic, patient: Patient, phone: Phone, visit: Visit
) -> None:
    """Whoever sends has asked before whether it may be."""
    assert session.get(PatientPhone, (patient.id, phone.id))
    hidden = testing.conversation(session, clinic)
    with pytest.raises(ValueError, match="hidden"):
        visit_texts.send(session, hidden, visit, kind="booked", at=NOON)
