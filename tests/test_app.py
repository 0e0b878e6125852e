"""The web process: who may ask what, whether it is up, and whether a call could be taken."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from app import create_app
from dialogue.rasa import RasaClient
from portal.database import sessions
from portal.encryption import BadKeys
from settings import SettingError, Settings
from tests.hostile import TEXTS
from tests.web import BASE, SETTINGS, Web, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

REAL = {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "PUBLIC_BASE_URL": BASE}


@pytest.fixture
def web(demo_database: Engine) -> Iterator[Web]:
    """Return the web process on the demo clinic."""
    with opened(demo_database) as made:
        yield made


class Health(BaseHTTPRequestHandler):
    """An action server's health."""

    def do_GET(self) -> None:
        """Say that it is up."""
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def actions_port() -> Iterator[int]:
    """Return the port of something that answers like an action server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def _settings(engine: Engine, **changed: str) -> Settings:
    url = engine.url.render_as_string(hide_password=False)
    return Settings.from_env(
        {"DATABASE_URL": url, "DATA_DIR": "/nonexistent", **SETTINGS, **changed}
    )


# Up, and ready.


def test_it_is_up_whatever_else_is_down(web: Web) -> None:
    sessions.configure(bind=None)
    web.rasa.is_down = True
    answer = web.app.test_client().get("/health")
    assert (answer.status_code, answer.text) == (200, "up\n")


def test_it_is_ready_when_all_three_answer(demo_database: Engine, actions_port: int) -> None:
    with opened(demo_database, PORT=str(actions_port - 2)) as web:
        answer = web.app.test_client().get("/ready")
    assert answer.json == {"database": True, "nlu": True, "actions": True}
    assert answer.status_code == 200


@pytest.mark.parametrize("down", ["database", "nlu", "actions"])
def test_it_is_not_ready_while_one_is_down(
    demo_database: Engine, actions_port: int, down: str
) -> None:
    port = actions_port + (50 if down == "actions" else -2)
    with opened(demo_database, PORT=str(port)) as web:
        web.rasa.is_down = down == "nlu"
        if down == "database":
            sessions.configure(bind=None)
        answer = web.app.test_client().get("/ready")
    parts = dict.fromkeys(["database", "nlu", "actions"], True) | {down: False}
    assert (answer.status_code, answer.json) == (503, parts)


def test_whether_it_is_ready_says_nothing_else(web: Web) -> None:
    answer = web.app.test_client().get("/ready")
    assert set(answer.json or ()) == {"database", "nlu", "actions"}


# What it is made of.


def test_without_a_model_of_its_own_it_asks_the_one_beside_it(demo_database: Engine) -> None:
    app = create_app(_settings(demo_database))
    assert isinstance(app.extensions["dialtone"].line.rasa, RasaClient)
    sessions.kw["bind"].dispose()


def test_it_speaks_the_languages_that_are_whole(web: Web) -> None:
    assert web.app.extensions["dialtone"].line.locales == ("en-US", "es-US")


def test_it_offers_no_more_languages_than_it_is_told(demo_database: Engine) -> None:
    with opened(demo_database, LOCALES="es-US") as web:
        assert web.app.extensions["dialtone"].line.locales == ("es-US",)


def test_a_language_that_is_not_whole_is_refused_by_name(demo_database: Engine) -> None:
    with pytest.raises(SettingError, match=r"^LOCALES names ko-KR"):
        create_app(_settings(demo_database, LOCALES="en-US,ko-KR"))


def test_a_real_account_needs_languages_that_somebody_has_read(demo_database: Engine) -> None:
    with pytest.raises(SettingError, match=r"^LOCALES: nobody qualified has reviewed"):
        create_app(_settings(demo_database, **REAL))
    app = create_app(_settings(demo_database, **REAL, UNREVIEWED_LOCALES="allow"))
    assert "simulator" not in app.blueprints
    sessions.kw["bind"].dispose()


def test_keys_that_cannot_be_used_are_refused(demo_database: Engine) -> None:
    with pytest.raises((SettingError, BadKeys)):
        create_app(_settings(demo_database, DATA_KEYS=f"{SETTINGS['DATA_KEYS']},0:AAAA"))


# What nobody may ask.


@pytest.mark.parametrize("path", ["/", "/voice", "/sms", "/voice/incoming", "/sms/incoming"])
def test_the_webhooks_show_nothing_to_a_browser(web: Web, path: str) -> None:
    assert web.app.test_client().get(path).status_code in {302, 308, 404, 405}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_body_that_is_no_form_is_refused_and_never_an_error(web: Web, text: str) -> None:
    body = text.encode("utf-8", "replace")
    for path in ("/voice/incoming", "/sms/incoming", "/voice/status", "/sms/status"):
        for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain", ""):
            answer = web.app.test_client().post(path, data=body, content_type=kind)
            assert answer.status_code == 403


def test_a_body_that_is_too_large_is_refused_before_it_is_read(web: Web) -> None:
    answer = web.app.test_client().post("/voice/incoming", data=b"a" * 70_000)
    assert answer.status_code == 413


def test_a_refusal_says_nothing_of_what_was_sent(
    web: Web, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = web.app.test_client().post("/sms/incoming", data={"Body": "my pin is 730264"})
    told = answer.text + "".join(capfd.readouterr())
    assert "730264" not in told
