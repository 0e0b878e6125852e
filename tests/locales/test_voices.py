"""Voices and recognisers that go together."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from babel.core import Locale

from locales import voices
from locales.voices import VOICES, Voice

ALLOWED = tomllib.loads(
    Path(voices.__file__).with_name("twilio_voices.toml").read_text(encoding="utf-8")
)


def test_each_of_the_nine_languages_has_a_voice() -> None:
    assert set(VOICES) == {
        "en-US", "es-US", "zh-CN", "vi-VN", "fr-FR", "pt-BR", "ru-RU", "ko-KR", "ar",
    }  # fmt: skip


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)
def test_voice_and_language_are_a_pair_that_twilio_allows(voice: Voice) -> None:
    assert voice.say_language in ALLOWED["say_languages"]
    assert {voice.say_voice, *voice.fallbacks} <= set(ALLOWED["voices"][voice.say_language])
    assert voice.gather_language in ALLOWED["gather_languages"]


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)
def test_there_is_another_voice_should_one_go(voice: Voice) -> None:
    assert voice.fallbacks
    assert voice.say_voice not in voice.fallbacks


def test_a_google_voice_names_its_own_language() -> None:
    for language, names in ALLOWED["voices"].items():
        for name in names:
            assert not name.startswith("Google.") or name.startswith(f"Google.{language}-"), name


@pytest.mark.parametrize(("tag", "voice"), VOICES.items(), ids=VOICES)
def test_a_language_is_called_what_its_speakers_call_it(tag: str, voice: Voice) -> None:
    known = Locale.parse(tag.replace("-", "_"))
    own = known.languages[known.language]
    assert voice.own_name.casefold() == own.casefold()
