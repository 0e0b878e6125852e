"""In which language a text is answered, and what the next call remembers of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialogue.talk import ORTEGA, STRANGER

if TYPE_CHECKING:
    from tests.web import Web


def test_a_guess_answers_the_text_and_does_not_undo_what_the_phone_is_known_by(web: Web) -> None:
    (answer,) = web.text_phone(ORTEGA).text("i want to talk to a person please")
    assert answer.startswith("Someone from our team")
    assert {each.language for each in web.called(ORTEGA).latest[:-1]} == {"es-US"}


def test_a_guess_is_remembered_where_nothing_was_known(web: Web) -> None:
    web.text_phone(STRANGER).text("quiero hablar con una persona por favor")
    assert {each.language for each in web.called(STRANGER).latest[:-1]} == {"es-US"}
