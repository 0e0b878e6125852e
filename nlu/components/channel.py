"""The only way into Rasa: JSON over loopback, with a bearer token."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from nlu.components.patches import in_background
from nlu.components.turn_body import (
    BODY_BYTES,
    PARSE_BODY_BYTES,
    BadBodyError,
    TurnBody,
    forgotten,
    is_authorized,
    parse_lines,
    turn_body,
)

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.core.processor import MessageProcessor

    from nlu.components.tracker_store import ForgetfulTrackerStore

logger = logging.getLogger(__name__)

NAME = "dialtone"
_BATCH = 32

Handler = Callable[[Request], Awaitable[HTTPResponse]]


class DialtoneChannel(InputChannel):  # type: ignore[misc]  # Rasa is untyped
    """Turns in, sealed answers out. Nothing of a body is ever echoed or logged."""

    @classmethod
    def name(cls) -> str:
        """Return the part of the address after /webhooks/."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DialtoneChannel:
        """Make the channel of nlu/credentials.yml."""
        return cls(str((credentials or {}).get("token") or ""))

    def __init__(self, token: str) -> None:
        self._token = token

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes; each message collects what was uttered for it."""
        blueprint = Blueprint(NAME)

        async def turn(request: Request) -> HTTPResponse:
            return await _turn(request, on_new_message)

        routes: dict[str, Handler] = {"/turn": turn, "/parse": _parse, "/forget": _forget}
        for path, handler in routes.items():
            blueprint.add_route(
                self._guarded(handler), path, methods=["POST"], name=handler.__name__
            )
        blueprint.add_route(_health, "/", methods=["GET"], name="health")
        return blueprint

    def _guarded(self, handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request) -> HTTPResponse:
            if not is_authorized(request.headers.get("authorization"), self._token):
                return response.json({"error": "token"}, status=401)
            try:
                return await handler(request)
            except BadBodyError as error:
                return response.json({"error": str(error)}, status=400)

        return guarded


async def _health(request: Request) -> HTTPResponse:
    ready = request.app.ctx.agent.is_ready()
    return response.json({"ready": ready}, status=200 if ready else 503)


async def _turn(
    request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> HTTPResponse:
    body = turn_body(_json(request, BODY_BYTES))
    store = _store(request.app.ctx.agent)
    # The conversation's row says what it is in the middle of; what we remember may be behind it.
    store.open(body.sender, body.flow)
    message = _message(body)
    await on_new_message(message)
    return response.json({"sealed": _sealed(message.output_channel)})


def _message(body: TurnBody) -> UserMessage:
    return UserMessage(
        text=body.text,
        output_channel=CollectingOutputChannel(),
        sender_id=body.sender,
        parse_data=body.parsed,
        input_channel=NAME,
        metadata=body.metadata,
    )


def _sealed(output: CollectingOutputChannel) -> list[str]:
    customs = (message.get("custom") for message in output.messages)
    return [
        custom["sealed"]
        for custom in customs
        if isinstance(custom, dict) and isinstance(custom.get("sealed"), str)
    ]


async def _parse(request: Request) -> HTTPResponse:
    body = _json(request, PARSE_BODY_BYTES)
    lines = parse_lines(body)
    parsed: list[dict[str, Any]] = []
    for start in range(0, len(lines), _BATCH):
        some = lines[start : start + _BATCH]
        parsed += await in_background(partial(_understood, request.app.ctx.agent.processor, some))
    return response.json(parsed if "lines" in body else parsed[0])


def _understood(
    processor: MessageProcessor, lines: list[tuple[str, str | None]]
) -> list[dict[str, Any]]:
    """Run the pipeline once for many lines: the embedding of a batch costs less than its lines'."""
    messages = [UserMessage(text=text, metadata={"locale": locale}) for text, locale in lines]
    target = processor.model_metadata.nlu_target
    inputs = {
        PLACEHOLDER_MESSAGE: messages,
        PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("parse", []),
    }
    results = processor.graph_runner.run(inputs=inputs, targets=[target])
    return [_plain(message.as_dict(only_output_properties=True)) for message in results[target]]


def _plain(parsed: dict[str, Any]) -> dict[str, Any]:
    parsed.pop("text_tokens", None)
    return {"text": "", "entities": [], **parsed}


async def _forget(request: Request) -> HTTPResponse:
    return response.json(
        {"forgotten": _store(request.app.ctx.agent).forget(forgotten(_json(request, BODY_BYTES)))}
    )


def _store(agent: Agent) -> ForgetfulTrackerStore:
    # Rasa wraps every configured store in one that falls back to memory.
    return agent.tracker_store._tracker_store  # noqa: SLF001


def _json(request: Request, longest: int) -> Any:
    if len(request.body) > longest:
        raise BadBodyError("size")
    try:
        return request.json
    except Exception as error:
        # Sanic's own answer to this is a page that quotes the request.
        raise BadBodyError("json") from error
