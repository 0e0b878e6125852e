"""What a text is answered, and what it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.database import transaction
from portal.records import ConsentEvent, Conversation, Turn
from tests.dialogue.talk import (
    OPTED_OUT,
    ORTEGA,
    RESULTS,
    SAFE,
    everything,
    outbox,
    tasks,
)

if TYPE_CHECKING:
    from tests.web import Web

MESSAGE = "You have a message from your care team."
CALL_US = "call us at 202-555-0100"


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
    with transaction(read_only=True) as session:
        assert session.scalars(select(Turn.text)).one() == "i need help with my pills"


def test_an_opt_out_in_other_words_stops_texts_as_well(web: Web) -> None:
    phone = web.text_phone()
    assert "no more texts" in phone.text("never write to this number")[0]
    assert phone.text("what can you do") == []


def test_help_names_the_clinic_and_its_number(web: Web) -> None:
    (answer,) = web.text_phone().text("HELP")
    assert "Maple Street Clinic" in answer
    assert "202-555-0100" in answer
