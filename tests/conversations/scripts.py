"""The scripts: what a caller does, turn by turn, and which prompts answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).parent
LOCALES = ("en-US", "es-US")
ACTIONS = ("caller", "keys", "silence", "hangup", "calls", "texts", "rung")
LISTS = ("locales", "greeting")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One thing that the caller does, and the prompts then said, by name and in order.

    ``caller`` (words), ``texts`` (words sent whatever the channel), ``keys``, ``silence``,
    ``hangup``, ``calls`` (they call again) and ``rung`` (they pick up the call that we
    place) exclude each other. ``means`` are the intents that words
    which reach the model may be understood as. ``later`` is in minutes; ``meanwhile``
    is what then happens elsewhere, before the caller does anything (``meanwhile.py``).
    """

    line: tuple[str, ...] = ()
    caller: str | Mapping[str, str] | None = None
    texts: str | Mapping[str, str] | None = None
    keys: str | Mapping[str, str] | None = None
    means: tuple[str, ...] = ()
    silence: bool = False
    hangup: bool = False
    calls: bool = False
    rung: bool = False
    later: int = 0
    meanwhile: Mapping[str, Any] = field(default_factory=dict)
    pictures: int = 0
    call: str | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """What must stand in the records afterwards: a word of ``rows.py``, and how often."""

    word: str
    wanted: Any
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Script:
    """A whole conversation; what each field means stands in this folder's README."""

    title: str
    phone: str
    turns: tuple[Turn, ...]
    source: str
    clinic: str = "main"
    at: str = "open"
    channel: str = "voice"
    language: str = "chosen"
    pickup: str = "answered"
    locales: tuple[str, ...] = LOCALES
    greeting: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=())


def in_locale(value: T | Mapping[str, T], locale: str) -> T:
    """Return what a field says for this language: it may be one for all, or one for each."""
    return value[locale] if isinstance(value, dict) else value  # type: ignore[return-value]


def scripts() -> Iterator[Script]:
    """Give every script of this folder; a field that nobody knows is an error."""
    for path in sorted(HERE.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield _script(entry, path.stem)


def words(script: Script) -> Iterator[tuple[str, str]]:
    """Give all that the caller of a script says, each with the language of the run."""
    for turn in script.turns:
        said = turn.caller if turn.caller is not None else turn.texts
        if said is not None:
            yield from ((tag, in_locale(said, tag)) for tag in script.locales)


def _script(entry: dict[str, Any], source: str) -> Script:
    values: dict[str, Any] = {**entry, "source": source}
    values |= {name: tuple(entry[name]) for name in LISTS if name in entry}
    values["turns"] = tuple(_turn(turn) for turn in entry["turns"])
    values["rows"] = tuple(_row(row) for row in entry.get("rows", ()))
    return Script(**values)


def _turn(entry: dict[str, Any]) -> Turn:
    if sum(name in entry for name in ACTIONS) != 1:
        message = f"a turn is one of {', '.join(ACTIONS)}: {entry}"
        raise ValueError(message)
    means = entry.get("means", [])
    values: dict[str, Any] = {**entry, "line": tuple(entry.get("line", ()))}
    values["means"] = (means,) if isinstance(means, str) else tuple(means)
    return Turn(**values)


def _row(entry: dict[str, Any]) -> Row:
    given = dict(entry)
    count = given.pop("count", 1)
    ((word, wanted),) = given.items()
    return Row(word=word, wanted=wanted, count=count)
