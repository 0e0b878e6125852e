"""<Gather>, rule by rule: https://www.twilio.com/docs/voice/twiml/gather."""

from __future__ import annotations

import pytest

from simulator.phone import State
from tests.simulator.line import BASE, called, words

ASKING = (
    '<Gather action="/next" input="dtmf speech" numDigits="1" finishOnKey="">{}</Gather>'
    "<Say>after</Say>"
)
MENU = ASKING.format("")
ECHO = {"next": lambda form: f"<Say>{form.get('Digits', '')}|{form.get('SpeechResult', '')}</Say>"}


def test_defaults_are_those_of_the_page() -> None:
    """Keys only, five seconds, # ends, English, silence not sent, action the document itself."""
    _, phone = called("<Gather/>")
    gather = phone.gather
    assert gather is not None
    assert (gather.dtmf, gather.speech, gather.timeout, gather.finish_on_key) == (
        True,
        False,
        5,
        "#",
    )
    assert (gather.num_digits, gather.language, gather.action_on_empty_result) == (
        None,
        "en-US",
        False,
    )
    assert gather.action == f"{BASE}/voice/incoming"


def test_nested_verbs_are_heard_and_the_line_listens() -> None:
    """Say, Play and Pause may stand in a Gather; the time-out starts after them."""
    _, phone = called(
        ASKING.format(
            '<Say voice="Polly.Lupe-Neural" language="es-US">hola</Say><Pause/><Play>a.wav</Play>'
        )
    )
    say, play = phone.heard
    assert (say.text, say.voice, say.language) == ("hola", "Polly.Lupe-Neural", "es-US")
    assert play.url == f"{BASE}/voice/a.wav"
    assert phone.state is State.LISTENING
    assert [event.kind for event in phone.events] == ["say", "pause", "play"]


def test_the_wanted_number_of_keys_ends_it_at_once() -> None:
    """NumDigits: the last key sends them without a finishing key."""
    line, phone = called('<Gather action="/next" numDigits="6" finishOnKey=""/>', **ECHO)
    phone.press("73026")
    assert phone.state is State.LISTENING
    phone.press("4")
    assert line.forms("/next")[0]["Digits"] == "730264"
    assert words(phone) == ["730264|"]


def test_the_finishing_key_ends_it_and_is_not_sent() -> None:
    """FinishOnKey: digits before it are sent, it is not among them."""
    line, phone = called('<Gather action="/next"/>', **ECHO)
    phone.press("123#")
    assert line.forms("/next")[0]["Digits"] == "123"
    assert phone.state is State.ENDED


def test_an_empty_finishing_key_lets_star_and_hash_arrive() -> None:
    """finishOnKey='': every key is input."""
    line, phone = called(MENU, **ECHO)
    phone.press("#")
    assert line.forms("/next")[0]["Digits"] == "#"


def test_fewer_keys_than_wanted_are_sent_when_the_time_is_out() -> None:
    """Timeout: a lone 0 where eight digits are wanted arrives as 0, after the time-out."""
    line, phone = called(
        '<Gather action="/next" numDigits="8" finishOnKey="" timeout="10"/>', **ECHO
    )
    phone.press("0")
    assert line.forms("/next") == []
    phone.stay_silent()
    assert line.forms("/next")[0]["Digits"] == "0"


def test_silence_goes_on_to_the_verb_after() -> None:
    """Without input nothing is sent: the next verb of the document runs."""
    line, phone = called(MENU)
    phone.stay_silent()
    assert line.forms("/next") == []
    assert words(phone) == ["after"]
    assert phone.state is State.ENDED


def test_the_finishing_key_alone_is_silence() -> None:
    """A finishing key before any digit goes on to the next verb."""
    line, phone = called('<Gather action="/next"/><Say>after</Say>', **ECHO)
    phone.press("#")
    assert line.forms("/next") == []
    assert words(phone) == ["after"]


def test_action_on_empty_result_sends_the_silence() -> None:
    """ActionOnEmptyResult: the address is asked without input; what follows is not reached."""
    line, phone = called(
        '<Gather action="/next" actionOnEmptyResult="true"/><Say>after</Say>', **ECHO
    )
    phone.stay_silent()
    assert line.forms("/next")[0]["Digits"] == ""
    assert words(phone) == ["|"]


