"""Texts as they come in: each written down once, none lost, in a session while it lasts."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import conversations, testing
from portal.database import transaction
from portal.encryption import ring
from portal.records import Conversation, Phone, Turn
from tests.dialogue.talk import HUGHES, MAIN, NONSENSE, RESULTS, SAFE, STRANGER, tasks
from tests.web import BASE, Web, opened

if TYPE_CHECKING:
    from sqlalchemy import Engine

INCOMING = f"{BASE}/sms/incoming"
MESSAGE = "You have a message from your care team."


def _sessions() -> list[Conversation]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(Conversation).order_by(Conversation.id)))


def _written() -> list[str | None]:
    with transaction(read_only=True) as session:
        texts = select(Turn.text).where(Turn.speaker == "caller").order_by(Turn.id)
        return list(session.scalars(texts))


def _kept(number: str) -> str | None:
    with transaction(read_only=True) as session:
        index = ring().blind_index("phone", number)
        return session.scalars(select(Phone.locale).where(Phone.e164_bidx == index)).one()


# One session, as long as it lasts.


@pytest.mark.parametrize(
    ("steps", "minutes", "lasts"),
    [(1, 9, True), (1, 11, False), (3, 9, True), (4, 9, False)],
    ids=["not idle", "idle", "not old", "old"],
)
def test_a_session_ends_when_it_was_idle_or_is_old(
    web: Web, steps: int, minutes: int, *, lasts: bool
) -> None:
    phone = web.text_phone()
    phone.text(RESULTS)
    phone.text("1948")
    for _ in range(steps):
        web.clock.at += timedelta(minutes=minutes)
        (answer,) = phone.text(RESULTS)
    assert (MESSAGE in answer) is lasts
    assert len(_sessions()) == (1 if lasts else 2)


def test_what_a_session_proved_ends_with_it(web: Web) -> None:
    phone = web.text_phone()
    phone.text(RESULTS)
    phone.text("1948")
    web.clock.at += timedelta(minutes=11)
    assert "reply with the year you were born" in phone.text(RESULTS)[0]
    first, second = _sessions()
    assert (first.outcome, first.assurance, first.state) == ("expired", 0, {})
    assert second.assurance == 0


def test_each_clinic_has_its_own_session(web: Web) -> None:
    web.text_phone().text("what can you do")
    web.text_phone(to="+12025550101").text("what can you do")
    assert len(_sessions()) == 2


# None is lost.


def test_what_waited_for_a_process_that_died_is_answered_with_the_next_text(web: Web) -> None:
    phone = web.text_phone()
    phone.text("what can you do")
    with transaction() as session:
        conversations.take_lease(session, _sessions()[0].id, "somebody", at=web.clock.at)
    assert phone.text("and my pills") == []
    web.clock.at += timedelta(seconds=13)
    phone.text("hello")
    assert web.rasa.asked[-1].text == "and my pills\nhello"


def test_a_text_that_comes_while_a_turn_is_written_waits_and_is_kept(engine: Engine) -> None:
    with transaction() as session:
        testing.clinic(session, phone=MAIN)
    answers: list[bytes] = []
    with opened(engine) as web:
        phone = web.text_phone(STRANGER)
        phone.text("what can you do")
        form = {**phone.log[0].form, "Body": "and my pills", "MessageSid": "SM" + "5" * 32}
        other = threading.Thread(target=lambda: answers.append(web.post(INCOMING, form).data))
        with transaction() as session:
            row = conversations.held(session, _sessions()[0].id)
            row.misses += 1
            session.flush()
            other.start()
            other.join(0.3)
        other.join()
        assert _written() == ["what can you do", "and my pills"]
    assert b"went wrong" not in answers[0]


def test_many_texts_that_came_meanwhile_are_one_turn(web: Web) -> None:
    phone = web.text_phone()
    bodies = [f"thing {number}" for number in range(7)]

    def meanwhile(_: object) -> None:
        web.rasa.first = None
        for number, body in enumerate(bodies):
            form = {**phone.log[0].form, "Body": body, "MessageSid": f"SM{number:032}"}
            web.post(INCOMING, form)

    phone.text("what can you do")
    web.rasa.first = meanwhile
    phone.text("what can you do")
    assert [question.text for question in web.rasa.asked[2:]] == ["\n".join(bodies)]


@pytest.mark.parametrize(
    ("second", "answer"),
    [
        (NONSENSE, "You are welcome. What else can we help you with? Sorry, I did not get that."),
        ("thank you so much", "You are welcome. What else can we help you with?"),
    ],
    ids=["another", "the same"],
)
def test_several_replies_are_one_text_that_says_nothing_twice(
    web: Web, second: str, answer: str
) -> None:
    phone = web.text_phone()
    phone.text("what can you do")
    form = {**phone.log[0].form, "Body": second, "MessageSid": "SM" + "5" * 32}

    def meanwhile(_: object) -> None:
        web.rasa.first = None
        web.post(INCOMING, form)

    web.rasa.first = meanwhile
    (said,) = phone.text("thank you so much")
    assert said.startswith(answer)
    assert said.count("You are welcome.") == 1


# What is written down.


def test_a_very_long_text_is_cut_to_what_a_handset_can_send(web: Web) -> None:
    phone = web.text_phone()
    phone.text("hello")
    form = {**phone.log[0].form, "Body": "word " * 2000, "MessageSid": "SM" + "5" * 32}
    web.post(INCOMING, form)
    assert len(_written()[-1] or "") <= 1600


def test_a_secret_is_masked_before_it_is_written_down_or_understood(web: Web) -> None:
    web.text_phone().text("i was born 11/21/1948 and my pin is 730264")
    assert _written() == ["i was born \u2022\u2022\u2022 and my pin is \u2022\u2022\u2022"]
    assert web.rasa.asked[0].text == _written()[0]


def test_a_text_of_an_opted_out_telephone_ends_its_session_at_once(web: Web) -> None:
    phone = web.text_phone()
    phone.text("STOP")
    phone.text("my pills are gone")
    assert [(each.outcome, each.assurance) for each in _sessions()] == [("opted_out", 0)]
    assert [task.topic for task in tasks()] == ["text_from_opted_out"]


# The language.


def test_a_first_text_in_spanish_is_answered_in_it_and_remembered(web: Web) -> None:
    (answer,) = web.text_phone(STRANGER).text("quiero hablar con una persona por favor")
    assert answer.startswith("Alguien de nuestro equipo")
    assert _kept(STRANGER) == "es-US"


def test_a_text_that_tells_no_language_changes_none(web: Web) -> None:
    web.text_phone(HUGHES).text("12345")
    assert _kept(HUGHES) is None


def test_of_somebody_in_danger_no_language_is_remembered(web: Web) -> None:
    web.text_phone(SAFE).text("quiero hablar con una persona por favor")
    assert _kept(SAFE) is None
