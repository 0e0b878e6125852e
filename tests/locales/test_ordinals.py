"""A place in a list is understood inside a sentence, and a date is no place."""

from __future__ import annotations

import pytest

from locales.ordinals import place_said
from locales.weekdays import weekday_alone

PLACES = {
    "en": {
        "let me have the second one": 2,
        "the second of those would suit me": 2,
        "i suppose the third one would be all right": 3,
        "The first one you read": 1,
        "the last of them please": -1,
        "the first of june": None,
        "on second thought no": None,
        "not the first one": None,
        "the first one or the second one": None,
        "i came the first time because of my knee and then " * 2 + "the second one": None,
    },
    "es": {
        "deme la segunda": 2,
        "la última de esas": -1,
        "Pues ni modo, deme la primera": 1,
        "Me quedo con la tercera": 3,
        "el primero de diciembre": None,
        "no la primera": None,
    },
}
WEEKDAYS = {
    "en": {"thursday then": 3, "the one on friday at ten": 4, "this thursday": None}
    | {"thursday the 23rd": None, "monday or tuesday": None, "december": None},
    "es": {"mejor el jueves": 3, "este viernes": None, "el viernes 18": None},
}


def _each(table: dict[str, dict[str, int | None]]) -> list[tuple[str, str, int | None]]:
    return [(lang, text, value) for lang, some in table.items() for text, value in some.items()]


@pytest.mark.parametrize(("lang", "text", "place"), _each(PLACES))
def test_a_place_in_a_list(lang: str, text: str, place: int | None) -> None:
    assert place_said(text, lang) == place


@pytest.mark.parametrize(("lang", "text", "day"), _each(WEEKDAYS))
def test_a_weekday_without_a_week(lang: str, text: str, day: int | None) -> None:
    assert weekday_alone(text, lang) == day
