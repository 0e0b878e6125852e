"""A text that nobody answered becomes somebody's task."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import conversations
from portal.database import transaction
from portal.records import Conversation
from sms.inbox import MOST_JOINED
from tests.dialogue.talk import tasks
from tests.web import BASE

if TYPE_CHECKING:
    from tests.web import Web

INCOMING = f"{BASE}/sms/incoming"


def test_whoever_texts_again_much_later_is_rung_about_what_was_lost(web: Web) -> None:
    phone = web.text_phone()
    phone.text("what can you do")
    with transaction() as session:
        row = session.scalars(select(Conversation)).one()
        conversations.take_lease(session, row.id, "a process that died", at=web.clock.at)
    assert phone.text("and my pills") == []
    web.clock.at += timedelta(minutes=11)
    phone.text("what can you do")
    assert [(task.topic, task.conversation_id) for task in tasks()] == [("unanswered_text", row.id)]


def test_whoever_texts_faster_than_we_answer_is_rung_about_the_rest(web: Web) -> None:
    phone = web.text_phone()
    phone.text("what can you do")
    form, numbers = phone.log[0].form, count()

    def one_more(_: object) -> None:
        web.rasa.first = one_more
        web.post(
            INCOMING, {**form, "Body": "what can you do", "MessageSid": f"SM{next(numbers):032}"}
        )

    web.rasa.first = one_more
    phone.text("what can you do")
    assert next(numbers) == MOST_JOINED
    assert [task.topic for task in tasks()] == ["unanswered_text"]
