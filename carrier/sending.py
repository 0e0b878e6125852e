"""Sending a text and placing a call, and finding out whether that was done already."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from carrier.errors import Remedy, remedy_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

TIMEOUT_SECONDS = 8
"""To connect, and again to answer; the SDK's own default is to wait for ever."""
RING_SECONDS = 30
LONGEST_VALID_SECONDS = 36_000
LISTED = 50
SERVER_ERROR = 500
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SENT_BY_US = "outbound-api"


class NotSent(Exception):  # noqa: N818 - says what happened
    """It certainly did not go out; ``remedy`` says what to do.

    The carrier's own message is left behind: it quotes telephone numbers.
    """

    def __init__(self, remedy: Remedy, code: int | None = None) -> None:
        super().__init__(f"{remedy} ({code})")
        self.remedy = remedy
        self.code = code


class Unclear(Exception):  # noqa: N818 - says what happened
    """The carrier was asked and did not say whether it did it."""


@dataclass(frozen=True)
class Known:
    """Something that the carrier sent for us; ``body`` is empty for a call."""

    sid: str
    at: datetime
    body: str = field(default="", repr=False)


class Sends(Protocol):
    """What outreach needs of a carrier."""

    def send_text(
        self, *, to: str, from_: str, body: str, status_url: str, valid_for: int | None = None
    ) -> str:
        """Return the id of the text that was taken; raises NotSent or Unclear."""

    def place_call(
        self, *, to: str, from_: str, url: str, status_url: str, detect_machine: bool = False
    ) -> str:
        """Return the id of the call that was taken; raises NotSent or Unclear."""

    def texts_to(self, to: str, from_: str) -> list[Known]:
        """Return the newest texts that were sent to a number; raises NotSent or Unclear."""

    def calls_to(self, to: str, from_: str) -> list[Known]:
        """Return the newest calls that were placed to a number; raises NotSent or Unclear."""


class Carrier:
    """Twilio's REST API at ``api_url``; safe to share between threads."""

    def __init__(
        self, account_sid: str, auth_token: str, api_url: str, *, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        # At INFO the SDK's client logs addresses with telephone numbers in them.
        for name in ("twilio.http_client", "urllib3.connectionpool"):
            logging.getLogger(name).setLevel(logging.WARNING)
        http = TwilioHttpClient(timeout=timeout)
        # A proxy set for the world outside cannot reach the simulator on this machine.
        http.session.trust_env = urlsplit(api_url).hostname not in LOOPBACK
        # The SDK would look for its own settings in the environment.
        environment = {"TWILIO_ACCOUNT_SID": account_sid}
        self._client = Client(account_sid, auth_token, http_client=http, environment=environment)
        self._client.api.base_url = api_url

    def send_text(
        self, *, to: str, from_: str, body: str, status_url: str, valid_for: int | None = None
    ) -> str:
        """Return the message's SID; ``valid_for`` is how many seconds it may wait in a queue.

        Raises :class:`NotSent` or :class:`Unclear`.
        https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
        """
        more: dict[str, Any] = {}
        if valid_for is not None:
            more["validity_period"] = max(1, min(valid_for, LONGEST_VALID_SECONDS))
        with _asking():
            # Smart encoding would change the signs and with them the segments we counted.
            message = self._client.messages.create(
                to=to,
                from_=from_,
                body=body,
                status_callback=status_url,
                smart_encoded=False,
                **more,
            )
            return _sid(message)

    def place_call(
        self, *, to: str, from_: str, url: str, status_url: str, detect_machine: bool = False
    ) -> str:
        """Return the call's SID; ``url`` says what is heard by whoever answers.

        ``detect_machine`` lets the carrier listen first and say ``AnsweredBy``.
        Raises :class:`NotSent` or :class:`Unclear`.
        https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
        """
        more: dict[str, Any] = {"machine_detection": "Enable"} if detect_machine else {}
        with _asking():
            call = self._client.calls.create(
                to=to,
                from_=from_,
                url=url,
                method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                timeout=RING_SECONDS,
                **more,
            )
            return _sid(call)

    def texts_to(self, to: str, from_: str) -> list[Known]:
        """Return the newest texts that we sent to a number; raises as sending does."""
        with _asking():
            return _known(self._client.messages.list(to=to, from_=from_, limit=LISTED))

    def calls_to(self, to: str, from_: str) -> list[Known]:
        """Return the newest calls that we placed to a number; raises as sending does."""
        with _asking():
            return _known(self._client.calls.list(to=to, from_=from_, limit=LISTED))


def _known(resources: list[Any]) -> list[Known]:
    # Answers that went out with a webhook have the same numbers and are no sendings of ours.
    ours = [each for each in resources if each.direction == SENT_BY_US and each.date_created]
    return [Known(each.sid, each.date_created, getattr(each, "body", None) or "") for each in ours]


def _sid(resource: Any) -> str:
    if not isinstance(resource.sid, str):
        raise Unclear
    return resource.sid


@contextmanager
def _asking() -> Iterator[None]:
    # "from None": the chained exceptions quote numbers and addresses.
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise _refused(error) from None
    except requests.RequestException as error:
        raise NotSent(Remedy.RETRY) if _never_left(error) else Unclear from None
    except (TwilioException, ValueError, TypeError, AttributeError) as error:
        # It answered, with something that is no answer.
        raise Unclear(type(error).__name__) from None


def _refused(error: TwilioRestException | TwilioServiceException) -> Exception:
    if error.status >= SERVER_ERROR:
        return Unclear(str(error.status))
    return NotSent(remedy_for(error.code, error.status), error.code)


def _never_left(error: requests.RequestException) -> bool:
    """Return whether the connection already failed, so that nothing can have been sent."""
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)
