"""What is written about the house is true of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.conventions.house import HOUSE, constants, named, tracked, written

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTING = re.compile(r"[A-Z][A-Z_]{3,}")
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#]+)(?:#[^)]*)?\)")
ANOTHER_MACHINE = re.compile(r"(?<![\w.])/(?:work\b|tmp/\w|root/|home/\w)")
REGISTRY = re.compile(r"https?://[^\s\"'`]*(?:py\x70i|pythonhosted|npmjs|artifactory|/simple\b)")
MADE = re.compile(r"\bmake (?:-s )?([a-z]+)\b")


def test_the_readme_lists_the_settings_that_are_read() -> None:
    """Nobody has to read settings.py to set up the line, and no setting is read no more."""
    read = {text for text in constants(HOUSE / "settings.py") if SETTING.fullmatch(text)}
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", readme, re.MULTILINE)) == read


def test_every_decision_is_listed() -> None:
    """Whoever looks for a reason finds it from one page."""
    decisions = {path.name for path in (HOUSE / "docs/adr").glob("0*.md")}
    index = (HOUSE / "docs/adr/README.md").read_text(encoding="utf-8")
    assert set(LINK.findall(index)) >= decisions
    assert decisions


def test_links_between_documents_lead_somewhere() -> None:
    """A file that moves takes the links to it along."""
    assert [f"{name}: {link}" for name, link in _links() if not _leads(name, link)] == []


def test_what_documents_tell_to_make_can_be_made() -> None:
    """A command that is written down works."""
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    told = {each for name, text in _documents() for each in _told(text)}
    assert told - targets == set()
    assert {"run", "test"} <= told


def test_no_file_speaks_of_another_machine() -> None:
    """Nothing hangs on where the house was built, or where its packages came from."""
    found = [name for name, text in written() if ANOTHER_MACHINE.search(text)]
    assert [*found, *(name for name, text in written() if REGISTRY.search(text))] == []


@pytest.mark.parametrize("group", ["app", "dev", "rasa", "tools"])
def test_a_clinic_may_have_its_own_mirror(group: str) -> None:
    """What is installed is named with its hash, and never with an address."""
    text = (HOUSE / f"requirements/{group}.txt").read_text(encoding="utf-8")
    assert "==" in text
    assert "--hash=sha256:" in text
    assert "://" not in text


def _documents() -> Iterator[tuple[str, str]]:
    for path in tracked():
        if path.suffix == ".md":
            yield named(path), path.read_text(encoding="utf-8")


def _links() -> Iterator[tuple[str, str]]:
    return ((name, link) for name, text in _documents() for link in LINK.findall(text))


def _leads(name: str, link: str) -> bool:
    return ((HOUSE / name).parent / link).resolve().exists()


def _told(text: str) -> Iterator[str]:
    """Give what stands after make in code: in words, "make sure" is no command."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    return (target for part in code for target in MADE.findall(part))
