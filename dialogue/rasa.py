"""The dialogue model over HTTP: one try, a short wait, and no silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from portal.answers import Answer, unseal
from portal.encryption import NotReadable, ring

if TYPE_CHECKING:
    from dialogue.moment import Question

CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 3.5
TURN_PATH = "/webhooks/dialtone/turn"
FORGET_PATH = "/webhooks/dialtone/forget"


class RasaTrouble(Exception):  # noqa: N818 - the glossary's word for what broke
    """The model gave no answer in time, or none that can be used."""


class RasaClient:
    """Asks the model; safe to share between threads."""

    def __init__(self, base_url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
            trust_env=False,
        )

    def ask(self, question: Question) -> Answer:
        """Return what the action answered; raises :class:`RasaTrouble`.

        Never retried: a turn that ran twice could book twice. Rasa answers 200
        with an empty list when an action failed, so empty is trouble too, and so
        is whatever else cannot be opened.
        """
        data = self._post(TURN_PATH, _payload(question))
        try:
            return unseal(data["sealed"][-1], ring())
        except (LookupError, TypeError, ValueError, NotReadable) as error:
            raise RasaTrouble(type(error).__name__) from None

    def forget(self, conversation: str) -> None:
        """Drop the trackers of a conversation that is over; a failure costs memory only."""
        try:
            self._post(FORGET_PATH, {"conversation": conversation})
        except RasaTrouble:
            return

    def close(self) -> None:
        """Close the kept connections; the client is of no use afterwards."""
        self._http.close()

    def is_ready(self) -> bool:
        """Return whether the model is loaded and answers."""
        try:
            return self._http.get("/webhooks/dialtone/").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _post(self, path: str, payload: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._http.post(path, json=payload)
            answer.raise_for_status()
            data: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            # The exception's text may quote the address, never the payload.
            raise RasaTrouble(type(error).__name__) from None
        return data


def _payload(question: Question) -> dict[str, Any]:
    return {
        "sender": question.conversation,
        "text": question.text,
        "parsed": question.parsed,
        "flow": question.flow,
        "metadata": {
            "turn": question.turn,
            "locale": question.locale,
            "channel": question.channel,
        },
    }
