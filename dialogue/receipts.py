"""How a webhook is answered once, to the byte."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from portal import conversations, idempotency
from portal.records import Conversation, Phone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from dialogue.turns import Reply


class Answered(Exception):  # noqa: N818 - a webhook that came again is no error
    """This webhook was answered before; ``answer`` is what it got, to the byte."""

    def __init__(self, answer: str) -> None:
        super().__init__()
        self.answer = answer


class InFlight(Exception):  # noqa: N818 - nor is one that comes while its twin is worked on
    """This webhook, or another turn of its conversation, is being answered right now."""


class Receipt(Protocol):
    """What a channel does inside a turn's own transactions."""

    def claim(self, session: Session, conversation: UUID, at: datetime) -> None:
        """Make this turn ours, in its first transaction, or raise."""

    def hold(self, session: Session, conversation: UUID, at: datetime) -> None:
        """Keep it ours when that transaction was undone, so that the apology can be kept."""

    def keep(self, session: Session, reply: Reply) -> None:
        """Keep what is answered, in its last transaction."""


@dataclass
class OncePerWebhook:
    """One webhook, one turn: the id is claimed with the turn, the answer kept with its end."""

    scope: str
    key: str
    request_hash: str
    render: Callable[[Reply], str]
    answer: str = field(default="", repr=False)

    def claim(self, session: Session, conversation: UUID, at: datetime) -> None:
        """Claim the id and the conversation's turn; raises Answered or InFlight."""
        is_ours = self._claimed(session, conversation, at)
        if not is_ours or not conversations.take_lease(session, conversation, self.key, at=at):
            raise InFlight

    def hold(self, session: Session, conversation: UUID, at: datetime) -> None:
        """Claim the id where the claim was undone; raises Answered."""
        self._claimed(session, conversation, at)

    def _claimed(self, session: Session, conversation: UUID, at: datetime) -> bool:
        claimed = idempotency.claim(
            session,
            self.scope,
            self.key,
            request_hash=self.request_hash,
            conversation_id=conversation,
            at=at,
        )
        if claimed.answer is not None:
            raise Answered(claimed.answer)
        return claimed.ours

    def keep(self, session: Session, reply: Reply) -> None:
        """Render the reply and store it beside the id."""
        self.answer = self.render(reply)
        idempotency.finish(session, self.scope, self.key, self.answer)


class AlreadyOurs:
    """A turn whose webhook and lease the channel has claimed by itself (texts)."""

    def claim(self, session: Session, conversation: UUID, at: datetime) -> None:  # noqa: ARG002
        """Hold the telephone, as a text that comes does, before the conversation is held.

        A turn that changes the language writes to both: held the other way round, the
        two would wait for each other on PostgreSQL.
        """
        session.execute(
            select(Phone.id)
            .join(Conversation, Conversation.phone_id == Phone.id)
            .where(Conversation.id == conversation)
            .with_for_update(of=Phone, key_share=True)
        )

    def hold(self, session: Session, conversation: UUID, at: datetime) -> None:
        """Do nothing: the claim stands."""

    def keep(self, session: Session, reply: Reply) -> None:
        """Do nothing: the channel joins several replies into one text, and keeps that."""
