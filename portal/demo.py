"""The demo clinic of ``demo.toml``: seeded, kept going, and put back as it was.

Seeding twice leaves what seeding once leaves. It brings the demo's own patients
back to what the file says of them (their visits, requests, PINs, lock-outs) and
touches nobody else's rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from portal import consent, openings
from portal.conversations import phone_for
from portal.demo_chart import Chart, put_past_visit, put_prescription, put_result, put_visit
from portal.demo_places import put_clinic, put_work
from portal.demo_rows import Entry, demo_id, put, source
from portal.encryption import ring
from portal.pins import hash_pin
from portal.records import (
    Appointment,
    Claim,
    Clinic,
    ConsentEvent,
    Hold,
    Lockout,
    Patient,
    PatientPhone,
    Phone,
    ProxyGrant,
    RefillRequest,
    StaffTask,
)
from portal.records.calendar import HOLDS_TIME
from portal.records.clinical import OPEN_REQUEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PROXY_MAY = ["visits", "booking", "moving", "cancelling", "results", "refills", "messages"]
GROWN_UP = 18


@dataclass(frozen=True)
class Refreshed:
    """What was done to the demo."""

    seeded: bool
    openings: int

    def __str__(self) -> str:
        """Return a line for whoever starts the clinic."""
        made = f"{self.openings} openings made" if self.openings else "openings are up to date"
        return f"the demo's patients are as new, {made}" if self.seeded else made


def seed(session: Session, at: datetime) -> Refreshed:
    """Put the demo clinic as its file describes it, days counted from ``at``."""
    demo = source()
    clinics = {entry["code"]: put_clinic(session, entry) for entry in demo["clinic"]}
    session.flush()
    put_work(session)
    session.flush()
    _reset(session, [_patient_id(entry) for entry in demo["patient"]])
    made = openings.extend(session, at=at)
    works_at = {entry["key"]: entry["clinic"] for entry in demo["clinician"]}
    for entry in demo["patient"]:
        patient = _put_patient(session, entry, clinics, at)
        session.flush()
        _put_phone(session, entry, patient, at)
        _put_chart(Chart(session, at, patient, clinics, works_at), entry)
    session.flush()
    return Refreshed(seeded=True, openings=made)


def refresh(session: Session, at: datetime) -> Refreshed:
    """Seed a new database, and one whose demo visits are past; else only extend openings.

    A database with clinics that are not the demo's is a real one: no demo there.
    """
    codes = set(session.scalars(select(Clinic.id)))
    demo = {demo_id("clinic", entry["code"]) for entry in source()["clinic"]}
    if not codes or (demo <= codes and _is_past(session, at)):
        return seed(session, at)
    return Refreshed(seeded=False, openings=openings.extend(session, at=at))


def _is_past(session: Session, at: datetime) -> bool:
    visits = [
        demo_id("visit", entry["mrn"], number)
        for entry in source()["patient"]
        for number, _ in enumerate(entry.get("visit", []))
    ]
    first = session.scalar(
        select(func.min(Appointment.starts_at)).where(Appointment.id.in_(visits))
    )
    return first is None or first <= at


def _patient_id(entry: Entry) -> Any:
    return demo_id("patient", entry["key"])


def _reset(session: Session, patients: list[Any]) -> None:
    """Undo what was tried out with the demo's patients, so that they are as described."""
    session.execute(delete(Claim).where(Claim.patient_id.in_(patients)))
    session.execute(delete(Hold).where(Hold.patient_id.in_(patients)))
    session.execute(delete(Hold).where(Hold.patient_id.in_(patients)))
    for record, states in (
        (Appointment, HOLDS_TIME),
        (RefillRequest, OPEN_REQUEST),
        (StaffTask, ("open", "claimed")),
    ):
        session.execute(
            update(record)
            .where(record.patient_id.in_(patients), record.status.in_(states))
            .values(status="cancelled", version=record.version + 1)
        )
    phones = session.scalars(
        select(PatientPhone.phone_id).where(PatientPhone.patient_id.in_(patients))
    )
    subjects = [f"patient:{each}" for each in patients] + [f"phone:{each}" for each in phones]
    session.execute(delete(Lockout).where(Lockout.subject.in_(subjects)))


def _put_patient(
    session: Session, entry: Entry, clinics: Mapping[str, Clinic], at: datetime
) -> Patient:
    pin = entry.get("pin")
    born = entry["born"].isoformat()
    return put(
        session,
        Patient,
        _patient_id(entry),
        mrn=entry["mrn"],
        name=entry["name"],
        birth_date=born,
        birth_date_bidx=ring().blind_index("birth_date", born),
        locale=entry["locale"],
        clinic_id=clinics[entry["clinic"]].id,
        pin_hash=hash_pin(pin) if pin else None,
        pin_set_at=LONG_AGO if pin else None,
        text_level=entry.get("text_level", 1),
        safe_contact=entry.get("safe_contact", False),
        voice_pace="normal",
        origin="desk",
        as_of=at,
    )


def _put_phone(session: Session, entry: Entry, patient: Patient, at: datetime) -> None:
    phone = phone_for(session, entry["phone"], at=at)
    if phone is None:
        message = "a patient of the demo has no telephone"
        raise ValueError(message)
    phone.line_type = entry.get("line_type", "mobile")
    phone.locale = None
    session.flush()
    session.merge(
        PatientPhone(
            patient_id=patient.id,
            phone_id=phone.id,
            relation=entry.get("relation", "self"),
            is_primary=True,
            verified_at=LONG_AGO,
        )
    )
    _put_consent(session, phone, out=entry.get("opted_out", False), at=at)


def _put_consent(session: Session, phone: Phone, *, out: bool, at: datetime) -> None:
    # Consent events are only ever added: where the newest says otherwise, one more.
    newest = session.scalars(
        select(ConsentEvent.granted)
        .where(ConsentEvent.phone_id == phone.id, ConsentEvent.purpose == consent.EVERYTHING)
        .order_by(ConsentEvent.at.desc(), ConsentEvent.id.desc())
    ).first()
    if out and newest is not False:
        consent.opt_out(session, phone.id, source="text", at=at)
    if not out and newest is False:
        consent.opt_in(session, phone.id, source="desk", at=at)


def _put_chart(chart: Chart, entry: Entry) -> None:
    if "proxy" in entry:
        put(
            chart.session,
            ProxyGrant,
            demo_id("grant", entry["key"]),
            patient_id=chart.patient.id,
            proxy_patient_id=demo_id("patient", entry["proxy"]),
            scope={"acts": PROXY_MAY},
            valid_from=LONG_AGO,
            valid_to=_birthday(entry["born"], GROWN_UP),
            revoked_at=None,
        )
    for result in entry.get("result", []):
        put_result(chart, result)
    for number, visit in enumerate(entry.get("visit", [])):
        put_visit(chart, number, visit)
    for number, visit in enumerate(entry.get("past_visit", [])):
        put_past_visit(chart, number, visit)
    for prescription in entry.get("prescription", []):
        put_prescription(chart, prescription)


def _birthday(born: date, age: int) -> datetime:
    return datetime.combine(born.replace(year=born.year + age), time(), UTC)
