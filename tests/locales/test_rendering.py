"""Prompts become words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from locales.samples import DETAILS
from locales.wording import BadDetailError, NoWordingError, canonical, exists, names, wording

COMPLETE = ("en-US", "es-US")
NAIVE = datetime(2026, 11, 24, 9, tzinfo=UTC).replace(tzinfo=None)
EASTERN = timezone(timedelta(hours=-5))


def _said_everywhere(details: dict[str, object], locale: str) -> list[str]:
    words = []
    for name in names():
        if wording(name).spoken is not None:
            words.append(locales.spoken(name, details, locale))
        if wording(name).texted is not None:
            words.append(locales.texted(name, details, locale))
    return words


@pytest.mark.parametrize("locale", COMPLETE)
def test_every_prompt_has_its_words_on_each_of_its_channels(locale: str) -> None:
    words = _said_everywhere(dict(DETAILS), locale)
    assert len(words) > 150
    assert all(each.strip() == each and each and "{" not in each for each in words)


def test_complete_are_english_and_spanish() -> None:
    assert locales.complete() == COMPLETE


def test_a_prompt_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(NoWordingError, match=r"line\.nothing"):
        locales.spoken("line.nothing", {}, "en-US")


def test_a_test_name_has_no_text_at_all() -> None:
    with pytest.raises(NoWordingError, match="sms"):
        locales.texted("results.test_lipids", {}, "en-US")
    assert all(wording(n).texted is None for n in names() if n.startswith("results.test_"))


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(NoWordingError, match="ko-KR"):
        locales.spoken("line.greeting", {"clinic": "Riverside"}, "ko-KR")


def test_a_missing_detail_is_refused_by_name() -> None:
    with pytest.raises(BadDetailError, match="clinic"):
        locales.spoken("line.greeting", {}, "en-US")


@pytest.mark.parametrize("due", ["2026-11-24", 3, NAIVE, None])
def test_a_detail_of_the_wrong_kind_is_refused_without_telling_it(due: object) -> None:
    with pytest.raises(BadDetailError) as refused:
        locales.spoken("handoff.call_back", {"due": due}, "en-US")
    assert "2026" not in str(refused.value)


def test_a_number_is_read_digit_by_digit_and_texted_in_groups() -> None:
    details = {"phone": "+12025550117"}
    assert "2 0 2, 5 5 5, 0 1 1 7." in locales.spoken("handoff.nurse_line", details, "en-US")
    assert "202-555-0117" in locales.texted("results.text_nothing", details, "es-US")


def test_a_code_is_texted_without_gaps() -> None:
    code = {"clinic": "Riverside", "code": "048392"}
    assert " 048392." in locales.texted("identity.code_text", code, "en-US")


def test_one_is_said_in_the_singular() -> None:
    for locale, one, two in (
        ("en-US", "one test", "2 tests"),
        ("es-US", "una prueba", "2 pruebas"),
    ):
        assert one in locales.spoken("results.intro", {"count": 1}, locale)
        assert two in locales.spoken("results.intro", {"count": 2}, locale)


def test_a_test_is_named_in_the_language_spoken() -> None:
    details = {"test": "results.test_lipids"}
    assert "cholesterol test" in locales.spoken("results.normal", details, "en-US")
    assert "prueba de colesterol" in locales.spoken("results.normal", details, "es-US")


def test_several_values_are_listed_in_words() -> None:
    details = {"test": ["results.test_lipids", "results.test_iron", "results.test_urine"]}
    said = locales.spoken("results.normal", details, "en-US")
    assert "cholesterol test, iron test, and urine test" in said


def test_a_transfer_does_not_fail_on_a_topic_without_words() -> None:
    details = {"language": "vi-VN", "topic": "something new"}
    assert "Vietnamese. Topic: not known" in locales.spoken("handoff.whisper", details, "en-US")


def test_a_lock_says_what_a_mismatch_says_in_every_language() -> None:
    assert canonical("identity.locked") == "identity.no_match"
    for locale in COMPLETE:
        locked = locales.spoken("identity.locked", {}, locale)
        assert locked == locales.spoken("identity.no_match", {}, locale)


def test_a_choice_has_ways_to_be_said_and_the_first_is_its_label() -> None:
    ways = locales.said("results.choice_nurse", {}, "es-US")
    assert "una enfermera" in ways
    assert locales.label("results.choice_nurse", {}, "es-US") == ways[0]


def test_a_label_is_short_for_it_stands_in_texts() -> None:
    at = datetime(2026, 6, 9, 13, 15, tzinfo=ZoneInfo("America/New_York"))
    assert locales.label("booking.choice_time", {"at": at}, "en-US") == "on Tue Jun 9, 1:15 PM"


def test_every_choice_says_its_key_last_and_has_words_to_pick_it_by() -> None:
    for name in names():
        found = wording(name)
        if ".choice_" not in name:
            # The name of a kind of visit is said inside of a choice.
            assert found.said is None or ".type_" in name, name
            continue
        assert found.said, name
        for text in filter(None, (found.spoken, found.texted)):
            assert isinstance(text, str)
            assert re.search(r"(press|reply) \{key\}\.$", text), name


def test_the_menu_opens_intents_in_a_fixed_order() -> None:
    entries = locales.menu_entries()
    assert ("results_status", "results.choice_results") in entries
    assert len({opens for opens, _ in entries}) == len(entries)


def test_every_intent_of_the_line_has_a_topic_for_whoever_takes_the_call() -> None:
    for topic in ("results", "identity", "emergency", "clinical_question", "billing", "opt_out"):
        assert exists(f"handoff.topic_{topic}")


HOSTILE = st.text(
    st.sampled_from([*"<>&{}'\"\\/|%ab1é中ا", "\x00", "\x08", "\x1f", "\n", "\u202e", "\u200b"]),
    max_size=30,
)


@given(HOSTILE, HOSTILE)
def test_no_detail_can_break_the_document_or_become_markup(clinic: str, clinician: str) -> None:
    details = {**DETAILS, "clinic": clinic, "clinician": clinician}
    for locale in COMPLETE:
        for name in ("line.greeting", "results.clinician_will_call"):
            said = locales.spoken(name, details, locale)
            assert not re.search(r"[\x00-\x1f<>&\u202a-\u202e\u2066-\u2069\u200b]", said)
        texted = locales.texted("line.text_help", details, locale)
        assert not re.search(r"[\x00-\x1f<>\u202e]", texted)


@given(HOSTILE)
def test_no_detail_is_filled_a_second_time(clinic: str) -> None:
    said = locales.spoken("line.greeting", {"clinic": clinic + "{clinic}"}, "en-US")
    assert "{clinic}" in said


@given(st.datetimes(timezones=st.sampled_from([UTC, EASTERN])), st.sampled_from(COMPLETE))
def test_every_instant_can_be_said_and_texted(at: datetime, locale: str) -> None:
    details = {"due": at, "opens": at}
    for name in ("handoff.call_back", "handoff.closed"):
        for words in (locales.spoken(name, details, locale), locales.texted(name, details, locale)):
            assert words.isprintable()
            assert "{" not in words


def test_a_day_is_said_with_its_year() -> None:
    details = {"test": "results.test_lipids", "collected": date(2025, 11, 3), "days": 3}
    assert "on November 3rd, 2025" in locales.spoken("results.not_back", details, "en-US")
    assert "el 3 de noviembre de 2025" in locales.spoken("results.not_back", details, "es-US")
