"""Some answers are several keys and no secret: they go to the flow as they were pressed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.answers import Answer, Choice, Prompt
from portal.database import transaction
from portal.records import Turn
from tests.dialogue.talk import NONSENSE, Talk, called, texted

pytestmark = pytest.mark.usefixtures("demo_database")

WHICH_DAY = Answer(prompts=(Prompt(name="line.welcome"),), flow="booking", keys=4)
TAKEN = Answer(prompts=(Prompt(name="line.help"),), flow="booking")
SOONEST = Choice(key="2", intent="choose_option", label="results.choice_again", value="soonest")


def _asked(talk: Talk, answer: Answer = WHICH_DAY) -> Talk:
    """Return the conversation at a question that is answered by four keys."""
    talk.rasa.model = None
    talk.rasa.answers = {"book": answer, "inform_time": TAKEN, "choose_option": TAKEN}
    (talk.say if talk.row.channel == "voice" else talk.text)("book")
    return talk


def test_four_keys_are_expected_and_words_are_welcome() -> None:
    call = _asked(called())
    assert (call.reply.expect.kind, call.reply.expect.digits) == ("keys", 4)
    call.say("the day after the fair")
    assert call.rasa.asked[-1].text == "the day after the fair"
    assert call.rasa.asked[-1].parsed is None


@pytest.mark.parametrize("keys", ["0612", "0930", "١٢٣٠"])
def test_they_go_to_the_flow_without_being_understood(keys: str) -> None:
    call = _asked(called())
    assert call.press(keys) == ["line.help"]
    asked, plain = call.rasa.asked[-1], "1230" if keys not in {"0612", "0930"} else keys
    assert (asked.flow, asked.text) == ("booking", plain)
    assert asked.parsed == {
        "intent": "inform_time",
        "confidence": 1.0,
        "entities": [{"entity": "choice", "value": plain}],
        "text": plain,
    }


def test_the_transcript_shows_them() -> None:
    _asked(called()).press("0612")
    with transaction(read_only=True) as session:
        heard = session.scalars(
            select(Turn).where(Turn.speaker == "caller").order_by(Turn.number.desc())
        ).first()
    assert heard
    assert (heard.kind, heard.text) == ("digits", "0612")


@pytest.mark.parametrize("keys", ["061", "06", "7"])
def test_too_few_are_asked_for_again_and_then_a_person_comes(keys: str) -> None:
    call = _asked(called())
    for _ in range(2):
        assert call.press(keys) == ["line.not_caught", "line.welcome"]
        assert (call.reply.expect.kind, call.reply.expect.digits) == ("keys", 4)
    assert call.press(keys) == ["handoff.transferring"]


def test_a_lone_zero_is_a_person_and_star_and_pound_are_themselves() -> None:
    assert _asked(called()).press("0") == ["handoff.transferring"]
    assert _asked(called()).press("06*") == ["line.welcome"]
    assert _asked(called()).press("06#") == ["line.menu"]


def test_silence_asks_the_same_again() -> None:
    call = _asked(called())
    assert call.stay_silent() == ["line.not_heard", "line.welcome"]
    assert (call.reply.expect.kind, call.reply.expect.digits) == ("keys", 4)


def test_words_that_say_nothing_ask_the_same_again() -> None:
    call = _asked(called())
    assert call.say(NONSENSE) == ["line.not_caught", "line.welcome"]
    assert call.reply.expect.kind == "keys"


def test_a_choice_beside_them_has_its_one_key() -> None:
    call = _asked(
        called(), Answer(prompts=WHICH_DAY.prompts, choices=(SOONEST,), flow="booking", keys=4)
    )
    call.press("2")
    assert (call.rasa.asked[-1].parsed or {})["entities"][0]["value"] == "soonest"


def test_by_text_they_are_words_like_any() -> None:
    talk = _asked(texted())
    talk.text("0612")
    assert (talk.rasa.asked[-1].text, talk.rasa.asked[-1].parsed) == ("0612", None)


def test_they_are_over_with_the_question() -> None:
    call = _asked(called())
    call.press("0612")
    assert call.reply.expect.kind == "speech"
