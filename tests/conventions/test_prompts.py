"""A prompt's name is written in one folder and worded in another: nothing else joins them."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from dialogue.heeding import FOLLOWS
from dialogue.turns import Expect, Reply
from locales.wording import exists, menu_entries, names, stems, wording
from tests.conventions.house import (
    CHANNELS,
    HOUSE,
    calls,
    constants,
    domain,
    keyword,
    modules,
    nodes,
    planned,
)
from voice.twiml import ENDINGS, twiml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = re.compile(r"([a-z]+)\.[a-z]\w*")
# Of these a clinic's own rows name what they need; none of them is named in the code.
NAMED_IN_ROWS = ("results.note_", "results.test_")
UNSAID: dict[str, str] = {}
"""Prompts that nothing says, each with the reason why it stays."""


def _speakers() -> list[Path]:
    """Return the files that say something."""
    folders = ("actions", "dialogue", "portal", "locales/voicing.py", *CHANNELS)
    # The records' own "table.column" names look like those of prompts.
    return [path for path in modules(*folders) if path.parent.name != "records"]


def test_every_prompt_that_is_said_has_words() -> None:
    """A name that is misspelt would be found out by a caller."""
    assert sorted(name for name in _said_by_name() if not exists(name)) == []


def test_every_prompt_that_the_demo_names_has_words() -> None:
    """So do the names in the demo's rows, but those of capabilities that are planned only."""
    built = {name for name in _in_rows() if _stem(name) in stems()}
    assert sorted(name for name in built if not exists(name)) == []


def test_every_prompt_is_said() -> None:
    """Words that nothing says would be translated and reviewed for nobody."""
    unsaid = [name for name in names() if not any(map(_is_said, _aliases(name)))]
    left = {name for name in unsaid if not name.startswith(NAMED_IN_ROWS)}
    assert left == set(UNSAID)


def test_a_name_with_a_gap_can_be_filled() -> None:
    """Where the code puts a name together there is a prompt that it can come to."""
    hopeless = [shape.pattern for shape in _shapes() if not any(map(shape.fullmatch, _all_names()))]
    assert hopeless == []


def test_every_ending_has_its_twiml() -> None:
    """What a turn ends with, the telephone can do."""
    said = calls(modules("dialogue", *CHANNELS), "Said", "Reply", "replace")
    used = {keyword(call, "then") for _, call in said} - {None}
    assert used | {"listen"} <= set(ENDINGS)


def test_everything_an_action_may_ask_for_is_followed() -> None:
    """What happens after an answer, the dialogue knows."""
    used = {keyword(call, "then") for _, call in calls(modules("actions"), "Answer")} - {None}
    assert used | {"listen"} <= set(FOLLOWS)


def test_whatever_is_expected_is_listened_for() -> None:
    """Each kind of answer that is waited for makes another document."""
    made = [call for _, call in calls(modules("dialogue", *CHANNELS), "Expect")]
    kinds = {
        each.value for call in made for each in call.args[:1] if isinstance(each, ast.Constant)
    }
    assert len({_document(kind) for kind in kinds}) == len(kinds) > 1


def _document(kind: str) -> str:
    reply = Reply(prompts=(), expect=Expect(kind, 2), locale="en-US", turn=1)
    return twiml(reply, base_url="https://line.example", clinic="main")


@cache
def _said_by_name() -> frozenset[str]:
    """Return the prompts whose whole names stand in the code."""
    texts = {text for path in _speakers() for text in constants(path)}
    return frozenset(text for text in texts if NAME.fullmatch(text) and _stem(text) in _stems())


def _stems() -> set[str]:
    return {*stems(), *planned()}


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _is_said(name: str) -> bool:
    return name in {*_said_by_name(), *_in_rows(), *(n for _, n in menu_entries())} or _is_made(
        name
    )


def _is_made(name: str) -> bool:
    """Return whether the code can put this name together: its gap is a word of the code."""
    found = [shape.fullmatch(name) for shape in _shapes()]
    return any(match[1] in _words() for match in found if match)


@cache
def _words() -> frozenset[str]:
    return frozenset({*domain("intents"), *(t for path in _speakers() for t in constants(path))})


@cache
def _shapes() -> tuple[re.Pattern[str], ...]:
    """Return the names with one gap that the code writes as ``f"handoff.topic_{value}"``."""
    joined = (node for _, node in nodes(_speakers()) if isinstance(node, ast.JoinedStr))
    written = {"".join(_part(part) for part in node.values) for node in joined}
    return tuple(re.compile(each) for each in sorted(written) if _is_shape(each))


def _part(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"(\w+)"


def _is_shape(written: str) -> bool:
    stem, dot, rest = written.partition(r"\.")
    return bool(dot) and stem in stems() and re.fullmatch(r"\w*\(\\w\+\)\w*", rest) is not None


def _aliases(name: str) -> Iterator[str]:
    """Give every name of a prompt's words: two may share them."""
    return (each for each in _all_names() if wording(each) is wording(name))


@cache
def _all_names() -> tuple[str, ...]:
    prompts = modules("locales/prompts")
    assigned = ((path, node) for path, node in nodes(prompts) if isinstance(node, ast.Assign))
    found = (f"{path.stem}.{ast.unparse(node.targets[0])}" for path, node in assigned)
    return tuple(name for name in found if exists(name))


@cache
def _in_rows() -> frozenset[str]:
    """Return the prompts that the demo clinic's rows name."""
    demo = tomllib.loads((HOUSE / "portal/demo.toml").read_text(encoding="utf-8"))
    texts = _texts(demo)
    return frozenset(text for text in texts if NAME.fullmatch(text) and _stem(text) in _stems())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(inner, list) or isinstance(value, dict):
        for each in inner:
            yield from _texts(each)
