"""A reply becomes a document that the carrier takes, in the right voices, with the right keys."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

import locales
from dialogue.house import ClinicCard
from dialogue.turns import Expect, Reply
from locales.voices import VOICES
from locales.wording import NoWordingError
from portal.answers import Choice, Prompt
from simulator.document import Verb, read
from voice.speech import LONGEST, Line, say
from voice.twiml import accepted, apology, hang_up, nobody_came, twiml, wait_and_ask_again, whisper

BASE = "https://line.clinic.example"
WELCOME, MORE = Prompt(name="line.welcome"), Prompt(name="line.anything_else")
RESULTS = Choice(key="1", intent="results_status", label="results.choice_results")
SPANISH = Choice(key="2", intent="change_language", label="line.choice_language", locale="es-US")
CARD: dict[str, Any] = {
    "code": "main",
    "phone": "+12025550100",
    "front_desk": "+12025550102",
    "nurse_line": "+12025550103",
    "locale": "es-US",
    "tz": "America/New_York",
}


def reply(*prompts: Prompt, **given: Any) -> Reply:
    """Return a reply, in English unless something else is said."""
    return Reply(**{"prompts": prompts, "locale": "en-US", "turn": 7, **given})


def rendered(said: Reply) -> str:
    """Return its document."""
    return twiml(said, base_url=BASE, clinic="main")


def verbs(document: str) -> list[Verb]:
    """Return the verbs, read as strictly as the carrier's debugger judges them."""
    return read(document.encode(), "text/xml")


def pauses(document: str) -> list[str]:
    """Return the silences before what is said, in order."""
    root = ET.fromstring(document)  # noqa: S314 - our own document
    return [
        each.attrib.get("time", each.attrib.get("length", ""))
        for each in root.iter()
        if each.tag in {"break", "Pause"}
    ]


def test_words_and_a_key_are_listened_for() -> None:
    """The first of both counts, every key arrives, and silence is told to us."""
    gather, redirect = verbs(rendered(reply(WELCOME, MORE, choices=(RESULTS,))))

    hints = gather.attributes["hints"].split(",")
    assert {name: value for name, value in gather.attributes.items() if name != "hints"} == {
        "input": "dtmf speech",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": "8",
        "speechTimeout": "2",
        "language": "en-US",
        "profanityFilter": "false",
        "actionOnEmptyResult": "true",
        "action": f"{BASE}/voice/turn/main/en-US/7",
        "method": "POST",
    }
    assert {"yes", "no", "a person", "my test results"} <= set(hints)
    assert [each.text for each in gather.children] == [
        "You are welcome.",
        "What else can I help you with?",
        "For your test results, press 1.",
    ]
    assert (redirect.name, redirect.text) == ("Redirect", f"{BASE}/voice/turn/main/en-US/7")


def test_a_key_alone_has_ten_seconds() -> None:
    """Where only a key helps, nobody's talking is listened to."""
    gather = verbs(rendered(reply(MORE, expect=Expect("key"))))[0]

    assert (gather.attributes["input"], gather.attributes["numDigits"]) == ("dtmf", "1")
    assert (gather.attributes["finishOnKey"], gather.attributes["timeout"]) == ("", "10")
    assert not {"hints", "language", "speechTimeout"} & set(gather.attributes)


@pytest.mark.parametrize("digits", [8, 6, 4])
def test_a_secret_is_keyed_and_never_spoken(digits: int) -> None:
    """As many keys as it has, none of which ends it: * and # must arrive."""
    asked = reply(Prompt(name="identity.ask_pin"), expect=Expect("secret", digits))

    gather = verbs(rendered(asked))[0]

    assert (gather.attributes["input"], gather.attributes["numDigits"]) == ("dtmf", str(digits))
    assert (gather.attributes["finishOnKey"], gather.attributes["timeout"]) == ("", "10")


def test_keys_that_are_no_secret_may_be_said_as_well() -> None:
    """As many keys as there are, with the time for keys; and words, as at any question."""
    gather = verbs(rendered(reply(MORE, expect=Expect("keys", 4))))[0]

    told = gather.attributes
    assert (told["input"], told["numDigits"], told["finishOnKey"]) == ("dtmf speech", "4", "")
    assert (told["timeout"], told["speechTimeout"], told["language"]) == ("10", "2", "en-US")


def test_where_nothing_is_expected_the_next_turn_follows_at_once() -> None:
    """Something was said that needs no answer; the call goes on."""
    said, redirect = verbs(rendered(reply(WELCOME, expect=Expect("none"))))

    assert (said.name, redirect.name) == ("Say", "Redirect")


