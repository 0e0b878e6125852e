"""The web process under test: its application, a clock, a model, and telephones that ring it."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from app import create_app
from carrier.testing import sign
from portal.database import bind, sessions
from settings import THROW_AWAY_ACCOUNT, Settings
from simulator.document import VOICE, Shape, Verb, read
from simulator.phone import InboundCall, Phone
from simulator.texting import TextPhone
from simulator.transport import wsgi_transport
from tests.dialogue.talk import HUGHES, MAIN, Clock, model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

    from dialogue.testing import ScriptedRasa
    from portal.records import Outbox
    from simulator.webhooks import Exchange

BASE = "https://line.example"
TOKEN = "t" * 32
SETTINGS = {
    "PUBLIC_BASE_URL": BASE,
    "SECRET_KEY": "s" * 32,
    "DATA_KEYS": "1:" + "A" * 43 + "=",
    "TWILIO_AUTH_TOKEN": TOKEN,
}


@dataclass
class Web:
    """The application, and what it was made of."""

    app: Flask
    clock: Clock
    rasa: ScriptedRasa
    database: str

    def phone(self, number: str = HUGHES, *, to: str = MAIN) -> Phone:
        """Return a telephone that can ring the line."""
        return Phone(BASE, THROW_AWAY_ACCOUNT, TOKEN, number, to, wsgi_transport(self.app))

    def called(self, number: str = HUGHES, *, to: str = MAIN) -> Phone:
        """Return a telephone that has just rung the line."""
        phone = self.phone(number, to=to)
        phone.call()
        return phone

    def answered(self, asked: Outbox, number: str = HUGHES, **more: Any) -> Phone:
        """Return a telephone that has just picked up a call of ours."""
        phone = self.phone(number)
        url = f"{BASE}/voice/outgoing/main/{asked.locale}/{asked.id}"
        status = f"{BASE}/voice/status?outbox={asked.id}"
        sid = f"CA{asked.id.hex}"
        phone.answer(InboundCall(sid, MAIN, url, status_url=status, **more))
        return phone

    def text_phone(self, number: str = HUGHES, *, to: str = MAIN) -> TextPhone:
        """Return a telephone that can text the line."""
        return TextPhone(BASE, THROW_AWAY_ACCOUNT, TOKEN, number, to, wsgi_transport(self.app))

    def send(self, exchange: Exchange, **changed: str) -> TestResponse:
        """Send a webhook again, with its old signature, whatever was changed in it."""
        form = {**exchange.form, **changed}
        return self.post(exchange.url, form, exchange.request.headers)

    def post(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send a webhook, signed unless headers are given."""
        own = {"X-Twilio-Signature": sign(url, form, TOKEN)}
        return self.app.test_client().post(
            url.removeprefix(BASE),
            base_url=BASE,
            headers=dict(own if headers is None else headers),
            data=urlencode(form).encode(),
            content_type="application/x-www-form-urlencoded; charset=UTF-8",
        )

    def at_once(self, url: str, *forms: Mapping[str, str]) -> list[bytes]:
        """Return the answers to several webhooks, delivered at the same moment."""
        with ThreadPoolExecutor(len(forms)) as pool:
            return list(pool.map(lambda form: self.post(url, form).data, forms))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the database's write lock, as a process that hangs would."""
        other = sqlite3.connect(self.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def opened(engine: Engine, **settings: str) -> Iterator[Web]:
    """Give the application on a database, with a model that runs the real actions."""
    assert engine.url.database
    clock = Clock()
    url = engine.url.render_as_string(hide_password=False)
    env = {"DATABASE_URL": url, "DATA_DIR": "/nonexistent", **SETTINGS, **settings}
    rasa = model(clock)
    app = create_app(Settings.from_env(env), rasa=rasa, clock=clock)
    own = sessions.kw["bind"]
    yield Web(app, clock, rasa, engine.url.database)
    own.dispose()
    bind(engine)


def words(phone: Phone) -> str:
    """Return what was heard last, in one line."""
    return " ".join(heard.text for heard in phone.latest)


def verbs(answer: TestResponse, kinds: Mapping[str, Shape] = VOICE) -> list[Verb]:
    """Return the verbs of a document; raises what the carrier finds wrong with it."""
    return read(answer.data, answer.headers["Content-Type"], kinds)
