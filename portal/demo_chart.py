"""What the demo's patients have: results, visits, and medicines, counted from one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.demo_rows import Entry, demo_id, put
from portal.openings import Atom, atoms, instant
from portal.records import (
    Appointment,
    Claim,
    LabResult,
    Opening,
    Prescription,
    RefillRequest,
    StaffTask,
    VisitType,
)
from portal.tasks import ANSWERED_WITHIN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Clinic, Patient

DRAWN_AT, REPORTED_AT = time(8, 20), time(16, 40)
REFERENCE_DIGITS = 6


@dataclass(frozen=True)
class Chart:
    """One patient's part of the seeding."""

    session: Session
    at: datetime
    patient: Patient
    clinics: Mapping[str, Clinic]
    works_at: Mapping[str, str]

    def clinic(self, clinician: str) -> Clinic:
        """Return the clinic at which a clinician of the demo is seen."""
        return self.clinics[self.works_at[clinician]]

    def today(self, clinic: Clinic) -> date:
        """Return the day that it is in the clinic now."""
        return self.at.astimezone(ZoneInfo(clinic.tz)).date()

    def ago(self, entry: Entry, name: str, wall: time) -> datetime | None:
        """Return the instant that ``entry`` puts so many days ago, or None."""
        if f"{name}_days_ago" not in entry:
            return None
        clinic = self.clinic(entry["clinician"])
        day = self.today(clinic) - timedelta(days=entry[f"{name}_days_ago"])
        return instant(day, wall, ZoneInfo(clinic.tz))


def put_result(chart: Chart, entry: Entry) -> None:
    """Write one result."""
    put(
        chart.session,
        LabResult,
        demo_id("result", chart.patient.mrn, entry["test"]),
        patient_id=chart.patient.id,
        clinician_id=demo_id("clinician", entry["clinician"]),
        loinc=entry["loinc"],
        name_key=entry["test"],
        category=entry.get("category", "laboratory"),
        status=entry["status"],
        value=entry.get("value"),
        flag=entry.get("flag"),
        ok_to_voice=entry.get("ok_to_voice", False),
        sensitivity=entry.get("sensitivity", "none"),
        collected_at=chart.ago(entry, "collected", DRAWN_AT),
        issued_at=chart.ago(entry, "issued", DRAWN_AT),
        reviewed_at=chart.ago(entry, "reviewed", DRAWN_AT),
        release_at=chart.ago(entry, "released", REPORTED_AT),
        note_key=entry.get("note"),
    )


def put_visit(chart: Chart, number: int, entry: Entry) -> Appointment:
    """Return a visit ahead, which takes its openings whatever day of the week it is."""
    today = chart.today(chart.clinic(entry["clinician"]))
    key = demo_id("visit", chart.patient.mrn, number)
    return _put_visit(chart, key, entry, _visit_day(today, entry), "booked")


def put_past_visit(chart: Chart, number: int, entry: Entry) -> Appointment:
    """Return a visit that took place so many days ago; it has had its openings too."""
    today = chart.today(chart.clinic(entry["clinician"]))
    key = demo_id("past_visit", chart.patient.mrn, number)
    return _put_visit(chart, key, entry, today - timedelta(days=entry["days_ago"]), "fulfilled")


def _put_visit(chart: Chart, key: UUID, entry: Entry, day: date, status: str) -> Appointment:
    clinic = chart.clinic(entry["clinician"])
    clinician_id = demo_id("clinician", entry["clinician"])
    kind = chart.session.get_one(VisitType, demo_id("visit_type", entry["type"]))
    end = (datetime.combine(day, entry["time"]) + timedelta(minutes=kind.minutes)).time()
    parts = list(atoms(clinic, day, entry["time"], end))
    visit = put(
        chart.session,
        Appointment,
        key,
        patient_id=chart.patient.id,
        clinician_id=clinician_id,
        clinic_id=clinic.id,
        visit_type_id=kind.id,
        status=status,
        starts_at=parts[0].starts_at,
        ends_at=parts[0].starts_at + timedelta(minutes=kind.minutes),
        local_date=day,
        local_start=entry["time"],
        cancel_reason=None,
        confirmed_at=None,
        reference=_reference(chart.session, key),
        hold_id=None,
        origin="desk",
        as_of=chart.at,
    )
    chart.session.flush()
    for atom in parts:
        chart.session.add(
            Claim(
                opening_id=_opening(chart.session, clinician_id, atom),
                starts_at=atom.starts_at,
                kind="appointment",
                appointment_id=visit.id,
                patient_id=chart.patient.id,
            )
        )
        chart.session.flush()
    return visit


