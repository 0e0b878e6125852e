"""What is about the call itself, and who wants no more texts."""

from __future__ import annotations

import pytest

from actions.line import Line
from portal import consent
from portal.database import transaction
from tests.actions.running import Ran, conversation, row, run

pytestmark = pytest.mark.usefixtures("demo_database")


@pytest.mark.parametrize(
    ("intent", "then", "said"),
    [
        ("greet", "menu", []),
        ("main_menu", "menu", []),
        ("help", "menu", ["line.help"]),
        ("out_of_scope", "menu", ["line.out_of_scope"]),
        ("thanks", "anything_else", ["line.welcome"]),
        ("goodbye", "hangup", []),
        ("repeat", "repeat", []),
        ("slower", "slower", []),
        ("change_language", "language", []),
        ("nlu_fallback", "missed", []),
        ("affirm", "missed", []),
        ("deny", "missed", []),
        ("dont_know", "menu", ["line.help"]),
        ("choose_option", "missed", []),
        ("inform_time", "missed", []),
        ("an_intent_of_tomorrow", "missed", []),
    ],
)
def test_the_line_answers_what_is_about_the_conversation(
    intent: str, then: str, said: list[str]
) -> None:
    ran = run(Line, intent, conversation())
    assert ran.answer
    assert (ran.answer.then, ran.names, ran.answer.flow) == (then, said, None)


def _opted_out(number: str | None = "+12025550117", channel: str = "voice") -> Ran:
    return run(Line, "opt_out", conversation(number, channel=channel))


@pytest.mark.parametrize(
    ("channel", "then"), [("voice", "anything_else"), ("sms", "listen")], ids=["call", "text"]
)
def test_no_more_texts_are_wanted_on_either_channel(channel: str, then: str) -> None:
    of = conversation(channel=channel)
    ran = run(Line, "opt_out", of)
    phone = row(of).phone_id
    assert ran.answer
    assert phone
    assert (ran.names, ran.answer.then) == (["line.opted_out"], then)
    with transaction(read_only=True) as session:
        assert not consent.may_text(session, phone, "reminder")


def test_a_hidden_number_that_wants_no_texts_is_handed_to_a_person() -> None:
    ran = _opted_out(None)
    assert ran.answer
    assert (ran.answer.then, ran.answer.topic, ran.names) == ("handoff", "opt_out", [])
