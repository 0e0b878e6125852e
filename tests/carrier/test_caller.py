"""A caller's number is somebody's number, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carrier.caller import HIDDEN, caller_id


@pytest.mark.parametrize(
    "number", ["+12025550143", "+525512345678", "+442079460958", "+82212345678"]
)
def test_a_number_that_a_network_gave_out_is_kept(number: str) -> None:
    """Real numbers, American or not, come back as they are."""
    assert caller_id(number) == number


def test_space_around_a_number_is_dropped() -> None:
    """A plus that was decoded to a space beside it does no harm."""
    assert caller_id(" +12025550143 ") == "+12025550143"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "anonymous",
        "Anonymous",
        "unknown",
        "RESTRICTED",
        "private",
        "unavailable",
        "withheld",
        "blocked",
        "client:desk",
        "sip:+12025550143@example.com",
        "12025550143",
        "2025550143",
        "729725",
        "+1202555014",
        "+15555550143",
        "+1 202 555 0143",
        "+1202555\uff10143",
        "+12025550143\n+12025550144",
        "+",
        "+0",
    ],
)
def test_anything_else_is_nobody(raw: str | None) -> None:
    """Words, addresses, short codes and impossible numbers give no caller."""
    assert caller_id(raw) is None


@pytest.mark.parametrize("hidden", sorted(HIDDEN))
def test_hidden_numbers_in_disguise_are_nobody(hidden: str) -> None:
    """The words that carriers key in for a hidden number never become an identity."""
    assert caller_id(hidden) is None


@given(st.text())
def test_nothing_that_is_sent_breaks_it(raw: str) -> None:
    """Whatever stands in From, the answer is a number or nothing."""
    number = caller_id(raw)

    assert number is None or number == raw.strip()