def test_speech_arrives_with_a_confidence() -> None:
    """Input speech: SpeechResult and a Confidence between 0.0 and 1.0."""
    line, phone = called(MENU, **ECHO)
    phone.say("my results")
    form = line.forms("/next")[0]
    assert form["SpeechResult"] == "my results"
    assert 0 <= float(form["Confidence"]) <= 1
    assert "Digits" not in form


def test_speech_is_lost_where_only_keys_are_listened_for() -> None:
    """input="dtmf": what is said is not heard, and the question stays open."""
    line, phone = called('<Gather action="/next" input="dtmf" numDigits="6"/>', **ECHO)
    phone.say("seven three")
    assert line.forms("/next") == []
    assert phone.state is State.LISTENING
    assert phone.events[-1].kind == "lost"


def test_keys_are_lost_where_only_speech_is_listened_for() -> None:
    """input="speech": keys are not input."""
    line, phone = called('<Gather action="/next" input="speech"/>', **ECHO)
    phone.press("1")
    assert line.forms("/next") == []
    assert phone.state is State.LISTENING


def test_the_first_of_keys_or_speech_wins() -> None:
    """Input "dtmf speech": once a key is pressed, speech no longer counts."""
    line, phone = called('<Gather action="/next" input="dtmf speech" numDigits="2"/>', **ECHO)
    phone.press("4")
    phone.say("my results")
    phone.press("2")
    assert line.forms("/next")[0]["Digits"] == "42"
    assert len(line.forms("/next")) == 1


def test_keys_left_over_go_to_the_next_question() -> None:
    """One key more than a question wants is a key of the next question, as on a real telephone."""
    line, phone = called(
        '<Gather action="/next" numDigits="1"/>',
        next='<Gather action="/last" numDigits="1"/>',
        last="<Say>done</Say>",
    )
    phone.press("12")
    assert line.forms("/next")[0]["Digits"] == "1"
    assert line.forms("/last")[0]["Digits"] == "2"


def test_keys_are_lost_when_nobody_listens() -> None:
    """A key after the end of the call does nothing."""
    line, phone = called("<Say>bye</Say>")
    before = len(line.asked)
    phone.press("1")
    assert len(line.asked) == before


def test_a_telephone_has_no_other_keys() -> None:
    """A letter is not a key."""
    _, phone = called("<Gather/>")
    with pytest.raises(ValueError, match="keys 0 to 9"):
        phone.press("A")


def test_what_was_heard_since_the_last_act_stands_apart() -> None:
    """A test can ask for the latest words alone."""
    _, phone = called(ASKING.format("<Say>menu</Say>"), **ECHO)
    phone.press("3")
    assert [heard.text for heard in phone.latest] == ["3|"]
    assert words(phone) == ["menu", "3|"]


@pytest.mark.parametrize(
    "attributes",
    [
        "input=\"['dtmf', 'speech']\"",
        'numDigits="0"',
        'numDigits="six"',
        'timeout="-1"',
        'finishOnKey="##"',
        'actionOnEmptyResult="True"',
        'speechTimeout="auto" speechModel="phone_call"',
        'method="GET"',
        'hints="' + ",".join(["word"] * 501) + '"',
        'hints="' + "w" * 101 + '"',
        'bargein="true"',
    ],
)
def test_attributes_that_the_page_does_not_allow_end_the_call(attributes: str) -> None:
    """A wrong attribute is error 12200, here as a dead call so that nobody overlooks it."""
    _, phone = called(f"<Gather {attributes}/>")
    assert phone.state is State.ENDED
    assert phone.error == 12200


def test_speech_timeout_is_the_timeout_unless_told() -> None:
    """SpeechTimeout: the time-out unless given; "auto", the first pause, is None here."""
    _, plain = called('<Gather input="speech" timeout="8"/>')
    _, given = called('<Gather input="speech" speechTimeout="2"/>')
    _, automatic = called('<Gather input="speech" speechTimeout="auto"/>')
    found = [
        phone.gather.speech_timeout if phone.gather else -1 for phone in (plain, given, automatic)
    ]
    assert found == [8, 2, None]
