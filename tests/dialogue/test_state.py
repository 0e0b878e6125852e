"""Where a conversation stands comes back from its row as it was."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dialogue.state import State
from dialogue.turns import Expect
from portal.answers import Choice, Prompt
from portal.records import Conversation
from portal.testing import NOON

details = st.dictionaries(
    st.text(min_size=1, max_size=8).filter(lambda name: not name.startswith("$")),
    st.one_of(st.text(max_size=20), st.integers(), st.just(NOON), st.just(date(2026, 6, 9))),
    max_size=3,
)
prompts = st.builds(Prompt, name=st.text(max_size=20), details=details)
choices = st.builds(
    Choice, key=st.text(max_size=1), intent=st.just("affirm"), label=st.text(max_size=9)
)
states = st.builds(
    State,
    expect=st.builds(Expect, kind=st.sampled_from(["speech", "key", "secret"])),
    choices=st.lists(choices, max_size=3).map(tuple),
    said=st.lists(prompts, max_size=3).map(tuple),
    step=st.none() | st.text(max_size=9),
    held=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
    pending=st.none() | st.just({"text": "my results", "intent": "results_status"}),
)


@given(states)
def test_a_state_comes_back_as_it_was(state: State) -> None:
    row = Conversation()
    state.keep(row)
    assert State.of(row) == state


def test_an_empty_row_is_the_beginning() -> None:
    assert State.of(Conversation(state={})) == State()
    assert State.of(Conversation(state=None)) == State()


def test_what_is_changed_is_not_kept_before_it_is_said_to_be() -> None:
    row = Conversation()
    State(held={"number": "1"}, answers=["first"]).keep(row)
    opened = State.of(row)
    opened.held["number"] = "2"
    opened.answers.pop()
    assert (State.of(row).held, State.of(row).answers) == ({"number": "1"}, ["first"])


def test_a_conversation_that_is_over_keeps_nothing() -> None:
    row = Conversation(state={}, ended_at=NOON)
    State(step="pin").keep(row)
    assert row.state == {}


def test_nothing_of_it_is_shown_in_a_traceback() -> None:
    held = State(held={"number": "+12025550166"}, pending={"text": "my lump"}, answers=["secret"])
    assert [s for s in ("2025550166", "lump", "secret") if s in repr(held)] == []
