"""What the channel takes and refuses."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.components.turn_body import (
    LONGEST_NAME,
    BadBodyError,
    forgotten,
    is_authorized,
    parse_lines,
    turn_body,
)

SENDER = str(uuid4())
KEYED = {"intent": "choose_option", "confidence": 1.0, "entities": [], "text": "1"}


def _body(**changes: Any) -> dict[str, Any]:
    return {
        "sender": SENDER,
        "text": "hello",
        "parsed": None,
        "flow": None,
        "metadata": {"locale": "en-US"},
        **changes,
    }


def test_a_turn_is_read() -> None:
    """Everything that the web process sends arrives."""
    body = turn_body(_body(flow="results", parsed=KEYED))
    assert (body.sender, body.text, body.flow) == (SENDER, "hello", "results")
    assert body.parsed == {
        "intent": {"name": "choose_option", "confidence": 1.0},
        "entities": [],
        "text": "1",
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sender": None}, "sender"),
        ({"sender": "default"}, "sender"),
        ({"text": None}, "text"),
        ({"text": 3}, "text"),
        ({"text": ["a"]}, "text"),
        ({"flow": 3}, "flow"),
        ({"flow": "x" * (LONGEST_NAME + 1)}, "flow"),
        ({"parsed": "choose_option"}, "parsed"),
        ({"parsed": {**KEYED, "intent": ""}}, "intent"),
        ({"parsed": {**KEYED, "confidence": "1"}}, "confidence"),
        ({"parsed": {**KEYED, "confidence": True}}, "confidence"),
        ({"parsed": {**KEYED, "entities": [{}]}}, "entities"),
        ({"metadata": None}, "metadata"),
        ({"metadata": {}}, "locale"),
    ],
)
def test_a_wrong_field_is_named_and_not_quoted(changes: dict[str, Any], field: str) -> None:
    """An answer that quotes the request would put what callers say into logs."""
    with pytest.raises(BadBodyError) as refused:
        turn_body(_body(**changes))
    assert str(refused.value) == field


json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json)
def test_any_other_json_is_refused(body: Any) -> None:
    """Whatever it is, it is told to be wrong and nothing breaks."""
    with pytest.raises(BadBodyError):
        turn_body(body)


@given(json, st.sampled_from(["sender", "text", "parsed", "flow", "metadata"]))
def test_any_field_may_be_anything(value: Any, field: str) -> None:
    """A field is read or refused; nothing else is raised."""
    with suppress(BadBodyError):
        assert turn_body(_body(**{field: value})).sender == SENDER


def test_half_a_character_becomes_text() -> None:
    """JSON may hold lone surrogates; no encoding does."""
    assert turn_body(_body(text="\ud83d hello")).text.encode().endswith(b" hello")


def test_one_line_or_many_can_be_parsed() -> None:
    """The answer has the shape of the question."""
    assert parse_lines({"text": "/hi", "locale": "es"}) == [("hi", "es")]
    assert parse_lines({"lines": [{"text": "a"}, {"text": "b", "locale": "en"}]}) == [
        ("a", None),
        ("b", "en"),
    ]


@pytest.mark.parametrize("body", [[], {"lines": "a"}, {"lines": [3]}, {"text": 3}, {}])
def test_lines_that_are_none_are_refused(body: object) -> None:
    """As a turn is."""
    with pytest.raises(BadBodyError):
        parse_lines(body)


def test_what_is_forgotten_has_a_name() -> None:
    """An empty one would be nobody's."""
    assert forgotten({"conversation": SENDER}) == SENDER
    with pytest.raises(BadBodyError):
        forgotten({"conversation": ""})


@pytest.mark.parametrize(
    ("header", "token", "opens"),
    [
        ("Bearer secret", "secret", True),
        ("Bearer secret ", "secret", False),
        ("Bearer sécret", "secret", False),
        ("Bearer ", "", False),
        (None, "", False),
        (None, "secret", False),
    ],
)
def test_only_the_token_opens(header: str | None, token: str, *, opens: bool) -> None:
    """An empty token opens nothing: a process without one would stand open."""
    assert is_authorized(header, token) is opens
