"""The carrier's REST side, through the Twilio SDK itself, and its callbacks.

https://www.twilio.com/docs/messaging/api/message-resource
https://www.twilio.com/docs/voice/api/call-resource
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from twilio.base.exceptions import TwilioRestException
from twilio.http.response import Response as SdkResponse
from twilio.rest import Client

from simulator.carrier import Carrier
from simulator.happenings import Recording
from simulator.ledger import Feed
from simulator.rest import rest
from simulator.transport import wsgi_transport
from tests.simulator.line import ACCOUNT, BASE, CALLER, CLINIC, TOKEN, Line

if TYPE_CHECKING:
    from collections.abc import Callable

LANDLINE = "+12025550111"
OPTED_OUT = "+12025550198"
STATUS = f"{BASE}/sms/status"


class Clock:
    """Does later what is due, when the test says so."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], None]]] = []

    def __call__(self, seconds: float, action: Callable[[], None]) -> None:
        """Note what is due."""
        self.due.append((seconds, action))

    def pass_to(self, seconds: float) -> None:
        """Let everything due by then happen, in order."""
        ripe = sorted((one for one in self.due if one[0] <= seconds), key=lambda one: one[0])
        self.due = [one for one in self.due if one[0] > seconds]
        for _, action in ripe:
            action()


class InProcess:
    """Carries the SDK's requests to a Flask application without a network."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def request(self, method: str, url: str, **given: Any) -> SdkResponse:
        """Return the answer to one request of the SDK."""
        query = _encoded(given.get("params")) or urlsplit(url).query
        answer = self.client.open(
            f"{urlsplit(url).path}?{query}",
            method=method,
            data=_encoded(given.get("data")),
            content_type="application/x-www-form-urlencoded",
            auth=given["auth"],
        )
        return SdkResponse(answer.status_code, answer.get_data(as_text=True), dict(answer.headers))


def _encoded(values: dict[str, object] | None) -> str:
    return urlencode(
        {name: value for name, value in (values or {}).items() if value is not None}, doseq=True
    )


class Exchange:
    """A carrier, the line it reports to, a clock, and an SDK that talks to it."""

    def __init__(self) -> None:
        self.line = Line({})
        self.clock = Clock()
        self.carrier = Carrier(
            ACCOUNT,
            TOKEN,
            wsgi_transport(self.line),
            landlines=frozenset({LANDLINE}),
            refusals={OPTED_OUT: 21610},
            after=self.clock,
        )
        self.app = Flask(__name__)
        self.app.register_blueprint(
            rest(self.carrier, (TOKEN, "next-token")), url_prefix="/simulator/carrier"
        )

    def sdk(self, token: str = TOKEN) -> Client:
        """Return a Twilio client pointed here, as TWILIO_API_URL points it."""
        client = Client(ACCOUNT, token, http_client=InProcess(self.app), environment={"-": "-"})
        client.api.base_url = "http://127.0.0.1/simulator/carrier"
        return client


@pytest.fixture
def at() -> Exchange:
    """Return a fresh carrier."""
    return Exchange()


def test_a_text_is_taken_and_parsed_by_the_sdk(at: Exchange) -> None:
    """Create: the SDK reads sid, status queued, segments and date."""
    message = at.sdk().messages.create(
        to=CALLER, from_=CLINIC, body="hello", status_callback=STATUS
    )
    assert (message.status, message.num_segments, message.direction) == (
        "queued",
        "1",
        "outbound-api",
    )
    assert message.date_created.tzinfo is not None
    fetched = at.sdk().messages(message.sid).fetch()
    assert (fetched.body, fetched.to, fetched.from_) == ("hello", CALLER, CLINIC)


def test_a_text_reaches_the_telephone_and_is_reported(at: Exchange) -> None:
    """Sent, then delivered, signed; the first state, queued, is never reported."""
    message = at.sdk().messages.create(
        to=CALLER, from_=CLINIC, body="hello", status_callback=STATUS
    )
    at.clock.pass_to(1)
    forms = at.line.forms("/sms/status")
    assert [(form["MessageSid"], form["MessageStatus"]) for form in forms] == [
        (message.sid, "sent"),
        (message.sid, "delivered"),
    ]
    (news,) = at.carrier.feed.after(0)
    assert (news["kind"], news["to"], news["body"], news["segments"]) == (
        "text",
        CALLER,
        "hello",
        1,
    )
    assert at.sdk().messages(message.sid).fetch().status == "delivered"


def test_a_landline_gets_no_text(at: Exchange) -> None:
    """Undelivered with 30006, as https://www.twilio.com/docs/api/errors/30006 says."""
    at.sdk().messages.create(to=LANDLINE, from_=CLINIC, body="hello", status_callback=STATUS)
    at.clock.pass_to(1)
    last = at.line.forms("/sms/status")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30006")
    assert at.carrier.feed.after(0) == []


