"""The proof that this conversation may act for this patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.records import Conversation

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session


class IdentityNeeded(Exception):  # noqa: N818 - an interruption, no error
    """Whoever is on the line has to prove who they are first, to this level."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.level = level


@dataclass(frozen=True, kw_only=True)
class Access:
    """Whose records this conversation may touch, and how well it proved so."""

    patient_id: UUID
    conversation_id: UUID
    level: int


def access_for(session: Session, conversation_id: UUID, *, level: int) -> Access:
    """Return the access that was proved; raises IdentityNeeded when it is below ``level``.

    The row is read anew every time: a proof ends with the call or text session.
    """
    conversation = session.get(Conversation, conversation_id)
    if conversation is None or conversation.ended_at is not None:
        raise IdentityNeeded(level)
    if conversation.patient_id is None or conversation.assurance < max(level, 1):
        raise IdentityNeeded(level)
    return Access(
        patient_id=conversation.patient_id,
        conversation_id=conversation.id,
        level=conversation.assurance,
    )
