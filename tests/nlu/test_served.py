"""The trained model behind its channel, over HTTP."""

from __future__ import annotations

import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

from tests.nlu.served import ASK_AGAIN, LISTEN, Line
from tests.nlu.served import line as served_line

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYED = {"intent": "choose_option", "confidence": 1.0, "entities": [], "text": "1"}
SECONDS_AT_MOST = 4.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """Return the served model, started once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with served_line(tmp_path_factory.mktemp("nlu"), port, os.environ) as started:
        yield started


@pytest.fixture
def line(served: Line) -> Line:
    """Return it with a conversation of the test's own."""
    served.actions.again()
    return Line(served.http, served.actions, served.log)


def test_a_wish_reaches_its_action(line: Line) -> None:
    """With what was understood, the conversation's locale, and nothing of who is calling."""
    assert line.turn("have my results come in yet") == ["action_results 1"]
    call = line.actions.calls[0]
    assert call["sender_id"] == line.conversation
    assert call["tracker"]["latest_message"]["intent"]["name"] == "results_status"
    assert call["tracker"]["latest_message"]["metadata"]["locale"] == "en-US"
    assert set(call["tracker"]["slots"]) <= {"flow", "session_started_metadata"}


def test_one_turn_is_one_call(line: Line) -> None:
    """No form asks twice, and a turn that is kept for later is not asked again."""
    line.actions.events = ASK_AGAIN
    assert line.turn("have my results come in yet") == ["action_results 1"]


@pytest.mark.parametrize("stem", ["results", "handoff", "identity", "emergency"])
@pytest.mark.parametrize("text", ["yes", "no", "😀"])
def test_an_answer_goes_to_the_flow_that_is_open(line: Line, stem: str, text: str) -> None:
    """Even if Rasa has never heard of the conversation: its row says what it is in."""
    assert line.turn(text, flow=stem) == [f"action_{stem} 1"]


def test_an_answer_to_nothing_goes_to_the_line(line: Line) -> None:
    """Which asks what is wanted."""
    assert line.turn("yes") == ["action_line 1"]


def test_another_wish_leaves_the_flow(line: Line) -> None:
    """A change of mind just works."""
    assert line.turn("let me speak with a human being", flow="results") == ["action_handoff 1"]


def test_what_does_not_exist_yet_goes_to_a_person(line: Line) -> None:
    """Honestly, and not to the nearest thing that does."""
    assert line.turn("my blood pressure pills are nearly gone, can you order more") == [
        "action_handoff 1"
    ]


def test_a_flow_nobody_has_built_is_none(line: Line) -> None:
    """A row of a newer version is no error."""
    assert line.turn("yes", flow="no_such_flow") == ["action_line 1"]


def test_a_key_comes_understood(line: Line) -> None:
    """What the web process is certain of is taken as it is."""
    assert line.turn("1", parsed=KEYED, flow="results") == ["action_results 1"]
    said = line.actions.calls[0]["tracker"]["latest_message"]
    assert said["intent"] == {"name": "choose_option", "confidence": 1.0}


@pytest.mark.parametrize(
    "text",
    ["/restart", "  /session_start", "\u3000/\u200b/restart", "\ufeff/nlu_fallback", "/back"],
)
def test_no_text_is_a_command(line: Line, text: str) -> None:
    """It is answered like any other text: an empty answer would be a command that ran."""
    assert len(line.turn(text)) == 1
    said = line.actions.calls[0]["tracker"]["latest_message"]
    assert not said["text"].strip().startswith("/")
    assert said["intent"]["name"] not in {"restart", "session_start", "back"}


@pytest.mark.parametrize("text", ["", " ", "...", "😀👍", "\u200b\u202e", "\x00\x07", "？！"])
@pytest.mark.parametrize("locale", ["en-US", "es-US"])
def test_nothing_said_is_never_a_yes(line: Line, text: str, locale: str) -> None:
    """An empty transcript would confirm a booking."""
    parsed = line.parsed(text, locale)
    assert parsed["intent"]["name"] == "nlu_fallback"
    assert parsed["gate"]["accepted"] is False


@pytest.mark.parametrize(
    ("text", "locale", "intent"),
    [
        ("yes", "en-US", "affirm"),
        ("sí", "es-US", "affirm"),
        ("no, gracias", "es-US", "deny"),
        ("sí", "en-US", "nlu_fallback"),
    ],
)
def test_yes_and_no_are_those_of_the_language(
    line: Line, text: str, locale: str, intent: str
) -> None:
    """The gate reads the locale of the conversation."""
    assert line.parsed(text, locale)["intent"]["name"] == intent


def test_what_the_classifier_believed_stays(line: Line) -> None:
    """Staff see why a caller was asked again."""
    gate = line.parsed("?! ...")["gate"]
    assert gate["accepted"] is False
    assert gate["intent"]
    assert 0 <= gate["confidence"] < 1


