"""The wire: a form is posted to an address, and a status, headers and a body come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Answer = tuple[int, Mapping[str, str], bytes]
Transport = Callable[[str, Mapping[str, str], Mapping[str, str]], Answer]

# "Voice has a hard 15 s total": https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
LONGEST_ANSWER = 15.0
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


class NoAnswer(Exception):  # noqa: N818 - it is what happened, as Twilio words it, and not a mistake of ours
    """Nobody answered, or not within :data:`LONGEST_ANSWER` seconds."""


def http_transport(*, reached_at: str | None = None, timeout: float = LONGEST_ANSWER) -> Transport:
    """Return a transport over real HTTP; ``timeout`` is in seconds.

    ``reached_at`` is where a line that signs for another public address listens (say
    ``http://127.0.0.1:8000`` behind a proxy); the Host header keeps the public name.
    """

    def send(url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        target, host = _reached(url, reached_at)
        # One client a request: the simulator lives inside a threaded web process, and a
        # kept-alive connection to that same process would hold one of its threads.
        try:
            answer = httpx.post(
                target,
                headers={**headers, **host, "Content-Type": FORM},
                content=urlencode(form).encode(),
                timeout=timeout,
                follow_redirects=False,
                trust_env=False,
            )
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        return answer.status_code, dict(answer.headers), answer.content

    return send


def wsgi_transport(app: WSGIApplication) -> Transport:
    """Return a transport that calls a WSGI application in this very thread, without a network."""

    def send(url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        answer = Client(app).post(
            urlunsplit(("", "", parts.path, parts.query, "")),
            base_url=f"{parts.scheme}://{parts.netloc}",
            headers=dict(headers),
            data=urlencode(form).encode(),
            content_type=FORM,
        )
        return answer.status_code, dict(answer.headers), answer.get_data()

    return send


def _reached(url: str, reached_at: str | None) -> tuple[str, dict[str, str]]:
    if reached_at is None:
        return url, {}
    public, local = urlsplit(url), urlsplit(reached_at)
    target = urlunsplit((local.scheme, local.netloc, public.path, public.query, ""))
    return target, {"Host": public.netloc}
