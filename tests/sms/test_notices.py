"""What must be said of a text itself (a picture, a secret): said once, by whoever answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.database import transaction
from portal.records import Conversation, Turn
from tests.dialogue.talk import RESULTS
from tests.web import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.web import Web

INCOMING = f"{BASE}/sms/incoming"
PICTURE = "We cannot see pictures here. Please tell us in words what you need."
SECRET = "Please do not text a PIN"
MESSAGE = "You have a message from your care team."


def _text_during_the_next_turn(web: Web, form: Mapping[str, str], **more: str) -> None:
    def meanwhile(_: object) -> None:
        web.rasa.first = None
        web.post(INCOMING, {**form, "MessageSid": "SM" + "5" * 32, **more})

    web.rasa.first = meanwhile


def test_what_must_be_said_of_a_text_is_said_by_whoever_holds_the_turn(web: Web) -> None:
    phone = web.text_phone()
    phone.text("what can you do")
    _text_during_the_next_turn(web, phone.log[0].form, Body="my pin is 730264", NumMedia="1")
    (answer,) = phone.text("thank you so much")
    assert SECRET in answer
    assert PICTURE in answer


def test_a_picture_without_words_is_answered_alone_and_nothing_was_missed(web: Web) -> None:
    phone = web.text_phone()
    assert "reply with the year you were born" in phone.text(RESULTS)[0]
    for _ in range(4):
        assert phone.text("", pictures=1) == [PICTURE]
    with transaction(read_only=True) as session:
        conversation = session.scalars(select(Conversation)).one()
    assert (conversation.misses, conversation.failures, len(web.rasa.asked)) == (0, 0, 1)
    assert MESSAGE in phone.text("1948")[0]


def test_a_picture_without_words_is_written_down_with_its_answer(web: Web) -> None:
    web.text_phone().text("", pictures=1)
    with transaction(read_only=True) as session:
        turns = session.scalars(select(Turn).order_by(Turn.speaker)).all()
    assert [(turn.speaker, turn.number) for turn in turns] == [("caller", 1), ("line", 1)]
    assert [each["name"] for each in turns[1].prompts or []] == ["line.picture"]


def test_a_picture_that_comes_during_a_turn_leaves_its_choices_open(web: Web) -> None:
    phone = web.text_phone()
    phone.text(RESULTS)
    (asked,) = phone.text("1948")
    choices = asked.splitlines()[1:]
    _text_during_the_next_turn(web, phone.log[0].form, Body="", NumMedia="1")
    (answer,) = phone.text(RESULTS)
    assert PICTURE in answer
    assert answer.splitlines()[1:] == choices != []
