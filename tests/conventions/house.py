"""The house as its conventions see it: files, syntax trees, and the lists in the Rasa project."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import locales

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HOUSE = Path(__file__).parents[2]
CHANNELS = ("voice", "sms", "outreach")
LIBRARIES = ("actions", "carrier", "dialogue", "locales", "portal", "simulator", *CHANNELS)
"""Everything of ours that is imported, and reads neither the clock nor the environment."""


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git is here
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (HOUSE / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def written() -> Iterator[tuple[str, str]]:
    """Give name and text of every file of the repository that is text."""
    for path in tracked():
        if path.suffix not in {".png", ".webm"}:
            yield named(path), path.read_text(encoding="utf-8")


def named(path: Path) -> str:
    """Return a path as it is called in the repository."""
    return path.relative_to(HOUSE).as_posix()


def modules(*folders: str) -> Iterator[Path]:
    """Give the Python files in folders, or single files, of the repository."""
    for path in tracked():
        name = named(path)
        if path.suffix == ".py" and any(name == f or name.startswith(f"{f}/") for f in folders):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(paths: Iterable[Path]) -> Iterator[tuple[Path, ast.AST]]:
    """Give every node of every file."""
    for path in paths:
        for node in ast.walk(tree(path)):
            yield path, node


def calls(paths: Iterable[Path], *names: str) -> Iterator[tuple[Path, ast.Call]]:
    """Give the calls of functions, methods or classes by one of these names."""
    for path, node in nodes(paths):
        if isinstance(node, ast.Call) and called(node) in names:
            yield path, node


def called(call: ast.Call) -> str:
    """Return the last part of what is called: ``now`` for ``datetime.now()``."""
    return ast.unparse(call.func).rpartition(".")[2]


def keyword(call: ast.Call, name: str) -> Any:
    """Return a constant that is given by keyword; None where there is none."""
    values = (each.value for each in call.keywords if each.arg == name)
    return next((value.value for value in values if isinstance(value, ast.Constant)), None)


def constants(path: Path) -> Iterator[str]:
    """Give every whole text in a file, docstrings and the names of audited actions left out."""
    silent = {id(node) for node in (*_docstrings(path), *_fragments(path), *_audited(path))}
    for _, node in nodes([path]):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.value


def _docstrings(path: Path) -> Iterator[ast.AST]:
    for _, node in nodes([path]):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _fragments(path: Path) -> Iterator[ast.AST]:
    for _, node in nodes([path]):
        if isinstance(node, ast.JoinedStr):
            yield from node.values


def _audited(path: Path) -> Iterator[ast.AST]:
    for _, call in nodes([path]):
        if isinstance(call, ast.Call):
            yield from (each.value for each in call.keywords if each.arg == "action")
            yield from call.args if called(call) == "_trace" else ()


def domain(kind: str) -> list[str]:
    """Return the intents or the actions of the Rasa project, as often as they stand there."""
    files = sorted((HOUSE / "nlu/domain").glob("*.yml"))
    return [name for file in files for name in data(file).get(kind, [])]


@cache
def data(path: Path) -> Any:
    """Return what a YAML file holds."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def languages() -> tuple[str, ...]:
    """Return the languages that callers are offered, as folders of examples are called."""
    return tuple(dict.fromkeys(tag.partition("-")[0] for tag in locales.complete()))


def planned() -> set[str]:
    """Return every stem there is or will be: the values of the flow, which lists them all."""
    return set(data(HOUSE / "nlu/domain/line.yml")["slots"]["flow"]["values"])
