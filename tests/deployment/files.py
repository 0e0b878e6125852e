"""What the deployment files say, read as a container engine or systemd would read them."""

from __future__ import annotations

import ast
import json
import re
import shlex
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOUSE = Path(__file__).parents[2]
EXAMPLE = HOUSE / "deploy/dialtone.env.example"
SCHEMA = Path(__file__).with_name("compose_spec") / "compose_spec.json"
INSTALLED = "/opt/dialtone"
UNITS = ("dialtone.service", "dialtone-outreach.service")
OURS = ("line", "outreach")
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SETTING = re.compile(r"[A-Z]+(_[A-Z]+)*")


def compose() -> dict[str, Any]:
    """Return docker-compose.yml, anchors resolved."""
    loaded: dict[str, Any] = yaml.safe_load((HOUSE / "docker-compose.yml").read_text("utf-8"))
    return loaded


def service(name: str) -> dict[str, Any]:
    """Return one service of docker-compose.yml."""
    found: dict[str, Any] = compose()["services"][name]
    return found


def filled(text: str, given: Mapping[str, str]) -> str:
    """Return ``text`` with its ${VARIABLES} put in; raises LookupError for a needed one.

    https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
    """

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if given.get(name):
            return given[name]
        if kind == "?":
            raise LookupError(rest)
        return rest or ""

    return VARIABLE.sub(value, text)


def interpolated() -> set[str]:
    """Return the names of all variables that docker-compose.yml asks for."""
    text = (HOUSE / "docker-compose.yml").read_text("utf-8")
    return {match[1] for match in VARIABLE.finditer(text)}


def example() -> dict[str, str]:
    """Return the variables of the example, as a shell-like env file is read."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def settings_names() -> set[str]:
    """Return the names of the variables that settings.py reads: its literals of that shape."""
    tree = ast.parse((HOUSE / "settings.py").read_text("utf-8"))
    words = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {w for w in words if isinstance(w, str) and len(w) > 2 and SETTING.fullmatch(w)}


def dockerfile(path: str = "Dockerfile") -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile, its comments dropped and its lines joined."""
    lines = (HOUSE / path).read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    joined = text.replace("\\\n", " ").splitlines()
    words = (line.strip().partition(" ") for line in joined if line.strip())
    return [(name.upper(), rest.strip()) for name, _, rest in words]


def last_stage() -> list[tuple[str, str]]:
    """Return the instructions of the image that is run."""
    steps = dockerfile()
    begins = max(number for number, (name, _) in enumerate(steps) if name == "FROM")
    return steps[begins:]


def image_environment() -> dict[str, str]:
    """Return what the image's ENV sets."""
    pairs = (shlex.split(rest) for name, rest in last_stage() if name == "ENV")
    return dict(pair.split("=", 1) for some in pairs for pair in some)


def image_command() -> list[str]:
    """Return the image's CMD."""
    (command,) = (rest for name, rest in last_stage() if name == "CMD")
    words: list[str] = json.loads(command)
    return words


def let_in() -> Iterator[Path]:
    """Yield every file of the build's context, by .dockerignore: the last match decides.

    https://docs.docker.com/build/concepts/context/#dockerignore-files
    """
    lines = (HOUSE / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    tops = {rule[1:].split("/")[0] for rule in rules if rule.startswith("!")}
    for top in sorted(tops):
        for path in (HOUSE / top, *(HOUSE / top).rglob("*")):
            if path.is_file() and not _is_left_out(path.relative_to(HOUSE), rules):
                yield path.relative_to(HOUSE)


def _is_left_out(path: Path, rules: list[str]) -> bool:
    # A rule for a folder is one for all that is in it.
    names = [path.as_posix(), *(parent.as_posix() for parent in path.parents)]
    decided = [rule for rule in rules if any(_matches(name, rule) for name in names)]
    return not decided or not decided[-1].startswith("!")


def _matches(name: str, rule: str) -> bool:
    pattern = rule.removeprefix("!")
    if pattern.startswith("**/"):
        return fnmatch(name.rsplit("/", 1)[-1], pattern[3:])
    return "/" not in name and fnmatch(name, pattern) if "/" not in pattern else name == pattern


class _Unit(ConfigParser):
    """A unit's directives keep their case."""

    optionxform = staticmethod(str)  # type: ignore[assignment]


def unit(name: str) -> dict[str, str]:
    """Return the [Service] of a systemd unit; of a repeated directive, the last."""
    parser = _Unit(strict=False, interpolation=None, comment_prefixes="#")
    parser.read(HOUSE / "deploy" / name, encoding="utf-8")
    return dict(parser["Service"])


def commands() -> dict[str, list[str]]:
    """Return how the line is started, by where that is written."""
    found = {name: list(service(name)["command"]) for name in OURS}
    found["image"] = image_command()
    for name in UNITS:
        found[name] = shlex.split(unit(name)["ExecStart"])
    return found
