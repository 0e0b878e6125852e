"""What every action shares: one transaction off the event loop, and never silence."""

from __future__ import annotations

import abc
import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from rasa_sdk import Action
from rasa_sdk.events import FollowupAction, SlotSet, UserUtteranceReverted

from portal.access import IdentityNeeded
from portal.answers import Answer, Prompt, from_data, seal
from portal.database import transaction
from portal.encryption import ring
from portal.records import Conversation
from portal.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher
    from sqlalchemy.orm import Session

log = structlog.get_logger()
FALLBACK = "nlu_fallback"
BACK = "back"
"""The value with which the dialogue has a flow ask its question before again."""
AN_ANSWER = frozenset({"inform_time", "choose_option", "affirm", "deny", "dont_know", FALLBACK})
"""What is said to a question that is open; anything else begins anew."""


class PortalAction(Action, abc.ABC):
    """Answers one turn for one capability.

    The class of capability ``x`` has ``stem = "x"`` and is Rasa's ``action_x``.
    It answers with prompt names; the words are the locale's, the saying the channel's.
    """

    stem: str

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        # rasa-sdk makes actions without arguments; a test has its own time.
        self.clock = clock

    def name(self) -> str:
        """Return the name by which the rules know this action."""
        return f"action_{self.stem}"

    @abc.abstractmethod
    def act(self, turn: Turn) -> Answer:
        """Do what was asked, in ``turn.session``, and return what to say."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002 - the signature is rasa-sdk's
    ) -> list[dict[str, Any]]:
        """Answer one turn; what breaks is logged by kind and left unanswered.

        Rasa passes an empty answer on, and the dialogue takes that as trouble: it
        says so in the caller's language and brings a person.
        """
        at = self.clock()
        try:
            answer = await asyncio.to_thread(self._answer, tracker, at)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller hears an apology
            # Its kind alone: a traceback may quote what the caller said.
            log.error("action failed", action=self.name(), error=type(error).__name__)  # noqa: TRY400
            return [FollowupAction("action_listen")]
        dispatcher.utter_message(json_message={"sealed": seal(answer, ring())})
        return _events(answer)

    def _answer(self, tracker: Tracker, at: datetime) -> Answer:
        message = tracker.latest_message
        intent = message.get("intent") or {}
        answer = self._tried(tracker, at)
        return replace(
            answer,
            intent=intent.get("name"),
            confidence=intent.get("confidence"),
            entities=tuple(message.get("entities") or ()),
        )

    def _tried(self, tracker: Tracker, at: datetime) -> Answer:
        try:
            with transaction() as session:  # "done" is said only once it is committed
                return self.act(Turn.of(session, tracker, at))
        except IdentityNeeded as needed:
            return Answer(needs=needed.level)
        except Refused as refusal:
            return Answer(
                prompts=(Prompt(name=refusal.prompt, details=refusal.details),),
                then="anything_else",
            )


class Turn:
    """What an action is given: the records, the conversation, and what was understood."""

    def __init__(
        self, session: Session, conversation: Conversation, message: dict[str, Any], at: datetime
    ) -> None:
        self.session = session
        self.conversation = conversation
        self.at = at
        self.intent: str = (message.get("intent") or {}).get("name") or FALLBACK
        self.text: str = message.get("text") or ""
        self._entities = message.get("entities") or []

    @classmethod
    def of(cls, session: Session, tracker: Tracker, at: datetime) -> Turn:
        """Return the turn of a message; who is asking stands in the conversation's row alone.

        Rasa's sender is the conversation's id, which says nothing about anybody.
        """
        conversation = session.get_one(Conversation, UUID(tracker.sender_id))
        return cls(session, conversation, tracker.latest_message, at)

    @property
    def is_call(self) -> bool:
        """Return whether the caller is on the telephone (else they text)."""
        return self.conversation.channel == "voice"

    @property
    def lang(self) -> str:
        """Return the language that the caller speaks."""
        return self.conversation.locale.partition("-")[0]

    @property
    def draft(self) -> Mapping[str, Any]:
        """Return what the open flow has gathered so far; empty where none is open."""
        answers = (self.conversation.state or {}).get("answers") or [{}]
        return from_data(answers[-1]) or {}

    @property
    def choice(self) -> str | None:
        """Return the value of the choice that was picked, if one was."""
        values = [e.get("value") for e in self._entities if e.get("entity") == "choice"]
        return values[0] if values else None


def _events(answer: Answer) -> list[dict[str, Any]]:
    """Return the events after an answer: then wait, whatever the rules would do next.

    A message that needs a proof first is taken back, so that the same message can
    come again once the caller has proved who they are.
    """
    events = [UserUtteranceReverted()] if answer.needs is not None else []
    flow = [] if answer.needs is not None else [SlotSet("flow", answer.flow)]
    return [*events, *flow, FollowupAction("action_listen")]
