"""Three times to choose from fit into one text of two segments."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import locales
from dialogue.turns import Reply
from portal.answers import Choice, Prompt
from sms.texting import MOST_SEGMENTS, one_text

FIRST = datetime(2026, 9, 30, 10, 15, tzinfo=ZoneInfo("America/New_York"))
CLINICIANS = ("Dr. Ana Rivera", "Dr. Thomas Baker", "Dr. Daniel Cho")
OFFERS = [
    {"at": FIRST + timedelta(days=7 * place), "clinician": who, "clinic": "Maple Street Clinic"}
    for place, who in enumerate(CLINICIANS)
]


def _offered(locale: str, name: str, label: str) -> str:
    choices = tuple(
        Choice(key=str(key), intent="choose_option", label=label, details=each)
        for key, each in enumerate(OFFERS, start=1)
    )
    other = Choice(key="4", intent="deny", label="booking.choice_other_times", value="other_times")
    body, segments = one_text(
        Reply(
            prompts=(Prompt(name=name, details=OFFERS[0]),),
            choices=(*choices, other),
            locale=locale,
            turn=1,
        )
    )
    assert segments <= MOST_SEGMENTS, body
    return body


@pytest.mark.parametrize("locale", locales.complete())
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("booking.offers_with", "booking.choice_time"),
        ("booking.offers", "booking.choice_time_with"),
    ],
)
def test_three_offers_take_two_segments(locale: str, name: str, label: str) -> None:
    """Each has its number, its weekday and its hour."""
    body = _offered(locale, name, label)

    lines = body.splitlines()[1:]
    assert len(lines) == 4
    assert all(str(key) in line and "10:15" in line for key, line in enumerate(lines[:3], 1))
