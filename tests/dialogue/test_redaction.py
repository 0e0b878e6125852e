"""What nobody should text is masked before anything else sees it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dialogue.redaction import MASK, without_secrets

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "my birthday is november 21 1948",
        "November 21st, 1948",
        "Nov. 21, 1948",
        "21st of Nov '48",
        "1948 November 21",
        "november twenty first nineteen forty eight",
        "born 11/21/1948",
        "11-21-48",
        "11 21 48",
        "11.21.1948",
        "1948-11-21",
        "11211948",
        "19481121",
        "21111948",
        "nací el 21 de noviembre de 1948",
        "nací el veintiuno de noviembre de mil novecientos cuarenta y ocho",
        "21/11/1948",
        "né le 21 novembre 1948",
        "nasci em 21 de novembro de 1948",
        "21 ноября 1948",
        "1948年11月21日",
        "제 생일은 1948년 11월 21일",
        "21 tháng 11 năm 1948",
        "٢١/١١/١٩٤٨",
        "2012-02-02",
        "born 1/4/27",
        "my daughter was born nov 30 12",
        "at 10 11/21/1948",
        "apt 3, 11/21/48",
        "21/11 1948",
    ],
)
def test_a_birth_date_is_masked(text: str) -> None:
    """In figures or words, in any order and language, nothing of it is left."""
    kept, found = without_secrets(text, TODAY)

    assert found
    assert MASK in kept
    assert not {
        "1948",
        "48",
        "27",
        "11/21/1948",
        "11/21/48",
        "2012",
        "١٩٤٨",
        "forty",
        "cuarenta",
    } & set(kept.split())


@pytest.mark.parametrize(
    "text",
    [
        "my pin is 730264",
        "730264",
        "730 264",
        "730-264",
        "7 3 0 2 6 4",
        "73 02 64",
        "7-3-0-2-6-4",
        "seven three zero two six four",
        "seventy three oh two sixty four",
        "my pin: seven 3 zero 2 six 4",
        "siete tres cero dos seis cuatro",
        "七三零二六四",
        "칠삼공이육사",
        "семь три ноль два шесть четыре",
        "٧٣٠٢٦٤",
        "my pin is 7302",
        "mi clave es 73026",
        "123-45-6789",
        "123456789",
        "4111 1111 1111 1111",
    ],
)
def test_a_pin_or_a_code_is_masked(text: str) -> None:
    """Six figures in a row, said or written, are taken for what must not be texted."""
    kept, found = without_secrets(text, TODAY)

    assert found
    assert MASK in kept


@pytest.mark.parametrize(
    "text",
    [
        "call me at 202 555 0143",
        "(202) 555-0143",
        "+1 202-555-0143",
        "+52 55 1234 5678",
        "rx 1234567",
    ],
)
def test_other_long_numbers_are_masked_without_a_word(text: str) -> None:
    """A telephone number is no secret, and is not kept in what was texted either."""
    kept, found = without_secrets(text, TODAY)

    assert not found
    assert MASK in kept
    assert "0143" not in kept


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "",
        "2",
        "1948",
        "I was born in 1948",
        "can I come on 12/5/2026 at 10",
        "can i come Dec 5 2026",
        "1/4/27",
        "4/1/27",
        "12-05-26",
        "lunes 30/11 13:00",
        "12/5 10 30",
        "30 11 13:00",
        "10 12/5",
        "10:30 12/5",
        "Nov 30, 10 am",
        "the eleventh of December, eleven o'clock",
        "treinta de noviembre once y media",
        "november thirtieth eleven thirty",
        "may 3 2027 10:30",
        "thanks, see you may 3 at 10 30",
        "blood drawn on 11/20/2026",
        "results from 2019",
        "2019-2020",
        "zip code 20001",
        "take 2 pills 3 times a day for 10 days",
        "i take 20 mg and 10 mg, at 8 and 9 30",
        "room 12, floor 3, door 456",
        "BP was 120/80 and 130/85",
        "I paid 1,234.56",
        "I have called two or three times to no avail",
        "for two to three weeks",
        "once in a while",
        "a las 10 y media el 5 de diciembre",
        "uno o dos",
        "\u2022\u2022\u2022",
    ],
)
def test_everyday_numbers_stay(text: str) -> None:
    """Choices, years, visits, doses and prices go through as they came."""
    assert without_secrets(text, TODAY) == (text, False)


def test_a_recent_date_is_a_birth_date_only_where_a_birth_is_spoken_of() -> None:
    """Last week's blood test is not a newborn."""
    assert without_secrets("blood drawn 11/20/2026", TODAY)[1] is False
    assert without_secrets("my son was born 11/20/2026", TODAY) == ("my son was born " + MASK, True)


def test_what_surrounds_a_secret_stays() -> None:
    """The wish is understood, the secret is gone."""
    kept, _ = without_secrets("My pin is 730264 and I want my results", TODAY)

    assert kept == f"My pin is {MASK} and I want my results"


@given(st.dates(date(1900, 1, 1), date(2025, 11, 1)), st.sampled_from("/-. "), st.integers(0, 3))
def test_no_birth_date_in_figures_gets_through(day: date, between: str, order: int) -> None:
    """Any day of birth, month or day or year first, two figures of the year or four.

    But for a year in two figures that is this one or the last as well: 01/01/26 is a
    visit's date more often than that of somebody who is a hundred.
    """
    assume(order != 3 or f"{day:%y}" not in {"25", "26"})
    year, month, on = f"{day:%Y}", f"{day:%m}", f"{day:%d}"
    parts = [(month, on, year), (on, month, year), (year, month, on), (month, on, year[2:])][order]

    kept, found = without_secrets(f"it is {between.join(parts)} ok", TODAY)

    assert (kept, found) == (f"it is {MASK} ok", True)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_no_pin_gets_through(pin: str, between: str) -> None:
    """Any six figures, together or one by one."""
    kept, found = without_secrets(f"pin {between.join(pin)}", TODAY)

    assert found
    assert not any(character.isdigit() for character in kept)


@given(st.text(max_size=1600))
def test_any_text_can_be_read(text: str) -> None:
    """Nothing that is texted breaks it, and a second reading finds nothing more."""
    kept, _ = without_secrets(text, TODAY)

    assert without_secrets(kept, TODAY)[1] is False
