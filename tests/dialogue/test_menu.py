"""The main menu has a key for each capability, and two that never mean anything else."""

from __future__ import annotations

import pytest

import locales
from dialogue.menu import entries
from tests.dialogue.talk import called, texted

pytestmark = pytest.mark.usefixtures("demo_database")


def test_capabilities_count_from_one_and_nine_and_zero_stay() -> None:
    keys = {choice.key: choice.intent for choice in called().reply.choices}
    own = [intent for intent, _ in locales.menu_entries()]
    assert [keys[str(place)] for place in range(1, len(own) + 1)] == own
    assert (keys["0"], keys["9"]) == ("talk_to_staff", "change_language")
    assert len(keys) == len(own) + 2


def test_visits_have_an_entry_that_opens_them() -> None:
    assert "list_appointments" in [choice.intent for choice in entries()]
    call = called()
    (key,) = [c.key for c in call.reply.choices if c.intent == "list_appointments"]
    call.press(key)
    assert (call.rasa.asked[-1].parsed or {})["intent"] == "list_appointments"
    assert call.names == ["identity.why", "identity.ask_birth_date"]


def test_by_text_it_has_the_same_keys_without_the_languages() -> None:
    talk = texted()
    talk.text("what can you do")
    assert {c.key for c in talk.reply.choices} == {c.key for c in called().reply.choices} - {"9"}
