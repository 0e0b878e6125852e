"""What an answer holds comes through the records and through Rasa as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from portal.answers import Answer, Choice, Prompt, from_data, seal, to_data, unseal

if TYPE_CHECKING:
    from portal.encryption import KeyRing

WEST = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 6, 9, 16, tzinfo=UTC),
        datetime(2026, 6, 9, 9, tzinfo=WEST),
        date(2026, 6, 9),
        {"at": [datetime(2026, 12, 9, 9, tzinfo=WEST), 3, None, "text"]},
    ],
)
def test_what_is_written_is_read_as_it_was(value: Any) -> None:
    """Instants, days, and what holds them."""
    assert from_data(to_data(value)) == value


@pytest.mark.parametrize("fold", [0, 1])
def test_an_instant_keeps_its_zone(fold: int) -> None:
    """Its name is said to whoever has another clock; an hour that comes twice stays itself."""
    at = datetime(2026, 11, 1, 1, 30, tzinfo=WEST, fold=fold)
    read = from_data(to_data(at))
    assert (read.tzinfo, read.utcoffset(), read.hour) == (WEST, at.utcoffset(), 1)


def test_a_sealed_answer_opens_as_it_was(key_ring: KeyRing) -> None:
    """With its prompts, its choices, and its draft."""
    at = datetime(2026, 6, 9, 9, tzinfo=WEST)
    answer = Answer(
        prompts=(Prompt(name="visits.in_zone", details={"at": at}),),
        choices=(Choice(key="1", intent="affirm", label="handoff.choice_yes", value="yes"),),
        flow="visits",
        draft={"asked": "visits", "at": at},
    )
    assert unseal(seal(answer, key_ring), key_ring) == answer
