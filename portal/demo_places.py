"""The demo's clinics, who works there, what they do, and what may be said of results."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from portal.demo_rows import Entry, demo_id, put, source
from portal.records import (
    Clinic,
    ClinicHours,
    Clinician,
    DrugAlias,
    ReleaseRule,
    ScheduleTemplate,
    StaffDuty,
    StaffMember,
    VisitType,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WEEKDAYS = range(5)
ALWAYS = date(2020, 1, 1)


def put_clinic(session: Session, entry: Entry) -> Clinic:
    """Return a clinic, written with its hours and the holidays that it keeps."""
    given = ("code", "name", "text_safe_name", "tz", "phone", "front_desk", "nurse_line")
    columns = {name: entry[name] for name in (*given, "address", "region", "holidays")}
    clinic = put(session, Clinic, demo_id("clinic", entry["code"]), grid_minutes=15, **columns)
    session.flush()
    for weekday in WEEKDAYS:
        put(
            session,
            ClinicHours,
            demo_id("hours", entry["code"], weekday),
            clinic_id=clinic.id,
            weekday=weekday,
            opens=entry["opens"],
            closes=entry["closes"],
        )
    return clinic


def put_work(session: Session) -> None:
    """Write what is done at the clinics, by whom, and what may be said of it."""
    demo = source()
    for entry in demo["visit_type"]:
        put(session, VisitType, demo_id("visit_type", entry["code"]), **entry)
    for entry in demo["release_rule"]:
        put(session, ReleaseRule, demo_id("release_rule", entry["rank"]), **entry)
    for entry in demo["drug"]:
        _put_aliases(session, entry)
    sessions = {entry["code"]: entry["sessions"] for entry in demo["clinic"]}
    for entry in demo["clinician"]:
        _put_clinician(session, entry, sessions[entry["clinic"]])
    for entry in demo["staff"]:
        _put_staff(session, entry)


def _put_aliases(session: Session, entry: Entry) -> None:
    for locale, names in entry.items():
        for name in names if locale != "rxnorm" else ():
            tag = "" if locale == "names" else locale
            put(
                session,
                DrugAlias,
                demo_id("alias", entry["rxnorm"], tag, name),
                rxnorm=entry["rxnorm"],
                alias=name,
                locale=tag,
            )


def _put_clinician(session: Session, entry: Entry, sessions: list[list[time]]) -> None:
    key = demo_id("clinician", entry["key"])
    put(session, Clinician, key, display=entry["display"], npi=entry["npi"], active=True)
    for weekday in WEEKDAYS:
        for start, end in sessions:
            put(
                session,
                ScheduleTemplate,
                demo_id("template", entry["key"], weekday, start),
                clinician_id=key,
                clinic_id=demo_id("clinic", entry["clinic"]),
                weekday=weekday,
                local_start=start,
                local_end=end,
                valid_from=ALWAYS,
            )


def _put_staff(session: Session, entry: Entry) -> None:
    key = demo_id("staff", entry["key"])
    put(
        session,
        StaffMember,
        key,
        name=entry["name"],
        email_ci=entry["email"],
        languages=entry["languages"],
    )
    session.flush()
    for code in entry["clinics"]:
        session.merge(
            StaffDuty(member_id=key, role=entry["role"], clinic_id=demo_id("clinic", code))
        )
