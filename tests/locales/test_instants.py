"""How days and times are said."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from locales.instants import by, on, when, zone

EASTERN = ZoneInfo("America/New_York")


def at(hour: int, minute: int = 0, day: int = 5) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("instant", "english", "spanish"),
    [
        (
            at(14),
            "on Tuesday, January 5th, at 2 in the afternoon",
            "el martes 5 de enero, a las 2 de la tarde",
        ),
        (
            at(13, 30),
            "on Tuesday, January 5th, at 1:30 in the afternoon",
            "el martes 5 de enero, a la 1:30 de la tarde",
        ),
        (at(12), "on Tuesday, January 5th, at noon", "el martes 5 de enero, al mediodía"),
        (
            at(9, 5, day=1),
            "on Friday, January 1st, at 9:05 in the morning",
            "el viernes primero de enero, a las 9:05 de la mañana",
        ),
        (
            at(20, 15, day=22),
            "on Friday, January 22nd, at 8:15 in the evening",
            "el viernes 22 de enero, a las 8:15 de la noche",
        ),
        (
            at(2, 0, day=13),
            "on Wednesday, January 13th, at 2 in the morning",
            "el miércoles 13 de enero, a las 2 de la madrugada",
        ),
        (at(0), "on Tuesday, January 5th, at midnight", "el martes 5 de enero, a la medianoche"),
    ],
)
def test_an_instant_is_said_as_people_say_it(instant: datetime, english: str, spanish: str) -> None:
    assert when(instant, "en-US", texted=False) == english
    assert when(instant, "es-US", texted=False) == spanish


def test_a_text_is_short_and_stays_in_the_cheap_alphabet() -> None:
    assert when(at(14), "en-US", texted=True) == "on Tue Jan 5, 2:00 PM"
    assert when(at(14), "es-US", texted=True) == "el martes 5 de ene, 2:00 PM"


def test_a_deadline_is_said_to_the_next_full_hour() -> None:
    assert by(at(14, 37), "en-US", texted=False).endswith("at 3 in the afternoon")
    assert by(at(14), "en-US", texted=False).endswith("at 2 in the afternoon")
    assert by(at(11, 1), "es-US", texted=False) == "antes del martes 5 de enero, al mediodía"


def test_a_deadline_late_at_night_stays_on_its_day() -> None:
    assert by(at(23, 40), "en-US", texted=False).endswith("January 5th, at 11:40 in the evening")


def test_an_instant_is_said_in_the_zone_it_comes_in() -> None:
    pacific = at(14).astimezone(ZoneInfo("America/Los_Angeles"))
    assert when(pacific, "en-US", texted=False).endswith("at 11 in the morning")


def test_a_language_without_a_style_of_its_own_is_babels() -> None:
    assert "5 janvier" in when(at(14), "fr-FR", texted=False)
    assert on(date(1948, 11, 21), "pt-BR", texted=False) == "21 de novembro de 1948"


@pytest.mark.parametrize(
    ("name", "english", "spanish"),
    [
        ("America/Los_Angeles", "Pacific Time", "hora del Pacífico"),
        ("America/New_York", "Eastern Time", "hora oriental"),
        ("America/Phoenix", "Mountain Time", "hora de las Montañas Rocosas"),
        ("America/Indiana/Knox", "Central Time", "hora central"),
        ("America/Indiana/Indianapolis", "Eastern Time", "hora oriental"),
    ],
)
def test_a_zone_is_named_as_people_name_it(name: str, english: str, spanish: str) -> None:
    instant = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo(name))
    assert (zone(instant, "en-US"), zone(instant, "es-US")) == (english, spanish)


@pytest.mark.parametrize("locale", ["vi-VN", "zh-CN", "ko-KR", "ar-SA", "ru-RU", "fr-FR", "pt-BR"])
def test_a_zone_has_a_name_in_every_language(locale: str) -> None:
    assert zone(at(9), locale)


def test_an_offset_is_no_zone() -> None:
    with pytest.raises(TypeError):
        zone(datetime.fromisoformat("2026-07-01T09:00:00-07:00"), "en-US")
