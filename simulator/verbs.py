"""What each TwiML verb does to a call; each cites the page its rule is from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.document import NOT_IN_SCHEMA, Failure, Verb
from simulator.gather import Gather
from simulator.happenings import Event, Pending, Pickup, Recording, State, new_sid

if TYPE_CHECKING:
    from simulator.leg import Leg

Perform = Callable[["Leg", Verb], None]
RING_SECONDS = 30
MOST_SILENCES = 3
WORDS_A_SECOND = 2.5
EVERY_KEY = "1234567890*#"


def say(leg: Leg, verb: Verb) -> None:
    """Read words out: https://www.twilio.com/docs/voice/twiml/say."""
    voice, language = verb.attributes.get("voice"), verb.attributes.get("language")
    for _ in range(_times(verb)):
        leg.happen(Event("say", verb.text, voice, language, rate=verb.rate))


def play(leg: Leg, verb: Verb) -> None:
    """Play a recording: https://www.twilio.com/docs/voice/twiml/play."""
    for _ in range(_times(verb)):
        leg.happen(Event("play", url=leg.script.resolve(verb.text)))


def pause(leg: Leg, verb: Verb) -> None:
    """Wait silently, one second unless told: https://www.twilio.com/docs/voice/twiml/pause."""
    seconds = verb.number("length", 1, least=1)
    leg.happen(Event("waited", seconds=seconds))
    leg.wait(seconds)


def gather(leg: Leg, verb: Verb) -> None:
    """Listen, while the nested verbs are heard: https://www.twilio.com/docs/voice/twiml/gather."""
    listening = Gather.of(verb, leg.script)
    for child in verb.children:
        if child.name == "Pause":
            # The caller may answer through it, so that no time is spent here.
            leg.happen(Event("pause", seconds=child.number("length", 1, least=1)))
        else:
            PERFORM[child.name](leg, child)
    leg.listen(listening)


def redirect(leg: Leg, verb: Verb) -> None:
    """Go on elsewhere; what follows is not reached: https://www.twilio.com/docs/voice/twiml/redirect."""
    leg.follow(leg.script.resolve(verb.text))


def hangup(leg: Leg, _: Verb) -> None:
    """End the call: https://www.twilio.com/docs/voice/twiml/hangup."""
    leg.end("the line hung up")


def reject(leg: Leg, verb: Verb) -> None:
    """Refuse a call without answering it: https://www.twilio.com/docs/voice/twiml/reject."""
    reason = verb.attributes.get("reason", "rejected")
    if reason not in {"rejected", "busy"}:
        raise Failure(NOT_IN_SCHEMA, "<Reject reason> must be rejected or busy")
    leg.end(
        f"the line refused the call ({reason})", status="busy" if reason == "busy" else "failed"
    )


def record(leg: Leg, verb: Verb) -> None:
    """Start recording after the beep: https://www.twilio.com/docs/voice/twiml/record."""
    if verb.flag("transcribe", otherwise=False):
        raise Failure(
            NOT_IN_SCHEMA, "<Record transcribe> knows American English only, and is not played here"
        )
    leg.pending = Pending(verb, new_sid("RE"))
    leg.state = State.RECORDING
    leg.happen(Event("record", seconds=verb.number("timeout", 5)))


def finish_record(leg: Leg, *, key: str) -> None:
    """End a recording by key, by silence (no key) or by hanging up.

    "If Twilio receives an empty recording, it will not make a request to the action URL"
    and goes on: https://www.twilio.com/docs/voice/twiml/record#action
    """
    pending = leg.pending
    if pending is None or not _ends(pending.verb, key):
        return
    leg.pending, leg.state = None, State.TALKING
    if not pending.words:
        _tell_recording(leg, pending, {"RecordingStatus": "absent"})
        return
    recording = _recorded(leg, pending)
    leg.recordings.append(recording)
    found = {
        "RecordingSid": recording.sid,
        "RecordingUrl": recording.url,
        "RecordingDuration": str(recording.seconds),
    }
    _tell_recording(leg, pending, {**found, "RecordingStatus": "completed"})
    _go_on(leg, pending.verb, {**found, **({"Digits": key} if key else {})})


