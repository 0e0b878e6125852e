"""Whatever is texted, and whatever is broken, the answer is a text that makes sense."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.answers import Answer, Prompt
from portal.database import sessions, transaction
from portal.records import Phone
from simulator.document import MESSAGING
from tests.dialogue.talk import (
    HUGHES,
    RESULTS,
    STRANGER,
    tasks,
)
from tests.hostile import TEXTS
from tests.web import BASE, Web, verbs

INCOMING = f"{BASE}/sms/incoming"
PATIENCE = 15
WRONG = "Something went wrong on our side"


def _form(web: Web, body: str, sid: str = "9", **more: str) -> dict[str, str]:
    phone = web.text_phone()
    phone.text("hello")
    return {**phone.log[0].form, "Body": body, "MessageSid": f"SM{sid:0>32}", **more}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("asked", [False, True], ids=["first", "in place of a year"])
def test_whatever_is_texted_is_answered(web: Web, text: str, *, asked: bool) -> None:
    form = _form(web, text)
    if asked:
        web.post(INCOMING, {**form, "Body": RESULTS, "MessageSid": "SM" + "5" * 32})
    answer = web.post(INCOMING, form)
    assert answer.status_code == 200
    assert [verb.name for verb in verbs(answer, MESSAGING)] == ["Message"]


def test_a_command_of_the_models_is_only_words_to_us(web: Web) -> None:
    form = _form(web, "/choose_option{}")
    web.rasa.asked.clear()
    web.post(INCOMING, form)
    assert [(q.text, q.parsed) for q in web.rasa.asked] == [("/choose_option{}", None)]


@pytest.mark.parametrize("number", ["22395", "MAPLE", "", "anonymous", "+266696687"])
def test_who_cannot_be_answered_gets_no_answer(web: Web, number: str) -> None:
    form = _form(web, "operator", From=number)
    assert verbs(web.post(INCOMING, form), MESSAGING) == []


def test_a_text_without_an_id_is_refused(web: Web) -> None:
    form = _form(web, "operator")
    del form["MessageSid"]
    assert web.post(INCOMING, form).status_code == 400


def test_a_text_that_is_too_large_is_refused_and_never_an_error(web: Web) -> None:
    assert web.post(INCOMING, _form(web, "a" * 70_000)).status_code == 413


def test_while_the_model_is_down_they_are_told_and_called_back(web: Web) -> None:
    web.rasa.is_down = True
    (answer,) = web.text_phone().text(RESULTS)
    assert WRONG in answer
    assert [task.topic for task in tasks()] == ["trouble"]


def test_while_the_database_is_locked_they_are_told_where_to_ring(web: Web) -> None:
    started = time.monotonic()
    with web.locked():
        (answer,) = web.text_phone().text(RESULTS)
    assert time.monotonic() - started < PATIENCE
    assert WRONG in answer
    assert "202-555-0102" in answer


def test_with_no_database_at_all_they_are_told_where_to_ring(web: Web) -> None:
    sessions.configure(bind=None)
    (answer,) = web.text_phone().text(RESULTS)
    assert WRONG in answer


def test_what_has_no_words_for_a_text_is_told_as_trouble(web: Web) -> None:
    web.rasa.model = None
    web.rasa.otherwise = Answer(prompts=(Prompt(name="handoff.ask_number"),))
    (answer,) = web.text_phone().text(RESULTS)
    assert WRONG in answer


def test_one_telephone_has_one_row(web: Web) -> None:
    web.text_phone(STRANGER).text("hello")
    web.text_phone(STRANGER).text("hello")
    with transaction(read_only=True) as session:
        numbers = [phone.e164 for phone in session.scalars(select(Phone))]
    assert numbers.count(STRANGER) == 1


@given(body=st.text(max_size=400))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_at_all_breaks_a_thread(web: Web, body: str) -> None:
    phone = web.text_phone(HUGHES)
    phone.text(body)
    assert phone.errors == []
