"""A text's cost is known before it is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carrier.segments import LONGEST, body_of, segments_of


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("¿" * 160, 1),
        ("é" * 160, 1),
        ("í" * 70, 1),
        ("í" * 71, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("\U0001f600" * 35, 1),
        ("\U0001f600" * 36, 2),
        ("한" * 134, 2),
    ],
)
def test_segments_are_counted_as_the_networks_do(text: str, segments: int) -> None:
    """Seven-bit and wide alphabets, and the signs that cost two, count as they are billed."""
    assert segments_of(text) == segments


def test_typographic_signs_do_not_double_the_price() -> None:
    """Quotes and dashes of a word processor are sent as plain ones."""
    body = body_of("It\u2019s \u201cready\u201d \u2014 come by\u2026 " + "a" * 130)

    assert body.text.startswith('It\'s "ready" - come by...')
    assert body.segments == 1


def test_accents_are_kept() -> None:
    """Spelling is worth a segment."""
    assert body_of("Su próxima cita está lista").text == "Su próxima cita está lista"


def test_what_cannot_be_seen_is_not_sent() -> None:
    """Control characters and marks of direction are dropped; line breaks stay."""
    assert body_of("a\x08b\u200fc\u202f1\r\nd\te\ud800").text == "abc 1\nd e"


def test_a_text_that_is_too_long_ends_with_a_sentence() -> None:
    """What the carrier would refuse is cut where a sentence ends."""
    body = body_of("One. " * 400)

    assert len(body.text) <= LONGEST
    assert body.text.endswith("One.")


def test_a_text_without_an_end_is_cut_all_the_same() -> None:
    """One sentence of endless length is still a message."""
    assert len(body_of("a" * 5000).text) == LONGEST


@given(st.text(max_size=4000))
def test_every_text_can_be_sent(text: str) -> None:
    """Whatever it is, it fits, has its price, and going through again changes nothing."""
    body = body_of(text)

    assert len(body.text) <= LONGEST
    assert body.segments == segments_of(body.text)
    assert body_of(body.text) == body
