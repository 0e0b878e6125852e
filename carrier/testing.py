"""A carrier for tests: it signs as Twilio does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twilio.request_validator import RequestValidator

if TYPE_CHECKING:
    from collections.abc import Mapping


def sign(url: str, form: Mapping[str, Any], token: str, algorithm: str = "HMAC_SHA1") -> str:
    """Return the signature of a webhook, computed by the carrier's own SDK."""
    computed: str = RequestValidator(token).compute_signature(url, form, algorithm)
    return computed
