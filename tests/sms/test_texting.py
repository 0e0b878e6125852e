"""A reply is one text of known length, with its choices numbered."""

from __future__ import annotations

from typing import Any

import pytest

from dialogue.house import ClinicCard
from dialogue.turns import Reply
from locales.wording import NoWordingError
from portal.answers import Choice, Prompt
from sms.texting import one_text, where_to_ring

RESULTS = Choice(key="1", intent="results_status", label="results.choice_results")
PERSON = Choice(key="2", intent="talk_to_staff", label="handoff.choice_person")
CARD: dict[str, Any] = {
    "code": "main",
    "phone": "+12025550100",
    "front_desk": "+12025550102",
    "nurse_line": "+12025550103",
    "locale": "en-US",
    "tz": "America/New_York",
}


def reply(*names: str, locale: str = "en-US", **given: Any) -> Reply:
    """Return a reply that says these prompts."""
    prompts = tuple(Prompt(name=name) for name in names)
    return Reply(**{"prompts": prompts, "locale": locale, "turn": 2, **given})


def test_prompts_are_one_line_and_choices_follow() -> None:
    """What is said comes first, then each choice with its number on a line of its own."""
    body, segments = one_text(
        reply("line.welcome", "line.anything_else", choices=(RESULTS, PERSON))
    )

    assert body == (
        "You are welcome. What else can we help you with?\n"
        "For your test results, reply 1.\n"
        "To talk to a person, reply 2."
    )
    assert segments == 1


def test_each_prompt_may_be_in_its_own_language() -> None:
    """The list of languages is read by people who read one of them."""
    spanish = Choice(
        key="2", intent="change_language", label="line.choice_language", locale="es-US"
    )

    body, _ = one_text(reply("line.welcome", choices=(spanish,)))

    assert "Para español" in body
    assert body.startswith("You are welcome.")


def test_what_would_take_three_segments_has_short_choices() -> None:
    """Where sentences do not fit, numbers and names do."""
    names = ("line.help", "line.out_of_scope")
    many = tuple(
        Choice(key=str(key), intent="x", label=label)
        for key, label in enumerate(
            (
                "results.choice_results",
                "handoff.choice_person",
                "line.choice_menu",
                "line.choice_other_languages",
            ),
            1,
        )
    )

    body, segments = one_text(reply(*names, choices=many))

    assert "1: my test results\n2: a person" in body
    assert "reply 1" not in body
    assert segments == 2


def test_nothing_to_say_is_no_text() -> None:
    """An answer without prompts sends nothing."""
    assert one_text(reply()) == ("", 0)


def test_what_may_not_be_texted_is_an_error() -> None:
    """A prompt for the telephone alone never slips into a text."""
    with pytest.raises(NoWordingError):
        one_text(reply("results.normal"))


def test_a_detail_cannot_bring_in_signs_that_nobody_sees() -> None:
    """Control characters and marks of direction do not travel."""
    clinic = Prompt(name="line.greeting", details={"clinic": "Oak\x08 Stre\u202eet"})

    body, _ = one_text(reply(prompts=(clinic,)))

    assert body.isprintable()


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ({}, "call the clinic at 202-555-0102"),
        ({"front_desk": None}, "call the clinic at 202-555-0103"),
        ({"front_desk": None, "nurse_line": None}, "call the clinic at 202-555-0100"),
    ],
)
def test_without_records_a_number_is_given_that_does_not_lead_here(
    without: dict[str, Any], expected: str
) -> None:
    """The desk's own number first, then the nurse's; ours only when there is no other."""
    body = where_to_ring(ClinicCard(**{**CARD, **without}))

    assert body is not None
    assert expected in body


def test_without_records_the_clinics_language_is_spoken() -> None:
    """Nobody can look up the texter's."""
    spanish = where_to_ring(ClinicCard(**{**CARD, "locale": "es-US"}))
    unknown = where_to_ring(ClinicCard(**{**CARD, "locale": "xx"}))

    assert spanish is not None
    assert "clínica" in spanish
    assert unknown is not None
    assert "clinic" in unknown


def test_without_a_clinic_nothing_is_said() -> None:
    """There is nobody to send them to."""
    assert where_to_ring(None) is None