def test_each_line_has_the_voice_of_its_language() -> None:
    """In the list of languages each is offered by its own voice."""
    gather = verbs(rendered(reply(WELCOME, choices=(RESULTS, SPANISH))))[0]

    voices = [(each.attributes["voice"], each.attributes["language"]) for each in gather.children]
    assert voices == [
        ("Polly.Joanna-Neural", "en-US"),
        ("Polly.Joanna-Neural", "en-US"),
        ("Polly.Lupe-Neural", "es-US"),
    ]
    assert gather.children[2].text == "Para español, oprima 2."


def test_there_is_time_between_lines_and_more_before_the_keys() -> None:
    """Nothing waits before the first word."""
    document = rendered(reply(WELCOME, MORE, choices=(RESULTS, SPANISH)))

    assert pauses(document) == ["500ms", "700ms", "500ms"]


@pytest.mark.parametrize(("pace", "rate"), [("normal", "90%"), ("slow", "80%")])
def test_everything_is_said_unhurried(pace: str, rate: str) -> None:
    """A little slower than the voice would, and slower still when asked."""
    gather = verbs(rendered(reply(WELCOME, choices=(RESULTS,), pace=pace)))[0]

    assert {each.rate for each in gather.children} == {rate}


@pytest.mark.parametrize("tag", sorted(VOICES))
def test_markup_only_where_the_voice_takes_it(tag: str) -> None:
    """Voices of other houses would read it out or fail; they get a silence instead."""
    response = VoiceResponse()
    say(response, Line("Hello.", tag))
    say(response, Line("Press 1.", tag, "700ms"))

    said = [verb for verb in verbs(str(response)) if verb.name == "Say"]
    is_polly = VOICES[tag].say_voice.startswith("Polly.")
    assert [verb.rate for verb in said] == (["90%", "90%"] if is_polly else [None, None])
    assert pauses(str(response)) == (["700ms"] if is_polly else ["1"])


def test_a_goodbye_hangs_up() -> None:
    """What comes last is said, and the call ends."""
    said, end = verbs(rendered(reply(Prompt(name="line.goodbye"), then="hangup")))

    assert (said.name, end.name) == ("Say", "Hangup")


def test_a_transfer_whispers_first_and_comes_back_when_nobody_takes_it() -> None:
    """The caller hears it ring until somebody has pressed the key, never a voicemail."""
    asked = reply(Prompt(name="handoff.transferring"), then="transfer", transfer_to="+12025550102")

    said, dial = verbs(rendered(asked))

    assert said.name == "Say"
    assert dial.attributes == {
        "action": f"{BASE}/voice/dialled/main/en-US/7",
        "method": "POST",
        "timeout": "20",
        "answerOnBridge": "true",
    }
    assert [(each.text, dict(each.attributes)) for each in dial.children] == [
        ("+12025550102", {"url": f"{BASE}/voice/whisper/main/en-US", "method": "POST"})
    ]


def test_a_transfer_to_nobody_is_an_error() -> None:
    """A caller is never put through to silence."""
    with pytest.raises(ValueError, match="number"):
        rendered(reply(WELCOME, then="transfer"))


def test_a_prompt_for_texts_alone_is_never_spoken() -> None:
    """What has no words for the telephone is a mistake, and is noticed."""
    with pytest.raises(NoWordingError):
        rendered(reply(Prompt(name="line.picture")))


@pytest.mark.parametrize("tag", locales.complete())
@pytest.mark.parametrize("then", ["listen", "hangup"])
def test_no_address_says_anything_about_anybody(tag: str, then: str) -> None:
    """Clinic, language and turn are all that the carrier's logs get to see."""
    prompt = Prompt(
        name="line.trouble_call", details={"phone": "+12025550102", "nurse": "+12025550103"}
    )
    document = rendered(reply(prompt, locale=tag, then=then))
    root = ET.fromstring(document)  # noqa: S314 - our own document

    addresses = {value for each in root.iter() for value in each.attrib.values() if "://" in value}
    assert addresses <= {f"{BASE}/voice/turn/main/{tag}/7"}


@given(st.text(max_size=300))
def test_whatever_is_said_the_document_stays_whole(words: str) -> None:
    """Control characters and markup in a detail cannot end a call."""
    document = rendered(reply(Prompt(name="line.greeting", details={"clinic": words})))

    assert verbs(document)[0].children[0].text.startswith("If this is an emergency")


