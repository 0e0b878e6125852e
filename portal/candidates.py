"""Who a birth date may belong to: read in every order, looked for where it may be."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from portal.encryption import ring
from portal.hours import local
from portal.pins import CHECKS
from portal.records import Clinic, Patient, PatientPhone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from portal.records import Conversation

T = TypeVar("T")

DATE_DIGITS = 8
FIRST_YEAR = 1900
OF_AGE = 18
"""Below this nobody proves themselves: their proxy does, with their own date and PIN."""


def readings(digits: str, today: date) -> tuple[date, ...]:
    """Return the dates that eight keyed digits can mean, up to ``today``.

    Year, month, day; month, day, year; and day, month, year: callers come from
    everywhere and key a date as they have always written it.
    """
    if not (digits.isascii() and digits.isdigit() and len(digits) == DATE_DIGITS):
        return ()
    year_first, year_last = int(digits[:4]), int(digits[4:])
    head, tail = (int(digits[:2]), int(digits[2:4])), (int(digits[4:6]), int(digits[6:]))
    orders = ((year_first, *tail), (year_last, *head), (year_last, *reversed(head)))
    days = (_day(*order) for order in orders)
    return tuple(dict.fromkeys(day for day in days if day and _may_be_born(day, today)))


def today_at(session: Session, conversation: Conversation, *, at: datetime) -> date:
    """Return the day that it is now at the clinic of this conversation."""
    return local(session.get_one(Clinic, conversation.clinic_id), at).date()


def candidates(session: Session, phone_id: UUID | None, dates: Iterable[date]) -> list[UUID]:
    """Return the patients born on one of ``dates``: three at most, since three PINs are compared.

    On a telephone that is on file for somebody they are looked for among its
    patients only; from any other (or a hidden one) among all. Those with a PIN
    come first: a PIN is what tells them apart.
    """
    indexes = [ring().blind_index("birth_date", day.isoformat()) for day in dates]
    born = select(Patient.id).where(Patient.birth_date_bidx.in_(indexes))
    if phone_id is not None and _is_on_file(session, phone_id):
        born = _on_phone(born, phone_id)
    first = born.order_by(Patient.pin_hash.is_(None), Patient.id).limit(CHECKS)
    return list(session.scalars(first))


def patients_on(session: Session, phone_id: UUID) -> Sequence[Patient]:
    """Return the patients for whom this telephone is on file."""
    return session.scalars(_on_phone(select(Patient), phone_id).order_by(Patient.id)).all()


def provable(
    session: Session, conversation: Conversation, ids: Iterable[UUID], *, at: datetime
) -> list[Patient]:
    """Return those of the patients who may prove themselves: nobody under age."""
    today = today_at(session, conversation, at=at)
    found = session.scalars(select(Patient).where(Patient.id.in_(list(ids))).order_by(Patient.id))
    return [patient for patient in found if age(patient, today) >= OF_AGE]


def born_on(patient: Patient) -> date:
    """Return the patient's birth date."""
    return date.fromisoformat(patient.birth_date)


def age(patient: Patient, today: date) -> int:
    """Return the patient's age in whole years; who was born on a leap day ages on March 1st."""
    born = born_on(patient)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _may_be_born(day: date, today: date) -> bool:
    return day.year >= FIRST_YEAR and day <= today


def _is_on_file(session: Session, phone_id: UUID) -> bool:
    on_file = select(PatientPhone.patient_id).where(PatientPhone.phone_id == phone_id).limit(1)
    return session.scalars(on_file).first() is not None


def _on_phone(query: Select[tuple[T]], phone_id: UUID) -> Select[tuple[T]]:
    return query.join(PatientPhone, PatientPhone.patient_id == Patient.id).where(
        PatientPhone.phone_id == phone_id
    )
