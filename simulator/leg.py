"""One leg of a call, led through TwiML by the line's answers.

https://www.twilio.com/docs/voice/twiml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.document import Failure, Script, Verb, read
from simulator.gather import KEYS, Gather
from simulator.happenings import Event, Heard, Pending, Pickup, Recording, State, heard
from simulator.verbs import PERFORM, finish_dial, finish_record
from simulator.webhooks import Wait, Webhooks, no_wait

if TYPE_CHECKING:
    from collections.abc import Mapping

# A line that answers itself with <Redirect> for ever would otherwise never come back.
LONGEST_WALK = 60
WALKED_TOO_FAR = 11215
# https://www.twilio.com/docs/voice/api/call-resource#call-status-values
IN_PROGRESS = "in-progress"
DIALLED = "outbound-dial"
API_VERSION = "2010-04-01"
ERROR_SENTENCE = "We are sorry, an application error has occurred. Goodbye."


def call_parameters(
    account_sid: str, sid: str, from_number: str, to_number: str, direction: str
) -> dict[str, str]:
    """Return what every webhook of a call carries.

    https://www.twilio.com/docs/voice/twiml#request-parameters
    """
    ends = {"From": from_number, "Caller": from_number, "To": to_number, "Called": to_number}
    countries = dict.fromkeys(["FromCountry", "CallerCountry", "ToCountry", "CalledCountry"], "US")
    ids = {
        "CallSid": sid,
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "Direction": direction,
    }
    return {**ids, **ends, **countries}


class Leg:
    """Follows TwiML for one CallSid until the line listens, transfers or hangs up."""

    def __init__(
        self, webhooks: Webhooks, parameters: Mapping[str, str], wait: Wait = no_wait
    ) -> None:
        self.webhooks = webhooks
        self.parameters = dict(parameters)
        self.wait = wait
        self.state = State.RINGING
        self.why = ""
        self.error: int | None = None
        self.ran_out_of_verbs = False
        self.call_status = "ringing"
        self.gather: Gather | None = None
        self.keys = ""
        self.confidence = 0.92
        self.pickup = Pickup.ANSWERED
        self.pickup_key = "1"
        self.fallback_url: str | None = None
        self.recordings_url = "https://api.twilio.com"
        self.recordings: list[Recording] = []
        self.events: list[Event] = []
        self.script = Script("")
        self.pending: Pending | None = None
        self._mark = 0
        self._walked = 0

    @property
    def heard(self) -> list[Heard]:
        """Return everything the caller has heard so far."""
        return heard(self.events)

    @property
    def latest(self) -> list[Heard]:
        """Return what the caller has heard since they last did something."""
        return heard(self.events[self._mark :])

    def press(self, keys: str) -> None:
        """Press keys one by one; what is left when a question is answered goes to the next.

        https://www.twilio.com/docs/voice/twiml/gather#numdigits
        """
        if not KEYS.issuperset(keys):
            message = "a telephone has the keys 0 to 9, * and #"
            raise ValueError(message)
        self._begin()
        for key in keys:
            self._press(key)
            self.run()

    def say(self, words: str) -> None:
        """Say something: the answer to an open question, or what is being recorded.

        The first of keys or speech wins: https://www.twilio.com/docs/voice/twiml/gather#input
        """
        self._begin()
        if self.state is State.RECORDING and self.pending:
            self.pending.words.append(words)
        elif self.gather is None or not self.gather.speech or self.keys or not words.strip():
            self.happen(Event("lost", words))
        else:
            self._answer(self.gather, {"SpeechResult": words, "Confidence": str(self.confidence)})
        self.run()

    def stay_silent(self) -> None:
        """Let the time of the open question run out; keys pressed so far are then the answer.

        https://www.twilio.com/docs/voice/twiml/gather#timeout
        """
        self._begin()
        if self.state is State.RECORDING:
            finish_record(self, key="")
        elif self.gather is not None:
            self._finish(self.gather)
        self.run()

    def hang_up(self) -> None:
        """Hang up, whatever is going on."""
        self._begin()
        self.call_status = "completed"
        if self.state is State.RECORDING:
            finish_record(self, key="hangup")
        elif self.state is State.TRANSFERRED:
            finish_dial(self, "completed", bridged=True)
        self.end("you hung up")

    def other_hangs_up(self) -> None:
        """Let the person the call was transferred to hang up; the line may then go on."""
        if self.state is State.TRANSFERRED:
            self._begin()
            finish_dial(self, "completed", bridged=True)
            self.run()

    @property
    def is_whisper(self) -> bool:
        """Return whether this leg leads to a telephone that a <Dial> rings."""
        return self.parameters.get("Direction") == DIALLED

    def other_leg(self, number: str, sid: str) -> Leg:
        """Return the leg to a telephone that a <Dial> rings."""
        own = self.parameters
        parameters = call_parameters(own["AccountSid"], sid, own["From"], number, DIALLED)
        other = Leg(self.webhooks, {**parameters, "ParentCallSid": own["CallSid"]}, self.wait)
        other.call_status = IN_PROGRESS
        return other

    def happen(self, event: Event) -> None:
        """Note that something happened."""
        self.events.append(event)

    def listen(self, gather: Gather) -> None:
        """Open a question."""
        self.gather, self.keys, self.state = gather, "", State.LISTENING

    def follow(self, url: str, extra: Mapping[str, str] | None = None) -> None:
        """Fetch a document and go on with it instead of the one at hand."""
        self._walked += 1
        try:
            self._load(url, extra or {})
        except Failure as failure:
            self._fail(url, failure)

    def report(self, url: str, extra: Mapping[str, str]) -> None:
        """Tell an address what happened on a call that is over; its answer is not followed."""
        self.webhooks.notify(url, {**self.parameters, "CallStatus": self.call_status, **extra})

    def run(self) -> None:
        """Perform verbs until the line waits for somebody, or the call is over.

        A document without a further verb ends the call: https://www.twilio.com/docs/voice/twiml
        """
        while self.state is State.TALKING:
            verb = self.script.take()
            if verb is None:
                self.ran_out_of_verbs = True
                self.end("the line hung up")
            else:
                self._perform(verb)

    def end(self, why: str, *, status: str = "completed", error: int | None = None) -> None:
        """End the call, once."""
        if self.state is State.ENDED:
            return
        self.state, self.why, self.error, self.call_status = State.ENDED, why, error, status
        self.gather = None
        self.happen(Event("ended", why))
        self.ended()

    def ended(self) -> None:
        """Do what is due when the leg is over; a Phone reports it."""

    def _begin(self) -> None:
        self._mark = len(self.events)
        self._walked = 0

    def _press(self, key: str) -> None:
        gather = self.gather
        if self.state is State.RECORDING:
            finish_record(self, key=key)
        elif gather is None or not gather.dtmf:
            self.happen(Event("lost", key))
        elif key == gather.finish_on_key:
            self._finish(gather)
        else:
            self.keys += key
            if len(self.keys) == gather.num_digits:
                self._finish(gather)

    def _finish(self, gather: Gather) -> None:
        """End a question by time or key: with what was pressed, or with nothing.

        https://www.twilio.com/docs/voice/twiml/gather#actiononemptyresult
        """
        if self.keys:
            self._answer(gather, {"Digits": self.keys})
        elif gather.action_on_empty_result:
            self._answer(gather, {"Digits": ""} if gather.dtmf else {"SpeechResult": ""})
        else:
            self.gather, self.state = None, State.TALKING

    def _answer(self, gather: Gather, result: Mapping[str, str]) -> None:
        self.gather, self.keys, self.state = None, "", State.TALKING
        self.follow(gather.action, result)

    def _load(self, url: str, extra: Mapping[str, str]) -> None:
        if self._walked > LONGEST_WALK:
            raise Failure(WALKED_TOO_FAR, "the line goes round in circles")
        form = {**self.parameters, "CallStatus": self.call_status, **extra}
        exchange = self.webhooks.fetch(url, form)
        self.script = Script(exchange.url, read(exchange.body, exchange.header("Content-Type")))
        if not (self.script.verbs and self.script.verbs[0].name == "Reject"):
            self.call_status = IN_PROGRESS
        self.state = State.TALKING

    def _perform(self, verb: Verb) -> None:
        try:
            PERFORM[verb.name](self, verb)
        except Failure as failure:
            self._fail(self.script.url, failure)

    def _fail(self, url: str, failure: Failure) -> None:
        """Go to the fallback address once, else say Twilio's sentence and end.

        https://www.twilio.com/docs/voice/twiml#fallback-url
        """
        self.happen(Event("error", str(failure)))
        fallback, self.fallback_url = self.fallback_url, None
        if fallback:
            self.follow(fallback, {"ErrorCode": str(failure.code), "ErrorUrl": url})
            return
        self.happen(Event("say", ERROR_SENTENCE, language="en-US"))
        self.end(
            str(failure),
            status="failed" if self.state is State.RINGING else "completed",
            error=failure.code,
        )
