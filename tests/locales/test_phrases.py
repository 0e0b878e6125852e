"""What is understood without a model."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from locales import phrases
from locales.phrases import (
    common_words,
    contains,
    fold,
    heard,
    kind_named,
    language_named,
    languages,
    number,
    ordinal,
)

EMERGENCIES = yaml.safe_load(
    Path(__file__).with_name("emergencies.yml").read_text(encoding="utf-8")
)
NEEDED = {"affirm", "deny", "person", "opt_out", "opt_in", "help", "emergency", "crisis"}


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_nothing_folded_has_case_edges_or_double_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded == folded.casefold()


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("¿Cómo ESTÁ, señor?", "como esta senor"),
        ("I can’t", "i cant"),
        ("Đúng", "dung"),
        ("إلغاء", "الغاء"),
        ("١٢ ３", "12 3"),
        ("가슴", "가슴"),
        ("STOP.\u200b", "stop"),
        ("🙂", ""),
    ],
)
def test_marks_case_and_script_do_not_matter(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_all_nine_languages_have_the_lists_that_safety_needs() -> None:
    assert set(languages()) == {"ar", "en", "es", "fr", "ko", "pt", "ru", "vi", "zh"}
    for lang in languages():
        assert phrases.phrases(lang).keys() >= NEEDED, lang


def test_every_entry_is_text_and_says_something() -> None:
    for lang in languages():
        for name, entries in phrases.phrases(lang).items():
            for entry in entries:
                assert isinstance(entry, str), (lang, name, entry)
                assert fold(entry), (lang, name, entry)


def test_yes_and_no_share_no_entry() -> None:
    for lang in languages():
        lists = phrases.phrases(lang)
        assert not {fold(e) for e in lists["affirm"]} & {fold(e) for e in lists["deny"]}, lang


@pytest.mark.parametrize(
    ("text", "lang", "name"),
    [
        ("Yes.", "en", "affirm"),
        ("um yes please", "en", "affirm"),
        ("Sí, por favor", "es", "affirm"),
        ("SI", "es", "affirm"),
        ("no ma'am", "en", "deny"),
        ("I want to talk to a person, please", "en", "person"),
        ("quiero hablar con una persona por favor", "es", "person"),
        ("say that again please", "en", "repeat"),
        ("más despacio por favor", "es", "slower"),
        ("人工", "zh", "person"),
        ("상담원", "ko", "person"),
        ("да", "ru", "affirm"),
    ],
)
def test_a_short_command_is_heard_with_its_politeness(text: str, lang: str, name: str) -> None:
    assert heard(text, lang, name)


@pytest.mark.parametrize(
    ("text", "lang", "name"),
    [
        ("yes I have a question about my results", "en", "affirm"),
        ("no quiero eso, quiero mi receta", "es", "deny"),
        ("", "en", "affirm"),
        ("...", "en", "affirm"),
        ("🙂", "en", "affirm"),
        ("asdf", "en", "affirm"),
        ("a person called me yesterday about a test", "en", "person"),
        ("ok gracias", "es", "affirm"),
    ],
)
def test_a_longer_sentence_or_nothing_is_no_command(text: str, lang: str, name: str) -> None:
    assert not heard(text, lang, name)


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "Stop.",
        "stop please",
        "CANCEL",
        "OPT OUT",
        "unsubscribe",
        "ALTO",
        "Arrêt",
        "arret",
        "PARAR",
        "退订",
        "停止",
        "DỪNG",
        "СТОП",
        "수신거부",
        "إيقاف",
        "no me manden mensajes",
        "please do not text me anymore",
    ],
)
@pytest.mark.parametrize("lang", ["en", "es", "ko"])
def test_an_opt_out_counts_in_whichever_language_we_speak(text: str, lang: str) -> None:
    assert heard(text, lang, "opt_out")


@pytest.mark.parametrize(
    "text",
    [
        "cancel my appointment",
        "I want to stop the pills",
        "stop by tomorrow",
        "the end of the month",
        "đúng",
        "yes",
        "quiero cancelar mi cita",
        "cancel please",
    ],
)
def test_a_sentence_with_such_a_word_in_it_opts_nobody_out(text: str) -> None:
    assert not heard(text, "en", "opt_out")


def test_yes_is_no_consent_to_texts() -> None:
    assert heard("START", "es", "opt_in")
    assert not any(heard(text, "en", "opt_in") for text in ("yes", "YES", "sí", "inicio"))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_an_emergency_is_never_missed(lang: str) -> None:
    missed = [t for t in EMERGENCIES[lang]["emergency"] if not contains(t, lang, "emergency")]
    assert missed == []
    assert len(EMERGENCIES[lang]["emergency"]) >= 40


@pytest.mark.parametrize("lang", ["en", "es"])
def test_somebody_in_despair_is_never_missed(lang: str) -> None:
    assert [t for t in EMERGENCIES[lang]["crisis"] if not contains(t, lang, "crisis")] == []


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_only_looks_like_an_emergency_is_none(lang: str) -> None:
    near = EMERGENCIES[lang]["neither"]
    assert [t for t in near if contains(t, lang, "emergency") or contains(t, lang, "crisis")] == []
    assert len(near) >= 40


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "我胸口很痛，喘不过气"),
        ("vi", "tôi khó thở quá"),
        ("vi", "toi kho tho"),
        ("fr", "mon mari a mal à la poitrine"),
        ("pt", "não consigo respirar"),
        ("ru", "он потерял сознание"),
        ("ko", "가슴이 아프고 숨을 못 쉬겠어요"),
        ("ar", "عندي ألم شديد في صدري"),
    ],
)
def test_an_emergency_is_heard_in_the_other_languages(lang: str, text: str) -> None:
    assert contains(text, lang, "emergency")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "我没有胸痛"),
        ("vi", "không bị đau ngực"),
        ("fr", "je n'ai pas mal à la poitrine"),
        ("pt", "não tenho dor no peito"),
        ("ru", "нет боли в груди"),
    ],
)
def test_a_denial_is_understood_in_the_other_languages(lang: str, text: str) -> None:
    assert not contains(text, lang, "emergency")


def test_a_denial_reaches_over_or_but_not_over_but() -> None:
    assert not contains("no chest pain or trouble breathing", "en", "emergency")
    assert contains("no chest pain but I can't breathe", "en", "emergency")
    assert contains("no, chest pain!", "en", "emergency")
    assert contains("no my chest hurts", "en", "emergency")


@pytest.mark.parametrize(
    ("text", "lang", "place"),
    [
        ("the second one", "en", 2),
        ("I'll take the first one please", "en", 1),
        ("the last one", "en", -1),
        ("la segunda", "es", 2),
        ("el primero por favor", "es", 1),
        ("la última", "es", -1),
        ("two", "en", None),
        ("the second of May", "en", None),
    ],
)
def test_a_place_in_a_list_is_heard(text: str, lang: str, place: int | None) -> None:
    assert ordinal(text, lang) == place


@pytest.mark.parametrize(
    ("text", "lang", "key"),
    [
        ("two", "en", 2),
        ("press two", "en", 2),
        ("number 9", "en", 9),
        ("oh", "en", 0),
        ("to", "en", 2),
        ("dos", "es", 2),
        ("la opción tres por favor", "es", 3),
        ("oprimo el cero", "es", None),
        ("twelve", "en", None),
        ("the second one", "en", None),
        ("", "en", None),
    ],
)
def test_a_key_is_heard_in_words(text: str, lang: str, key: int | None) -> None:
    assert number(text, lang) == key


@pytest.mark.parametrize(
    ("text", "lang", "named"),
    [
        ("Spanish please", "en", "es"),
        ("do you speak Spanish?", "en", "es"),
        ("en español", "en", "es"),
        ("inglés", "es", "en"),
        ("English", "es", "en"),
        ("tiếng Việt", "en", "vi"),
        ("中文", "en", "zh"),
        ("my Spanish teacher is sick", "en", None),
        ("español, por favor", "en", "es"),
    ],
)
def test_a_language_is_asked_for_by_name(text: str, lang: str, named: str | None) -> None:
    assert language_named(text, lang) == named


def test_everyday_words_tell_english_from_spanish() -> None:
    assert not common_words("en") & common_words("es")
    assert "resultados" in common_words("es")


def test_both_environments_can_read_the_lists() -> None:
    """Rasa's has YAML and nothing else of ours."""
    tree = ast.parse(Path(phrases.__file__).read_text(encoding="utf-8"))
    roots = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert roots <= {*sys.stdlib_module_names, "yaml"}


