"""Webhooks as a network delivers them: forged, altered, twice, late, and all at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal import conversations, idempotency, testing
from portal.database import transaction
from portal.records import Audit, Conversation, ProofAttempt, Turn
from portal.testing import NOON
from simulator.phone import Fault, State
from tests.dialogue.talk import BORN, MAIN, PIN, RESULTS, STRANGER, everything, tasks
from tests.web import BASE, TOKEN, Web, opened, verbs, words

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from simulator.phone import Phone

HANGUP = ["Hangup"]


def _at_results(web: Web, *faults: Fault) -> Phone:
    phone = web.phone()
    phone.faults.update(faults)
    phone.call()
    phone.say(RESULTS)
    phone.press(BORN + PIN)
    return phone


# Nobody but the carrier.


def test_an_unsigned_webhook_is_refused_and_changes_nothing(web: Web) -> None:
    phone = web.called()
    before = everything()
    for headers in ({}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "bm9uZQ=="}):
        assert web.post(phone.log[0].url, phone.log[0].form, headers).status_code == 403
    assert everything() == before


@pytest.mark.parametrize(
    "changed",
    [
        {"From": "+12025550143"},
        {"CallSid": "CA" + "1" * 32},
        {"Digits": "0"},
        {"SpeechResult": "operator"},
        {"AccountSid": "AC" + "1" * 32},
        {"Extra": ""},
    ],
)
def test_an_altered_webhook_is_refused_and_changes_nothing(
    web: Web, changed: dict[str, str]
) -> None:
    phone = web.called()
    before = everything()
    assert web.send(phone.log[0], **changed).status_code == 403
    assert everything() == before


def test_a_signature_of_another_address_is_refused(web: Web) -> None:
    phone = web.called()
    exchange = phone.log[0]
    url = f"{BASE}/voice/turn/main/en-US/2"
    assert web.post(url, exchange.form, exchange.request.headers).status_code == 403


def test_another_account_is_refused_though_it_signs_with_our_token(web: Web) -> None:
    form = {**web.called().log[0].form, "AccountSid": "AC" + "1" * 32}
    assert web.post(f"{BASE}/voice/incoming", form).status_code == 403


def test_while_tokens_rotate_the_old_and_the_new_one_count(web: Web, demo_database: Engine) -> None:
    with opened(demo_database, TWILIO_AUTH_TOKEN=f"{'n' * 32},{TOKEN}") as rotating:
        assert rotating.called().state is State.LISTENING
    assert web.called().state is State.LISTENING


def test_a_forged_webhook_does_not_disturb_the_call(web: Web) -> None:
    phone = _at_results(web, Fault.FORGED)
    assert "Your cholesterol test is back." in words(phone)
    refused = [each for each in phone.log if each.fault is Fault.FORGED]
    assert {each.status for each in refused} == {403}


# Once, whatever is delivered.


@pytest.mark.parametrize("fault", [Fault.TWICE, Fault.AT_ONCE, Fault.LATE, Fault.STATUS_TWICE])
def test_repeated_webhooks_get_the_same_bytes_and_the_call_goes_as_ever(
    web: Web, fault: Fault
) -> None:
    phone = _at_results(web, fault)
    phone.press("2")
    phone.press("1")
    assert "paper copy" in words(phone)
    phone.press("2")
    late_after_the_end = [] if fault is Fault.LATE else phone.disagreements
    assert late_after_the_end == []
    assert [task.kind for task in tasks()] == ["paper_copy"]


def test_a_replay_in_the_same_call_gets_the_stored_answer_and_changes_nothing(web: Web) -> None:
    phone = _at_results(web)
    before = everything()
    for exchange in phone.log:
        assert web.send(exchange).data == exchange.body
    assert everything() == before


def test_a_replay_after_the_end_fetches_nothing_and_changes_nothing(web: Web) -> None:
    phone = _at_results(web)
    phone.hang_up()
    before = everything()
    for exchange in phone.log[:-1]:
        assert [verb.name for verb in verbs(web.send(exchange))] == HANGUP
    assert web.send(phone.log[-1]).status_code == 204
    assert everything() == before


def test_a_replay_long_after_what_was_stored_is_gone_fetches_nothing(web: Web) -> None:
    phone = _at_results(web)
    phone.hang_up()
    _forget_answers()
    for exchange in phone.log[:-1]:
        assert [verb.name for verb in verbs(web.send(exchange))] == HANGUP


def _forget_answers() -> None:
    with transaction() as session:
        idempotency.forget_expired(session, at=NOON.replace(year=2027))


def _eight_times(web: Web, phone: Phone, **heard: str) -> list[bytes]:
    """Return the answers to the next turn of a call, delivered eight times at once."""
    assert phone.gather
    form = {**phone.parameters, "CallStatus": "in-progress", **heard}
    return web.at_once(phone.gather.action, *[form] * 8)


def _count(kind: type[Audit | Conversation | Turn]) -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count(kind.id))) or 0


def test_a_ring_eight_times_at_once_is_one_call(web: Web) -> None:
    form = {**web.called().log[0].form, "CallSid": "CA" + "8" * 32}
    answers = web.at_once(f"{BASE}/voice/incoming", *[form] * 8)
    assert len(set(answers)) == 1
    assert (_count(Conversation), _count(Turn)) == (2, 4)


def test_a_ring_eight_times_at_once_is_one_call_on_either_database(engine: Engine) -> None:
    with transaction() as session:
        clinic = testing.clinic(session, phone=MAIN).phone
    with opened(engine) as web:
        form = {**web.called(STRANGER, to=clinic).log[0].form, "CallSid": "CA" + "8" * 32}
        answers = web.at_once(f"{BASE}/voice/incoming", *[form] * 8)
    assert len(set(answers)) == 1
    assert _count(Conversation) == 2


def test_a_call_ends_while_its_turn_is_being_written_on_either_database(engine: Engine) -> None:
    with transaction() as session:
        clinic = testing.clinic(session, phone=MAIN).phone
    with opened(engine) as web, ThreadPoolExecutor(1) as pool:
        form = {**web.called(STRANGER, to=clinic).parameters, "CallStatus": "completed"}
        with transaction() as session:
            session.scalars(select(Conversation)).one().misses += 1
            session.flush()
            answer = pool.submit(web.post, f"{BASE}/voice/status", form)
            time.sleep(0.3)
        assert answer.result().status_code == 204
    with transaction(read_only=True) as session:
        assert session.scalars(select(Conversation)).one().ended_at is not None


def test_a_turn_eight_times_at_once_is_one_turn(web: Web) -> None:
    phone = web.called()
    turns, traces = _count(Turn), _count(Audit)
    answers = _eight_times(web, phone, SpeechResult="operator")
    assert len(set(answers)) == 1
    assert (_count(Turn), _count(Audit)) == (turns + 2, traces + 1)


def test_what_an_action_does_eight_times_at_once_is_done_once(web: Web) -> None:
    phone = _at_results(web)
    phone.press("2")
    asked = len(web.rasa.asked)
    assert len(set(_eight_times(web, phone, Digits="1"))) == 1
    assert len(web.rasa.asked) == asked + 1
    assert [task.kind for task in tasks()] == ["paper_copy"]


def test_a_wrong_pin_eight_times_at_once_is_one_try(web: Web) -> None:
    phone = web.called()
    phone.say(RESULTS)
    phone.press(BORN)
    assert len(set(_eight_times(web, phone, Digits="730265"))) == 1
    with transaction(read_only=True) as session:
        assert list(session.scalars(select(ProofAttempt.outcome))) == ["no_match"]


def test_another_turn_while_one_is_under_way_waits_and_is_asked_again(web: Web) -> None:
    phone = web.called()
    assert phone.gather
    with transaction() as session:
        call = session.scalars(select(Conversation)).one()
        conversations.take_lease(session, call.id, "another turn", at=web.clock.at)
    form = {**phone.parameters, "SpeechResult": "operator"}
    answer = verbs(web.post(phone.gather.action, form))
    assert [verb.name for verb in answer] == ["Pause", "Redirect"]
    assert answer[1].text == f"{phone.gather.action}?again=1"


def test_whoever_waits_for_a_process_that_died_is_put_through_after_one_round(web: Web) -> None:
    phone = web.called()
    with transaction() as session:
        call = session.scalars(select(Conversation)).one()
        conversations.take_lease(session, call.id, "a process that died", at=web.clock.at)
    phone.say("operator")
    assert "Something went wrong on our side" in words(phone)
    assert phone.state is State.TRANSFERRED
    asked = [each.url.partition("?")[2] for each in phone.log if "/turn/" in each.url]
    assert asked == ["", "again=1"]
    again = next(each for each in phone.log if each.url.endswith("again=1"))
    assert web.send(again).data == again.body
