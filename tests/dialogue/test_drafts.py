"""What a flow has gathered is kept answer by answer, and given back one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from actions.base import Turn
from dialogue.drafts import MOST_DRAFTS
from dialogue.moment import meaning
from portal.answers import Answer, Prompt, from_data, seal, to_data, unseal
from portal.database import transaction
from portal.encryption import ring
from portal.records import Conversation
from portal.testing import NOON
from tests.dialogue.talk import HUGHES, RESULTS, Talk, called, texted

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.usefixtures("demo_database")

BACK = meaning("choose_option", "back")
ASKED = (Prompt(name="line.welcome"),)
DRAFT = {"kind": "follow_up", "days": [NOON.date(), NOON], "choice": None}


def _answering(talk: Talk, **answers: Answer) -> Talk:
    """Let the model answer from a table from now on; the words are the names."""
    talk.rasa.model = None
    talk.rasa.answers = {**talk.rasa.answers, **answers}
    return talk


def _asked(flow: str | None = "booking", **more: Any) -> Answer:
    return Answer(**{"prompts": ASKED, "flow": flow, **more})


def _through(*steps: Mapping[str, Any], flow: str = "booking") -> Talk:
    """Return a call whose flow has gathered these drafts, one in a turn."""
    call = called()
    for number, draft in enumerate(steps):
        _answering(call, **{f"word{number}": _asked(flow, draft=draft)})
        call.say(f"word{number}")
    return call


def test_each_answer_is_put_on_top_and_one_that_changes_nothing_is_not() -> None:
    call = _through({"n": 1}, {"n": 2}, {"n": 2}, {"n": 3})
    assert call.state.answers == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_a_draft_comes_to_the_next_action_as_it_was_given() -> None:
    call = _through(DRAFT)
    assert call.state.answers == [to_data(DRAFT)]
    with transaction() as session:
        row = session.get_one(Conversation, call.id)
        assert Turn(session, row, {}, NOON).draft == DRAFT


def test_a_draft_crosses_the_model_sealed_and_whole() -> None:
    answer = Answer(flow="booking", draft=DRAFT, keys=4)
    assert unseal(seal(answer, ring()), ring()) == answer
    assert from_data(to_data(DRAFT)) == DRAFT


def test_back_drops_the_last_answer_and_has_the_flow_ask_again() -> None:
    call = _through({"n": 1}, {"n": 2}, {"n": 3})
    _answering(call, choose_option=_asked(draft={"n": 2}))
    assert call.press("#") == ["line.welcome"]
    assert call.rasa.asked[-1].parsed == BACK
    assert (call.rasa.asked[-1].flow, call.state.answers) == ("booking", [{"n": 1}, {"n": 2}])


def test_back_at_the_first_question_is_the_menu() -> None:
    call = _through({"n": 1})
    assert call.press("#") == ["line.menu"]
    assert (call.row.flow, call.state.answers) == (None, [])


def test_back_leads_to_the_menu_in_the_end_though_a_question_has_changed_meanwhile() -> None:
    """Other times may be free by now: the draft is another, and the step the same."""
    call = _through({"n": 1}, {"n": 2}, {"n": 3})
    _answering(call, choose_option=_asked(draft={"n": 2, "times": "others"}))
    call.press("#")
    assert call.state.answers == [{"n": 1}, {"n": 2, "times": "others"}]
    _answering(call, choose_option=_asked(draft={"n": 1, "times": "others"}))
    call.press("#")
    assert call.state.answers == [{"n": 1, "times": "others"}]
    assert call.press("#") == ["line.menu"]


def test_another_flow_begins_anew() -> None:
    call = _through({"n": 1}, {"n": 2})
    _answering(call, move=_asked("moving", draft={"m": 1}))
    call.say("move")
    assert (call.row.flow, call.state.answers) == ("moving", [{"m": 1}])
    assert call.press("#") == ["line.menu"]


def test_another_flow_without_a_draft_has_none_of_the_old() -> None:
    call = _through({"n": 1}, {"n": 2})
    _answering(call, elsewhere=_asked("results"))
    call.say("elsewhere")
    assert (call.row.flow, call.state.answers) == ("results", [])


@pytest.mark.parametrize("then", ["listen", "anything_else", "menu", "handoff"])
def test_an_answer_that_ends_the_flow_ends_the_stack(then: str) -> None:
    call = _through({"n": 1}, {"n": 2})
    _answering(call, done=_asked(None, then=then))
    call.say("done")
    assert call.state.answers == []


def test_a_side_question_that_keeps_the_flow_loses_nothing() -> None:
    call = _through({"n": 1}, {"n": 2})
    _answering(call, aside=_asked())
    call.say("aside")
    assert call.state.answers == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize("then", ["missed", "repeat", "slower"])
@pytest.mark.parametrize("flow", [None, "booking"])
def test_what_is_asked_again_keeps_all(then: str, flow: str | None) -> None:
    call = _through({"n": 1}, {"n": 2})
    _answering(call, again=Answer(then=then, flow=flow))
    call.say("again")
    assert (call.row.flow, call.state.answers) == ("booking", [{"n": 1}, {"n": 2}])


def test_star_and_silence_keep_all() -> None:
    call = _through({"n": 1}, {"n": 2})
    call.press("*")
    call.stay_silent()
    assert call.state.answers == [{"n": 1}, {"n": 2}]


def test_a_proof_for_something_else_keeps_all_and_back_from_it_asks_where_they_were() -> None:
    call = _through({"n": 1}, {"n": 2})
    _answering(call, **{RESULTS: Answer(needs=2)}, choose_option=_asked(draft={"n": 2}))
    call.say(RESULTS)
    assert call.state.step == "birth_date"
    assert call.press("#") == ["line.welcome"]
    assert call.rasa.asked[-1].parsed == BACK
    assert (call.state.step, call.state.pending) == (None, None)
    assert call.state.answers == [{"n": 1}, {"n": 2}]


def test_back_by_text_is_the_same() -> None:
    talk = texted(HUGHES)
    for number in (1, 2):
        _answering(talk, **{f"word{number}": _asked(draft={"n": number})})
        talk.text(f"word{number}")
    _answering(talk, choose_option=_asked(draft={"n": 1}))
    assert talk.text("#") == ["line.welcome"]
    assert talk.state.answers == [{"n": 1}]


def test_the_stack_has_an_end() -> None:
    call = _through(*({"n": n} for n in range(MOST_DRAFTS + 5)))
    assert len(call.state.answers) == MOST_DRAFTS
    assert call.state.answers[-1] == {"n": MOST_DRAFTS + 4}
