"""The trace of who did what: rows are only ever added (triggers refuse the rest)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.database import new_id
from portal.records import Audit

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Conversation


def record(  # noqa: PLR0913 - one argument for each column of the trace
    session: Session,
    *,
    action: str,
    actor_kind: str,
    actor_id: str | None = None,
    entity: str | None = None,
    entity_id: UUID | str | None = None,
    patient_id: UUID | None = None,
    conversation_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
    at: datetime,
) -> Audit:
    """Return the new row of the trace; ``detail`` may hold no personal data.

    Reading a record is an event as well (45 CFR 164.312(b)).
    """
    row = Audit(
        id=new_id(),
        action=action,
        actor_kind=actor_kind,
        actor_id=actor_id,
        entity=entity,
        entity_id=str(entity_id) if entity_id else None,
        patient_id=patient_id,
        conversation_id=conversation_id,
        detail=detail,
        at=at,
    )
    session.add(row)
    return row


def record_caller(
    session: Session,
    conversation: Conversation,
    *,
    action: str,
    entity: str | None = None,
    entity_id: UUID | str | None = None,
    patient_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
    at: datetime,
) -> Audit:
    """Return the new row of something that the caller of ``conversation`` did.

    They are the patient once they have proved it, and until then whoever is on
    the telephone, known by the id of its row.
    """
    proved = conversation.patient_id if conversation.assurance else None
    actor = proved or conversation.phone_id
    return record(
        session,
        action=action,
        actor_kind="patient" if proved else "caller",
        actor_id=str(actor) if actor else None,
        entity=entity,
        entity_id=entity_id,
        patient_id=patient_id or proved,
        conversation_id=conversation.id,
        detail={"channel": conversation.channel, **(detail or {})},
        at=at,
    )