@pytest.mark.parametrize(
    ("text", "lang", "name"),
    [
        ("do you have something earlier", "en", "earlier"),
        ("sooner please", "en", "earlier"),
        ("what about the week after", "en", "week_after"),
        ("none of those work for me", "en", "none_of_these"),
        ("whoever is free first", "en", "any_clinician"),
        ("with my usual doctor", "en", "usual_clinician"),
        ("the doctor I saw last time", "en", "seen_last_clinician"),
        ("as soon as you can get me in", "en", "soonest"),
        ("antes", "es", "earlier"),
        ("¿hay algo más temprano?", "es", "earlier"),
        ("ninguna de esas me queda", "es", "none_of_these"),
        ("no importa quién sea", "es", "any_clinician"),
        ("con mi doctora de siempre", "es", "usual_clinician"),
        ("el mismo doctor de la otra vez", "es", "seen_last_clinician"),
        ("lo más temprano posible", "es", "soonest"),
        ("más tarde", "es", "later"),
    ],
)
def test_what_is_said_of_offers_is_heard(text: str, lang: str, name: str) -> None:
    assert contains(text, lang, name)


@pytest.mark.parametrize(
    ("text", "lang", "name"),
    [
        ("I called earlier about my results", "en", "earlier"),
        ("not earlier than ten", "en", "earlier"),
        ("the week after Thanksgiving", "en", "week_after"),
        ("has anyone looked at my results", "en", "any_clinician"),
        ("my doctor told me to come back", "en", "usual_clinician"),
        ("see you later alligator", "en", "later"),
        ("antes de las diez", "es", "earlier"),
        ("lo más temprano posible", "es", "earlier"),
        ("después de las tres", "es", "later"),
        ("la semana después de navidad", "es", "week_after"),
    ],
)
def test_nothing_is_heard_of_offers_by_accident(text: str, lang: str, name: str) -> None:
    assert not contains(text, lang, name)


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ("I need a flu shot", "en", "vaccination"),
        ("my yearly physical", "en", "check_up"),
        ("it's a follow-up", "en", "follow_up"),
        ("una vacuna para mi hijo", "es", "vaccination"),
        ("quiero un chequeo general", "es", "check_up"),
        ("una cita de seguimiento", "es", "follow_up"),
        ("a shot at my check-up", "en", None),
        ("an appointment", "en", None),
        ("a vaccine", "ko", None),
    ],
)
def test_a_kind_of_visit_is_named(text: str, lang: str, kind: str | None) -> None:
    assert kind_named(text, lang) == kind
