"""Times of visits as people say and write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from locales.when import TimeSaid, appointment_time, warm

NOW = datetime(2026, 11, 24, 10, 30)  # noqa: DTZ001 - wall time; a Tuesday
HOURS = (time(8), time(17))
SAID = yaml.safe_load(Path(__file__).with_name("times.yml").read_text(encoding="utf-8"))
TABLE = [(lang, text, meant) for lang, each in SAID.items() for text, meant in each.items()]
WORDS = [word for lang in SAID.values() for text in lang for word in text.split()]


def _at(text: str, lang: str = "en", now: datetime = NOW) -> TimeSaid:
    said = appointment_time(text, lang, now, HOURS)
    assert said, text
    return said


def _shown(said: TimeSaid | None) -> str:
    if said is None:
        return "none"
    start, end = (f"{each:%Y-%m-%d %H:%M}" for each in said.span(NOW))
    weekdays = f" on {''.join(map(str, sorted(said.weekdays)))}" if said.weekdays else ""
    return f"{start} to {end} {said.grain}{weekdays}"


@pytest.mark.parametrize(("lang", "text", "meant"), TABLE, ids=[row[1] for row in TABLE])
def test_a_time_is_read_as_it_is_meant(lang: str, text: str, meant: str) -> None:
    assert _shown(appointment_time(text, lang, NOW, HOURS)) == meant


def test_there_are_a_hundred_expressions_in_each_language() -> None:
    assert all(len(SAID[lang]) >= 100 for lang in ("en", "es"))


@pytest.mark.parametrize(
    ("text", "hours", "meant"),
    [
        ("at 5", (8, 17), 17),
        ("at 5", (8, 16), 17),
        ("at 7", (8, 17), 7),
        ("at 7", (9, 19), 19),
        ("at 8", (8, 20), 8),
        ("at 12", (8, 17), 12),
        ("at 5 am", (8, 17), 5),
        ("at 3 in the morning", (8, 17), 3),
    ],
)
def test_a_bare_hour_is_one_of_the_clinics(text: str, hours: tuple[int, int], meant: int) -> None:
    said = appointment_time(text, "en", NOW, (time(hours[0]), time(hours[1])))
    assert said
    assert (said.from_time, said.exact) == (time(meant), True)


def test_a_date_without_its_year_is_still_to_come_and_one_with_it_stays_where_it_is() -> None:
    assert _at("november 23").first_day == date(2027, 11, 23)
    assert _at("november 24").first_day == date(2026, 11, 24)
    assert _at("november 23 2026").first_day == date(2026, 11, 23)
    assert _at("february 29th").first_day == date(2028, 2, 29)


def test_today_at_a_time_gone_by_stays_today() -> None:
    said = _at("today at nine")
    assert (said.first_day, said.from_time) == (NOW.date(), time(9))


def test_day_and_month_that_could_change_places_follow_the_language() -> None:
    assert _at("5/1", "en").first_day == date(2027, 5, 1)
    assert _at("5/1", "es").first_day == date(2027, 1, 5)
    assert _at("15/1", "en").first_day == _at("1/15", "es").first_day == date(2027, 1, 15)


def test_next_friday_is_next_weeks_and_el_proximo_viernes_the_coming_one() -> None:
    assert _at("next friday").first_day == date(2026, 12, 4)
    assert _at("this friday").first_day == date(2026, 11, 27)
    assert _at("el próximo viernes", "es").first_day == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "now", "first", "last"),
    [
        ("this week", "2027-01-29", "2027-01-29", "2027-01-31"),
        ("next week", "2026-12-31", "2027-01-04", "2027-01-10"),
        ("in a month", "2027-01-31", "2027-02-28", "2027-02-28"),
        ("the 30th", "2027-01-31", "2027-03-30", "2027-03-30"),
        ("end of the month", "2027-01-29", "2027-01-29", "2027-01-31"),
        ("beginning of the month", "2027-01-29", "2027-02-01", "2027-02-10"),
        ("end of the week", "2027-01-31", "2027-02-04", "2027-02-05"),
        ("the first monday of the month", "2027-01-29", "2027-02-01", "2027-02-01"),
        ("thanksgiving", "2026-11-27", "2027-11-25", "2027-11-25"),
        ("easter", "2027-03-29", "2028-04-16", "2028-04-16"),
        ("new year's day", "2026-12-31", "2027-01-01", "2027-01-01"),
        ("veterans day", "2026-11-24", "2027-11-11", "2027-11-11"),
    ],
)
def test_months_and_years_end(text: str, now: str, first: str, last: str) -> None:
    said = _at(text, now=datetime.fromisoformat(now))
    assert (said.first_day, said.last_day) == (date.fromisoformat(first), date.fromisoformat(last))


def test_wishes_for_weekdays_name_no_day() -> None:
    said = _at("any day but friday, in the afternoon")
    assert said.weekdays == {0, 1, 2, 3, 5, 6}
    assert (said.first_day, said.last_day) == (None, None)
    assert (said.from_time, said.until_time) == (time(12), time(19))


def test_two_days_give_the_stretch_that_holds_both() -> None:
    said = _at("tuesday or wednesday")
    assert (said.first_day, said.last_day) == (date(2026, 11, 25), date(2026, 12, 1))
    assert said.weekdays == {1, 2}


def test_an_open_end_reaches_as_far_as_openings_do() -> None:
    said = _at("after the 15th")
    assert (said.first_day, said.last_day) == (date(2026, 12, 16), None)
    assert said.span(NOW)[1].date() == date(2027, 2, 15)  # the day itself and sixty more


@pytest.mark.parametrize(
    ("lang", "text", "start"),
    [
        ("zh", "明天下午三点", "2026-11-25T15:00"),
        ("vi", "ngày mai lúc 9 giờ sáng", "2026-11-25T09:00"),
        ("fr", "demain à 10 heures", "2026-11-25T10:00"),
        ("pt", "quinta-feira às 9", "2026-11-26T09:00"),
        ("ru", "завтра в 10 утра", "2026-11-25T10:00"),
        ("ko", "내일 오후 3시", "2026-11-25T15:00"),
        ("ar", "غدا الساعة العاشرة صباحا", "2026-11-25T10:00"),
    ],
)
def test_other_languages_are_read_by_duckling(lang: str, text: str, start: str) -> None:
    assert _at(text, lang).span(NOW)[0] == datetime.fromisoformat(start)


@pytest.mark.parametrize("text", ["a\0b 3", "\ud800 tomorrow", "", "\u202e9 am", "9" * 4000])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_broken_text_is_no_trouble(text: str, lang: str) -> None:
    said = appointment_time(text, lang, NOW, HOURS)
    assert said is None or said.span(NOW)


def test_warming_up_can_be_done_twice() -> None:
    warm()
    warm()


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["en", "es"]))
def test_any_words_give_a_time_that_does_not_end_before_it_begins(
    row: list[str], lang: str
) -> None:
    said = appointment_time(" ".join(row), lang, NOW, HOURS)
    if said:
        start, end = said.span(NOW)
        assert start <= end


@given(st.text(max_size=60), st.sampled_from(["en", "es", "zh", "ar"]))
def test_no_text_is_an_error(text: str, lang: str) -> None:
    said = appointment_time(text, lang, NOW, HOURS)
    assert said is None or said.span(NOW)


@given(st.dates(NOW.date(), NOW.date() + timedelta(days=300)), st.times())
def test_every_date_and_time_in_figures_is_read_back(day: date, at: time) -> None:
    said = _at(f"{day:%B} {day.day} at {at:%I:%M %p}")
    assert (said.first_day, said.from_time) == (day, at.replace(second=0, microsecond=0))
    said = _at(f"{day.day}/{day.month}/{day.year} a las {at:%H:%M}", "es")
    assert said.first_day == day
