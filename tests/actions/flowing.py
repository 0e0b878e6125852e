"""A conversation about visits: what an action answers, and the flow that stays open for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import delete, insert, select

from portal.answers import to_data, unseal
from portal.database import new_id, transaction
from portal.demo_rows import demo_id
from portal.encryption import ring
from portal.hours import local
from portal.records import (
    Appointment,
    Claim,
    Clinic,
    Conversation,
    Opening,
    Patient,
    StaffTask,
    VisitType,
)
from portal.testing import NOON
from tests.actions.running import conversation

if TYPE_CHECKING:
    from uuid import UUID

    from actions.base import PortalAction
    from portal.answers import Answer

BORN = "1948-11-21"
EASTERN = ZoneInfo("America/New_York")
AT = {"rivera": "main", "baker": "main", "patel": "west", "cho": "west"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def on(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a time of June 2026, in which ``NOON`` is Tuesday the 9th."""
    return datetime(2026, 6, day, hour, minute, tzinfo=EASTERN)


def visits_of(*starts: datetime | tuple[datetime, str], born: str = BORN) -> list[UUID]:
    """Return the keys of the visits of a patient of the demo: these, and no other.

    A time with a clinician's key is a check-up with them, a time alone one with Dr. Rivera.
    """
    given = [each if isinstance(each, tuple) else (each, "rivera") for each in starts]
    with transaction() as session:
        of = next(each.id for each in session.scalars(select(Patient)) if each.birth_date == born)
        old = list(session.scalars(select(Appointment.id).where(Appointment.patient_id == of)))
        session.execute(delete(Claim).where(Claim.appointment_id.in_(old)))
        session.execute(delete(Appointment).where(Appointment.id.in_(old)))
        return [_visit(session, of, at, clinician) for at, clinician in given]


def _visit(session: Any, of: UUID, at: datetime, clinician: str) -> UUID:
    clinic = session.get_one(Clinic, demo_id("clinic", AT[clinician]))
    wall = local(clinic, at)
    when = {"starts_at": at, "ends_at": at + timedelta(minutes=45)}
    where = {"clinician_id": demo_id("clinician", clinician), "clinic_id": clinic.id}
    promised = {"local_date": wall.date(), "local_start": wall.time()}
    kind = demo_id("visit_type", "check_up")
    visit = Appointment(
        id=new_id(), patient_id=of, visit_type_id=kind, origin="desk", as_of=NOON,
        **when, **where, **promised,
    )  # fmt: skip
    opening = Opening(id=new_id(), seat=9, **when, **where, **promised)
    session.add_all([visit, opening])
    session.flush()
    claim = {"kind": "appointment", "appointment_id": visit.id, "patient_id": of}
    session.execute(insert(Claim).values(opening_id=opening.id, starts_at=at, **claim))
    return visit.id


def changed(visit: UUID, **values: Any) -> None:
    """Let staff change a visit."""
    with transaction() as session:
        row = session.get_one(Appointment, visit)
        for name, value in values.items():
            setattr(row, name, value)


def taken_off(visit: UUID) -> None:
    """Let staff take a visit off the calendar."""
    with transaction() as session:
        session.execute(delete(Claim).where(Claim.appointment_id == visit))
    changed(visit, status="cancelled")


def first_is_a_vaccination(born: str = BORN) -> None:
    """Let the first visit of a patient be of another kind than the rest."""
    with transaction() as session:
        of = next(each.id for each in session.scalars(select(Patient)) if each.birth_date == born)
        theirs = select(Appointment).where(Appointment.patient_id == of)
        row = session.scalars(theirs.order_by(Appointment.starts_at)).first()
        assert row
        row.visit_type_id = demo_id("visit_type", "vaccination")


def visit_row(visit: UUID) -> Appointment:
    """Return the visit as its row stands."""
    with transaction(read_only=True) as session:
        return session.get_one(Appointment, visit)


def late_tasks() -> list[StaffTask]:
    """Return the tasks of visits that were given up late."""
    with transaction(read_only=True) as session:
        return list(session.scalars(select(StaffTask).where(StaffTask.kind == "late_cancel")))


def bring_key() -> str | None:
    """Return what is to be brought to a check-up."""
    with transaction(read_only=True) as session:
        return session.get_one(VisitType, demo_id("visit_type", "check_up")).bring_key


@dataclass
class Flow:
    """One capability in one conversation, and its last answer."""

    kind: type[PortalAction]
    of: UUID
    at: datetime = NOON
    answer: Answer = field(default=None)  # type: ignore[assignment]

    @classmethod
    def called(cls, kind: type[PortalAction], number: str | None = None, born: str = BORN) -> Flow:
        """Return a call of a patient who has proved who they are; None hides the number."""
        return cls(kind, conversation(number, born=born, level=2))

    @classmethod
    def texted(cls, kind: type[PortalAction]) -> Flow:
        """Return a text session of a patient who has given their birth year."""
        return cls(kind, conversation(born=BORN, level=1, channel="sms"))

    @property
    def names(self) -> list[str]:
        """Return the names of the last answer's prompts."""
        return [prompt.name for prompt in self.answer.prompts]

    @property
    def values(self) -> list[str | None]:
        """Return the values of the last answer's choices."""
        return [choice.value for choice in self.answer.choices]

    @property
    def opens(self) -> list[str]:
        """Return the intents of the last answer's choices."""
        return [choice.intent for choice in self.answer.choices]

    def details(self, name: str) -> dict[str, Any]:
        """Return the details of the last answer's prompt of this name."""
        return dict(next(each.details for each in self.answer.prompts if each.name == name))

    def speaks(self, locale: str) -> None:
        """Let the conversation be in another language."""
        with transaction() as session:
            session.get_one(Conversation, self.of).locale = locale

    def press(self, key: str) -> Flow:
        """Pick one of the choices that were given last, as the dialogue hands it on."""
        choice = next(each for each in self.answer.choices if each.key == key)
        return self.hear(choice.intent, choice=choice.value)

    def back(self) -> Flow:
        """Go back to the draft that is on top, as the dialogue does."""
        return self.hear("choose_option", choice="back")

    def hear(self, intent: str, text: str = "", choice: str | None = None) -> Flow:
        """Understand something, and keep the flow that it leaves open."""
        entities = [{"entity": "choice", "value": choice}] if choice else []
        message = {"text": text, "intent": {"name": intent}, "entities": entities}
        tracker = Tracker(self.of.hex, {}, message, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        asyncio.run(self.kind(lambda: self.at).run(dispatcher, tracker, {}))
        assert dispatcher.messages, "the action broke"
        self.answer = unseal(dispatcher.messages[-1]["custom"]["sealed"], ring())
        self._keep()
        return self

    def _keep(self) -> None:
        if self.answer.then == "missed":
            return
        with transaction() as session:
            row = session.get_one(Conversation, self.of)
            row.flow = self.answer.flow
            kept = [to_data(self.answer.draft)] if self.answer.draft else []
            row.state = {**row.state, "answers": kept}
