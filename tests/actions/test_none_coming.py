"""Somebody looks for a visit and has none, or may not be told by text: what the line does then."""

from __future__ import annotations

from typing import cast

import pytest

from tests.actions.flowing import BORN, on, visits_of
from tests.actions.test_caller import set_patient
from tests.dialogue.talk import MEANINGS, called, proved, texted

SAID = "flurb my visit"
pytestmark = pytest.mark.usefixtures("demo_database")


@pytest.mark.parametrize("say", ["yes", "1"])
@pytest.mark.parametrize(
    "wish", ["reschedule_appointment", "cancel_appointment", "confirm_appointment"]
)
def test_a_visit_is_booked_when_there_is_none(
    monkeypatch: pytest.MonkeyPatch, wish: str, say: str
) -> None:
    visits_of()
    monkeypatch.setitem(cast("dict[str, str]", MEANINGS), SAID, wish)
    talk = called()
    proved(talk)
    assert talk.say(SAID)[-1].startswith("visits.")
    talk.press("1") if say == "1" else talk.say("yes")
    assert (talk.row.flow, any("booking." in name for name in talk.names)) == ("booking", True)


def test_who_wants_nothing_in_a_text_is_offered_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    visits_of(on(18))
    set_patient("text_level", 0)
    monkeypatch.setitem(cast("dict[str, str]", MEANINGS), SAID, "list_appointments")
    talk = texted()
    talk.text(SAID)
    talk.text(BORN[:4])
    assert "identity.needs_call" in talk.names
