"""The other verbs of a call, each from its own page under https://www.twilio.com/docs/voice/twiml."""

from __future__ import annotations

import pytest
from werkzeug.wrappers import Response

from simulator.phone import InboundCall, Phone, Pickup, State
from tests.simulator.line import BASE, CLINIC, Form, Line, Page, called, words


def test_say_reads_words_and_leaves_markup_out() -> None:
    """<Say>: SSML steers the voice; breaks part words, an alias is read for its text."""
    _, phone = called(
        '<Say voice="Polly.Joanna-Neural" language="en-US">'
        '<prosody rate="85%"><s>One,</s><break time="400ms"/>'
        '<s>two.</s></prosody> <sub alias="Doctor">Dr.</sub> Ng</Say>'
    )
    assert words(phone) == ["One, two. Doctor Ng"]
    assert phone.heard[0].rate == "85%"


def test_say_and_play_repeat_as_told() -> None:
    """Loop: how often it is heard; 0 is without end, heard once here."""
    _, phone = called('<Say loop="2">twice</Say><Say loop="0">for ever</Say>')
    assert words(phone) == ["twice", "twice", "for ever"]


def test_pause_is_a_second_unless_told() -> None:
    """<Pause length>: whole seconds, one by default, and the time is really spent."""
    spent: list[float] = []
    line = Line({"/voice/incoming": '<Pause/><Pause length="4"/>'})
    phone = line.phone()
    phone.wait = spent.append
    phone.call()
    assert spent == [1, 4]


def test_redirect_goes_elsewhere_and_what_follows_is_not_reached() -> None:
    """<Redirect>: control passes to the other document; relative to the one at hand."""
    line, phone = called(
        {
            "/voice/incoming": "<Redirect>turn/1?empty=1</Redirect><Say>never</Say>",
            "/voice/turn/1": "<Say>here</Say>",
        }
    )
    assert words(phone) == ["here"]
    assert phone.log[1].url == f"{BASE}/voice/turn/1?empty=1"
    assert line.forms("/voice/turn/1")[0]["CallStatus"] == "in-progress"


def test_an_endless_redirect_ends_the_call() -> None:
    """A line that only redirects to itself is told so instead of hanging the simulator."""
    _, phone = called("<Redirect>/voice/incoming</Redirect>")
    assert phone.error == 11215


def test_hangup_ends_the_call() -> None:
    """<Hangup>: the call is over; what follows is not reached."""
    _, phone = called("<Hangup/><Say>never</Say>")
    assert (phone.state, phone.why, words(phone)) == (State.ENDED, "the line hung up", [])


def test_the_end_of_a_document_ends_the_call() -> None:
    """No more verbs: Twilio hangs up."""
    _, phone = called("<Say>bye</Say>")
    assert phone.state is State.ENDED
    assert phone.error is None


@pytest.mark.parametrize(("attribute", "status"), [("", "failed"), ('reason="busy"', "busy")])
def test_reject_refuses_without_answering(attribute: str, status: str) -> None:
    """<Reject>: the call never was in progress; rejected or busy is what its status says."""
    line, phone = called(f"<Reject {attribute}/>")
    assert phone.state is State.ENDED
    assert line.forms("/voice/status")[0]["CallStatus"] == status


DIAL = '<Dial action="/dialled" timeout="20"><Number>+12025550142</Number></Dial><Say>after</Say>'
WHISPER = '<Dial action="/dialled"><Number url="/whisper">+12025550142</Number></Dial>'
DIALLED = {"dialled": lambda form: f"<Say>{form['DialCallStatus']} {form['DialBridged']}</Say>"}


def dialled(document: str, pickup: Pickup, key: str = "1") -> tuple[Line, Phone]:
    """Return a call that was just transferred, by the outcome of the other telephone."""
    whisper = (
        '<Gather action="/accepted" numDigits="1"><Say>Press 1 to accept.</Say></Gather><Hangup/>'
    )
    pages: dict[str, Page] = {
        "/voice/incoming": document,
        "/whisper": whisper,
        "/accepted": _accepted,
    }
    line = Line({**pages, "/dialled": DIALLED["dialled"]})
    phone = line.phone()
    phone.pickup, phone.pickup_key = pickup, key
    phone.call()
    return line, phone


def _accepted(form: Form) -> str:
    return "" if form["Digits"] == "1" else "<Hangup/>"


def test_a_dialled_telephone_that_answers_is_connected() -> None:
    """<Dial>: the two talk; when the other hangs up the action hears of it and the call goes on."""
    line, phone = dialled(DIAL, Pickup.ANSWERED)
    assert phone.state is State.TRANSFERRED
    assert line.forms("/dialled") == []
    phone.other_hangs_up()
    assert words(phone) == ["completed true"]
    assert "DialCallDuration" in line.forms("/dialled")[0]


@pytest.mark.parametrize("pickup", [Pickup.BUSY, Pickup.NO_ANSWER, Pickup.FAILED])
def test_a_telephone_that_is_not_picked_up_is_told_to_the_action(pickup: Pickup) -> None:
    """DialCallStatus: busy, no-answer or failed, and nobody was bridged."""
    _, phone = dialled(DIAL, pickup)
    assert words(phone) == [f"{pickup.value} false"]


