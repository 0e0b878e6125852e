"""Taking openings: all of a visit's or none of them, and nobody waits for somebody who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, false, or_, select

from portal.records import (
    Appointment,
    Claim,
    ClinicClosing,
    Clinician,
    ClinicianLeave,
    Opening,
    Patient,
)
from portal.records.calendar import HOLDS_TIME
from portal.upserts import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import Session

    from portal.offering import Offer

    Atom = Row[tuple[UUID, datetime, datetime, bool]]


class TimeTaken(Exception):  # noqa: N818 - the glossary's word is "taken"; it is no error
    """Somebody else has this time, or it can no longer be had for another reason."""


def alone(session: Session, patient_id: UUID) -> None:
    """Wait until nobody else books, holds or moves for this patient, until the commit.

    No constraint knows of two visits that overlap on grids of different steps, and
    the second of two equal confirmations is to find what the first one wrote.
    """
    # What refers to the patient may be written meanwhile.
    session.execute(
        select(Patient.id).where(Patient.id == patient_id).with_for_update(key_share=True)
    )


def in_the_way(
    *, at: datetime, conversation_id: UUID | None = None, moves_id: UUID | None = None
) -> ColumnElement[bool]:
    """Return the condition on claims that keep this conversation from an opening.

    What it holds itself does not, nor does a hold that has run out, nor the visit
    that it is about to move.
    """
    firm = Claim.kind != "hold"
    if moves_id is not None:
        firm = and_(firm, Claim.appointment_id.is_distinct_from(moves_id))
    live = and_(Claim.kind == "hold", Claim.expires_at > at)
    if conversation_id is not None:
        live = and_(live, Claim.conversation_id != conversation_id)
    return or_(firm, live)


def is_seen(patient_id: UUID, moves_id: UUID | None = None) -> ColumnElement[bool]:
    """Return the condition on openings in which this patient can be seen, whoever claims them.

    The clinician works and is not on leave, the clinic is not closed that day, and
    the patient is nowhere else, but for the visit that is to be moved.
    """
    closed = exists().where(
        ClinicClosing.clinic_id == Opening.clinic_id, ClinicClosing.on == Opening.local_date
    )
    elsewhere = exists().where(
        Appointment.patient_id == patient_id,
        Appointment.status.in_(HOLDS_TIME),
        Appointment.starts_at < Opening.ends_at,
        Appointment.ends_at > Opening.starts_at,
        Appointment.id.is_distinct_from(moves_id),
    )
    return and_(is_there(), ~closed, ~elsewhere)


def is_there() -> ColumnElement[bool]:
    """Return the condition on openings at which their clinician works and is not on leave."""
    works = exists().where(Clinician.id == Opening.clinician_id, Clinician.active)
    away = exists().where(
        ClinicianLeave.clinician_id == Opening.clinician_id,
        ClinicianLeave.starts_at < Opening.ends_at,
        ClinicianLeave.ends_at > Opening.starts_at,
    )
    return and_(works, ~away)


def take(
    session: Session,
    offer: Offer,
    row: dict[str, Any],
    *,
    gives_up: ColumnElement[bool],
    moves_id: UUID | None = None,
    at: datetime,
) -> None:
    """Claim every opening of the offer's time as ``row`` says.

    ``gives_up`` are the claims that are exchanged for them. Where ``row`` is a hold,
    the openings of the visit ``moves_id`` itself are covered by it already. Raises
    TimeTaken in the middle of the work: call it inside a savepoint.
    """
    given = session.scalars(select(Claim.opening_id).where(gives_up)).all()
    rows = _locked(session, offer, given, is_seen(row["patient_id"], moves_id))
    atoms = [each for each in rows if each[-1]]
    if offer.starts_at <= at or not _covers(atoms, offer):
        raise TimeTaken
    # Asked again now that they are locked: what was ours may be somebody else's since.
    mine = and_(Claim.opening_id.in_(given), gives_up) if given else false()
    _make_room(session, mine, [each.id for each in atoms], at=at)
    kept = _claimed_by(session, moves_id) if row["kind"] == "hold" else ()
    for seats in _by_start(atoms):
        _take_a_seat(session, seats, row, kept)


def held_by(conversation_id: UUID) -> ColumnElement[bool]:
    """Return the condition on the claims that are a conversation's hold."""
    return and_(Claim.conversation_id == conversation_id, Claim.kind == "hold")


def _locked(
    session: Session, offer: Offer, given: Sequence[UUID], seen: ColumnElement[bool]
) -> Sequence[Atom]:
    """Return the openings of the offer (last column true) and the ``given`` ones, locked.

    In one order, whoever comes: two who exchange their times would else wait for
    each other on PostgreSQL.
    """
    wanted = and_(
        Opening.clinician_id == offer.clinician_id,
        Opening.starts_at >= offer.starts_at,
        Opening.starts_at < offer.ends_at,
        Opening.clinic_id == offer.clinic_id,
    )
    mine = Opening.id.in_(given) if given else false()
    return session.execute(
        select(
            Opening.id,
            Opening.starts_at,
            Opening.ends_at,
            and_(wanted, seen),
        )
        .where(or_(wanted, mine))
        .order_by(Opening.starts_at, Opening.id)
        .with_for_update(of=Opening, key_share=True)
    ).all()


def _covers(atoms: Sequence[Atom], offer: Offer) -> bool:
    """Return whether the openings fill the offer's time without a gap."""
    reached = offer.starts_at
    for atom in atoms:
        if atom.starts_at <= reached < atom.ends_at:
            reached = atom.ends_at
    return reached >= offer.ends_at and atoms[0].starts_at == offer.starts_at


def _make_room(
    session: Session, mine: ColumnElement[bool], atoms: Sequence[UUID], *, at: datetime
) -> None:
    run_out = and_(Claim.opening_id.in_(atoms), Claim.kind == "hold", Claim.expires_at <= at)
    session.execute(
        delete(Claim).where(or_(mine, run_out)), execution_options={"synchronize_session": False}
    )


def _claimed_by(session: Session, visit_id: UUID | None) -> Collection[UUID]:
    if visit_id is None:
        return ()
    return session.scalars(select(Claim.opening_id).where(Claim.appointment_id == visit_id)).all()


def _by_start(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    """Return the openings of each instant: the seats that may be taken then, soonest first."""
    starts = sorted({each.starts_at for each in atoms})
    return ([each for each in atoms if each.starts_at == start] for start in starts)


def _take_a_seat(
    session: Session, seats: Sequence[Atom], row: dict[str, Any], kept: Collection[UUID]
) -> None:
    if any(each.id in kept for each in seats):
        return
    for each in seats:
        values = {"opening_id": each.id, "starts_at": each.starts_at, **row}
        taken = insert(session, Claim).values(values).on_conflict_do_nothing()
        if session.scalar(taken.returning(Claim.opening_id)) is not None:
            return
    raise TimeTaken
