"""The webhook of texts: signed, answered once with one text, and never with an error."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal import testing
from portal.answers import Answer, Prompt
from portal.database import sessions, transaction
from portal.records import ConsentEvent, Conversation, Idempotency, Phone, Turn
from simulator.document import MESSAGING
from simulator.texting import Fault
from tests.dialogue.talk import (
    HUGHES,
    MAIN,
    OPTED_OUT,
    ORTEGA,
    RESULTS,
    SAFE,
    STRANGER,
    everything,
    outbox,
    tasks,
)
from tests.hostile import TEXTS
from tests.web import BASE, Web, opened, verbs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

INCOMING = f"{BASE}/sms/incoming"
PATIENCE = 15
WRONG = "Something went wrong on our side"
MESSAGE = "You have a message from your care team."
CALL_US = "call us at 202-555-0100"


def _form(web: Web, body: str, sid: str = "9", **more: str) -> dict[str, str]:
    phone = web.text_phone()
    phone.text("hello")
    return {**phone.log[0].form, "Body": body, "MessageSid": f"SM{sid:0>32}", **more}


def _turns() -> Sequence[Turn]:
    with transaction(read_only=True) as session:
        return session.scalars(select(Turn).order_by(Turn.id)).all()


# What a text may tell.


def test_a_texter_is_told_that_there_is_a_message_and_no_more(web: Web) -> None:
    phone = web.text_phone()
    assert "reply with the year you were born" in phone.text(RESULTS)[0]
    (answer,) = phone.text("1948")
    assert MESSAGE in answer
    assert CALL_US in answer
    assert [s for s in ("cholesterol", "normal", "Hughes", "blood") if s in answer] == []


@pytest.mark.parametrize(
    ("number", "year"),
    [("+12025550135", "1944"), ("+12025550152", "1975"), ("+12025550129", "1969")],
    ids=["sensitive", "none", "none yet"],
)
def test_all_else_is_told_in_one_and_the_same_way(web: Web, number: str, year: str) -> None:
    phone = web.text_phone(number)
    phone.text(RESULTS)
    (answer,) = phone.text(year)
    assert MESSAGE not in answer
    assert CALL_US in answer


def test_somebody_in_danger_proves_nothing_by_text(web: Web) -> None:
    phone = web.text_phone(SAFE)
    phone.text(RESULTS)
    assert "could not check" in phone.text("1990")[0]


def test_a_reply_of_one_has_us_ring(web: Web) -> None:
    phone = web.text_phone()
    phone.text(RESULTS)
    phone.text("1948")
    assert "We will call you in a minute" in phone.text("1")[0]
    assert [row.kind for row in outbox()] == ["call"]


def test_a_spanish_text_is_answered_in_spanish(web: Web) -> None:
    assert "año" in web.text_phone(ORTEGA).text("ya salieron mis análisis")[0]


def test_a_texter_who_picks_a_language_goes_on_in_it(web: Web) -> None:
    phone = web.text_phone()
    phone.text("another tongue please")
    assert "¿En qué" in phone.text("2")[0]


def test_every_answer_is_one_text_of_two_segments_at_most(web: Web) -> None:
    phone = web.text_phone()
    bodies = [RESULTS, "1948", "1", "what can you do", "operator", "chest pain", "#", "help"]
    answers = [phone.text(body) for body in bodies]
    assert {len(answer) for answer in answers} == {1}
    assert max(text.segments for text in phone.thread if not text.mine) <= 2


def test_a_picture_is_answered_and_its_words_are_heard(web: Web) -> None:
    (answer,) = web.text_phone().text("what can you do", pictures=2)
    assert answer.startswith("We cannot see pictures here.")
    assert "test results" in answer


# Secrets.


def test_a_pin_in_a_text_is_not_kept_and_they_are_told_why(web: Web) -> None:
    (answer,) = web.text_phone().text("my pin is 730264")
    assert answer.startswith("Please do not text a PIN")
    assert "730264" not in everything()
    assert "730264" not in repr([vars(question) for question in web.rasa.asked])


def test_a_birth_date_in_place_of_its_year_is_not_kept_and_the_year_is_asked(web: Web) -> None:
    phone = web.text_phone()
    phone.text(RESULTS)
    (answer,) = phone.text("11/21/1948")
    assert answer.startswith("Please do not text a PIN")
    assert "reply with the year" in answer
    assert "11/21/1948" not in everything()
    assert MESSAGE in phone.text("1948")[0]


# STOP, START and HELP.


def test_stop_ends_the_texts_and_start_gives_them_back(web: Web) -> None:
    phone = web.text_phone()
    assert "you will get no more texts from us" in phone.text("STOP")[0]
    assert phone.text(RESULTS) == []
    assert "you will get texts from us again" in phone.text("START")[0]
    assert phone.text(RESULTS) != []
    with transaction(read_only=True) as session:
        said = select(ConsentEvent).where(ConsentEvent.evidence.is_not(None))
        events = session.scalars(said.order_by(ConsentEvent.id)).all()
    assert [event.granted for event in events] == [False, True]
    assert [event.evidence for event in events] == [t.sid for t in phone.thread if len(t.body) < 6]


def test_stop_is_heard_before_an_open_question_and_ends_its_proof(web: Web) -> None:
    phone = web.text_phone()
    phone.text(RESULTS)
    phone.text("1948")
    phone.text("Stop.")
    with transaction(read_only=True) as session:
        ended = session.scalars(select(Conversation)).one()
    assert (ended.outcome, ended.assurance, ended.state) == ("opted_out", 0, {})


def test_what_an_opted_out_telephone_writes_is_not_lost(web: Web) -> None:
    assert web.text_phone(OPTED_OUT).text("i need help with my pills") == []
    assert [task.topic for task in tasks()] == ["text_from_opted_out"]
    assert [turn.text for turn in _turns()] == ["i need help with my pills"]


def test_an_opt_out_in_other_words_stops_texts_as_well(web: Web) -> None:
    phone = web.text_phone()
    assert "no more texts" in phone.text("never write to this number")[0]
    assert phone.text("what can you do") == []


def test_help_names_the_clinic_and_its_number(web: Web) -> None:
    (answer,) = web.text_phone().text("HELP")
    assert "Maple Street Clinic" in answer
    assert "202-555-0100" in answer


# Signed, and once.


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


# Nothing breaks it.


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
