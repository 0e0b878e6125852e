"""Whatever callers, staff and the clock do in whatever order: the calendar stays true."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from portal import conversations, holds, testing
from portal.booking import book
from portal.cancelling import cancel
from portal.claims import TimeTaken
from portal.database import transaction
from portal.moving import move
from portal.records import (
    Appointment,
    Claim,
    ClinicianLeave,
    Conversation,
    Hold,
    Opening,
    StaffTask,
)
from portal.records.calendar import HOLDS_TIME
from portal.refusal import Refused
from portal.testing import NOON
from portal.visits import Changed
from tests.portal.practice import LONG, MIDDLE, SHORT, TUESDAY, practice

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from portal.access import Access
    from portal.offering import Offer
    from tests.portal.practice import Practice

NINE = datetime.combine(TUESDAY + timedelta(days=1), time(9), NOON.tzinfo)
QUARTER = timedelta(minutes=15)
ATOMS, PATIENTS = 6, 3
callers = st.integers(0, 2 * PATIENTS - 1)
places = st.integers(0, ATOMS - 1)
lengths = st.sampled_from([SHORT, MIDDLE, LONG])
clinicians = st.integers(0, 1)
anyone = st.integers(0, 99)


class Calendar(RuleBasedStateMachine):
    """Three patients, each in a call and a text session, and ninety minutes of two clinicians."""

    rows: ClassVar[Practice]
    accesses: ClassVar[list[Access]]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.keys: list[tuple[UUID, bool]] = []
        with transaction() as session:
            for record in (Claim, Hold, StaffTask, Appointment, ClinicianLeave):
                session.execute(delete(record))
            for row in session.scalars(select(Conversation)):
                row.ended_at = None

    @rule(caller=callers, place=places, minutes=lengths, by=clinicians)
    def choose(self, caller: int, place: int, minutes: int, by: int) -> None:
        """Hold a time to book it."""
        with transaction() as session:
            self._hold(session, caller, self._offer(place, minutes, by), None)

    @precondition(lambda self: self._visits())
    @rule(number=anyone, text=st.booleans(), place=places, minutes=lengths, by=clinicians)
    def choose_to_move(self, number: int, text: bool, place: int, minutes: int, by: int) -> None:  # noqa: FBT001
        """Hold a time to move a visit to it."""
        with transaction() as session:
            visit = self._picked(session, number)
            caller = self.rows.patients.index(visit.patient_id) + text * PATIENTS
            self._hold(session, caller, self._offer(place, minutes, by), visit)

    @precondition(lambda self: self.keys)
    @rule(number=anyone, text=st.booleans())
    def confirm(self, number: int, text: bool) -> None:  # noqa: FBT001
        """Confirm one of the times that were ever chosen, mostly the last one."""
        key, moves = self.keys[-1 - number % len(self.keys)]
        with transaction() as session:
            held = session.get(Hold, key)
            done = session.scalar(select(Appointment).where(Appointment.hold_id == key))
            whose = held or done
            patient = self.rows.patients.index(whose.patient_id) if whose else 0
            access = self.accesses[patient + text * PATIENTS]
            can = held is not None and self._can(session, held)
            try:
                told = (move if moves else book)(session, access, key, at=self.now)
            except TimeTaken:
                assert not can
                return
            except Refused:
                assert held is None
                assert done is None or done.status == "cancelled"
                return
            except Changed:
                assert moves
                return
            assert can or done is not None
            if done is None:
                self._was_possible(session, told.id)

    @precondition(lambda self: self._visits())
    @rule(number=anyone)
    def cancel(self, number: int) -> None:
        """Cancel a visit."""
        with transaction() as session:
            visit = self._picked(session, number)
            access = self.accesses[self.rows.patients.index(visit.patient_id)]
            cancel(session, access, visit.id, visit.version, at=self.now)

    @rule(minutes=st.sampled_from([1, 3, 10, 15, 70]))
    def wait(self, minutes: int) -> None:
        """Let holds run out; nobody is seen yet."""
        self.now = min(self.now + timedelta(minutes=minutes), NINE - timedelta(minutes=1))

    @rule(by=clinicians, place=places, atoms=st.integers(1, 3))
    def leave(self, by: int, place: int, atoms: int) -> None:
        """Send a clinician on leave."""
        starts_at = NINE + place * QUARTER
        with transaction() as session:
            row = {"starts_at": starts_at, "ends_at": starts_at + atoms * QUARTER}
            testing.add(session, ClinicianLeave(clinician_id=self.rows.clinicians[by], **row))

    @rule()
    def sweep(self) -> None:
        """Do what is done every five minutes."""
        with transaction() as session:
            holds.sweep(session, at=self.now)

    @rule(caller=callers)
    def let_go(self, caller: int) -> None:
        """Choose nothing after all."""
        with transaction() as session:
            held = holds.of(session, self.accesses[caller].conversation_id)
            if held is not None:
                holds.release(session, held)

    @rule(caller=callers)
    def go_on(self, caller: int) -> None:
        """Take over what the same patient chose in the other conversation."""
        access = self.accesses[caller]
        with transaction() as session:
            held = holds.live(session, access.patient_id, at=self.now)
            if held is not None:
                can = self._can(session, held)
                try:
                    holds.take_over(session, held, access, at=self.now)
                except TimeTaken:
                    assert not can

    @rule(caller=st.integers(0, PATIENTS - 1))
    def hang_up(self, caller: int) -> None:
        """End a call, and ring again at once."""
        with transaction() as session:
            call = session.get_one(Conversation, self.accesses[caller].conversation_id)
            conversations.end(session, call, outcome="hung_up", at=self.now)
            call.ended_at = None

    @invariant()
    def every_claim_is_somebodys(self) -> None:
        """Each visit has exactly its openings, each live hold has its own, and nobody else any."""
        with transaction(read_only=True) as session:
            claims = session.scalars(select(Claim)).all()
            openings = {each.id: each for each in session.scalars(select(Opening))}
            visits = [each for each in session.scalars(select(Appointment)) if each.holds_time]
            kept = session.scalars(select(Hold)).all()
        for visit in visits:
            atoms = [
                openings[each.opening_id] for each in claims if each.appointment_id == visit.id
            ]
            assert _times(atoms) == _times_of(visit)
            assert {(each.clinician_id, each.clinic_id) for each in atoms} == {
                (visit.clinician_id, visit.clinic_id)
            }
        owners = {each.conversation_id: each for each in kept}
        for claim in claims:
            if claim.kind == "hold":
                hold = owners[claim.conversation_id]
                assert claim.starts_at in _times_of(hold)
                assert (claim.patient_id, claim.expires_at) == (hold.patient_id, hold.expires_at)
        for hold in kept:
            if hold.expires_at > self.now:
                self._has_all(hold, claims, openings)

    def _has_all(self, hold: Hold, claims: Any, openings: dict[UUID, Opening]) -> None:
        mine = {
            claim.starts_at
            for claim in claims
            if openings[claim.opening_id].clinician_id == hold.clinician_id
            and (
                (claim.kind == "hold" and claim.conversation_id == hold.conversation_id)
                or (hold.moves_id is not None and claim.appointment_id == hold.moves_id)
            )
        }
        # A visit that was moved or cancelled elsewhere takes its own openings with it.
        if hold.moves_id is None:
            assert mine >= _times_of(hold)

    @invariant()
    def nobody_is_in_two_rooms(self) -> None:
        """No two visits of one patient overlap, and none of one clinician."""
        with transaction(read_only=True) as session:
            visits = [each for each in session.scalars(select(Appointment)) if each.holds_time]
        for one, other in combinations(visits, 2):
            if one.patient_id == other.patient_id or one.clinician_id == other.clinician_id:
                assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
        references = Counter(each.reference for each in visits if each.reference)
        assert all(times == 1 for times in references.values())

    def _visits(self) -> int:
        with transaction(read_only=True) as session:
            return len(session.scalars(select(Appointment).where(STANDS)).all())

    def _picked(self, session: Session, number: int) -> Appointment:
        visits = session.scalars(select(Appointment).where(STANDS).order_by(Appointment.id)).all()
        return visits[number % len(visits)]

    def _offer(self, place: int, minutes: int, by: int) -> Offer:
        return self.rows.offer(NINE + place * QUARTER, minutes, by=by)

    def _hold(self, session: Session, caller: int, offer: Offer, visit: Appointment | None) -> None:
        access = self.accesses[caller]
        can = self._may(session, access, offer, visit.id if visit else None)
        try:
            held = holds.hold(session, access, offer, moves=visit, at=self.now)
        except TimeTaken:
            assert not can
            return
        assert can
        self.keys.append((held.id, visit is not None))

    def _can(self, session: Session, held: Hold) -> bool:
        access = next(e for e in self.accesses if e.conversation_id == held.conversation_id)
        return self._may(session, access, holds.offered(held), held.moves_id)

    def _may(self, session: Session, access: Access, offer: Offer, moves_id: UUID | None) -> bool:
        """Return whether the time can be had, worked out row by row in the plainest way."""
        atoms = self.rows.openings(session, offer)
        if _times(atoms) != _times_of(offer):
            return False
        mine = {None, moves_id} - {None}
        for claim in session.scalars(select(Claim)):
            is_in_the_way = (
                claim.expires_at > self.now and claim.conversation_id != access.conversation_id
                if claim.expires_at
                else claim.appointment_id not in mine
            )
            if is_in_the_way and claim.opening_id in {each.id for each in atoms}:
                return False
        leaves = session.scalars(select(ClinicianLeave)).all()
        return not any(
            each.clinician_id == offer.clinician_id and _overlap(each, offer) for each in leaves
        ) and not any(
            each.patient_id == access.patient_id and each.id not in mine and _overlap(each, offer)
            for each in session.scalars(select(Appointment).where(STANDS))
        )

    def _was_possible(self, session: Session, visit_id: UUID) -> None:
        visit = session.get_one(Appointment, visit_id)
        leaves = session.scalars(
            select(ClinicianLeave).where(ClinicianLeave.clinician_id == visit.clinician_id)
        )
        assert not any(_overlap(each, visit) for each in leaves)
        assert visit.starts_at > self.now
        assert visit.reference is not None


STANDS = Appointment.status.in_(HOLDS_TIME)


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.starts_at < other.ends_at and other.starts_at < one.ends_at)


def _times(atoms: list[Opening]) -> set[datetime]:
    return {each.starts_at for each in atoms}


def _times_of(what: Any) -> set[datetime]:
    steps = (what.ends_at - what.starts_at) // QUARTER
    return {what.starts_at + step * QUARTER for step in range(steps)}


def test_the_calendar_stays_true_whatever_happens(engine: Engine) -> None:
    """Random sequences of everything that is done to it, on both databases."""
    assert engine is not None
    with transaction() as session:
        hours = ((time(9), time(10, 30)),)
        Calendar.rows = practice(session, patients=PATIENTS, days=1, shifts=hours)
        by_text = [
            Calendar.rows.another(session, number, channel="sms") for number in range(PATIENTS)
        ]
    Calendar.accesses = [*(Calendar.rows.access(number) for number in range(PATIENTS)), *by_text]
    run_state_machine_as_test(
        Calendar,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
