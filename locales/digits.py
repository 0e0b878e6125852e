"""Digits as people write and say them, in any script, as ASCII digits."""

from __future__ import annotations

import unicodedata


def ascii_digits(text: str) -> str:
    """Return ``text`` with the decimal digits of any script written as 0-9."""
    return "".join(_ascii(character) for character in text)


def _ascii(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def digits_in(text: str) -> str:
    """Return only the digits of ``text``, as 0-9, in their order."""
    return "".join(c for c in ascii_digits(text) if c.isascii() and c.isdigit())
