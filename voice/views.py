"""The carrier's webhooks for calls."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from carrier.caller import caller_id
from dialogue import Kind, Utterance
from dialogue.greeting import call_came, we_rang
from dialogue.handoff import failed_transfer
from dialogue.house import house
from dialogue.state import State
from portal import conversations
from portal.database import transaction
from portal.outbox import asked_for, record_delivery
from portal.records import Outbox, Phone
from voice.once import answer_once, trouble, xml
from voice.twiml import accepted, hang_up, nobody_came, whisper

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.moment import Moment, Said

log = structlog.get_logger()
bp = Blueprint("voice", __name__, url_prefix="/voice")

OVER = {"completed", "busy", "failed", "no-answer", "canceled"}
ANSWERED = {"completed", "answered"}
ACCEPT_KEY = "1"
LONGEST = 1600
"""Characters: two minutes of speech. Nothing longer was said by somebody who wants something."""


@bp.errorhandler(Exception)
def broken(error: Exception) -> Response | HTTPException:
    """Say where a person can be reached when even the records are out of reach."""
    if isinstance(error, HTTPException):
        return error
    log.error("call webhook failed", error=type(error).__name__)
    where = request.view_args or {}
    if request.endpoint in ANSWERED_OTHERWISE:
        return ANSWERED_OTHERWISE[request.endpoint](**where)
    # The address says which clinic it is; a call that comes in, the number that was called.
    card = house().called(request.form.get("To"))
    code = where.get("clinic") or (card.code if card else "")
    return trouble(code, where.get("locale", ""))


@bp.post("/incoming")
def incoming() -> Response:
    """Answer a call that came in."""
    at, sid = house().clock(), request.form.get("CallSid", "")
    with transaction() as session:
        clinic = conversations.clinic_for(session, request.form.get("To"))
        call = conversations.open_call(
            session,
            provider_sid=sid,
            clinic=clinic,
            phone=conversations.phone_for(session, caller_id(request.form.get("From")), at=at),
            locale=_spoken_here(clinic.locale_default),
            at=at,
        )
        if call.ended_at is not None:  # a captured ring, sent again
            return xml(hang_up())
        utterance, code = Utterance(call.id, 1, Kind.SILENCE), clinic.code
    return answer_once(code, utterance, f"{sid}:incoming", at=at, decide=call_came)


@bp.post("/outgoing/<clinic>/<locale>/<uuid:asked>")
def outgoing(clinic: str, locale: str, asked: UUID) -> Response:
    """Speak to whoever picked up a call that we placed."""
    at, sid = house().clock(), request.form.get("CallSid", "")
    with transaction() as session:
        row = asked_for(session, asked, sid)
        if row is None or _is_machine():
            return xml(hang_up())
        call = conversations.open_call(
            session,
            provider_sid=sid,
            clinic=conversations.clinic_coded(session, clinic),
            phone=session.get(Phone, row.phone_id),
            locale=_spoken_here(locale),
            direction="outbound",
            at=at,
        )
        if call.ended_at is not None:
            return xml(hang_up())
        utterance = Utterance(call.id, 1, Kind.SILENCE)
    return answer_once(clinic, utterance, f"{sid}:outgoing", at=at, decide=_rang(asked))


def _is_machine() -> bool:
    """Return whether a machine picked up: it is told nothing, not even who called."""
    answered_by = request.form.get("AnsweredBy", "")
    return answered_by.startswith("machine") or answered_by == "fax"


def _rang(asked: UUID) -> Callable[[Moment], Said]:
    return lambda moment: we_rang(moment, moment.session.get_one(Outbox, asked))


@bp.post("/turn/<clinic>/<locale>/<int:turn>")
def take_turn(clinic: str, locale: str, turn: int) -> Response:  # noqa: ARG001 - part of the address, read when it breaks
    """Answer what the caller just said, keyed, or did not say."""
    call = _call()
    if call is None:
        return xml(hang_up())
    kind, text = _heard()
    utterance = Utterance(call, turn, kind, text)
    return answer_once(clinic, utterance, f"{request.form['CallSid']}:{turn}", at=house().clock())


@bp.post("/dialled/<clinic>/<locale>/<int:turn>")
def dialled(clinic: str, locale: str, turn: int) -> Response:  # noqa: ARG001 - part of the address, read when it breaks
    """Go on after a transfer: goodbye when they spoke, a promise when nobody took it."""
    call = _call()
    if call is None or _spoke():
        return xml(hang_up())
    utterance = Utterance(call, turn, Kind.SILENCE)
    key = f"{request.form['CallSid']}:{turn}"
    return answer_once(clinic, utterance, key, at=house().clock(), decide=failed_transfer)


def _spoke() -> bool:
    """Return whether the transfer that ended was a talk with somebody."""
    bridged = request.form.get("DialBridged", "true") != "false"
    return request.form.get("DialCallStatus") in ANSWERED and bridged


@bp.post("/rung/<clinic>/<locale>")
def rung(clinic: str, locale: str) -> Response:
    """End a call that was put through without records: where to ring, when nobody came."""
    return xml(hang_up() if _spoke() else nobody_came(house().card(clinic), locale))


@bp.post("/whisper/<clinic>/<locale>")
def whispered(clinic: str, locale: str) -> Response:
    """Tell staff what comes, before the caller is put through: language and topic, no name."""
    topic = "person"
    with transaction(read_only=True) as session:
        call = conversations.call_with(session, request.form.get("ParentCallSid", ""))
        if call is not None:
            topic = State.of(call).topic or topic
    return xml(whisper(topic, locale, base_url=house().base_url, clinic=clinic))


@bp.post("/accept/<clinic>/<locale>")
def accept(clinic: str, locale: str) -> Response:  # noqa: ARG001 - part of the address, read when it breaks
    """Put the caller through when staff pressed 1; a voicemail presses nothing."""
    return xml(accepted() if request.form.get("Digits") == ACCEPT_KEY else hang_up())


def _whisper_without_records(clinic: str, locale: str) -> Response:
    # The carrier takes no <Dial> in a whisper: staff would hear that the call failed.
    return xml(whisper("other", locale, base_url=house().base_url, clinic=clinic))


def _ask_again() -> Response:
    # No document is expected here, and what was not written down is to be sent again.
    return Response(status=503)


ANSWERED_OTHERWISE: dict[str, Callable[..., Response]] = {
    "voice.whispered": _whisper_without_records,
    "voice.status": _ask_again,
}
"""Where the apology of a call would be wrong when something breaks."""


@bp.post("/status")
def status() -> Response:
    """Close a call that is over: nothing that was said can be fetched again."""
    if request.form.get("CallStatus") in OVER:
        with transaction() as session:
            call = conversations.call_with(session, request.form.get("CallSid", ""))
            if call is not None and conversations.held(session, call.id).ended_at is None:
                conversations.end(session, call, outcome="hung_up", at=house().clock())
        if call is not None:
            house().line.rasa.forget(call.id.hex)
    _report_call()
    return Response(status=204)


def _report_call() -> None:
    """Tell the outbox what became of a call that we placed: nobody picked up, say."""
    asked = request.args.get("outbox", type=UUID)
    if asked is None:
        return
    with transaction() as session:
        record_delivery(
            session,
            provider_sid=request.form.get("CallSid", ""),
            status=request.form.get("CallStatus", ""),
            outbox_id=asked,
            at=house().clock(),
        )


def _call() -> UUID | None:
    with transaction(read_only=True) as session:
        call = conversations.call_with(session, request.form.get("CallSid", ""))
        return call.id if call is not None and call.ended_at is None else None


def _heard() -> tuple[Kind, str]:
    digits, speech = request.form.get("Digits", ""), request.form.get("SpeechResult", "")
    if digits:
        return Kind.DIGITS, digits[:LONGEST]
    return (Kind.SPEECH, speech[:LONGEST]) if speech.strip() else (Kind.SILENCE, "")


def _spoken_here(locale: str) -> str:
    spoken = house().line.locales
    return locale if locale in spoken else spoken[0]
