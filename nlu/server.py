"""Rasa's web server with one channel and nothing else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rasa.core.run import configure_app, create_http_input_channels, load_agent_on_start
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic, response

from nlu.components import patches
from nlu.components.turn_body import PARSE_BODY_BYTES
from nlu.inputs import NLU

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = "127.0.0.1"


def serve(model: Path, port: int) -> None:
    """Serve on loopback in this process; the port opens when the model is loaded."""
    patches.apply()
    app = configure_app(
        create_http_input_channels(None, str(NLU / "credentials.yml")),
        enable_api=False,
        port=port,
        keep_alive_timeout=60,
    )
    _harden(app)
    endpoints = AvailableEndpoints.read_endpoints(str(NLU / "endpoints.yml"))
    app.register_listener(
        partial(load_agent_on_start, str(model), endpoints, None), "before_server_start"
    )
    app.register_listener(_close, "after_server_stop")
    app.run(host=LOOPBACK, port=port, access_log=False, debug=False, motd=False)


def _harden(app: Sanic) -> None:
    app.config.REQUEST_MAX_SIZE = PARSE_BODY_BYTES
    app.config.REQUEST_TIMEOUT = 10
    app.config.RESPONSE_TIMEOUT = 60  # a long list of /parse lines
    app.error_handler.add(Exception, _said_nothing)


def _said_nothing(_request: Any, error: Exception) -> Any:
    """Answer every failure with its kind alone: Sanic's page quotes the request."""
    status = getattr(error, "status_code", 500)
    return response.json({"error": type(error).__name__}, status=status)


async def _close(*_: Any) -> None:
    await patches.close()
