"""Digits in any script, and in words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.digits import ascii_digits, digits_in, said_digits

EVERY_DIGIT = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Nd"]


@given(st.lists(st.sampled_from(EVERY_DIGIT), max_size=20))
def test_a_digit_of_any_script_is_the_same_digit(written: list[str]) -> None:
    assert digits_in("".join(written)) == "".join(str(unicodedata.decimal(c)) for c in written)


@given(st.text(max_size=60))
def test_nothing_but_ascii_digits_comes_out(text: str) -> None:
    found = digits_in(text)
    assert found == "" or (found.isascii() and found.isdigit())
    assert len(ascii_digits(text)) == len(text)


@pytest.mark.parametrize("text", ["١٩٤٨", "１９４８", "1 9 4 8", "19-48", "१९४८"])
def test_a_year_in_any_script_is_read(text: str) -> None:
    assert digits_in(text) == "1948"


@pytest.mark.parametrize(
    ("text", "lang", "digits"),
    [
        ("one nine four eight", "en", "1948"),
        ("nineteen forty-eight", "en", "1948"),
        ("Nineteen oh eight.", "en", "1908"),
        ("two thousand and eight", "en", "2008"),
        ("twenty twelve", "en", "2012"),
        ("nineteen hundred", "en", "1900"),
        ("uno nueve cuatro ocho", "es", "1948"),
        ("mil novecientos cuarenta y ocho", "es", "1948"),
        ("diecinueve cuarenta y ocho", "es", "1948"),
        ("dos mil doce", "es", "2012"),
        ("1948", "es", "1948"),
        ("I was born in forty eight", "en", ""),
        ("", "en", ""),
    ],
)
def test_digits_are_read_from_words_if_nothing_else_is_said(
    text: str, lang: str, digits: str
) -> None:
    assert said_digits(text, lang) == digits
