"""How text is cut and compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.components.text import LONGEST, pieces, speech, unmarked

DISGUISES = [
    "/restart",
    "   /restart",
    "\u3000/restart",
    "\u200b/restart",
    "\ufeff\u200f/\u2060/restart",
    "//restart",
    "\x00\x1b/restart",
    "/ / /restart",
]


def test_each_chinese_character_is_a_piece() -> None:
    """Chinese has no spaces to cut at."""
    assert [piece.text for piece in pieces("化验结果 please")] == ["化", "验", "结", "果", "please"]


def test_pieces_know_where_they_stood() -> None:
    """Rasa wants the place of each token in the text."""
    text = "¿Ya están  listos, doctor?"
    assert all(text[p.start :].startswith(p.text) for p in pieces(text))


def test_accents_and_case_do_not_count() -> None:
    """People write as their keyboard lets them."""
    assert [p.lemma for p in pieces("ESTÁN Đã")] == [p.lemma for p in pieces("estan da")]


@pytest.mark.parametrize("text", ["", "...", "😀 !!", "\u200b"])
def test_what_says_nothing_has_no_piece(text: str) -> None:
    """Punctuation and pictures are no words."""
    assert pieces(text) == []


def test_unmarked_keeps_everything_but_the_marks() -> None:
    """The copy for training is the sentence as it is typed without accents."""
    assert unmarked("¿Cuándo están, señor? Đau đầu") == "¿Cuando estan, senor? Dau dau"


@pytest.mark.parametrize("text", DISGUISES)
def test_no_disguise_of_a_command_is_a_command(text: str) -> None:
    """Rasa runs what begins with a slash; here it is something a person said."""
    assert speech(text) == "restart"


@given(st.text())
def test_nothing_that_is_said_begins_with_a_slash(text: str) -> None:
    """Whatever stands before it."""
    assert not speech(text).strip().startswith("/")


@given(st.text(alphabet="ab c", min_size=1))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    """Cleaning takes nothing else away."""
    assert speech(text) == text.strip()


def test_no_more_is_read_than_one_text_can_hold() -> None:
    """64 KB would keep the embedding busy for seconds."""
    assert len(speech("word " * 20_000)) <= LONGEST
