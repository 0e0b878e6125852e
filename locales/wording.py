"""What stands behind a prompt's name: its English, spoken and texted side by side."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Channel = Literal["voice", "sms", "said"]
CHANNELS: tuple[Channel, ...] = ("voice", "sms", "said")
_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")


class NoWordingError(LookupError):
    """A prompt that does not exist, or has no words for this channel or language."""


class BadDetailError(ValueError):
    """A prompt's detail is missing, or is not of the kind its wording voices.

    The message names the prompt and the detail, never the value: it ends up in logs.
    """


@dataclass(frozen=True)
class Plural:
    """A sentence with one count; ``by`` is the detail that holds it (an int)."""

    one: str
    other: str
    by: str = "count"


Text = str | Plural


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A prompt's words in English.

    ``spoken`` and ``texted`` have no default: a wording that only one channel may
    say writes ``None`` for the other. ``said`` holds the words by which a caller may
    pick it where it is a choice, separated by ``|``. A choice that stands in the
    main menu says at which ``place`` (1 is first) and which intent it ``opens``.
    """

    spoken: Text | None
    texted: Text | None
    said: str | None = None
    opens: str | None = None
    place: int = 0

    def on(self, channel: Channel) -> Text | None:
        """Return the English for ``channel``; ``None`` where it may not be said there."""
        return {"voice": self.spoken, "sms": self.texted, "said": self.said}[channel]


@dataclass(frozen=True)
class Place:
    """Where a detail goes: ``{name:kind}``; ``kind`` is how it is voiced ("" plain)."""

    name: str
    kind: str


def pieces(text: str) -> tuple[str | Place, ...]:
    """Return ``text`` cut into literal parts and places, in order."""
    found: list[str | Place] = []
    start = 0
    for match in _PLACE.finditer(text):
        found += [text[start : match.start()], Place(match[1], match[2] or "")]
        start = match.end()
    found.append(text[start:])
    return tuple(part for part in found if part)


def forms(text: Text) -> tuple[str, ...]:
    """Return the English sentences of ``text``: one, or the two of a plural."""
    return (text,) if isinstance(text, str) else (text.one, text.other)


@cache
def wording(name: str) -> Wording:
    """Return the wording called ``"<stem>.<name>"``; raises ``NoWordingError``."""
    stem, _, attribute = name.partition(".")
    found = _of_stem(stem).get(attribute)
    if found is None:
        message = f"no prompt is called {name!r}"
        raise NoWordingError(message)
    return found


def exists(name: str) -> bool:
    """Return whether a prompt is called ``name``."""
    stem, _, attribute = name.partition(".")
    return attribute in _of_stem(stem)


@cache
def _of_stem(stem: str) -> dict[str, Wording]:
    if stem not in stems():
        return {}
    module = importlib.import_module(f"locales.prompts.{stem}")
    return {name: value for name, value in vars(module).items() if isinstance(value, Wording)}


@cache
def stems() -> tuple[str, ...]:
    """Return the capabilities that have prompts, in alphabetical order."""
    package = importlib.import_module("locales.prompts")
    return tuple(sorted(module.name for module in pkgutil.iter_modules(package.__path__)))


@cache
def menu_entries() -> tuple[tuple[str, str], ...]:
    """Return the main menu's entries in their order: the intent each opens, and its prompt."""
    placed = [(wording(name).place, wording(name).opens, name) for name in names()]
    return tuple(
        (opens, name) for _, opens, name in sorted(placed, key=lambda entry: entry[0]) if opens
    )


@cache
def canonical(name: str) -> str:
    """Return the first name of a prompt's words: two names may share them for good.

    ``identity.locked`` is ``identity.no_match``: they are one in every language.
    """
    stem = name.partition(".")[0]
    found = wording(name)
    return next(f"{stem}.{each}" for each, other in _of_stem(stem).items() if other is found)


def names() -> Iterator[str]:
    """Yield every prompt once, by its first name, as their files have them."""
    for stem in stems():
        every = (f"{stem}.{attribute}" for attribute in _of_stem(stem))
        yield from (name for name in every if name == canonical(name))


def sources() -> Iterator[tuple[str, Channel, Text]]:
    """Yield every English text with its prompt's name and channel."""
    for name in names():
        for channel in CHANNELS:
            text = wording(name).on(channel)
            if text is not None:
                yield name, channel, text
