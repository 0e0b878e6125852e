"""What must be true of all words, and that the check would notice."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import locales
from locales import lint
from locales.catalogues import sentences
from locales.extract import extract, stale, template
from locales.lint import NAMED_ON_PURPOSE, findings, invited, placement, segments
from locales.reviews import fingerprint, unreviewed_in
from locales.samples import DETAILS
from locales.wording import Plural, exists, names, sources, wording

ROOT = Path(lint.__file__).parent.parent
MOST_WORDS, MOST_GRADE = 35, 6.0
VOWELS = re.compile(r"[aeiouy]+")


def test_nothing_is_wrong_with_the_words_of_any_language() -> None:
    assert [*findings(), *stale()] == []


def test_extracting_again_changes_nothing() -> None:
    assert extract() == ()


def test_equal_english_of_two_prompts_is_two_messages() -> None:
    found = [message for message in template() if message.id == "Thank you."]
    assert {message.context for message in found} >= {
        "voice:identity.proved",
        "sms:identity.proved",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Reply CANCEL to cancel",
        "reply yes to confirm",
        "Text STOP to us",
        "Responda SÍ",
        "responda con cancelar",
        "Reply 'quit'",
        "To go on, reply END.",
    ],
)
def test_a_text_that_invites_a_carriers_word_is_found(text: str) -> None:
    assert invited(text)


@pytest.mark.parametrize(
    "text", ["For yes, reply 1.", "To cancel a visit, reply 3.", "Please write what you need."]
)
def test_a_text_that_invites_a_number_is_not(text: str) -> None:
    assert not invited(text)


def test_each_exception_exists_and_says_why() -> None:
    for name, why in NAMED_ON_PURPOSE.items():
        assert exists(name)
        assert len(why) > 20


@pytest.mark.parametrize(
    ("english", "translated", "wrong"),
    [
        ("Call {phone:digits}.", ("Llame al {phone:digits}.",), False),
        ("Call {phone:digits}.", ("Llame al {phone}.",), True),
        ("Call {phone:digits}.", ("Llame.",), True),
        ("Thank you.", ("Gracias, {name}.",), True),
        (Plural("One test.", "{count} tests."), ("Una prueba.", "{count} pruebas."), False),
        (Plural("One test.", "{count} tests."), ("Una prueba.", "{total} pruebas."), True),
        ("At {due:sometime}.", ("A {due:sometime}.",), True),
    ],
)
def test_a_changed_placeholder_is_found(
    english: str | Plural, translated: tuple[str, ...], *, wrong: bool
) -> None:
    assert bool([*placement(english, translated)]) is wrong


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ('msgctxt "voice:identity.proved"\nmsgid "Thank you."\nmsgstr "Gracias."', ("Gracias.",)),
        ('msgctxt "voice:identity.proved"\nmsgid "Thank you."\nmsgstr ""', None),
        ('#, fuzzy\nmsgctxt "voice:identity.proved"\nmsgid "Thank you."\nmsgstr "Adiós."', None),
        ('msgctxt "sms:identity.proved"\nmsgid "Thank you."\nmsgstr "Gracias."', None),
        ('msgctxt "voice:identity.proved"\nmsgid "Thanks."\nmsgstr "Gracias."', None),
    ],
    ids=["there", "missing", "fuzzy", "of another channel", "of older English"],
)
def test_only_a_finished_translation_of_todays_english_counts(
    entry: str, found: tuple[str, ...] | None
) -> None:
    words = read_po(BytesIO(entry.encode()), locale="es_US")
    assert sentences(words, "identity.proved", "voice", "Thank you.") == found


def test_segments_are_counted_as_carriers_bill_them() -> None:
    assert (segments("a" * 160), segments("a" * 161), segments("í" * 70), segments("í" * 71)) == (
        1, 2, 1, 2,
    )  # fmt: skip


def test_no_text_names_a_test_a_drug_or_a_kind_of_doctor() -> None:
    told = re.compile(
        r"cholesterol|blood|sugar|kidney|liver|thyroid|hiv|cancer|cardio|oncolog|psych|pill|"
        r"colesterol|sangre|azucar|riñon|higado|tiroides|normal|abnormal|positive|negative",
        re.IGNORECASE,
    )
    for locale in locales.complete():
        for name, channel, _ in sources():
            if channel == "sms":
                assert not told.search(locales.texted(name, DETAILS, locale)), (locale, name)


def _syllables(word: str) -> int:
    return max(1, len(VOWELS.findall(word)) - word.endswith("e"))


def _grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: years of school that reading takes."""
    sentences = [part for part in re.split(r"[.!?:]", text) if part.strip()]
    words = re.findall(r"[a-z']+", text.lower())
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_spoken_english_is_short_and_needs_little_school() -> None:
    grades = []
    for name, channel, text in sources():
        if channel != "voice" or ".topic_" in name or ".test_" in name:
            continue
        for sentence in (text,) if isinstance(text, str) else (text.one, text.other):
            plain = re.sub(r"\{[^}]*\}", "it", sentence)
            assert len(plain.split()) <= MOST_WORDS, name
            assert max(len(part.split()) for part in re.split(r"[.!?]", plain)) <= 20, name
            grades.append(_grade(plain))
    assert sum(grades) / len(grades) < MOST_GRADE
    assert sorted(grades)[int(len(grades) * 0.9)] < MOST_GRADE + 2


def test_nothing_is_reviewed_until_somebody_has_read_it() -> None:
    every = tuple(names())
    for locale in locales.complete():
        assert locales.unreviewed(locale) == every


def test_a_review_counts_until_the_words_change() -> None:
    words = fingerprint("line.menu", "es-US")
    reviewed = {"es-US": {"line.menu": {"words": words}, "line.help": {"words": "of yesterday"}}}
    missing = unreviewed_in("es-US", reviewed)
    assert "line.menu" not in missing
    assert "line.help" in missing


def test_a_review_of_one_language_is_none_of_another() -> None:
    assert fingerprint("line.menu", "es-US") != fingerprint("line.menu", "en-US")


def test_the_check_can_be_run_and_passes() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "locales", "check"], cwd=ROOT, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode()


def test_a_choice_that_can_be_texted_can_be_spoken() -> None:
    for name in names():
        if ".choice_" in name:
            assert wording(name).spoken, name
