"""A telephone that texts: https://www.twilio.com/docs/messaging/twiml#twilios-request-to-your-application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import smsutil

from simulator.document import MESSAGING, Failure, Verb, read
from simulator.happenings import new_sid
from simulator.leg import API_VERSION
from simulator.webhooks import Exchange, Fault, Wait, Webhooks, no_wait

if TYPE_CHECKING:
    from simulator.transport import Transport

TEXT_PATH = "/sms/incoming"
# https://www.twilio.com/docs/api/errors/21617
LONGEST_TEXT = 1600
LATENESS = 8.0


@dataclass(frozen=True)
class Text:
    """One text of a thread; ``mine`` where this telephone sent it."""

    sid: str
    mine: bool
    body: str = field(repr=False)

    @property
    def segments(self) -> int:
        """Return how many text messages the carrier bills it as."""
        return segments(self.body)


def segments(body: str) -> int:
    """Return the number of segments: 160 or 153 characters of GSM-7, 70 or 67 of UCS-2.

    https://www.twilio.com/docs/glossary/what-sms-character-limit
    """
    return max(1, len(smsutil.split(body).parts))


class TextPhone:
    """One telephone's text thread with one clinic; ``number`` and ``to`` are E.164."""

    def __init__(  # noqa: PLR0917 - one connection and two numbers, as a Phone has
        self,
        base_url: str,
        account_sid: str,
        auth_token: str,
        number: str,
        to: str,
        transport: Transport,
        *,
        wait: Wait = no_wait,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.account_sid = account_sid
        self.number = number
        self.to = to
        self.webhooks = Webhooks(auth_token, transport, wait)
        self.thread: list[Text] = []
        self.errors: list[Failure] = []
        self.wait = wait

    @property
    def log(self) -> list[Exchange]:
        """Return every webhook sent and what it was answered, oldest first."""
        return self.webhooks.log

    @property
    def faults(self) -> set[Fault]:
        """Return the faults that deliveries suffer now; add and discard as wanted."""
        return self.webhooks.faults

    @property
    def disagreements(self) -> list[Exchange]:
        """Return the webhooks whose repetition was not answered byte for byte the same."""
        return self.webhooks.disagreements

    def text(self, body: str, *, pictures: int = 0) -> list[str]:
        """Send a text and return the bodies of the answers; empty where none came.

        A very long text travels as several, as telephones do it.
        """
        pieces = [
            body[start : start + LONGEST_TEXT] for start in range(0, len(body), LONGEST_TEXT)
        ] or [""]
        return [answer for piece in pieces for answer in self._send(piece, pictures)]

    def _send(self, body: str, pictures: int) -> list[str]:
        form = self._form(body, pictures)
        self.thread.append(Text(form["MessageSid"], mine=True, body=body))
        if Fault.LATE in self.faults:
            self.wait(LATENESS)
        try:
            answers = self._answers(form)
        except Failure as failure:
            self.errors.append(failure)
            return []
        self.thread += [Text(new_sid("SM"), mine=False, body=answer) for answer in answers]
        return answers

    def _answers(self, form: dict[str, str]) -> list[str]:
        exchange = self.webhooks.fetch(self.base_url + TEXT_PATH, form)
        verbs = read(exchange.body, exchange.header("Content-Type"), MESSAGING)
        # Twilio sends nothing for a <Message> without words.
        return [words for verb in verbs if (words := _body(verb))]

    def _form(self, body: str, pictures: int) -> dict[str, str]:
        sid = new_sid("MM" if pictures else "SM")
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "SmsStatus": "received",
            "From": self.number,
            "FromCountry": "US",
            "To": self.to,
            "ToCountry": "US",
            "Body": body,
            "NumMedia": str(pictures),
            "NumSegments": str(segments(body)),
        }
        for index in range(pictures):
            form[f"MediaUrl{index}"] = (
                f"https://api.twilio.com/{API_VERSION}/Accounts/{self.account_sid}/Media/{index}"
            )
            form[f"MediaContentType{index}"] = "image/jpeg"
        return form


def _body(verb: Verb) -> str:
    return verb.text or "".join(child.text for child in verb.children)
