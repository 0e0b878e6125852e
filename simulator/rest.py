"""The REST API of the carrier, version 2010-04-01, as far as the line uses it.

https://www.twilio.com/docs/usage/api
"""

from __future__ import annotations

import hmac
import io
import wave
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, jsonify, make_response, request

from simulator.carrier import Carrier, Refused
from simulator.ledger import Json, KeptRecording, Message, PlacedCall, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE_SIZE = 50
SAMPLES_A_SECOND = 8000
ACCOUNT_PATH = "/2010-04-01/Accounts/<account>"
Kept = TypeVar("Kept", Message, PlacedCall, KeptRecording)


def rest(carrier: Carrier, auth_tokens: tuple[str, ...]) -> Blueprint:
    """Return the blueprint that answers the Twilio SDK; mounted where TWILIO_API_URL points."""
    blueprint = Blueprint("carrier", __name__)

    @blueprint.url_value_preprocessor
    def take_account(_: str | None, values: dict[str, str] | None) -> None:
        g.account = (values or {}).pop("account", carrier.account_sid)

    @blueprint.before_request
    def check() -> Response | None:
        return (
            None
            if _is_allowed(carrier.account_sid, auth_tokens)
            else _error(401, 20003, "Authenticate")
        )

    @blueprint.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return _error(400, error.code, str(error))

    @blueprint.errorhandler(404)
    def missing(_: Exception) -> Response:
        return _error(404, 20404, "The requested resource was not found")

    _messages(blueprint, carrier)
    _calls(blueprint, carrier)
    _recordings(blueprint, carrier)
    _rings(blueprint, carrier)
    return blueprint


def _messages(blueprint: Blueprint, carrier: Carrier) -> None:
    @blueprint.post(f"{ACCOUNT_PATH}/Messages.json")
    def create_message() -> tuple[Response, int]:
        return jsonify(carrier.take_text(request.form).json()), 201

    @blueprint.get(f"{ACCOUNT_PATH}/Messages.json")
    def list_messages() -> Response:
        return _page("Messages", carrier.messages.find(_wanted))

    @blueprint.get(f"{ACCOUNT_PATH}/Messages/<sid>.json")
    def fetch_message(sid: str) -> Response:
        return jsonify(_found(carrier.messages, sid).json())

    @blueprint.post(f"{ACCOUNT_PATH}/Messages/<sid>.json")
    def redact_message(sid: str) -> Response:
        message = _found(carrier.messages, sid)
        # "To redact a message, set its Body to an empty string": nothing else can be changed.
        message.body = request.form.get("Body", message.body) and message.body
        return jsonify(message.json())

    @blueprint.delete(f"{ACCOUNT_PATH}/Messages/<sid>.json")
    def delete_message(sid: str) -> Response:
        return _dropped(carrier.messages.drop(sid))


def _calls(blueprint: Blueprint, carrier: Carrier) -> None:
    @blueprint.post(f"{ACCOUNT_PATH}/Calls.json")
    def create_call() -> tuple[Response, int]:
        events = tuple(request.form.getlist("StatusCallbackEvent"))
        return jsonify(carrier.take_call(request.form, events).json()), 201

    @blueprint.get(f"{ACCOUNT_PATH}/Calls.json")
    def list_calls() -> Response:
        return _page("Calls", carrier.calls.find(_wanted))

    @blueprint.get(f"{ACCOUNT_PATH}/Calls/<sid>.json")
    def fetch_call(sid: str) -> Response:
        return jsonify(_found(carrier.calls, sid).json())

    @blueprint.post(f"{ACCOUNT_PATH}/Calls/<sid>.json")
    def cancel_call(sid: str) -> Response:
        call = _found(carrier.calls, sid)
        if request.form.get("Status") in {"canceled", "completed"}:
            carrier.cancel(call)
        return jsonify(call.json())


