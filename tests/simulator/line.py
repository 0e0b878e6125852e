"""A tiny line: a WSGI application that answers each path with the TwiML it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Request, Response

from simulator.phone import Phone
from simulator.texting import TextPhone
from simulator.transport import wsgi_transport

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BASE = "https://line.example"
ACCOUNT = "AC" + "0" * 32
TOKEN = "throw-away-token"
CALLER = "+12025550117"
CLINIC = "+12025550100"

Form = Mapping[str, str]
Page = str | Response | Callable[[Form], str | Response]


class Line:
    """Keeps what it was asked; refuses what is not signed."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, dict[str, str]]] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        form = request.form.to_dict()
        signature = request.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(TOKEN).validate(request.url, form, signature):
            return Response("refused", 403)
        self.asked.append((request.path, form))
        page = self.pages.get(request.path)
        if page is None:
            return Response(status=204 if request.path.endswith("status") else 404)
        answer = page if isinstance(page, str | Response) else page(form)
        return answer if isinstance(answer, Response) else twiml(answer)

    def forms(self, path: str) -> list[dict[str, str]]:
        """Return the parameters of every webhook that reached a path."""
        return [form for asked, form in self.asked if asked == path]

    def phone(self, number: str = CALLER, fallback_url: str | None = None) -> Phone:
        """Return a telephone that rings this line."""
        return Phone(
            BASE, ACCOUNT, TOKEN, number, CLINIC, wsgi_transport(self), fallback_url=fallback_url
        )

    def text_phone(self, number: str = CALLER) -> TextPhone:
        """Return a telephone that texts this line."""
        return TextPhone(BASE, ACCOUNT, TOKEN, number, CLINIC, wsgi_transport(self))


def twiml(inside: str) -> Response:
    """Return a document around some verbs."""
    return Response(
        f"<?xml version='1.0' encoding='UTF-8'?><Response>{inside}</Response>",
        content_type="text/xml",
    )


def called(pages: Mapping[str, Page] | str, **more: Page) -> tuple[Line, Phone]:
    """Return a line and a telephone that has just called it; a bare document is the first one."""
    first = {"/voice/incoming": pages} if isinstance(pages, str) else dict(pages)
    line = Line({**first, **{f"/{path}": page for path, page in more.items()}})
    phone = line.phone()
    phone.call()
    return line, phone


def words(phone: Phone) -> list[str]:
    """Return the sentences heard so far."""
    return [heard.text for heard in phone.heard]
