"""Answering a webhook of a call: once, in time, and never with silence."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

import structlog
from flask import Response, request

from carrier.caller import caller_id
from dialogue import Answered, InFlight, OncePerWebhook, converse
from dialogue.house import house
from dialogue.troubles import apologise
from portal import idempotency
from portal.database import transaction
from voice.twiml import apology, twiml, wait_and_ask_again

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dialogue import Reply, Utterance
    from dialogue.moment import Message, Moment, Said

log = structlog.get_logger()

SCOPE = "voice"
AGAIN = "again"
"""What the address says of a webhook that was told to wait and ask again."""
WAIT_SECONDS = 3.0
WAIT_STEP_SECONDS = 0.05


def answer_once(
    clinic: str,
    utterance: Utterance,
    key: str,
    *,
    at: datetime,
    decide: Callable[[Moment], Said | Message] | None = None,
) -> Response:
    """Return the TwiML for one turn of a call.

    The same webhook again gets the same bytes. One that comes while its twin is
    worked on waits for it, three seconds at most, and then asks again, once: a
    process that died over it never answers, and what was said is not sent again.
    """
    receipt = OncePerWebhook(SCOPE, key, fingerprint(), _renderer(clinic))
    try:
        converse(house().line, utterance, receipt=receipt, at=at, decide=decide)
        return xml(receipt.answer)
    except Answered as answered:
        return xml(answered.answer)
    except InFlight:
        answer = _awaited(key) or _one_more_round()
        return xml(answer or _apology(clinic, utterance, receipt, at))
    except Exception as error:  # noqa: BLE001 - the carrier never gets a 500: it would hang up
        _log("turn failed", utterance, error)
        return xml(_apology(clinic, utterance, receipt, at))


def fingerprint() -> str:
    """Return a hash of the request's form, by which equal webhooks are known."""
    pairs = sorted(request.form.items(multi=True))
    return hashlib.sha256(repr(pairs).encode()).hexdigest()


def xml(text: str) -> Response:
    """Return TwiML as the carrier wants it."""
    return Response(text, mimetype="text/xml")


def trouble(clinic: str, locale: str) -> Response:
    """Return the apology that needs no record: a person, or where to ring."""
    return xml(_without_records(clinic, locale))


def _one_more_round() -> str | None:
    if AGAIN in request.args:
        return None
    return wait_and_ask_again(f"{house().base_url}{request.path}?{AGAIN}=1")


def _log(what: str, utterance: Utterance, error: Exception) -> None:
    # The kind of error alone: a traceback may quote what the caller said.
    kind = f"{type(error).__module__}.{type(error).__name__}"
    log.error(what, conversation=str(utterance.conversation), error=kind)


def _renderer(clinic: str) -> Callable[[Reply], str]:
    card = house().card(clinic)  # what came in an address goes into no other
    code = card.code if card else ""
    hides = caller_id(request.form.get("From")) is None
    shown_as = card.phone if card and hides else None
    return lambda reply: twiml(reply, base_url=house().base_url, clinic=code, shown_as=shown_as)


def _awaited(key: str) -> str | None:
    """Return the answer to this very webhook once its twin has it."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        with transaction(read_only=True) as session:
            answer = idempotency.stored_answer(session, SCOPE, key)
        if answer is not None:
            return answer
        time.sleep(WAIT_STEP_SECONDS)
    return None


def _apology(clinic: str, utterance: Utterance, receipt: OncePerWebhook, at: datetime) -> str:
    """Return an apology with a promise that has an owner; without records, one without."""
    try:
        apologise(house().line, utterance, receipt=receipt, at=at)
    except Exception as error:  # noqa: BLE001 - the records are gone as well
        _log("apology failed", utterance, error)
        return _without_records(clinic, (request.view_args or {}).get("locale", ""))
    return receipt.answer


def _without_records(clinic: str, locale: str) -> str:
    return apology(house().card(clinic), locale, base_url=house().base_url)
