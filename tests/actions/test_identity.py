"""A PIN that is forgotten or was never there."""

from __future__ import annotations

import pytest

from actions.identity import Identity
from tests.actions.running import conversation, run

pytestmark = pytest.mark.usefixtures("demo_database")


def test_a_forgotten_pin_leads_to_the_other_ways() -> None:
    answer = run(Identity, "forgot_pin", conversation()).answer
    assert answer
    assert (answer.then, answer.topic, answer.prompts) == ("forgot_pin", "identity", ())
