"""How the code is written."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.conventions.house import (
    LIBRARIES,
    calls,
    modules,
    named,
    nodes,
    tree,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_MODULE = 300
ENTRY_POINTS = ("app.py", "demo_people.py", "parse.py", "run.py", "settings.py")
OURS = (*LIBRARIES, *ENTRY_POINTS, "nlu")

READS_ENVIRONMENT = {
    "settings.py": "the one reader of the line's settings",
    "run.py": "hands its own environment on to the processes that it starts",
    "parse.py": "makes throw-away keys where make run has not yet",
    "nlu/quiet.py": "quietens libraries that are told so by the environment alone",
    "nlu/serve.py": "Rasa's environment has no settings.py: run.py hands it three values",
    "nlu/train.py": "where embeddings are kept between two trainings",
    "simulator/__main__.py": "the terminal's telephone imports nothing of ours",
}
READS_CLOCK = {
    "actions/base.py": "the clock that an action has unless it is given another",
    "app.py": "the clock of the web process",
    "carrier/testing.py": "the carrier's clock, where a test sets none",
    "outreach/__main__.py": "the clock of the process that sends",
    "parse.py": "the day on which a birth date is read",
    "portal/__main__.py": "commands are given now",
}
SPEAKS_OF_SLOTS = {
    "dialogue/testing.py": "the keyword is rasa-sdk's",
    "portal/records/calendar.py": "says what FHIR calls an opening",
    "tests/hostile.py": "what somebody might text who knows how the model works",
}


def test_modules_are_short() -> None:
    """A file of more than 300 lines holds two things."""
    long = {named(path): len(path.read_text().splitlines()) for path in modules(*OURS)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_MODULE} == {}


def test_a_slot_is_something_of_the_understanding() -> None:
    """A time that can be booked is an opening: one word may not mean two things."""
    allowed = (
        "nlu/",
        "actions/",
        "tests/nlu/",
        "tests/actions/",
        "tests/conventions/",
        "docs/",
        "bench/",
        # What callers say, who know no glossary.
        "locales/phrases/",
        "tests/evaluation/",
    )
    code = ((name, text) for name, text in written() if not name.startswith(allowed))
    found = {name for name, text in code if re.search(r"\bslots?\b", text, re.IGNORECASE)}
    assert found == set(SPEAKS_OF_SLOTS)


def test_the_time_is_told_by_entry_points_alone() -> None:
    """Everything below is given its instant, so that a test can be at any time."""
    # The simulator is another party on the line, with a watch of its own.
    ours = (path for path in modules(*OURS) if not named(path).startswith("simulator/"))
    clocks = calls(ours, "now", "utcnow", "today", "time")
    found = {named(path) for path, call in clocks if _is_clock(call)}
    assert found == set(READS_CLOCK)


def test_the_environment_is_read_by_entry_points_alone() -> None:
    """What differs from one installation to the next stands in one list."""
    reads = ("os.environ", "os.getenv", "os.environb")
    found = {named(path) for path, node in nodes(modules(*OURS)) if _is_one_of(node, reads)}
    assert found == set(READS_ENVIRONMENT)


def test_nothing_is_left_to_do() -> None:
    """What is unfinished is an issue, not a mark in a file."""
    mark = re.compile("TO[D]O|FIX[M]E|XX[X]")
    assert [name for name, text in written() if mark.search(text)] == []


def test_public_functions_say_what_they_return() -> None:
    """Each has a sentence for whoever calls it."""
    folders = ("portal", "dialogue", "carrier", "locales")
    public = list(_public(*folders))
    bare = [f"{where}: {node.name}" for where, node in public if not ast.get_docstring(node)]
    assert public
    assert bare == []


def _public(*folders: str) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Give the functions and classes that others may use, and the methods of those classes."""
    for path in modules(*folders):
        classes = [each for each in tree(path).body if isinstance(each, ast.ClassDef)]
        for parent in (tree(path), *(each for each in classes if each.name[0] != "_")):
            for node in parent.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
                    yield named(path), node


def _is_clock(call: ast.Call) -> bool:
    return ast.unparse(call.func) in {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
    }


def _is_one_of(node: ast.AST, names: tuple[str, ...]) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) in names