@pytest.mark.parametrize(
    ("to", "body", "code"),
    [
        ("12025550117", "hi", 21211),
        ("", "hi", 21201),
        (OPTED_OUT, "hi", 21610),
        (CALLER, "x" * 1601, 21617),
        (CALLER, "", 21602),
    ],
)
def test_what_twilio_refuses_is_refused(at: Exchange, to: str, body: str, code: int) -> None:
    """400 with Twilio's error code, raised by the SDK as its own exception."""
    with pytest.raises(TwilioRestException) as refused:
        at.sdk().messages.create(to=to, from_=CLINIC, body=body)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_texts_are_listed_newest_first_by_number_in_pages(at: Exchange) -> None:
    """List by To, and follow next_page_uri; for finding out whether something was sent."""
    for number in range(5):
        at.sdk().messages.create(to=CALLER, from_=CLINIC, body=f"text {number}")
    at.sdk().messages.create(to=LANDLINE, from_=CLINIC, body="other")
    found = at.sdk().messages.list(to=CALLER, page_size=2)
    assert [message.body for message in found] == ["text 4", "text 3", "text 2", "text 1", "text 0"]
    assert at.sdk().messages.list(to="+12025550199") == []


def test_a_text_can_be_redacted_and_deleted(at: Exchange) -> None:
    """An empty Body redacts, any other changes nothing; DELETE forgets."""
    message = at.sdk().messages.create(to=CALLER, from_=CLINIC, body="secret")
    assert at.sdk().messages(message.sid).update(body="other").body == "secret"
    assert at.sdk().messages(message.sid).update(body="").body == ""
    assert at.sdk().messages(message.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        at.sdk().messages(message.sid).fetch()
    assert gone.value.code == 20404


def test_credentials_are_checked(at: Exchange) -> None:
    """20003 for a wrong token, another account or none; the next token is taken already."""
    with pytest.raises(TwilioRestException) as refused:
        at.sdk("wrong").messages.create(to=CALLER, from_=CLINIC, body="hi")
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert at.sdk("next-token").messages.create(to=CALLER, from_=CLINIC, body="hi").sid
    client = at.app.test_client()
    assert (
        client.get(
            "/simulator/carrier/2010-04-01/Accounts/AC1/Messages.json", auth=(ACCOUNT, TOKEN)
        ).status_code
        == 401
    )
    assert client.post("/simulator/carrier/rings/CA1/pick-up").status_code == 401


def place(at: Exchange) -> str:
    """Let the line place a call, with all its callbacks, and return its sid."""
    events = ["initiated", "ringing", "answered", "completed"]
    more = {
        "status_callback": f"{BASE}/voice/status",
        "status_callback_event": events,
        "timeout": 20,
    }
    sid = (
        at.sdk()
        .calls.create(
            to=CALLER, from_=CLINIC, url=f"{BASE}/voice/out", machine_detection="Enable", **more
        )
        .sid
    )
    return str(sid)


def test_a_call_rings_is_answered_and_reported(at: Exchange) -> None:
    """Initiated, ringing, in-progress, completed, in sequence; the handset hears the document."""
    at.line.pages = {"/voice/out": "<Say>It is your clinic.</Say><Gather/>"}
    sid = place(at)
    at.clock.pass_to(0)
    assert [news["kind"] for news in at.carrier.feed.after(0)] == ["ring"]
    assert at.sdk().calls(sid).fetch().status == "ringing"
    phone = at.line.phone()
    inbound = at.carrier.pick_up(sid)
    assert inbound is not None
    phone.answer(inbound)
    assert at.line.forms("/voice/out")[0]["AnsweredBy"] == "human"
    assert at.sdk().calls(sid).fetch().status == "in-progress"
    phone.hang_up()
    at.carrier.over(sid)
    told = [(form["CallStatus"], form["SequenceNumber"]) for form in at.line.forms("/voice/status")]
    assert told == [("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")]
    at.clock.pass_to(60)
    assert at.sdk().calls(sid).fetch().status == "completed"


def test_a_call_that_nobody_takes_is_no_answer(at: Exchange) -> None:
    """After the ringing time: no-answer, reported once, and it can no longer be picked up."""
    sid = place(at)
    at.clock.pass_to(20)
    assert at.line.forms("/voice/status")[-1]["CallStatus"] == "no-answer"
    assert at.carrier.pick_up(sid) is None
    assert at.carrier.feed.after(0)[-1]["kind"] == "missed"


def test_a_declined_call_is_busy(at: Exchange) -> None:
    """Declining is what a busy telephone says."""
    sid = place(at)
    at.clock.pass_to(0)
    at.carrier.decline(sid)
    assert at.sdk().calls(sid).fetch().status == "busy"
    at.carrier.decline(sid)
    assert [form["CallStatus"] for form in at.line.forms("/voice/status")].count("busy") == 1


def test_a_call_can_be_taken_back(at: Exchange) -> None:
    """Status canceled before it is answered."""
    sid = place(at)
    assert at.sdk().calls(sid).update(status="canceled").status == "canceled"
    at.clock.pass_to(60)
    assert "ring" not in [news["kind"] for news in at.carrier.feed.after(0)]


def test_calls_are_listed_by_number(at: Exchange) -> None:
    """List by To and From."""
    sid = place(at)
    assert [call.sid for call in at.sdk().calls.list(to=CALLER, from_=CLINIC)] == [sid]
    assert at.sdk().calls.list(to=LANDLINE) == []


def test_another_process_can_answer(at: Exchange) -> None:
    """The terminal sees the news and picks up over HTTP; a second telephone comes too late."""
    sid = place(at)
    at.clock.pass_to(0)
    client = at.app.test_client()
    news = client.get("/simulator/carrier/news?after=0", auth=(ACCOUNT, TOKEN)).get_json()
    assert [one["kind"] for one in news["news"]] == ["ring"]
    taken = client.post(f"/simulator/carrier/rings/{sid}/pick-up", auth=(ACCOUNT, TOKEN)).get_json()
    assert (taken["sid"], taken["url"], taken["sequence"]) == (sid, f"{BASE}/voice/out", 2)
    assert (
        client.post(f"/simulator/carrier/rings/{sid}/pick-up", auth=(ACCOUNT, TOKEN)).status_code
        == 404
    )
    client.post(f"/simulator/carrier/rings/{sid}/over", auth=(ACCOUNT, TOKEN))
    assert at.sdk().calls(sid).fetch().status == "completed"


def test_recordings_can_be_fetched_listed_and_deleted(at: Exchange) -> None:
    """The resource, its sound as WAV, the list of a call, and the end of it."""
    at.carrier.keep(Recording("RE" + "1" * 32, "CA" + "1" * 32, "", 3, "call me"))
    recording = at.sdk().recordings("RE" + "1" * 32).fetch()
    assert (recording.duration, recording.status, recording.channels) == ("3", "completed", 1)
    path = f"/simulator/carrier/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording.sid}"
    sound = at.app.test_client().get(path, auth=(ACCOUNT, TOKEN))
    assert sound.get_data()[:4] == b"RIFF"
    assert [one.sid for one in at.sdk().recordings.list(call_sid=recording.call_sid)] == [
        recording.sid
    ]
    assert at.sdk().recordings(recording.sid).delete()
    assert at.sdk().recordings.list() == []


def test_memory_is_bounded(at: Exchange) -> None:
    """The oldest texts and news go when there are too many."""
    first = at.sdk().messages.create(to=CALLER, from_=CLINIC, body="first")
    for number in range(500):
        at.carrier.take_text({"To": CALLER, "From": CLINIC, "Body": str(number)})
    assert at.carrier.messages.get(first.sid) is None
    feed = Feed(most=3)
    for _ in range(10):
        feed.tell("text")
    assert [news["number"] for news in feed.after(0)] == [8, 9, 10]
