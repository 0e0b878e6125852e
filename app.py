"""The web process: its blueprints, and the guard that stands before each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import structlog
from flask import Flask, Response, abort, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import locales
from carrier.signature import is_signed, signed_url
from demo_people import demo_numbers
from dialogue import Line
from dialogue.house import ClinicCard, House, clinic_cards
from dialogue.rasa import RasaClient
from logs import only_warnings
from portal import encryption
from portal.database import bind, connect, transaction
from settings import SettingError, Settings
from simulator import views as simulator
from sms.views import bp as sms_blueprint
from voice.views import bp as voice_blueprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint

    from dialogue.moment import Rasa

log = structlog.get_logger()
LARGEST_BODY = 64 * 1024
READY_SECONDS = 1.0


def create_app(
    settings: Settings | None = None,
    *,
    rasa: Rasa | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Flask:
    """Return the web process's application; raises SettingError naming what is wrong."""
    settings = settings or Settings.from_env()
    only_warnings()
    _open_records(settings)
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, SECRET_KEY=settings.secret_key)
    # A redirect would lose what the caller pressed.
    app.url_map.strict_slashes = False
    client = rasa or RasaClient(f"http://127.0.0.1:{settings.nlu_port}", settings.nlu_token)
    app.extensions["dialtone"] = House(
        line=Line(rasa=client, locales=_spoken(settings)),
        base_url=settings.public_base_url,
        clock=clock or _now,
        clinics=_clinics(),
    )
    _stand_guard(app)
    _register_webhooks(app, settings)
    _register_health(app, client, settings)
    if settings.simulator:
        guard(app, _simulator(settings), None)  # refused with a real account
    return app


def _register_webhooks(app: Flask, settings: Settings) -> None:
    """Let nobody but the carrier send a webhook."""

    def only_the_carrier() -> None:
        if not _is_from_carrier(settings):
            log.warning("webhook refused", blueprint=request.blueprint)
            abort(403)

    for blueprint in (voice_blueprint, sms_blueprint):
        guard(app, blueprint, only_the_carrier)


def guard(app: Flask, blueprint: Blueprint, check: Callable[[], None] | None) -> None:
    """Register a blueprint with the check that stands before all of it, said aloud.

    The check hangs on the application and not on the blueprint, which is one for
    all applications of a process. None is for what anybody may ask.
    """
    guards = app.extensions.setdefault("guards", {})
    guards[blueprint.name] = check
    app.register_blueprint(blueprint)


def _stand_guard(app: Flask) -> None:
    @app.before_request
    def stand() -> None:
        check = app.extensions["guards"].get(request.blueprint)
        if check is not None:
            check()


def _is_from_carrier(settings: Settings) -> bool:
    """Return whether the carrier signed this request, for our own account."""
    body = request.get_data(cache=True)
    signed = is_signed(
        signed_url(settings.public_base_url, request.environ),
        body,
        request.form,
        request.args,
        request.headers,
        settings.twilio_auth_tokens,
    )
    return signed and request.form.get("AccountSid") == settings.twilio_account_sid


def _register_health(app: Flask, rasa: Rasa, settings: Settings) -> None:
    """Let anybody ask whether the process is up, and whether a call could be taken."""

    @app.get("/health")
    def health() -> Response:
        return Response("up\n", mimetype="text/plain")

    @app.get("/ready")
    def ready() -> tuple[dict[str, bool], int]:
        parts = {
            "database": _database_answers(),
            "nlu": rasa.is_ready(),
            "actions": _port_answers(f"http://127.0.0.1:{settings.actions_port}/health"),
        }
        return parts, 200 if all(parts.values()) else 503


def _simulator(settings: Settings) -> Blueprint:
    return simulator.blueprint(
        base_url=settings.public_base_url,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_tokens[0],
        numbers=demo_numbers(),
        reached_at=f"http://127.0.0.1:{settings.port}",
        other_tokens=settings.twilio_auth_tokens[1:],
    )


def _database_answers() -> bool:
    try:
        with transaction(read_only=True) as session:
            return bool(session.scalar(text("SELECT 1")))
    except SQLAlchemyError:
        return False


def _port_answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=READY_SECONDS, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _clinics() -> dict[str, ClinicCard]:
    """Return the clinics that can be called; raises SettingError where there is none."""
    cards = clinic_cards()
    if not cards:
        message = "DATABASE_URL: these records hold no clinic yet (see docs/deployment.md)."
        raise SettingError(message)
    return cards


def _spoken(settings: Settings) -> tuple[str, ...]:
    """Return the languages that callers are offered; raises SettingError on one not whole."""
    whole = locales.complete()
    wanted = settings.locales or whole
    unfinished = [tag for tag in wanted if tag not in whole]
    if unfinished:
        message = f"LOCALES names {', '.join(unfinished)}, whose catalogue is not complete."
        raise SettingError(message)
    unread = [tag for tag in wanted if locales.unreviewed(tag)]
    if unread and settings.has_real_account and not settings.unreviewed_locales:
        message = (
            f"LOCALES: nobody qualified has reviewed {', '.join(unread)}. "
            "Leave them out, or set UNREVIEWED_LOCALES=allow."
        )
        raise SettingError(message)
    return wanted


def _open_records(settings: Settings) -> None:
    encryption.use(encryption.KeyRing.from_text(settings.data_keys))
    bind(connect(settings.database_url))


def _now() -> datetime:
    return datetime.now(UTC)