@given(st.text(max_size=40))
def test_no_character_makes_a_document_invalid(words: str) -> None:
    """Not even one that came past the wordings."""
    response = VoiceResponse()
    say(response, Line(f"a {words}", "vi-VN"))

    assert verbs(str(response))[0].text.startswith("a")


@pytest.mark.parametrize("tag", ["en-US", "vi-VN"])
@pytest.mark.parametrize("words", ["A sentence. " * 900, "endless" * 2000])
def test_long_words_are_said_in_parts(words: str, tag: str) -> None:
    """A <Say> takes 4096 characters; nothing is lost between two of them."""
    response = VoiceResponse()
    say(response, Line(words, tag))

    parts = [verb.text for verb in verbs(str(response))]
    assert all(len(part) <= LONGEST for part in parts)
    assert "".join(parts).replace(" ", "") == words.replace(" ", "")


def test_without_records_a_person_is_rung_and_nothing_promised() -> None:
    """The transfer leads to the desk, and then to a step that reads no record."""
    trouble, dial = verbs(apology(ClinicCard(**CARD), "en-US", base_url=BASE))

    assert trouble.text == "I am sorry. Something went wrong on our side."
    assert dict(dial.attributes) == {
        "action": f"{BASE}/voice/rung/main/en-US",
        "method": "POST",
        "timeout": "20",
        "answerOnBridge": "true",
        "callerId": "+12025550100",
    }
    assert (dial.children[0].text, dict(dial.children[0].attributes)) == ("+12025550102", {})


def test_when_nobody_came_there_are_numbers_to_ring() -> None:
    """The desk's and the nurse's, and then the call is over."""
    call, end = verbs(nobody_came(ClinicCard(**CARD), "en-US"))

    assert "2 0 2, 5 5 5, 0 1 0 2" in call.text
    assert "2 0 2, 5 5 5, 0 1 0 3" in call.text
    assert end.name == "Hangup"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"front_desk": None}, ["Say", "Say", "Hangup"]),
        ({"front_desk": None, "nurse_line": None}, ["Say", "Say", "Hangup"]),
        ({"nurse_line": None}, ["Say", "Dial"]),
    ],
)
def test_without_records_there_is_always_a_number(given: dict[str, Any], names: list[str]) -> None:
    """A clinic without a desk still has a nurse, or at least its own number."""
    document = apology(ClinicCard(**{**CARD, **given}), "en-US", base_url=BASE)
    assert [verb.name for verb in verbs(document)] == names


@pytest.mark.parametrize(
    ("locale", "language"),
    [("es-US", "es-US"), ("vi-VN", "es-US"), ("", "es-US"), ("en-US", "en-US")],
)
def test_without_records_the_callers_language_is_kept(locale: str, language: str) -> None:
    """A language that is not whole gives way to the clinic's own."""
    card = ClinicCard(**CARD)
    for document in (apology(card, locale, base_url=BASE), nobody_came(card, locale)):
        assert verbs(document)[0].attributes["language"] == language


def test_without_records_or_clinic_an_apology_is_left() -> None:
    """Even then it is no dead air."""
    assert [verb.name for verb in verbs(apology(None, "xx", base_url=BASE))] == ["Say", "Hangup"]
    assert [verb.name for verb in verbs(nobody_came(None, "xx"))] == ["Hangup"]


def test_a_whisper_tells_language_and_topic_and_waits_for_the_key() -> None:
    """In English, without a name; who presses nothing is not put through."""
    gather, end = verbs(whisper("results", "es-US", base_url=BASE, clinic="main"))

    assert gather.attributes["action"] == f"{BASE}/voice/accept/main/es-US"
    assert (gather.attributes["input"], gather.attributes["numDigits"]) == ("dtmf", "1")
    assert {each.attributes["language"] for each in gather.children} == {"en-US"}
    assert "Spanish" in gather.children[0].text
    assert "test results" in gather.children[0].text
    assert end.name == "Hangup"


def test_a_whisper_does_not_fail_on_a_topic_without_words() -> None:
    """A transfer goes through whatever it is about."""
    assert verbs(whisper("something new", "es-US", base_url=BASE, clinic="main"))


def test_the_small_documents_are_what_they_say() -> None:
    """Put through, hang up, wait a second and ask again."""
    assert verbs(accepted()) == []
    assert [verb.name for verb in verbs(hang_up())] == ["Hangup"]
    pause, redirect = verbs(wait_and_ask_again(f"{BASE}/voice/turn/main/en-US/7"))
    assert (pause.attributes["length"], redirect.text) == ("1", f"{BASE}/voice/turn/main/en-US/7")
