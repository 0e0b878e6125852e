"""Drains the outbox: one row at a time, looked at again before it goes out.

No transaction is ever open while the carrier is asked. What lies between is made
good afterwards: a row whose outcome nobody knows is looked up at the carrier
before it is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

import locales
from carrier.segments import body_of
from carrier.sending import NotSent, Unclear
from locales.wording import BadDetailError, NoWordingError
from outreach.remedies import Failure, settle, settle_undelivered
from portal.database import transaction
from portal.outbox import prompts_of
from portal.permission import is_safe_contact, not_before, objection
from portal.records import Clinic, Outbox, Phone
from portal.sending import (
    UNDELIVERED,
    UNKNOWN,
    claim,
    give_up,
    is_any_ready,
    is_ours_already,
    made_at,
    next_try,
    put_off,
    sent,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from carrier.sending import Known, Sends

log = structlog.get_logger()

# Before that the carrier may not list yet what it has just taken.
LISTED_AFTER = timedelta(seconds=30)
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Errand:
    """A row that may go out now, with all that the carrier must be told."""

    row: Outbox
    to: str = field(repr=False)
    from_: str
    clinic: str
    body: str = field(default="", repr=False)
    segments: int | None = None
    is_safe_contact: bool = False

    @property
    def is_text(self) -> bool:
        """Return whether it is a text (else a call)."""
        return self.row.kind == "text"


@dataclass(frozen=True)
class Drain:
    """Sends what is ready; several may run at once, and none sends what another has."""

    carrier: Sends
    public_base_url: str
    holder: str
    clock: Callable[[], datetime]

    def once(self) -> bool:
        """Deal with the next row; return whether there was one."""
        at = self.clock()
        with transaction(read_only=True) as session:
            if not is_any_ready(session, at):
                return False
        with transaction() as session:
            row = claim(session, self.holder, at=at)
        if row is None:
            return False
        try:
            self._deal_with(row)
        except (NoWordingError, BadDetailError):
            # Trying again would not find words; the error names the prompt and no value.
            log.exception("a text has no words", outbox=str(row.id))
            with transaction() as session:
                give_up(session, row, "no_words", at=self.clock())
        except Exception as error:  # noqa: BLE001 - one row that breaks must not hold up the rest
            # Without the traceback, which may quote what was to be sent. It may have
            # broken after the carrier took it, so nobody knows whether it went out.
            log.error("a row of the outbox broke", outbox=str(row.id), error=type(error).__name__)  # noqa: TRY400
            self._put_off(row, UNKNOWN)
        return True

    def _deal_with(self, row: Outbox) -> None:
        if (row.last_error or "").startswith(UNDELIVERED):
            with transaction() as session:
                settle_undelivered(session, row, at=self.clock())
            return
        if row.last_error == UNKNOWN and self._went_out_before(row):
            return
        with transaction() as session:
            errand = self._checked(session, row)
        if errand is not None:
            self._send(errand)

    def _checked(self, session: Session, row: Outbox) -> Errand | None:
        at = self.clock()
        why = objection(session, row, at=at)
        if why is not None:
            give_up(session, row, why, at=at)
            return None
        held_until = not_before(session, row, at=at)
        if held_until is not None:
            put_off(session, row, None, until=held_until)
            return None
        return _errand(session, row)

    def _send(self, errand: Errand) -> None:
        row = errand.row
        try:
            sid = self._text(errand) if errand.is_text else self._call(errand)
        except NotSent as refusal:
            failure = Failure(refusal.remedy, str(refusal.code or refusal.remedy))
            with transaction() as session:
                settle(session, row, failure, at=self.clock())
        except Unclear:
            with transaction() as session:
                put_off(session, row, UNKNOWN, until=self.clock() + LISTED_AFTER)
        else:
            with transaction() as session:
                sent(session, row, sid, segments=errand.segments, at=self.clock())

    def _text(self, errand: Errand) -> str:
        expires = errand.row.expires_at
        return self.carrier.send_text(
            to=errand.to,
            from_=errand.from_,
            body=errand.body,
            status_url=f"{self.public_base_url}/sms/status?outbox={errand.row.id}",
            valid_for=int((expires - self.clock()).total_seconds()) if expires else None,
        )

    def _call(self, errand: Errand) -> str:
        where = f"{errand.clinic}/{errand.row.locale}/{errand.row.id}"
        return self.carrier.place_call(
            to=errand.to,
            from_=errand.from_,
            url=f"{self.public_base_url}/voice/outgoing/{where}",
            status_url=f"{self.public_base_url}/voice/status?outbox={errand.row.id}",
            detect_machine=errand.is_safe_contact,
        )

    def _went_out_before(self, row: Outbox) -> bool:
        """Find out about a row of unknown outcome; return whether there is nothing left to do."""
        with transaction(read_only=True) as session:
            errand = _errand(session, row)
        try:
            known = self._listed(errand)
        except (NotSent, Unclear):
            self._put_off(row, UNKNOWN)
            return True
        with transaction() as session:
            found = _first_unclaimed(session, errand, known)
            if found is not None:
                sent(session, row, found.sid, segments=errand.segments, at=self.clock())
        return found is not None

    def _listed(self, errand: Errand) -> list[Known]:
        ask = self.carrier.texts_to if errand.is_text else self.carrier.calls_to
        return ask(errand.to, errand.from_)

    def _put_off(self, row: Outbox, why: str) -> None:
        at = self.clock()
        until = next_try(row, at)
        with transaction() as session:
            if until is None:
                give_up(session, row, why, at=at)
            else:
                put_off(session, row, why, until=until)


def _errand(session: Session, row: Outbox) -> Errand:
    clinic = session.get_one(Clinic, row.clinic_id)
    phone = session.get_one(Phone, row.phone_id)
    body = body_of(_words(row, clinic)) if row.kind == "text" else None
    return Errand(
        row=row,
        to=phone.e164,
        from_=clinic.phone,
        clinic=clinic.code,
        body=body.text if body else "",
        segments=body.segments if body else None,
        is_safe_contact=is_safe_contact(session, phone.id),
    )


def _words(row: Outbox, clinic: Clinic) -> str:
    whole = row.locale in locales.complete()
    tag = row.locale if whole else clinic.locale_default
    return " ".join(
        locales.texted(prompt.name, prompt.details, prompt.locale or tag)
        for prompt in prompts_of(row)
    )


def _first_unclaimed(session: Session, errand: Errand, known: list[Known]) -> Known | None:
    """Return what the carrier sent for this errand and no other row has claimed.

    It has the same words, went to the same number, and not before the row was written.
    """
    since = made_at(errand.row) - CLOCKS_DIFFER
    same = [each for each in known if each.body == errand.body and each.at >= since]
    oldest_first = sorted(same, key=lambda each: each.at)
    return next((each for each in oldest_first if not is_ours_already(session, each.sid)), None)
