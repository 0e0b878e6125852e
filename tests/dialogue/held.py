"""A time that a patient had chosen in another conversation, for tests of going on with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import conversations, holds
from portal.access import Access
from portal.answers import Answer, Prompt
from portal.database import transaction
from portal.offering import find
from portal.records import Appointment, Clinic, Clinician, Conversation, Hold, Patient, VisitType
from portal.wanted import Wanted
from tests.dialogue.talk import BORN, HUGHES, MAIN, PIN, RESULTS, Clock, Talk, called, texted

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from dialogue.moment import Question

BOOK = "i would like to see somebody"
TAKEN_OVER = Answer(prompts=(Prompt(name="line.welcome"),), flow="booking", draft={"n": 1})
TOLD = Answer(prompts=(Prompt(name="line.help"),), then="anything_else", intent="book_appointment")
ASKED = ["identity.proved", "booking.go_on"]


def held_on(
    channel: str,
    clock: Clock,
    *,
    born: str = "1948-11-21",
    number: str = HUGHES,
    is_moved: bool = False,
) -> UUID:
    """Return the id of a hold of the first time there is, made in a conversation of its own."""
    with transaction() as session:
        patient = next(p for p in session.scalars(select(Patient)) if p.birth_date == born)
        phone = conversations.phone_for(session, number, at=clock.at)
        made = conversations.open_call(
            session,
            provider_sid=f"before:{clock.at.isoformat()}:{channel}",
            clinic=conversations.clinic_for(session, MAIN),
            phone=phone,
            locale="en-US",
            at=clock.at,
        )
        made.channel = channel
        made.patient_id, made.assurance = patient.id, 2 if channel == "voice" else 1
        session.flush()
        access = Access(patient_id=patient.id, conversation_id=made.id, level=made.assurance)
        return _hold(session, access, clock, is_moved=is_moved).id


def _hold(session: Session, access: Access, clock: Clock, *, is_moved: bool) -> Hold:
    kind = session.scalars(
        select(VisitType).where(VisitType.phone_bookable.is_(True)).order_by(VisitType.place)
    ).first()
    assert kind
    visit = (
        session.scalars(
            select(Appointment).where(Appointment.patient_id == access.patient_id)
        ).first()
        if is_moved
        else None
    )
    found = find(
        session,
        Wanted(visit_type_id=kind.id),
        patient_id=access.patient_id,
        conversation_id=access.conversation_id,
        moves=visit,
        at=clock.at,
    )
    return holds.hold(session, access, found.offers[0], moves=visit, at=clock.at)


def hang_up(hold_id: UUID, clock: Clock) -> None:
    """End the conversation that holds it."""
    with transaction() as session:
        hold = session.get_one(Hold, hold_id)
        row = session.get_one(Conversation, hold.conversation_id)
        conversations.end(session, row, outcome="hung_up", at=clock.at)


def hold(hold_id: UUID) -> Hold | None:
    """Return the hold as it stands; None once it was let go."""
    with transaction(read_only=True) as session:
        return session.get(Hold, hold_id)


def places(hold_id: UUID) -> tuple[Clinician, Clinic]:
    """Return with whom and where it is."""
    with transaction(read_only=True) as session:
        found = session.get_one(Hold, hold_id)
        return (
            session.get_one(Clinician, found.clinician_id),
            session.get_one(Clinic, found.clinic_id),
        )


class Scripted:
    """The model of these tests: asks for a proof as often as there is none."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk

    def ask(self, question: Question) -> Answer:
        """Return what an action would."""
        intent = (question.parsed or {}).get("intent")
        if question.text == "that would be lovely dear":
            return Answer(then="missed", intent="affirm")
        if intent == "choose_option":
            return TAKEN_OVER
        if question.text in {BOOK, RESULTS}:
            needed = 2 if question.channel == "voice" else 1
            proved = self.talk.row.assurance >= needed
            return TOLD if proved else Answer(needs=needed, intent="book_appointment")
        return Answer(then="missed", intent="nlu_fallback")

    def forget(self, conversation: str) -> None:
        """Do nothing."""

    def is_ready(self) -> bool:
        """Return True."""
        return True


def scripted(talk: Talk) -> Talk:
    talk.rasa.model = Scripted(talk)
    return talk


def at_call(clock: Clock) -> Talk:
    """Return a call that has keyed its PIN."""
    call = scripted(called(clock=clock))
    call.say(BOOK)
    call.press(BORN)
    call.press(PIN)
    return call


def at_text(clock: Clock) -> Talk:
    """Return a text session that has told its birth year."""
    talk = scripted(texted(clock=clock))
    talk.text(BOOK)
    talk.text("1948")
    return talk


def kept(channel: str = "voice", *, is_moved: bool = False) -> tuple[Clock, UUID]:
    """Return a clock and the hold of a conversation that has just ended."""
    clock = Clock()
    made = held_on(channel, clock, is_moved=is_moved)
    hang_up(made, clock)
    clock.at += timedelta(minutes=2)
    return clock, made
