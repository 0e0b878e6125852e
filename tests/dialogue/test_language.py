"""The language comes first, is remembered for a phone, and changes whenever it is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from dialogue.greeting import call_came
from dialogue.language import guess
from portal.database import transaction
from portal.encryption import ring
from portal.records import Phone
from portal.testing import NOON
from tests.dialogue.talk import (
    HUGHES,
    LOCALES,
    ORTEGA,
    SAFE,
    SHARED,
    STRANGER,
    Talk,
    called,
    tasks,
    texted,
)

pytestmark = pytest.mark.usefixtures("demo_database")

MANY = ("en-US", "es-US", "zh-CN", "vi-VN", "fr-FR", "pt-BR", "ru-RU", "ko-KR", "ar")


def _kept(number: str) -> str | None:
    with transaction(read_only=True) as session:
        index = ring().blind_index("phone", number)
        return session.scalars(select(Phone.locale).where(Phone.e164_bidx == index)).one()


def _offered(call: Talk) -> list[tuple[str, str | None]]:
    return [(choice.key, choice.value) for choice in call.reply.choices]


def test_a_stranger_chooses_by_key_each_line_in_its_own_language() -> None:
    call = called(STRANGER)
    assert call.reply.expect.kind == "key"
    assert _offered(call) == [("1", "en-US"), ("2", "es-US"), ("9", None)]
    assert [choice.locale for choice in call.reply.choices] == ["en-US", "es-US", None]


def test_the_emergency_sentence_comes_first_in_every_language_offered() -> None:
    call = called(STRANGER)
    first = [(prompt.name, prompt.locale) for prompt in call.reply.prompts]
    assert first == [("line.greeting", None), ("line.emergency_first", "es-US")]


def test_the_choice_is_spoken_at_once_and_the_next_time() -> None:
    call = called(STRANGER)
    assert call.press("2") == ["line.assistant_notice", "line.keys_notice", "line.menu"]
    assert call.reply.locale == "es-US"
    assert called(STRANGER).reply.locale == "es-US"


def test_a_patient_is_greeted_in_the_language_of_their_record() -> None:
    call = called(ORTEGA)
    assert (call.names[0], call.reply.locale) == ("line.greeting", "es-US")
    assert call.reply.expect.kind == "speech"


def test_a_language_not_built_yet_gets_the_menu() -> None:
    assert called(SHARED).state.step == "language"


def test_nine_offers_the_other_language_at_the_menu() -> None:
    call = called(HUGHES)
    call.press("9")
    assert (call.reply.locale, _kept(HUGHES)) == ("es-US", "es-US")
    call.press("9")
    assert (call.reply.locale, _kept(HUGHES)) == ("en-US", "en-US")


def test_with_many_languages_nine_opens_the_rest_of_them() -> None:
    call = called(STRANGER)
    call.line = replace(call.line, locales=MANY)
    call.decide(call_came)
    assert [value for _, value in _offered(call)] == [*MANY[:4], None]
    call.press("9")
    assert [value for _, value in _offered(call)] == [*MANY[4:], None]


def test_who_does_not_find_their_language_gets_a_person_with_that_topic() -> None:
    call = called(STRANGER)
    call.press("9")
    assert call.reply.then == "transfer"
    assert call.state.topic == "interpreter"


def test_at_night_they_are_promised_an_interpreters_call() -> None:
    call = called(STRANGER)
    call.clock.at = NOON.replace(hour=23)
    call.press("9")
    assert [task.topic for task in tasks()] == ["interpreter"]


def test_somebody_in_danger_is_never_remembered() -> None:
    call = called(SAFE)
    assert call.state.step == "language"
    call.press("2")
    assert _kept(SAFE) is None
    assert called(SAFE).state.step == "language"


def test_a_hidden_number_is_asked_every_time() -> None:
    call = called(None)
    call.press("2")
    assert called(None).state.step == "language"


def test_silence_at_the_language_asks_it_again() -> None:
    call = called(STRANGER)
    offered = _offered(call)
    call.stay_silent()
    assert _offered(call) == offered


def test_pound_and_then_silence_at_the_language_asks_it_again() -> None:
    call = called(STRANGER)
    call.press("#")
    offered = _offered(call)
    call.stay_silent()
    assert (_offered(call), call.state.step) == (offered, "language")


def test_a_texter_may_change_it_by_name() -> None:
    talk = texted()
    talk.text("español")
    assert (talk.reply.locale, _kept(HUGHES)) == ("es-US", "es-US")


@pytest.mark.parametrize(
    ("text", "default", "tag"),
    [
        ("quiero mis resultados por favor", "en-US", "es-US"),
        ("i want to know if my test is back", "es-US", "en-US"),
        ("12345", "es-US", "es-US"),
        ("", "en-US", "en-US"),
        ("ok", "es-US", "es-US"),
    ],
)
def test_a_first_text_tells_its_language_by_its_everyday_words(
    text: str, default: str, tag: str
) -> None:
    assert guess(text, LOCALES, default) == tag