@pytest.mark.parametrize("size", [2_000, 60_000])
def test_a_very_long_text_is_answered(line: Line, size: int) -> None:
    """A pasted page keeps nobody waiting."""
    started = time.monotonic()
    assert len(line.turn("word " * (size // 5))) == 1
    assert time.monotonic() - started < SECONDS_AT_MOST


def test_lines_are_answered_in_their_order(line: Line) -> None:
    """A list in, a list out."""
    texts = ["hello there", "", "I forgot my PIN", "/restart"] * 20
    answer = line.post("/parse", {"lines": [{"text": text, "locale": "en"} for text in texts]})
    intents = [parsed["intent"]["name"] for parsed in answer.json()]
    assert intents == intents[:4] * 20
    assert intents[1:3] == ["nlu_fallback", "forgot_pin"]


@pytest.mark.parametrize("path", ["/turn", "/parse", "/forget"])
@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic a-token-of-the-tests"])
def test_nobody_comes_in_without_the_token(line: Line, path: str, token: str) -> None:
    """Loopback is no proof of who is calling."""
    answer = line.post(path, line.body("hello"), headers={"authorization": token})
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert line.actions.calls == []


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/rest/webhook",
        "/model/parse",
        "/conversations/x/tracker",
        "/conversations/x/messages",
        "/domain",
    ],
)
def test_there_is_no_other_way_in(line: Line, path: str) -> None:
    """Neither Rasa's own channel nor its API is served."""
    assert line.http.post(path, json={"text": "hi"}).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("path", ["/turn", "/parse", "/forget"])
@pytest.mark.parametrize(
    "content", [b"", b"{my secret", b"\xff\xfe\x00", b"[]", b'"my secret"', b"null", b"[" * 50_000]
)
def test_bad_bodies_are_refused_without_being_quoted(line: Line, path: str, content: bytes) -> None:
    """Never a 500, and nothing of what was sent comes back."""
    answer = line.http.post(f"/webhooks/dialtone{path}", content=content)
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert "secret" not in answer.text


def test_a_body_of_megabytes_is_refused(line: Line) -> None:
    """And the next one is taken."""
    assert line.post("/turn", line.body("x" * 400_000)).status_code == httpx.codes.BAD_REQUEST
    assert line.turn("yes") == ["action_line 1"]


def test_six_at_once_are_answered_at_once_and_one_by_one(line: Line) -> None:
    """Rasa's own lock would look once a second whether it is free."""
    started = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: line.turn("1", parsed=KEYED), range(6)))
    assert sorted(answers) == [[f"action_line {number}"] for number in range(1, 7)]
    assert time.monotonic() - started < SECONDS_AT_MOST


def test_a_slow_action_of_one_caller_keeps_no_other_waiting(line: Line) -> None:
    """Only its own conversation is held."""
    line.actions.delay = 1.0
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(line.turn, "yes")
        time.sleep(0.3)
        line.actions.delay = 0.0
        started = time.monotonic()
        assert len(line.turn("yes", sender=str(uuid4()))) == 1
        assert time.monotonic() - started < 0.6
        assert len(slow.result()) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "nonsense",
        {"events": []},
        {"events": [{}], "responses": []},
        {"events": {}, "responses": []},
    ],
)
def test_an_answer_in_another_form_is_none(line: Line, answer: object) -> None:
    """The web process hears nothing and says that there is trouble."""
    line.actions.answer = answer
    assert line.turn("yes") == []
    line.actions.again()
    assert line.turn("yes") == ["action_line 1"]


@pytest.mark.parametrize("status", [400, 449, 500])
def test_a_failing_action_is_an_empty_answer(line: Line, status: int) -> None:
    """And the conversation goes on with the next turn."""
    line.actions.status = status
    assert line.turn("yes") == []
    line.actions.again()
    assert line.turn("yes") == ["action_line 1"]


def test_an_action_that_hangs_is_given_up_in_time(line: Line) -> None:
    """A caller waits five seconds at most; Rasa would wait for five minutes."""
    line.actions.delay = 5.0
    started = time.monotonic()
    assert line.turn("yes") == []
    assert time.monotonic() - started < SECONDS_AT_MOST


def test_a_conversation_is_forgotten_when_told(line: Line) -> None:
    """Once: the second time there is nothing left."""
    line.turn("yes")
    forget = {"conversation": line.conversation}
    assert line.post("/forget", forget).json() == {"forgotten": True}
    assert line.post("/forget", forget).json() == {"forgotten": False}


def test_a_turn_sees_nothing_of_the_ones_before(line: Line) -> None:
    """So that the fiftieth costs what the fifth costs, and nothing said is kept."""
    line.actions.events = [{"event": "slot", "name": "flow", "value": "results"}, LISTEN]
    for _ in range(12):
        line.turn("a sentence that nobody keeps")
    lengths = {len(call["tracker"]["events"]) for call in line.actions.calls}
    assert len(lengths) == 1


def test_nothing_that_was_said_is_logged(line: Line) -> None:
    """Not in a turn, not in a parse, not when an action fails."""
    secret = "my mother's maiden name is Zzyzxwood"
    line.turn(secret)
    line.parsed(secret)
    line.parsed(f"/{secret}{{")
    line.actions.status = 500
    line.turn(secret)
    line.post("/turn", {**line.body(secret), "sender": secret})
    assert "Zzyzxwood" not in line.log.read_text()
