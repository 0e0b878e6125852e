"""What an action answers, and the sealed form in which Rasa carries it.

Rasa must never hold a result or an identity, and a prompt's *name* can be a
result ("results.normal"). So an answer crosses Rasa encrypted: the action seals
it, the web process opens it, both with the key ring that guards the records.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from portal.encryption import KeyRing

SEALED_AS = "answer"


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A named thing to say; ``locale`` only where a line is in another language."""

    name: str
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
    locale: str | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the things a caller may pick, by key, by text, or in words."""

    key: str
    intent: str
    label: str
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
    locale: str | None = None
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the line says to one turn, and what happens next.

    ``then`` is what the dialogue does after the prompts; ``needs`` the assurance
    that is missing; ``topic`` goes along when a person takes over. ``draft`` is what
    the open ``flow`` has gathered so far, kept with the conversation until its next
    answer; ``keys`` how many keys the next answer has where that is not one.
    """

    prompts: tuple[Prompt, ...] = ()
    choices: tuple[Choice, ...] = ()
    then: str = "listen"
    flow: str | None = None
    draft: Mapping[str, Any] | None = field(default=None, repr=False)
    keys: int | None = None
    topic: str | None = None
    needs: int | None = None
    intent: str | None = None
    confidence: float | None = None
    entities: tuple[Mapping[str, Any], ...] = ()


def to_data(value: Any) -> Any:
    """Return ``value`` as JSON can carry it; instants and dates are tagged.

    An instant keeps the name of its zone behind its offset, as RFC 9557 writes it: the
    clinic's, which may have to be said.
    """
    if isinstance(value, datetime):
        zone = f"[{value.tzinfo.key}]" if isinstance(value.tzinfo, ZoneInfo) else ""
        return {"$at": value.isoformat() + zone}
    if isinstance(value, date):
        return {"$on": value.isoformat()}
    if isinstance(value, Mapping):
        return {name: to_data(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_data(inner) for inner in value]
    return value


def from_data(value: Any) -> Any:
    """Return what :func:`to_data` was given (sequences come back as lists)."""
    if isinstance(value, Mapping):
        if value.keys() == {"$at"}:
            return _instant(value["$at"])
        if value.keys() == {"$on"}:
            return date.fromisoformat(value["$on"])
        return {name: from_data(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [from_data(inner) for inner in value]
    return value


def _instant(written: str) -> datetime:
    instant, _, zone = written.rstrip("]").partition("[")
    at = datetime.fromisoformat(instant)
    return at.astimezone(ZoneInfo(zone)) if zone else at


def prompts_to_data(prompts: tuple[Prompt, ...]) -> list[dict[str, Any]]:
    """Return prompts as plain data, for the records."""
    return [to_data(asdict(prompt)) for prompt in prompts]


def prompts_from_data(data: list[dict[str, Any]]) -> tuple[Prompt, ...]:
    """Return the prompts that :func:`prompts_to_data` wrote."""
    return tuple(Prompt(**from_data(each)) for each in data)


def choices_to_data(choices: tuple[Choice, ...]) -> list[dict[str, Any]]:
    """Return choices as plain data, for the records."""
    return [to_data(asdict(choice)) for choice in choices]


def choices_from_data(data: list[dict[str, Any]]) -> tuple[Choice, ...]:
    """Return the choices that :func:`choices_to_data` wrote."""
    return tuple(Choice(**from_data(each)) for each in data)


def seal(answer: Answer, ring: KeyRing) -> str:
    """Return ``answer`` as text that only a holder of the key ring can read."""
    plain = json.dumps(to_data(asdict(answer)), ensure_ascii=False).encode()
    return base64.b64encode(ring.encrypt(plain, SEALED_AS)).decode()


def unseal(sealed: str, ring: KeyRing) -> Answer:
    """Return the answer in ``sealed``; raises what the ring raises when it was altered."""
    data = json.loads(ring.decrypt(base64.b64decode(sealed), SEALED_AS))
    prompts = prompts_from_data(data.pop("prompts"))
    choices = choices_from_data(data.pop("choices"))
    entities = tuple(from_data(data.pop("entities")))
    draft = from_data(data.pop("draft"))
    return Answer(prompts=prompts, choices=choices, entities=entities, draft=draft, **data)
