"""A capability has one name, and all of its pieces."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.base import PortalAction
from tests.conventions.house import (
    HOUSE,
    calls,
    data,
    domain,
    keyword,
    languages,
    modules,
    nodes,
    planned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECES = (
    "nlu/domain/{stem}.yml",
    "nlu/rules/{stem}.yml",
    "portal/{stem}.py",
    "locales/prompts/{stem}.py",
    "tests/conversations/{stem}.yml",
    "tests/portal/test_{stem}.py",
    *(f"nlu/data/{language}/{{stem}}.yml" for language in languages()),
)
DOES_WITHOUT = {
    "portal/line.py": "keeping a conversation going touches no record of the portal",
    "tests/portal/test_line.py": "it has no rules to test",
}
NO_CAPABILITY = {"ahead": "examples of capabilities to come, which the handoff answers"}
# What nobody says, and so has no examples.
UNSAID = {"nlu_fallback": "Rasa's own, for what was not understood"}


def _stems() -> dict[str, str]:
    """Return the capabilities by the file of their action: a class with a stem makes one."""
    found = {}
    for path, node in nodes(modules("actions")):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "stem":
            found[path.stem] = ast.literal_eval(node.value)
    return found


STEMS = _stems()


def test_there_are_capabilities() -> None:
    """The conventions have something to hold for."""
    assert {"results", "identity"} <= set(STEMS)


@pytest.mark.parametrize("stem", sorted(STEMS))
def test_a_capability_is_whole(stem: str) -> None:
    """Where there is an action there are its rules, examples, words, records and tests."""
    wanted = [piece.format(stem=stem) for piece in PIECES]
    missing = [piece for piece in wanted if not (HOUSE / piece).is_file()]
    assert [piece for piece in missing if piece not in DOES_WITHOUT] == []


def test_a_capability_has_one_name() -> None:
    """The action's file and its stem are called the same, and are planned for in the domain."""
    assert {path: stem for path, stem in STEMS.items() if path != stem} == {}
    assert set(STEMS) - planned() == set()


@pytest.mark.parametrize(
    "folder", ["nlu/domain", "nlu/rules", "nlu/data", "locales/prompts", "tests/conversations"]
)
def test_nothing_is_left_of_a_capability_that_is_gone(folder: str) -> None:
    """No piece stands where there is no action."""
    suffix = ".py" if folder == "locales/prompts" else ".yml"
    pieces = {path.stem for path in (HOUSE / folder).rglob(f"*{suffix}")}
    assert pieces - set(STEMS) - set(NO_CAPABILITY) - {"__init__"} == set()


def test_the_domain_names_the_actions_that_are_served() -> None:
    """Classes are counted: of two with one name rasa-sdk keeps the last, without a word."""
    executor = ActionExecutor()
    executor.register_package("actions")
    ours = [
        each for each in PortalAction.__subclasses__() if each.__module__.startswith("actions.")
    ]
    classes = [f"action_{each.stem}" for each in ours]
    assert sorted(domain("actions")) == sorted(classes)
    assert set(classes) <= set(executor.actions)


def test_every_intent_has_a_rule() -> None:
    """What can be understood is answered by an action, whatever is open."""
    assert set(domain("intents")) == set(_ruled())


@pytest.mark.parametrize("language", languages())
def test_every_intent_has_examples_in_every_language(language: str) -> None:
    """What can be understood in one language can be in all, and nothing else can be."""
    files = (HOUSE / "nlu/data" / language).glob("*.yml")
    exampled = {
        entry["intent"] for file in files for entry in data(file)["nlu"] if "intent" in entry
    }
    assert exampled == set(domain("intents")) - set(UNSAID)


def test_a_choice_means_an_intent_of_the_domain() -> None:
    """What a key, a menu entry or the dialogue itself says to the model, the model knows."""
    code = list(modules("actions", "dialogue", "sms", "voice"))
    chosen = {keyword(call, "intent") for _, call in calls(code, "Choice")}
    meant = {call.args[0].value for _, call in calls(code, "meaning") if _is_text(call)}
    opened = {keyword(call, "opens") for _, call in calls(modules("locales/prompts"), "Wording")}
    assert (chosen | meant | opened) - {None} - set(domain("intents")) == set()


def test_the_changelog_has_a_line_for_each_capability() -> None:
    """Whoever reads what has changed learns of every capability."""
    lines = (HOUSE / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    told = [stem for stem in STEMS if any(line.startswith(f"- **{stem}**") for line in lines)]
    assert sorted(told) == sorted(STEMS)


def test_what_is_excused_is_still_missing() -> None:
    """An exception that no file needs any more goes."""
    assert [piece for piece in DOES_WITHOUT if (HOUSE / piece).exists()] == []


def _ruled() -> Iterator[str]:
    """Give the intents of the rules that hold whatever the flow is."""
    for path in (HOUSE / "nlu/rules").glob("*.yml"):
        for rule in data(path)["rules"]:
            asked = rule["steps"][0]
            if "condition" not in rule:
                yield from (each["intent"] for each in asked.get("or", [asked]))


def _is_text(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)
