"""Whether a telephone may be sent texts: events that are only added, the newest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.database import new_id
from portal.records import ConsentEvent, PatientPhone

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

EVERYTHING = "texts"
"""The purpose of STOP and START: every text, whatever it is for.

It stands beside the purposes one by one, so that START gives back what had been
granted before STOP and nothing more (portal-records §2.4).
"""

ASKED_FOR = frozenset({"identity", "reply", "visit"})
"""Purposes of texts that whoever holds the telephone has just asked for."""


def opt_out(
    session: Session,
    phone_id: UUID,
    *,
    source: str,
    at: datetime,
    purpose: str = EVERYTHING,
    wording: str | None = None,
    locale: str | None = None,
    evidence: str | None = None,
) -> ConsentEvent:
    """Return the new event that stops texts to this telephone, for all its patients.

    ``source`` is how it was said (``text``, ``voice``, ``carrier``, ``desk``),
    ``wording`` the prompt that answered it, ``evidence`` the carrier's id of the
    message: any reasonable means counts (47 CFR 64.1200(a)(10)).
    """
    return _write(
        session,
        phone_id,
        purpose,
        granted=False,
        source=source,
        wording=wording,
        locale=locale,
        evidence=evidence,
        at=at,
    )


def opt_in(
    session: Session,
    phone_id: UUID,
    *,
    source: str,
    at: datetime,
    purpose: str = EVERYTHING,
    wording: str | None = None,
    locale: str | None = None,
    evidence: str | None = None,
) -> ConsentEvent:
    """Return the new event that allows texts again; arguments as in :func:`opt_out`."""
    return _write(
        session,
        phone_id,
        purpose,
        granted=True,
        source=source,
        wording=wording,
        locale=locale,
        evidence=evidence,
        at=at,
    )


def may_text(session: Session, phone_id: UUID, purpose: str) -> bool:
    """Return whether a text for ``purpose`` may go to this telephone now.

    Read again at every sending. With no event at all, a number that a patient
    left with the clinic may be texted about their care (FCC 15-72),
    any other only what its holder has just asked for.
    """
    if _newest(session, phone_id, EVERYTHING) is False:
        return False
    granted = _newest(session, phone_id, purpose)
    if granted is not None:
        return granted
    return purpose in ASKED_FOR or _is_on_file(session, phone_id)


def _newest(session: Session, phone_id: UUID, purpose: str) -> bool | None:
    return session.scalars(
        select(ConsentEvent.granted)
        .where(ConsentEvent.phone_id == phone_id, ConsentEvent.purpose == purpose)
        # Ids are made in the order of time, which decides within one instant.
        .order_by(ConsentEvent.at.desc(), ConsentEvent.id.desc())
    ).first()


def _is_on_file(session: Session, phone_id: UUID) -> bool:
    on_file = select(PatientPhone.phone_id).where(PatientPhone.phone_id == phone_id)
    return session.scalars(on_file).first() is not None


def _write(
    session: Session,
    phone_id: UUID,
    purpose: str,
    *,
    granted: bool,
    at: datetime,
    **how: str | None,
) -> ConsentEvent:
    event = ConsentEvent(
        id=new_id(), phone_id=phone_id, purpose=purpose, granted=granted, at=at, **how
    )
    session.add(event)
    session.flush()
    return event