def _reference(session: Session, key: UUID) -> str:
    """Return six digits of a visit's key: the same at every seeding, unless somebody has them."""
    digits = str(key.int)
    last = len(digits) - REFERENCE_DIGITS
    drawn = (digits[at : at + REFERENCE_DIGITS] for at in range(last, 0, -1))
    taken = select(Appointment.id).where(Appointment.id != key)
    return next(
        each
        for each in drawn
        if session.scalars(taken.where(Appointment.reference == each)).first() is None
    )


def put_prescription(chart: Chart, entry: Entry) -> None:
    """Write one prescription, and the open request for it where there is one."""
    prescription = put(
        chart.session,
        Prescription,
        demo_id("prescription", chart.patient.mrn, entry["rxnorm"]),
        patient_id=chart.patient.id,
        clinician_id=demo_id("clinician", entry["clinician"]),
        rxnorm=entry["rxnorm"],
        display=entry["display"],
        directions=entry["directions"],
        status="active",
        schedule_class=entry.get("schedule_class", 0),
        refills_allowed=entry["refills_allowed"],
        fills_done=entry["fills_done"],
        last_fill="completed",
        last_filled_at=chart.at - timedelta(days=25),
        valid_until=chart.at + timedelta(days=200),
        pharmacy="Corner Pharmacy",
    )
    if "requested_hours_ago" in entry:
        _put_request(chart, prescription, chart.at - timedelta(hours=entry["requested_hours_ago"]))


def _put_request(chart: Chart, prescription: Prescription, asked_at: datetime) -> None:
    key = demo_id("request", chart.patient.mrn, prescription.rxnorm)
    task = put(
        chart.session,
        StaffTask,
        demo_id("task", key),
        kind="refill",
        pool="nurse",
        patient_id=chart.patient.id,
        clinic_id=chart.patient.clinic_id,
        locale=chart.patient.locale,
        topic="refills",
        status="open",
        created_at=asked_at,
        due_at=asked_at + ANSWERED_WITHIN,
        dedupe_key=f"refill:{key}",
    )
    put(
        chart.session,
        RefillRequest,
        key,
        prescription_id=prescription.id,
        patient_id=chart.patient.id,
        task_id=task.id,
        kind="refill",
        status="open",
        requested_at=asked_at,
        decided_by=None,
        decided_at=None,
        origin="phone",
        as_of=asked_at,
    )


def _visit_day(today: date, entry: Entry) -> date:
    if "in_days" in entry:
        return today + timedelta(days=entry["in_days"])
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=1, days=entry["next_week_on"])


def _opening(session: Session, clinician_id: UUID, atom: Atom) -> UUID:
    """Return a free opening at exactly this time, made when nobody works or all are taken."""
    there = session.execute(
        select(Opening.id, Claim.opening_id)
        .outerjoin(Claim, Claim.opening_id == Opening.id)
        .where(Opening.clinician_id == clinician_id, Opening.starts_at == atom.starts_at)
        .order_by(Opening.seat)
    ).all()
    free: list[UUID] = [opening_id for opening_id, claimed in there if claimed is None]
    if free:
        return free[0]
    made = Opening(**atom.opening(clinician_id, seat=len(there) + 1))
    session.add(made)
    session.flush()
    return made.id
