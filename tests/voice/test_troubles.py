"""Whatever is broken behind it, a caller hears an apology and gets a person, or where to ring."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from portal.answers import Answer, Prompt
from portal.database import sessions
from portal.testing import NOON
from simulator.phone import State
from tests.dialogue.talk import BORN, ORTEGA, RESULTS, everything, tasks
from tests.web import BASE, Web, verbs, words

# "Within 5 s an answer, or an apology and a person": generous, for a busy machine.
PATIENCE = 15
APOLOGY, DISCULPA = "Something went wrong on our side", "Algo falló de nuestro lado"


def _dialled(phone: object) -> list[str]:
    return [event.text for event in phone.events if event.kind == "dial"]  # type: ignore[attr-defined]


def test_while_the_model_is_down_a_person_is_rung(web: Web) -> None:
    phone = web.called()
    web.rasa.is_down = True
    phone.say(RESULTS)
    assert APOLOGY in words(phone)
    assert (phone.state, _dialled(phone)) == (State.TRANSFERRED, ["+12025550102"])


def test_it_is_said_in_the_callers_language(web: Web) -> None:
    phone = web.called(ORTEGA)
    web.rasa.is_down = True
    phone.say("ya salieron mis análisis")
    assert DISCULPA in words(phone)


def test_at_night_a_call_back_is_promised_from_a_task(web: Web) -> None:
    web.clock.at = NOON.replace(hour=23)
    phone = web.called()
    web.rasa.is_down = True
    phone.say(RESULTS)
    assert "Someone from our team will call you back" in words(phone)
    assert [task.topic for task in tasks()] == ["trouble"]


def test_what_has_no_words_is_trouble_and_not_silence(web: Web) -> None:
    phone = web.called()
    web.rasa.model = None
    web.rasa.otherwise = Answer(prompts=(Prompt(name="results.never_written"),))
    phone.say(RESULTS)
    assert APOLOGY in words(phone)
    assert phone.state is State.TRANSFERRED


def test_the_same_webhook_gets_the_same_apology(web: Web) -> None:
    phone = web.called()
    web.rasa.model = None
    web.rasa.otherwise = Answer(prompts=(Prompt(name="results.never_written"),))
    phone.say(RESULTS)
    turn = next(each for each in phone.log if "SpeechResult" in each.form)
    before = everything()
    assert web.send(turn).data == turn.body
    assert everything() == before


@pytest.mark.parametrize("step", ["the ring", "a turn", "a secret"])
def test_while_the_database_is_locked_the_caller_is_put_through(web: Web, step: str) -> None:
    phone = web.called()
    phone.say(RESULTS)
    started = time.monotonic()
    with web.locked():
        if step == "the ring":
            phone = web.called()
        else:
            phone.press(BORN if step == "a secret" else "0")
            phone.stay_silent()
    assert time.monotonic() - started < PATIENCE
    assert APOLOGY in " ".join(heard.text for heard in phone.heard)
    assert _dialled(phone) == ["+12025550102"]


@pytest.mark.parametrize(("outcome", "told"), [("completed", False), ("no-answer", True)])
def test_where_to_ring_is_told_when_nobody_came_and_not_after_a_talk(
    web: Web, outcome: str, *, told: bool
) -> None:
    phone = web.called()
    sessions.configure(bind=None)
    phone.say(RESULTS)
    assert phone.state is State.TRANSFERRED
    form = {**phone.parameters, "DialCallStatus": outcome}
    said = verbs(web.post(f"{BASE}/voice/rung/main/en-US", form))
    assert [verb.name for verb in said] == (["Say", "Hangup"] if told else ["Hangup"])


def test_once_the_database_is_free_again_calls_are_taken(web: Web) -> None:
    with web.locked():
        web.called()
    assert "How can I help you?" in words(web.called())


def test_without_records_nothing_is_promised(web: Web) -> None:
    with web.locked():
        phone = web.called()
    assert "call you back" not in words(phone)
    assert tasks() == []


def test_with_the_database_gone_the_language_is_that_of_the_address(web: Web) -> None:
    phone = web.called(ORTEGA)
    assert phone.gather
    with web.locked():
        phone.say("ya salieron mis análisis")
    assert DISCULPA in words(phone)


def test_with_no_database_at_all_there_is_still_a_person(web: Web) -> None:
    sessions.configure(bind=None)
    phone = web.called(to="+12025550101")
    assert APOLOGY in words(phone)
    assert len(_dialled(phone)) == 1


def test_a_clinic_without_a_front_desk_says_where_to_ring(web: Web) -> None:
    house = web.app.extensions["dialtone"]
    cards = {code: replace(card, front_desk=None) for code, card in house.clinics.items()}
    web.app.extensions["dialtone"] = replace(house, clinics=cards)
    with web.locked():
        phone = web.called()
    assert "call a nurse at 2 0 2, 5 5 5, 0 1 0 3" in words(phone)
    assert (_dialled(phone), phone.state) == ([], State.ENDED)


def test_a_status_that_cannot_be_written_is_to_be_sent_again(web: Web) -> None:
    phone = web.called()
    with web.locked():
        answer = web.post(f"{BASE}/voice/status", {**phone.parameters, "CallStatus": "completed"})
    assert (answer.status_code, answer.data) == (503, b"")


def test_a_whisper_without_records_lets_staff_take_the_call_all_the_same(web: Web) -> None:
    phone = web.called()
    sessions.configure(bind=None)
    answer = web.post(f"{BASE}/voice/whisper/main/es-US", phone.parameters)
    gather, end = verbs(answer)
    said = " ".join(verb.text for verb in gather.children)
    assert "Language: Spanish. Topic: not known." in said
    assert gather.attributes["action"] == f"{BASE}/voice/accept/main/es-US"
    assert end.name == "Hangup"


def test_what_broke_is_logged_without_what_was_said(
    web: Web, capfd: pytest.CaptureFixture[str]
) -> None:
    phone = web.called()
    with web.locked():
        phone.say("my name is Hughes and my lump hurts")
    logged = "".join(capfd.readouterr())
    assert "OperationalError" in logged
    assert [s for s in ("Hughes", "lump", "2025550117") if s in logged] == []