def test_without_an_action_the_next_verb_runs() -> None:
    """<Dial> without action: control goes on in the document at hand."""
    line = Line({"/voice/incoming": "<Dial>+12025550142</Dial><Say>after</Say>"})
    phone = line.phone()
    phone.pickup = Pickup.BUSY
    phone.call()
    assert words(phone) == ["after"]


def test_the_called_party_hears_the_whisper_alone_and_accepts() -> None:
    """<Number url>: played to the called leg alone, before the two are connected."""
    line, phone = dialled(WHISPER, Pickup.ANSWERED)
    assert phone.state is State.TRANSFERRED
    assert words(phone) == []
    assert [event.text for event in phone.events if event.kind == "whisper"] == [
        "Press 1 to accept."
    ]
    form = line.forms("/whisper")[0]
    assert form["ParentCallSid"] == phone.parameters["CallSid"]
    assert form["CallSid"] != phone.parameters["CallSid"]
    assert (form["Direction"], form["To"]) == ("outbound-dial", "+12025550142")


@pytest.mark.parametrize(("pickup", "key"), [(Pickup.DECLINED, "1"), (Pickup.ANSWERED, "9")])
def test_a_whisper_that_hangs_up_connects_nobody(pickup: Pickup, key: str) -> None:
    """The leg was answered, so its status is completed: only DialBridged tells."""
    _, phone = dialled(WHISPER, pickup, key)
    assert words(phone) == ["completed false"]


def test_a_whisper_may_not_dial() -> None:
    """TwiML played to the called party must not contain <Dial>."""
    line = Line({"/voice/incoming": WHISPER, "/whisper": DIAL, "/dialled": DIALLED["dialled"]})
    phone = line.phone()
    phone.call()
    assert words(phone) == ["completed false"]


def test_hanging_up_while_connected_still_tells_the_action() -> None:
    """The action hears of a caller who hangs up; its answer is not followed."""
    line, phone = dialled(DIAL, Pickup.ANSWERED)
    phone.hang_up()
    assert line.forms("/dialled")[0]["CallStatus"] == "completed"
    assert words(phone) == []
    assert phone.why == "you hung up"


RECORD = (
    '<Record action="/left" maxLength="120" recordingStatusCallback="/kept" {}/><Say>empty</Say>'
)


def recorded(attributes: str = "") -> tuple[Line, Phone]:
    """Return a call on which the beep was just heard."""
    pages: dict[str, Page] = {
        "/voice/incoming": RECORD.format(attributes),
        "/left": "<Say>thanks</Say>",
        "/kept": Response(status=204),
    }
    return called(pages)


def test_a_message_is_kept_and_told_to_the_action() -> None:
    """<Record>: sid, address, length and the key that ended it; verbs after it are not reached."""
    line, phone = recorded('finishOnKey="#"')
    assert phone.state is State.RECORDING
    phone.say("please call me back")
    phone.press("5")
    phone.press("#")
    form = line.forms("/left")[0]
    assert form["Digits"] == "#"
    assert form["RecordingSid"] == phone.recordings[0].sid
    assert form["RecordingUrl"].endswith(f"/Recordings/{form['RecordingSid']}")
    assert phone.recordings[0].text == "please call me back"
    assert words(phone) == ["thanks"]
    assert line.forms("/kept")[0]["RecordingStatus"] == "completed"


def test_an_empty_recording_goes_on_in_the_document() -> None:
    """Silence after the beep: the action is not asked, the next verb runs."""
    line, phone = recorded('recordingStatusCallbackEvent="completed absent"')
    phone.stay_silent()
    assert line.forms("/left") == []
    assert words(phone) == ["empty"]
    assert line.forms("/kept")[0]["RecordingStatus"] == "absent"


def test_hanging_up_ends_a_recording() -> None:
    """Digits is "hangup" where the caller just hung up."""
    line, phone = recorded()
    phone.say("it is me")
    phone.hang_up()
    assert line.forms("/left")[0]["Digits"] == "hangup"


def test_transcription_is_not_pretended() -> None:
    """<Record transcribe> knows American English only: the house must not rely on it."""
    _, phone = recorded('transcribe="true"')
    assert phone.error == 12200


def test_a_call_from_us_is_answered() -> None:
    """An outbound call: From is ours, To the patient, and the direction says so."""
    line = Line({"/voice/out": "<Gather/>"})
    phone = line.phone()
    inbound = InboundCall(
        "CA" + "1" * 32,
        CLINIC,
        f"{BASE}/voice/out",
        None,
        f"{BASE}/status",
        ("answered", "completed"),
    )
    phone.answer(inbound)
    assert phone.state is State.LISTENING
    form = line.forms("/voice/out")[0]
    assert (form["From"], form["To"], form["Direction"]) == (CLINIC, phone.number, "outbound-api")
    assert (form["CallSid"], form["CallStatus"]) == (inbound.sid, "in-progress")
    phone.hang_up()
    told = [(form["CallStatus"], form["SequenceNumber"]) for form in line.forms("/status")]
    assert told == [("in-progress", "0"), ("completed", "1")]
