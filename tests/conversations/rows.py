"""What must stand in the records after a script: the words of its ``rows:``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal import consent
from portal.conversations import phone_for
from portal.database import transaction
from portal.records import Audit, ConsentEvent, Conversation, Hold, Outbox, StaffTask, Turn
from tests.conversations.scripts import in_locale
from tests.conversations.visit_rows import Seen, false_claims, visits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Appointment
    from tests.conversations.scripts import Row

ANY_PURPOSE = "reminder"


class Records:
    """The records as a script left them; ``number`` is the caller's, in E.164 or hidden.

    ``was`` tells when each visit was that there was before the script.
    """

    def __init__(
        self, session: Session, number: str, locale: str, at: datetime, was: Mapping[UUID, str]
    ) -> None:
        self._session = session
        self._was = was
        self._locale = locale
        self._at = at
        self._phone = phone_for(session, number, at=at) if number.startswith("+") else None

    def task(self, row: Row) -> str | None:
        """Compare how many tasks of these conversations have these columns."""
        made = select(StaffTask).where(StaffTask.conversation_id.is_not(None))
        return self._counted(row, self._session.scalars(made), _column)

    def outbox(self, row: Row) -> str | None:
        """Compare how many texts and calls of ours are to go out or went out."""
        return self._counted(row, self._session.scalars(select(Outbox)), _column)

    def audit(self, row: Row) -> str | None:
        """Compare how many traces of these conversations say this."""
        traces = select(Audit).where(Audit.conversation_id.is_not(None))
        return self._counted(row, self._session.scalars(traces), _traced)

    def visit(self, row: Row) -> str | None:
        """Compare how many visits of the caller are like this."""
        visits = visits_of(self._session, self._phone.id if self._phone else None)
        return self._counted(row, map(self._seen, visits), _read)

    def hold(self, row: Row) -> str | None:
        """Compare how many times are held, or were, like this."""
        holds = self._session.scalars(select(Hold))
        return self._counted(row, map(self._seen, holds), _read)

    def claims(self, row: Row) -> str | None:
        """Look for visits and holds that have not exactly their claims."""
        found = false_claims(self._session, self._at)
        return _differs("claims", row.wanted, "; ".join(found) or "ok")

    def consent(self, row: Row) -> str | None:
        """Compare how many events of the caller's telephone say this."""
        of_phone = ConsentEvent.phone_id == (self._phone.id if self._phone else None)
        events = self._session.scalars(select(ConsentEvent).where(of_phone))
        return self._counted(row, events, _column)

    def may_text(self, row: Row) -> str | None:
        """Compare whether a text that nobody asked for may go to the caller's telephone."""
        may = self._phone is not None and consent.may_text(
            self._session, self._phone.id, ANY_PURPOSE
        )
        return _differs("may be texted", row.wanted, may)

    def proved(self, row: Row) -> str | None:
        """Compare the highest level that was proved."""
        proofs = select(Audit).where(Audit.action == "identity.proved")
        levels = [(trace.detail or {}).get("level", 0) for trace in self._session.scalars(proofs)]
        return _differs("proved", row.wanted, max(levels, default=0))

    def locale(self, row: Row) -> str | None:
        """Compare the language that the last conversation ended in; ``any`` is any."""
        wanted = in_locale(row.wanted, self._locale)
        spoken = self._last().locale
        return None if wanted == "any" else _differs("locale", wanted, spoken)

    def pace(self, row: Row) -> str | None:
        """Compare the pace that the last conversation ended at."""
        return _differs("pace", row.wanted, self._last().pace)

    def turns_hold_no(self, row: Row) -> str | None:
        """Look for words that must have left no trace in turns, states and tasks."""
        kept = [
            *(f"{turn.text} {json.dumps(turn.prompts)}" for turn in self._all(Turn)),
            *(
                json.dumps(conversation.state, default=str)
                for conversation in self._all(Conversation)
            ),
            *(f"{task.body}" for task in self._all(StaffTask)),
        ]
        return f"kept: {row.wanted}" if any(row.wanted in each for each in kept) else None

    def _counted(
        self, row: Row, found: Iterable[Any], read: Callable[[Any, str], Any]
    ) -> str | None:
        rows = list(found)
        wanted = {name: in_locale(value, self._locale) for name, value in row.wanted.items()}
        fits = [each for each in rows if all(read(each, n) == v for n, v in wanted.items())]
        if len(fits) == row.count:
            return None
        there = [{name: read(each, name) for name in wanted} for each in rows]
        return f"{row.word} {wanted}: {len(fits)} and not {row.count}; there are {there}"

    def _seen(self, timed: Appointment | Hold) -> Seen:
        return Seen(self._session, timed, self._was.get(timed.id), self._at)

    def _last(self) -> Conversation:
        newest = select(Conversation).order_by(Conversation.started_at.desc())
        return self._session.scalars(newest).first() or Conversation()

    def _all(self, record: type[Any]) -> Iterable[Any]:
        return self._session.scalars(select(record)).all()


def graded(
    rows: Iterable[Row], number: str, locale: str, at: datetime, was: Mapping[UUID, str]
) -> list[str]:
    """Return what does not stand as these rows want it, in words."""
    with transaction() as session:
        records = Records(session, number, locale, at, was)
        found = [getattr(records, row.word)(row) for row in rows]
    return [complaint for complaint in found if complaint is not None]


def _column(record: Any, name: str) -> Any:
    return getattr(record, name)


def _read(seen: Seen, name: str) -> Any:
    return seen.read(name)


def _traced(trace: Any, name: str) -> Any:
    return trace.action if name == "action" else (trace.detail or {}).get(name)


def _differs(what: str, wanted: Any, found: Any) -> str | None:
    return None if wanted == found else f"{what}: {found} and not {wanted}"
