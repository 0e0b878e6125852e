"""What a text costs: how many segments a body takes, and how it takes fewer."""

from __future__ import annotations

import re
from dataclasses import dataclass

import smsutil

LONGEST = 1600
"""What the carrier takes in one message (its error 21617)."""

# Signs that people and word processors write and the seven-bit alphabet lacks: one of
# them turns 160 characters a segment into 70. Accents stay: they are spelling.
PLAINER = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
INVISIBLE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2066-\u2069\ufeff\ud800-\udfff]"
)
SENTENCE = re.compile(r"(?<=[.!?\u3002\uff01\uff1f\u061f])\s+|\n")


@dataclass(frozen=True)
class Body:
    """A text as it is sent, and the segments that the carrier will count for it."""

    text: str
    segments: int


def body_of(text: str) -> Body:
    """Return ``text`` as one message: plain signs, nothing invisible, 1600 characters at most.

    What is too long is cut after a sentence. Segments are counted as the networks
    do: 160 characters of GSM 03.38 (153 where there are more), else 70 (67) of
    UCS-2.
    """
    plain = INVISIBLE.sub("", text.replace("\t", " ").translate(PLAINER)).strip()
    cut = _within(plain, LONGEST)
    return Body(cut, segments_of(cut))


def segments_of(text: str) -> int:
    """Return how many segments ``text`` takes."""
    return len(smsutil.split(text).parts)


def _within(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    ends = [found.start() for found in SENTENCE.finditer(text[: longest + 1])]
    return text[: ends[-1] if ends else longest].rstrip()