def _recordings(blueprint: Blueprint, carrier: Carrier) -> None:
    @blueprint.get(f"{ACCOUNT_PATH}/Recordings.json")
    def list_recordings() -> Response:
        wanted = request.args.get("CallSid")
        found = carrier.recordings.find(lambda kept: wanted in {None, kept.call_sid})
        return _page("Recordings", found)

    @blueprint.get(f"{ACCOUNT_PATH}/Recordings/<sid>.json")
    def fetch_recording(sid: str) -> Response:
        return jsonify(_found(carrier.recordings, sid).json())

    @blueprint.get(f"{ACCOUNT_PATH}/Recordings/<sid>")
    @blueprint.get(f"{ACCOUNT_PATH}/Recordings/<sid>.wav")
    def fetch_sound(sid: str) -> Response:
        return Response(
            _silence(_found(carrier.recordings, sid).seconds), content_type="audio/x-wav"
        )

    @blueprint.delete(f"{ACCOUNT_PATH}/Recordings/<sid>.json")
    def delete_recording(sid: str) -> Response:
        return _dropped(carrier.recordings.drop(sid))


def _rings(blueprint: Blueprint, carrier: Carrier) -> None:
    """Let a telephone in another process see and answer what rings it; this is not Twilio's."""

    @blueprint.get("/news")
    def news() -> Response:
        after = request.args.get("after", carrier.feed.newest, type=int)
        return jsonify(newest=carrier.feed.newest, news=carrier.feed.after(after))

    @blueprint.post("/rings/<sid>/pick-up")
    def pick_up(sid: str) -> Response:
        inbound = carrier.pick_up(sid)
        return jsonify(asdict(inbound)) if inbound else abort(404)

    @blueprint.post("/rings/<sid>/decline")
    def decline(sid: str) -> Response:
        carrier.decline(sid)
        return Response(status=204)

    @blueprint.post("/rings/<sid>/over")
    def over(sid: str) -> Response:
        carrier.over(sid)
        return Response(status=204)


def _is_allowed(account_sid: str, auth_tokens: tuple[str, ...]) -> bool:
    given = request.authorization
    if (
        given is None
        or given.type != "basic"
        or g.account != account_sid
        or given.username != account_sid
    ):
        return False
    password = (given.password or "").encode()
    return any(hmac.compare_digest(password, token.encode()) for token in auth_tokens)


def _error(status: int, code: int, message: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return make_response(jsonify(code=code, message=message, more_info=more, status=status), status)


def _found(shelf: Shelf[Kept], sid: str) -> Kept:
    found = shelf.get(sid)
    return found if found is not None else abort(404)


def _dropped(was_there: bool) -> Response:  # noqa: FBT001 - the one thing it says
    return Response(status=204) if was_there else abort(404)


def _wanted(resource: Message | PlacedCall) -> bool:
    """Return whether a resource passes the filters of the request that we know."""
    fields: Mapping[str, Callable[[], str]] = {
        "To": lambda: resource.to,
        "From": lambda: resource.from_number,
        "Status": lambda: resource.status,
    }
    return all(
        read() == request.args[name] for name, read in fields.items() if name in request.args
    )


def _page(collection: str, found: list[Kept]) -> Response:
    """Return one page of a list: https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information."""
    size = max(1, request.args.get("PageSize", PAGE_SIZE, type=int))
    page = max(0, request.args.get("Page", 0, type=int))
    rest_of_them = found[page * size :]
    shown: Json = {
        collection.lower(): [resource.json() for resource in rest_of_them[:size]],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + min(size, len(rest_of_them)) - 1,
        "uri": _uri(collection, page),
        "first_page_uri": _uri(collection, 0),
        "previous_page_uri": _uri(collection, page - 1) if page else None,
        "next_page_uri": _uri(collection, page + 1) if len(rest_of_them) > size else None,
    }
    return jsonify(shown)


def _uri(collection: str, page: int) -> str:
    arguments = {**request.args.to_dict(), "Page": str(page)}
    return f"/2010-04-01/Accounts/{g.account}/{collection}.json?{urlencode(arguments)}"


def _silence(seconds: int) -> bytes:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLES_A_SECOND)
        writer.writeframes(b"\0\0" * SAMPLES_A_SECOND * seconds)
    return sound.getvalue()
