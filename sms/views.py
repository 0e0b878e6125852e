"""The carrier's webhooks for texts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from carrier.caller import caller_id
from portal import conversations, idempotency
from portal.database import transaction
from portal.outbox import record_delivery
from sms.inbox import Came, answers, write_down
from sms.keywords import answer_keyword
from sms.secrets import without_secrets
from sms.texting import joined, message, no_message, secret_notice, sorry
from dialogue.house import house

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from dialogue import Reply

log = structlog.get_logger()
bp = Blueprint("sms", __name__, url_prefix="/sms")

SCOPE = "sms"
LONGEST_BODY = 1600  # the carrier's own limit on what a handset may send
