"""Runs an action as rasa-sdk does, for a conversation of the demo clinic."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from portal import conversations
from portal.answers import Answer, unseal
from portal.database import new_id, transaction
from portal.encryption import ring
from portal.records import Conversation, Patient
from portal.testing import NOON
from tests.dialogue.talk import HUGHES, MAIN

if TYPE_CHECKING:
    from uuid import UUID

    from actions.base import PortalAction


@dataclass(frozen=True)
class Ran:
    """What an action gave back: its answer, and the events for Rasa's tracker."""

    answer: Answer | None
    events: list[dict[str, Any]]
    sent: list[dict[str, Any]]

    @property
    def names(self) -> list[str]:
        """Return the names of the answer's prompts."""
        return [prompt.name for prompt in self.answer.prompts] if self.answer else []

    @property
    def happened(self) -> list[str]:
        """Return the kinds of the events."""
        return [event["event"] for event in self.events]


def conversation(
    number: str | None = HUGHES, *, born: str | None = None, level: int = 0, channel: str = "voice"
) -> UUID:
    """Return a conversation; with ``born`` it has proved to be that patient, to ``level``."""
    with transaction() as session:
        patients = {patient.birth_date: patient.id for patient in session.scalars(select(Patient))}
        opened = conversations.open_call(
            session,
            provider_sid=f"CA{new_id().hex}",
            clinic=conversations.clinic_for(session, MAIN),
            phone=conversations.phone_for(session, number, at=NOON),
            locale="en-US",
            at=NOON,
        )
        opened.channel = channel
        opened.patient_id = patients[born] if born else None
        opened.assurance = level
        return opened.id


def run(
    kind: type[PortalAction],
    intent: str,
    of: UUID,
    *,
    choice: str | None = None,
    flow: str | None = None,
) -> Ran:
    """Return what the action answers to an intent in a conversation."""
    entities = [{"entity": "choice", "value": choice}] if choice else []
    message = {
        "text": "whatever was said",
        "intent": {"name": intent, "confidence": 0.87},
        "entities": entities,
        "metadata": {"turn": 2, "locale": "en-US", "channel": "voice"},
    }
    tracker = Tracker(of.hex, {"flow": flow}, message, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    events = asyncio.run(kind(lambda: NOON).run(dispatcher, tracker, {}))
    sealed = [each["custom"]["sealed"] for each in dispatcher.messages]
    answer = unseal(sealed[-1], ring()) if sealed else None
    return Ran(answer, events, dispatcher.messages)


def row(of: UUID) -> Conversation:
    """Return the conversation's row."""
    with transaction(read_only=True) as session:
        return session.get_one(Conversation, of)
