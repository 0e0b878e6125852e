"""The carrier's webhooks for texts."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from flask import Blueprint, Response, abort, request
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.exceptions import HTTPException

from carrier.caller import caller_id
from dialogue.house import house
from portal import conversations, idempotency
from portal.database import transaction
from portal.outbox import record_delivery
from sms.inbox import Came, answers, receive
from sms.texting import one_text, where_to_ring

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dialogue import Reply
    from portal.answers import Prompt
    from sms.inbox import Received

log = structlog.get_logger()
bp = Blueprint("sms", __name__, url_prefix="/sms")

SCOPE = "sms"
WAIT_SECONDS = 3.0
WAIT_STEP_SECONDS = 0.05


@bp.errorhandler(Exception)
def broken(error: Exception) -> Response | HTTPException:
    """Say where a person can be reached when even the records are out of reach."""
    if isinstance(error, HTTPException):
        return error
    # The kind of error alone: a traceback may quote what was texted.
    log.error("text webhook failed", error=type(error).__name__)
    return _xml(_document(where_to_ring(house().called(request.form.get("To")))))


@bp.post("/incoming")
def incoming() -> Response:
    """Answer a text: once, with one text, whatever it says."""
    at, sid = house().clock(), request.form.get("MessageSid") or abort(400)
    number = caller_id(request.form.get("From"))
    if number is None:  # a short code or a name: nobody who could be answered
        return _xml(_document(None))
    with transaction() as session:
        claimed = idempotency.claim(
            session, SCOPE, sid, request_hash="", kept=idempotency.FOR_GOOD, at=at
        )
        received = _receive(session, sid, number, at) if claimed.ours else None
    if received is None:
        return _xml(claimed.answer or _answer_of_twin(sid))
    document = _document(_one_text(received, at))
    with transaction() as session:
        idempotency.finish(session, SCOPE, sid, document, conversation_id=received.conversation)
    return _xml(document)


@bp.post("/status")
def status() -> Response:
    """Take what the carrier says became of a text that we sent."""
    with transaction() as session:
        record_delivery(
            session,
            provider_sid=request.form.get("MessageSid", ""),
            status=request.form.get("MessageStatus", ""),
            error_code=request.form.get("ErrorCode"),
            outbox_id=request.args.get("outbox", type=UUID),
            at=house().clock(),
        )
    return Response(status=204)


def _receive(session: Session, sid: str, number: str, at: datetime) -> Received:
    phone = conversations.phone_with(session, number, at=at)
    clinic = conversations.clinic_for(session, request.form.get("To"))
    pictures = request.form.get("NumMedia", "0") not in {"", "0"}
    # Said where the carrier's own opt-out is on (its Advanced Opt-Out): it sends the answer.
    is_answered = bool(request.form.get("OptOutType"))
    came = Came(sid, request.form.get("Body", ""), clinic, phone, pictures, is_answered)
    return receive(session, house().line, came, at=at)


def _one_text(received: Received, at: datetime) -> str | None:
    """Return the one text that answers everything that waited; None where none may go."""
    if received.reply is not None or received.conversation is None:
        return one_text(received.reply)[0] if received.reply else None
    replies = list(answers(house().line, received.conversation, received.sid, at=at))
    if not replies:  # the turn is somebody else's, who answers this text too
        return None
    return one_text(replace(replies[-1], prompts=_said(replies)))[0]


def _said(replies: Iterable[Reply]) -> tuple[Prompt, ...]:
    """Return the prompts of several replies, the same one not twice."""
    said: list[Prompt] = []
    for reply in replies:
        said += [prompt for prompt in reply.prompts if prompt not in said]
    return tuple(said)


def _document(body: str | None) -> str:
    response = MessagingResponse()
    if body:
        response.message(body)
    return str(response)


def _xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")


def _answer_of_twin(sid: str) -> str:
    """Wait for the same webhook's answer; say nothing where it does not come."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        with transaction(read_only=True) as session:
            answer = idempotency.stored_answer(session, SCOPE, sid)
        if answer is not None:
            return answer
        time.sleep(WAIT_STEP_SECONDS)
    return _document(None)
