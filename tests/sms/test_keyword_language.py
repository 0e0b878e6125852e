"""STOP is answered in the language that the phone is known by."""

from __future__ import annotations

import pytest

from sms.optout import is_keyword


@pytest.mark.parametrize("body", ["STOP", "stop.", "ALTO", "HELP", "START"])
def test_the_carriers_words_are_nobodys_language(body: str) -> None:
    assert is_keyword(body)


@pytest.mark.parametrize("body", ["RESULTS", "RESULTADOS", "stop by tomorrow"])
def test_other_words_tell_the_language(body: str) -> None:
    assert not is_keyword(body)
