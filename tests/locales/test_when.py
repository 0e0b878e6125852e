"""Days of birth as people write and say them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.when import birth_date

TODAY = date(2026, 11, 24)
BORN = date(1948, 11, 21)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("11/21/1948", "en"),
        ("11-21-48", "en"),
        ("1948-11-21", "en"),
        ("11211948", "en"),
        ("November 21 1948", "en"),
        ("nov. 21st, '48", "en"),
        ("my birthday is the 21st of november 1948", "en"),
        ("November twenty first nineteen forty eight", "en"),
        ("novmber 21 1948", "en"),
        ("one one two one one nine four eight", "en"),
        ("21/11/1948", "es"),
        ("21 de noviembre de 1948", "es"),
        ("nací el veintiuno de noviembre de mil novecientos cuarenta y ocho", "es"),
        ("noviembre 21 del 48", "es"),
        ("1948年11月21日", "zh"),
        ("1948년 11월 21일", "ko"),
        ("ngày 21 tháng 11 năm 1948", "vi"),
        ("21 novembre 1948", "fr"),
        ("21 de novembro de 1948", "pt"),
        ("21 ноября 1948 года", "ru"),
        ("٢١/١١/١٩٤٨", "ar"),
    ],
)
def test_a_day_of_birth_is_read_however_it_is_written(text: str, lang: str) -> None:
    assert birth_date(text, lang, TODAY) == BORN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "in 1948",
        "november 31 1948",
        "13/13/1948",
        "may I speak to someone",
        "202-555-0117",
        "2025550117",
        "12/25/2031",
        "01/01/1848",
    ],
)
def test_what_is_no_day_since_1900_is_nothing(text: str) -> None:
    assert birth_date(text, "en", TODAY) is None


def test_day_and_month_that_could_change_places_follow_the_language() -> None:
    assert birth_date("3/5/1957", "en", TODAY) == date(1957, 3, 5)
    assert birth_date("3/5/1957", "es", TODAY) == date(1957, 5, 3)
    assert birth_date("21/3/1957", "en", TODAY) == date(1957, 3, 21)


def test_two_figures_are_a_year_that_is_past() -> None:
    assert birth_date("2/2/12", "en", TODAY) == date(2012, 2, 2)
    assert birth_date("2/2/27", "en", TODAY) == date(1927, 2, 2)


def test_duckling_is_believed_about_a_year_that_stands_there() -> None:
    assert birth_date("christmas day 1948", "en", TODAY) == date(1948, 12, 25)


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_day_written_with_its_month_is_read_back(day: date) -> None:
    months = (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    )
    name = months.split()[day.month - 1]
    assert birth_date(f"{day.day} de {name} de {day.year}", "es", TODAY) == day
    assert birth_date(f"{day:%m/%d/%Y}", "en", TODAY) == day
    assert birth_date(f"{day:%B} {day.day}, {day.year}", "en", TODAY) == day


@given(st.text(max_size=40), st.sampled_from(["en", "es", "vi", "ar", "zh"]))
def test_no_text_gives_a_day_out_of_range_or_an_error(text: str, lang: str) -> None:
    day = birth_date(text, lang, TODAY)
    assert day is None or date(1900, 1, 1) <= day <= TODAY + timedelta(0)
