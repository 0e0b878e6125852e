"""Texts as a network delivers them: forged, twice, late, and five at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import testing
from portal.database import transaction
from portal.records import Idempotency, Turn
from simulator.document import MESSAGING
from simulator.texting import Fault
from tests.dialogue.talk import (
    MAIN,
    ORTEGA,
    RESULTS,
    STRANGER,
    everything,
    tasks,
)
from tests.web import BASE, Web, opened, verbs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

INCOMING = f"{BASE}/sms/incoming"
MESSAGE = "You have a message from your care team."


def _form(web: Web, body: str, sid: str = "9", **more: str) -> dict[str, str]:
    phone = web.text_phone()
    phone.text("hello")
    return {**phone.log[0].form, "Body": body, "MessageSid": f"SM{sid:0>32}", **more}


def _turns() -> Sequence[Turn]:
    with transaction(read_only=True) as session:
        return session.scalars(select(Turn).order_by(Turn.id)).all()


def test_an_unsigned_or_altered_text_is_refused_and_changes_nothing(web: Web) -> None:
    phone = web.text_phone()
    phone.text("hello")
    before = everything()
    assert web.post(INCOMING, phone.log[0].form, {}).status_code == 403
    assert web.send(phone.log[0], Body="STOP").status_code == 403
    assert web.send(phone.log[0], From=ORTEGA).status_code == 403
    assert everything() == before


def test_a_repeated_text_gets_the_same_bytes_and_does_nothing(web: Web) -> None:
    phone = web.text_phone()
    phone.text("operator")
    before = everything()
    assert web.send(phone.log[0]).data == phone.log[0].body
    assert everything() == before


@pytest.mark.parametrize("fault", [Fault.TWICE, Fault.AT_ONCE, Fault.FORGED, Fault.LATE])
def test_a_thread_goes_as_ever_whatever_the_network_does(web: Web, fault: Fault) -> None:
    phone = web.text_phone()
    phone.faults.add(fault)
    phone.text(RESULTS)
    assert MESSAGE in phone.text("1948")[0]
    assert phone.disagreements == []
    assert [turn.text for turn in _turns() if turn.speaker == "caller"] == [RESULTS, "1948"]


def test_one_text_eight_times_at_once_is_one_text(web: Web) -> None:
    form = _form(web, "operator")
    turns = len(_turns())
    answers = web.at_once(INCOMING, *[form] * 8)
    assert len(set(answers)) == 1
    assert len(_turns()) == turns + 2
    assert [task.topic for task in tasks()] == ["person"]


def test_a_text_whose_process_died_is_answered_when_it_comes_again(web: Web) -> None:
    form = _form(web, "operator")
    web.post(INCOMING, form)
    _die_before_answering(form["MessageSid"])
    web.clock.at = web.clock.at.replace(minute=1)
    answer = verbs(web.post(INCOMING, form), MESSAGING)
    assert answer[0].text.startswith("Someone from our team will call")
    assert [turn.text for turn in _turns() if turn.text == "operator"] == ["operator"]


def _die_before_answering(sid: str) -> None:
    """Leave the records as a process leaves them that died between taking and answering."""
    with transaction() as session:
        claimed = session.get_one(Idempotency, ("sms", sid))
        claimed.status, claimed.answer = "claimed", None
        said = select(Turn).where(Turn.speaker == "line").order_by(Turn.number.desc())
        session.delete(session.scalars(said).first())


# Five at once.


def test_five_texts_at_once_are_all_kept_and_each_is_answered_once(engine: Engine) -> None:
    with transaction() as session:
        testing.clinic(session, phone=MAIN)
    bodies = ["one thing", "another thing", "a third", "a fourth", "the last"]
    with opened(engine) as web:
        web.rasa.first = lambda _: time.sleep(0.2)
        phone = web.text_phone(STRANGER)
        phone.text("what can you do")
        forms = [
            {**phone.log[0].form, "Body": body, "MessageSid": f"SM{at:032}"}
            for at, body in enumerate(bodies)
        ]
        answers = [a for a in web.at_once(INCOMING, *forms) if b"<Message>" in a]
        heard = "\n".join(question.text for question in web.rasa.asked[1:])
        kept = [turn.text for turn in _turns() if turn.speaker == "caller"]
    assert sorted(kept[1:]) == sorted(bodies)
    assert sorted(heard.split("\n")) == sorted(bodies)
    assert 1 <= len(answers) <= 5


def test_while_one_is_answered_the_others_wait_and_are_joined(web: Web) -> None:
    phone = web.text_phone()
    waiting = [_form(web, body, sid) for sid, body in (("1", "and my pills"), ("2", "and a bill"))]
    web.rasa.asked.clear()
    others: list[bytes] = []

    def meanwhile(_: object) -> None:
        web.rasa.first = None
        others.extend(web.post(INCOMING, form).data for form in waiting)

    web.rasa.first = meanwhile
    assert len(phone.text("what can you do")) == 1
    assert [b"<Message>" in answer for answer in others] == [False, False]
    assert [q.text for q in web.rasa.asked] == ["what can you do", "and my pills\nand a bill"]
