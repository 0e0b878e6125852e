"""What a channel does inside a turn's own transactions gets in nobody's way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sqlalchemy import select

from dialogue import AlreadyOurs, Kind, Utterance, converse
from portal import conversations, testing
from portal.database import transaction
from portal.records import Conversation, Phone
from tests.dialogue.talk import MAIN, STRANGER
from tests.web import opened

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dialogue import Reply


def test_a_text_that_comes_while_another_changes_the_language_waits_and_is_taken(
    engine: Engine,
) -> None:
    """Both hold the telephone and then the conversation: neither waits for the other's."""
    with transaction() as session:
        testing.clinic(session, phone=MAIN)
    replies: list[Reply] = []
    with opened(engine) as web:
        web.text_phone(STRANGER).text("what can you do")
        with transaction(read_only=True) as session:
            row = session.scalars(select(Conversation)).one()
        line = web.app.extensions["dialtone"].line
        said = Utterance(row.id, row.next_turn, Kind.TEXT, "espa\u00f1ol")

        def change() -> None:
            replies.append(converse(line, said, receipt=AlreadyOurs(), at=web.clock.at))

        other = threading.Thread(target=change)
        with transaction() as session:
            phone = session.get_one(Phone, row.phone_id)
            session.refresh(phone, with_for_update=conversations.HELD)
            other.start()
            other.join(0.5)
            conversations.held(session, row.id).misses += 1
        other.join()
    assert [reply.locale for reply in replies] == ["es-US"]
