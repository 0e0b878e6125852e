"""What the channel accepts. No Rasa here."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from nlu.components.text import speech

if TYPE_CHECKING:
    from collections.abc import Mapping

BODY_BYTES = 256 * 1024
PARSE_BODY_BYTES = 4 * 1024 * 1024
LONGEST_NAME = 200


class BadBodyError(ValueError):
    """The body is not what the channel takes. Says which field, never what was in it."""


class TurnBody(NamedTuple):
    """One utterance for Rasa."""

    sender: str
    text: str
    parsed: dict[str, Any] | None
    flow: str | None
    metadata: dict[str, Any]


def is_authorized(header: str | None, token: str) -> bool:
    """Compare a bearer header in constant time; an empty token opens nothing."""
    given = (header or "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def turn_body(body: object) -> TurnBody:
    """Read a turn; BadBodyError names the field that is wrong."""
    fields = _mapping(body, "body")
    return TurnBody(
        sender=_uuid(fields.get("sender"), "sender"),
        text=speech(_text(fields.get("text"), "text")),
        parsed=_parsed(fields.get("parsed")),
        flow=None if fields.get("flow") is None else _name(fields["flow"], "flow"),
        metadata=_metadata(fields.get("metadata")),
    )


def parse_lines(body: object) -> list[tuple[str, str | None]]:
    """Read (text, locale) of each of "lines", or of the body itself."""
    fields = _mapping(body, "body")
    lines = fields.get("lines", [fields])
    if not isinstance(lines, list):
        raise BadBodyError("lines")
    return [_line(line) for line in lines]


def forgotten(body: object) -> str:
    """Read the id of the conversation that is over."""
    return _name(_mapping(body, "body").get("conversation"), "conversation")


def _line(line: object) -> tuple[str, str | None]:
    fields = _mapping(line, "lines")
    locale = fields.get("locale")
    return speech(_text(fields.get("text"), "text")), None if locale is None else _name(
        locale, "locale"
    )


def _parsed(parsed: object) -> dict[str, Any] | None:
    if parsed is None:
        return None
    fields = _mapping(parsed, "parsed")
    confidence, entities = fields.get("confidence", 1.0), fields.get("entities", [])
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise BadBodyError("confidence")
    if not isinstance(entities, list) or not all(
        isinstance(e, dict) and isinstance(e.get("entity"), str) for e in entities
    ):
        raise BadBodyError("entities")
    intent = {"name": _name(fields.get("intent"), "intent"), "confidence": float(confidence)}
    return {
        "intent": intent,
        "entities": entities,
        "text": speech(_text(fields.get("text", ""), "text")),
    }


def _metadata(metadata: object) -> dict[str, Any]:
    fields = dict(_mapping(metadata, "metadata"))
    _name(fields.get("locale"), "locale")
    return fields


def _uuid(value: object, field: str) -> str:
    text = _name(value, field)
    try:
        UUID(text)
    except ValueError as error:
        raise BadBodyError(field) from error
    return text


def _mapping(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadBodyError(field)
    return value


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise BadBodyError(field)
    # Lone surrogates are valid JSON and no text: the embedding and the action call both encode it.
    return value.encode("utf-8", "replace").decode()


def _name(value: object, field: str) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST_NAME:
        raise BadBodyError(field)
    return value
