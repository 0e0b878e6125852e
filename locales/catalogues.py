"""The translations: gettext catalogues read as they are, once, with Babel."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

from locales.wording import (
    Channel,
    NoWordingError,
    Place,
    Text,
    canonical,
    forms,
    pieces,
    wording,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from babel.messages.catalog import Catalog

ENGLISH = "en-US"
FOLDER = Path(__file__).parent
Pieces = tuple[str | Place, ...]


@dataclass(frozen=True)
class Translation:
    """A text cut into pieces; several ``forms`` where ``by`` names its count."""

    forms: tuple[Pieces, ...]
    by: str | None
    pick: Callable[[int], int]


def folder_of(locale: str) -> str:
    """Return the folder of a tag: ``es-US`` lies in ``es_US``."""
    return locale.replace("-", "_")


def path_of(locale: str) -> Path:
    """Return where the catalogue of ``locale`` lies."""
    return FOLDER / folder_of(locale) / "LC_MESSAGES" / "dialtone.po"


def shipped() -> tuple[str, ...]:
    """Return the tags that have words, English first, whether complete or not."""
    found = FOLDER.glob("*/LC_MESSAGES/dialtone.po")
    tags = sorted(path.parent.parent.name.replace("_", "-") for path in found)
    return (ENGLISH, *tags)


@cache
def catalogue(locale: str) -> Catalog:
    """Return the parsed catalogue; raises ``NoWordingError`` where there is none."""
    path = path_of(locale)
    if not path.exists():
        message = f"no catalogue for the language {locale!r}"
        raise NoWordingError(message)
    with path.open("rb") as file:
        return read_po(file, locale=folder_of(locale))


def context(name: str, channel: Channel) -> str:
    """Return the gettext context that keeps equal English of two prompts apart."""
    return f"{channel}:{canonical(name)}"


def translated(name: str, channel: Channel, text: Text, locale: str) -> tuple[str, ...] | None:
    """Return the sentences of ``locale``; ``None`` where missing or marked fuzzy."""
    if locale == ENGLISH:
        return forms(text)
    return sentences(catalogue(locale), name, channel, text)


def sentences(words: Catalog, name: str, channel: Channel, text: Text) -> tuple[str, ...] | None:
    """Return what a catalogue says for a text; ``None`` where it is missing or fuzzy."""
    message = words.get(forms(text)[0], context(name, channel))
    if message is None or message.fuzzy or not message.string:
        return None
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(strings) if all(strings) else None


def _picker(text: Text, locale: str) -> Callable[[int], int]:
    if isinstance(text, str):
        return lambda _count: 0
    if locale == ENGLISH:
        return lambda count: int(count != 1)
    return gettext.c2py(catalogue(locale).plural_expr)


@cache
def translation(name: str, channel: Channel, locale: str) -> Translation:
    """Return the words of a prompt, ready to be filled; raises ``NoWordingError``."""
    text = wording(name).on(channel)
    strings = translated(name, channel, text, locale) if text is not None else None
    if text is None or strings is None:
        message = f"{name!r} has no words for {channel} in {locale}"
        raise NoWordingError(message)
    by = None if isinstance(text, str) else text.by
    return Translation(tuple(pieces(string) for string in strings), by, _picker(text, locale))
