"""Whatever is said or keyed, the answer is a document that makes sense, and never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dialogue.talk import BORN, RESULTS
from tests.hostile import TEXTS
from tests.web import BASE, Web, verbs

if TYPE_CHECKING:
    from simulator.phone import Phone

named = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
PLACES = ["the menu", "the birth date", "the PIN"]


def _at(web: Web, place: str) -> Phone:
    phone = web.called()
    if place != "the menu":
        phone.say(RESULTS)
    if place == "the PIN":
        phone.press(BORN)
    return phone


def _sent(web: Web, phone: Phone, **heard: str) -> list[str]:
    """Return the verbs of the answer to a turn of this call."""
    assert phone.gather
    answer = web.post(phone.gather.action, {**phone.parameters, **heard})
    assert answer.status_code == 200
    return [verb.name for verb in verbs(answer)]


@named
def test_whatever_is_said_is_answered(web: Web, text: str) -> None:
    assert _sent(web, web.called(), SpeechResult=text)[0] in {"Gather", "Say"}


@named
@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_keyed_is_answered(web: Web, text: str, place: str) -> None:
    assert _sent(web, _at(web, place), Digits=text)[0] in {"Gather", "Say"}


def test_what_is_said_instead_of_a_secret_is_answered(web: Web) -> None:
    phone = _at(web, "the PIN")
    assert _sent(web, phone, SpeechResult="seven three zero two six four") == ["Gather", "Redirect"]


@pytest.mark.parametrize("text", [t for name, t in TEXTS.items() if name.startswith("an intent")])
def test_a_command_of_the_models_is_only_words_to_us(web: Web, text: str) -> None:
    _sent(web, web.called(), SpeechResult=text)
    (question,) = web.rasa.asked
    assert (question.text, question.parsed) == (text, None)


def test_a_body_that_is_too_large_is_refused_and_never_an_error(web: Web) -> None:
    phone = web.called()
    assert phone.gather
    form = {**phone.parameters, "SpeechResult": "a" * 70_000}
    assert web.post(phone.gather.action, form).status_code == 413


@pytest.mark.parametrize(
    "changed",
    [
        {"From": "+266696687"},
        {"From": ""},
        {"From": "sip:someone@example.org"},
        {"From": "\x00\x01"},
        {"From": "+1" + "2" * 3000},
        {"To": "not a number"},
        {"To": "'; DROP TABLE clinic; --"},
        {"CallerName": "\u202eHUGHES WALTER"},
    ],
)
def test_whoever_is_said_to_call_is_greeted(web: Web, changed: dict[str, str]) -> None:
    form = {**web.called().log[0].form, "CallSid": "CA" + "7" * 32, **changed}
    answer = web.post(f"{BASE}/voice/incoming", form)
    assert answer.status_code == 200
    assert verbs(answer)[0].name == "Gather"


@pytest.mark.parametrize(
    "where",
    [
        "turn/main/en-US/999999999999999999999999",
        "turn/main/en-US/0",
        "turn/nowhere/en-US/2",
        "turn/main/xx-XX/2",
        "turn/%00/%2e%2e/2",
        "dialled/nowhere/xx-XX/2",
        "whisper/nowhere/xx-XX",
        "accept/nowhere/xx-XX",
        "outgoing/nowhere/xx-XX/00000000-0000-0000-0000-000000000000",
    ],
)
def test_an_address_that_we_never_gave_is_answered_with_a_document(web: Web, where: str) -> None:
    phone = web.called()
    answer = web.post(f"{BASE}/voice/{where}", {**phone.parameters, "SpeechResult": "hello"})
    assert answer.status_code == 200
    assert verbs(answer)


@pytest.mark.parametrize("path", ["turn/main/en-US/-1", "turn/main/en-US/x", "nothing", ""])
def test_an_address_that_does_not_exist_is_not_found(web: Web, path: str) -> None:
    assert web.post(f"{BASE}/voice/{path}", web.called().parameters).status_code == 404


@pytest.mark.parametrize("left_out", ["CallSid", "From", "To", "CallStatus"])
def test_a_parameter_that_is_missing_is_no_error(web: Web, left_out: str) -> None:
    phone = web.called()
    form = {name: value for name, value in phone.log[0].form.items() if name != left_out}
    for path in ("incoming", "turn/main/en-US/2", "dialled/main/en-US/2", "status"):
        assert web.post(f"{BASE}/voice/{path}", form).status_code < 500


@given(spoken=st.text(max_size=300), keyed=st.text(max_size=20))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_words_and_keys_at_all_break_a_call(web: Web, spoken: str, keyed: str) -> None:
    phone = web.called()
    _sent(web, phone, SpeechResult=spoken, Digits=keyed)
