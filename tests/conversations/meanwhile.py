"""What happens between two turns of a script without the caller: ``meanwhile:``."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, select

from portal.answers import from_data
from portal.database import transaction
from portal.hours import local
from portal.records import Appointment, Claim, Clinic, Conversation, Hold, Opening, Patient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

SOMEBODY = "100135"
"""Who takes what others want: the demo's patient with this number, who has no visit."""


def happen(what: Mapping[str, Any], at: datetime) -> None:
    """Let everything that a script names happen elsewhere in the clinic, at ``at``."""
    with transaction() as session:
        for word, wanted in what.items():
            HAPPENINGS[word](session, wanted, at)


def _takes(session: Session, which: int | str, at: datetime) -> None:
    """Book for somebody else one of the times offered last, from 1, or the one held last."""
    wanted = _held(session) if which == "held" else _offered(session, int(which))
    clinic = session.get_one(Clinic, wanted["clinic_id"])
    starts = local(clinic, wanted["starts_at"])
    visit = Appointment(
        **wanted,
        patient_id=session.scalars(select(Patient.id).where(Patient.mrn == SOMEBODY)).one(),
        local_date=starts.date(),
        local_start=starts.time(),
        origin="desk",
        as_of=at,
    )
    session.add(visit)
    session.flush()
    _claim(session, visit)


def _staff_moves(session: Session, days: int, at: datetime) -> None:
    """Put the next visit of whoever is on the line so many days later, at the same time."""
    visit = _next_visit(session, at)
    _unclaim(session, visit)
    visit.starts_at += timedelta(days=days)
    visit.ends_at += timedelta(days=days)
    visit.local_date += timedelta(days=days)
    visit.as_of = at
    session.flush()
    _claim(session, visit)


def _staff_cancels(session: Session, _yes: bool, at: datetime) -> None:  # noqa: FBT001
    """Cancel the next visit of whoever is on the line."""
    visit = _next_visit(session, at)
    _unclaim(session, visit)
    visit.status = "cancelled"
    visit.as_of = at


HAPPENINGS: dict[str, Callable[[Session, Any, datetime], None]] = {
    "takes": _takes,
    "staff_moves": _staff_moves,
    "staff_cancels": _staff_cancels,
}


def _offered(session: Session, which: int) -> dict[str, Any]:
    answers = from_data((_conversation(session).state or {})["answers"])
    offer = answers[-1]["offered"][which - 1]
    return {
        "clinician_id": UUID(offer["clinician"]),
        "clinic_id": UUID(offer["clinic"]),
        "visit_type_id": UUID(offer["kind"]),
        "starts_at": offer["starts_at"],
        "ends_at": offer["ends_at"],
    }


def _held(session: Session) -> dict[str, Any]:
    hold = session.scalars(select(Hold).order_by(Hold.expires_at.desc())).first()
    columns = ("clinician_id", "clinic_id", "visit_type_id", "starts_at", "ends_at")
    return {name: getattr(hold, name) for name in columns}


def _next_visit(session: Session, at: datetime) -> Appointment:
    return (
        session.scalars(
            select(Appointment)
            .where(
                Appointment.patient_id == _conversation(session).patient_id,
                Appointment.status == "booked",
                Appointment.starts_at > at,
            )
            .order_by(Appointment.starts_at)
        ).first()
        or Appointment()
    )


def _conversation(session: Session) -> Conversation:
    newest = select(Conversation).order_by(Conversation.started_at.desc())
    return session.scalars(newest).first() or Conversation()


def _claim(session: Session, visit: Appointment) -> None:
    """Take every opening of a visit; a hold that has run out gives way."""
    openings = session.scalars(
        select(Opening)
        .where(
            Opening.clinician_id == visit.clinician_id,
            Opening.starts_at >= visit.starts_at,
            Opening.starts_at < visit.ends_at,
            Opening.seat == 1,
        )
        .order_by(Opening.starts_at)
    ).all()
    gone = (Claim.kind == "hold", Claim.expires_at <= visit.as_of)
    for opening in openings:
        session.execute(delete(Claim).where(Claim.opening_id == opening.id, *gone))
        session.add(
            Claim(
                opening_id=opening.id,
                starts_at=opening.starts_at,
                kind="appointment",
                appointment_id=visit.id,
                patient_id=visit.patient_id,
            )
        )
        session.flush()


def _unclaim(session: Session, visit: Appointment) -> None:
    session.execute(delete(Claim).where(Claim.appointment_id == visit.id))