def dial(leg: Leg, verb: Verb) -> None:
    """Ring another telephone: https://www.twilio.com/docs/voice/twiml/dial."""
    if leg.is_whisper:
        raise Failure(NOT_IN_SCHEMA, "<Dial> is not allowed in what is played to the called party")
    number = verb.children[0] if verb.children else Verb("Number", {}, verb.text)
    pending = leg.pending = Pending(verb, new_sid("CA"))
    ringing = verb.number("timeout", RING_SECONDS)
    leg.happen(Event("dial", number.text, seconds=ringing))
    if leg.pickup is Pickup.NO_ANSWER:
        leg.wait(ringing)
    if leg.pickup in {Pickup.ANSWERED, Pickup.DECLINED}:
        _pick_up(leg, number, pending.sid)
    else:
        finish_dial(leg, leg.pickup.value, bridged=False)


def finish_dial(leg: Leg, status: str, *, bridged: bool) -> None:
    """Tell the action address how it went; without one the next verb runs.

    https://www.twilio.com/docs/voice/twiml/dial#action
    """
    pending = leg.pending
    if pending is None:
        return
    leg.pending = None
    leg.happen(Event("dialled", status))
    told = {
        "DialCallStatus": status,
        "DialCallSid": pending.sid,
        "DialBridged": str(bridged).lower(),
    }
    if status == "completed":
        told["DialCallDuration"] = "30" if bridged else "5"
    leg.state = State.TALKING
    if "action" in pending.verb.attributes:
        _go_on(leg, pending.verb, told)


def _pick_up(leg: Leg, number: Verb, sid: str) -> None:
    accepted = (
        _whisper(leg, number, sid) if "url" in number.attributes else leg.pickup is Pickup.ANSWERED
    )
    if accepted:
        leg.state = State.TRANSFERRED
        leg.happen(Event("transferred", number.text))
    else:
        # Twilio calls a leg that was picked up "completed" even where nobody was connected:
        # DialBridged alone tells. https://www.twilio.com/docs/voice/twiml/dial#dialbridged
        finish_dial(leg, "completed" if "url" in number.attributes else "busy", bridged=False)


def _whisper(leg: Leg, number: Verb, sid: str) -> bool:
    """Return whether the called party came through the document played to them alone.

    https://www.twilio.com/docs/voice/twiml/number#attributes-url
    """
    other = leg.other_leg(number.text, sid)
    other.follow(leg.script.resolve(number.attributes["url"]))
    other.run()
    for _ in range(MOST_SILENCES):
        if other.gather and leg.pickup is Pickup.ANSWERED:
            other.press(leg.pickup_key)
        else:
            other.stay_silent()
    for words in other.heard:
        leg.happen(Event("whisper", words.text, words.voice, words.language))
    return other.ran_out_of_verbs and other.error is None


def _times(verb: Verb) -> int:
    # loop="0" plays until the caller hangs up; once is as much as anybody would listen to here.
    return verb.number("loop", 1) or 1


def _ends(verb: Verb, key: str) -> bool:
    return key in {"", "hangup"} or key in verb.attributes.get("finishOnKey", EVERY_KEY)


def _recorded(leg: Leg, pending: Pending) -> Recording:
    words = " ".join(pending.words)
    path = f"/2010-04-01/Accounts/{leg.parameters['AccountSid']}/Recordings/{pending.sid}"
    seconds = max(1, round(len(words.split()) / WORDS_A_SECOND))
    return Recording(
        pending.sid, leg.parameters["CallSid"], leg.recordings_url + path, seconds, words
    )


def _tell_recording(leg: Leg, pending: Pending, told: Mapping[str, str]) -> None:
    """Send the recording's own callback: https://www.twilio.com/docs/voice/twiml/record#recordingstatuscallback."""
    attributes = pending.verb.attributes
    wanted = attributes.get("recordingStatusCallbackEvent", "completed").split()
    if "recordingStatusCallback" in attributes and told["RecordingStatus"] in wanted:
        ids = {"AccountSid": leg.parameters["AccountSid"], "CallSid": leg.parameters["CallSid"]}
        source = {
            "RecordingSid": pending.sid,
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
        }
        url = leg.script.resolve(attributes["recordingStatusCallback"])
        leg.webhooks.notify(url, {**ids, **source, **told})


def _go_on(leg: Leg, verb: Verb, told: Mapping[str, str]) -> None:
    url = leg.script.resolve(verb.attributes.get("action", ""))
    if leg.call_status == "completed":
        leg.report(url, told)
    else:
        leg.follow(url, told)


PERFORM: Mapping[str, Perform] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Redirect": redirect,
    "Hangup": hangup,
    "Reject": reject,
    "Record": record,
    "Dial": dial,
}
