"""Rows for tests of the rules: each function adds one and returns it, flushed.

What a test does not name gets a harmless value; what it is about, it names.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from portal.database import new_id
from portal.encryption import ring
from portal.records import (
    Clinic,
    ClinicHours,
    Clinician,
    Conversation,
    LabResult,
    Patient,
    PatientPhone,
    Phone,
    ReleaseRule,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.database import Base

# A Tuesday noon at the clinic, five hours before it closes.
NOON = datetime(2026, 6, 9, 12, 0, tzinfo=ZoneInfo("America/New_York"))
WEEKDAYS = range(5)
_number = count(1)

Row = TypeVar("Row", bound="Base")

MATRIX: tuple[dict[str, Any], ...] = (
    {"state": "unfinished", "says": "not_back", "texts": "nothing"},
    {
        "state": "finished",
        "sensitivity": "sensitive",
        "says": "care_team_message",
        "texts": "nothing",
    },
    {"state": "finished", "released": False, "says": "back_unreviewed", "texts": "message"},
    {"state": "finished", "released": True, "flag": "normal", "says": "normal", "texts": "message"},
    {"state": "finished", "says": "clinician_will_call", "texts": "message"},
)
"""The release matrix of telephony §4.2, its strict reading: unreleased is not texted about."""


def add(session: Session, row: Row) -> Row:
    """Return ``row``, added and flushed."""
    session.add(row)
    session.flush()
    return row


def clinic(
    session: Session, *, opens: time = time(8), closes: time = time(17), **given: Any
) -> Clinic:
    """Return a clinic in New York that is open on weekdays."""
    number = next(_number)
    values: dict[str, Any] = {
        "code": f"clinic{number}",
        "name": "Oak Street Family Clinic",
        "text_safe_name": "Oak Street Clinic",
        "tz": "America/New_York",
        "phone": f"+1212555{number:04}",
        "front_desk": "+12125550002",
        "nurse_line": "+12125550003",
        "address": "1 Oak Street",
    }
    made = add(session, Clinic(id=new_id(), **{**values, **given}))
    for weekday in WEEKDAYS:
        hours = ClinicHours(clinic_id=made.id, weekday=weekday, opens=opens, closes=closes)
        add(session, hours)
    return made


def phone(session: Session, **given: Any) -> Phone:
    """Return a mobile telephone."""
    e164 = given.pop("e164", f"+1646555{next(_number):04}")
    values: dict[str, Any] = {"line_type": "mobile", "created_at": NOON}
    index = ring().blind_index("phone", e164)
    return add(session, Phone(id=new_id(), e164=e164, e164_bidx=index, **{**values, **given}))


def patient(
    session: Session,
    of: Clinic,
    *phones: Phone,
    born: date = date(1950, 3, 14),
    **given: Any,
) -> Patient:
    """Return a patient with these telephones on file, the first one being the primary."""
    values: dict[str, Any] = {
        "mrn": f"T{next(_number):06}",
        "name": "Ada Example",
        "birth_date": born.isoformat(),
        "birth_date_bidx": ring().blind_index("birth_date", born.isoformat()),
        "locale": "en-US",
        "clinic_id": of.id,
        "origin": "desk",
        "as_of": NOON,
    }
    made = add(session, Patient(id=new_id(), **{**values, **given}))
    for place, each in enumerate(phones):
        on_file = {"patient_id": made.id, "phone_id": each.id, "is_primary": place == 0}
        add(session, PatientPhone(**on_file))
    return made


def conversation(
    session: Session, at_clinic: Clinic, on: Phone | None = None, **given: Any
) -> Conversation:
    """Return a call from ``on`` (None: the number is hidden)."""
    values: dict[str, Any] = {
        "channel": "voice",
        "provider_sid": f"CA{next(_number):032}",
        "clinic_id": at_clinic.id,
        "phone_id": on.id if on else None,
        "locale": "en-US",
        "assurance": 0,
        "failures": 0,
        "state": {},
        "started_at": NOON,
        "last_at": NOON,
    }
    return add(session, Conversation(id=new_id(), **{**values, **given}))


def clinician(session: Session, **given: Any) -> Clinician:
    """Return a clinician."""
    values: dict[str, Any] = {"display": "Dr. Grace Rowe", "npi": f"91{next(_number):08}"}
    return add(session, Clinician(id=new_id(), **{**values, **given}))


def result(session: Session, of: Patient, by: Clinician, **given: Any) -> LabResult:
    """Return a finished, released, normal result that may be said aloud."""
    values: dict[str, Any] = {
        "loinc": "24331-1",
        "name_key": "results.test_lipids",
        "status": "final",
        "value": "LDL 96 mg/dL",
        "flag": "normal",
        "ok_to_voice": True,
        "sensitivity": "none",
        "collected_at": NOON - timedelta(days=4),
        "issued_at": NOON - timedelta(days=2),
        "reviewed_at": NOON - timedelta(days=1),
        "note_key": "results.note_nothing_to_do",
    }
    values = {**values, **given}
    if values["status"] == "final":
        values.setdefault("release_at", NOON - timedelta(days=1))
    row = LabResult(id=new_id(), patient_id=of.id, clinician_id=by.id, **values)
    return add(session, row)


def rules(session: Session, *given: dict[str, Any]) -> None:
    """Write release rules, ranked as they come; the matrix when none are given."""
    for rank, columns in enumerate(given or MATRIX, start=1):
        add(session, ReleaseRule(rank=rank, **columns))
