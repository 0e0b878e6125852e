"""What the page asks of its server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from simulator.carrier import Carrier
from simulator.handsets import Handsets
from simulator.transport import wsgi_transport
from tests.simulator.line import ACCOUNT, BASE, CALLER, CLINIC, TOKEN, Line, Page
from tests.simulator.served import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES: dict[str, Page] = {
    "/voice/incoming": '<Gather action="/pin" numDigits="6" timeout="9"><Say>PIN?</Say></Gather>',
    "/pin": lambda form: f"<Say>{len(form['Digits'])} keys</Say>",
    "/voice/out": "<Say>It is your clinic.</Say><Record action='/left'/>",
    "/left": "<Hangup/>",
    "/sms/incoming": lambda form: f"<Message>{form['Body']}!</Message>",
}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Yield one line and simulator for all tests of this module."""
    with serve(PAGES) as found:
        yield found


def post(served: Served, path: str, **body: Any) -> Any:
    """Return the answer to one of the page's requests."""
    answer = httpx.post(f"{served.telephone}/api/{path}", json=body, trust_env=False)
    assert answer.is_success, answer.status_code
    return answer.json() if answer.content else None


def call(served: Served, **more: Any) -> Any:
    """Return the first thing the page is told of a call."""
    return post(served, "calls", **{"from": CALLER, "to": CLINIC, **more})


def test_a_call_is_led_key_by_key(served: Served) -> None:
    """Each key is an act; the page hears what is new since the last one, and never the key."""
    told = call(served)
    assert (told["state"], told["gather"]["num_digits"], told["gather"]["timeout"]) == (
        "listening",
        6,
        9,
    )
    assert [event["text"] for event in told["events"]] == ["PIN?"]
    path = f"calls/{told['call']}/press"
    for key in "73026":
        assert post(served, path, keys=key)["events"] == []
    last = post(served, path, keys="4")
    assert next(event["text"] for event in last["events"]) == "6 keys"
    assert last["state"] == "ended"
    assert "730264" not in str(last)


def test_a_fault_is_used_once_and_judged(served: Served) -> None:
    """The page learns how the line took a repetition and a forgery."""
    told = call(served, faults=["twice", "forged"])
    verdicts = [(one["fault"], one["status"], one["same"]) for one in told["deliveries"]]
    assert verdicts == [("forged", 403, None), (None, 200, None), ("twice", 200, True)]
    assert post(served, f"calls/{told['call']}/silence")["deliveries"][0]["fault"] is None


def test_a_text_brings_its_answer(served: Served) -> None:
    """Answers and weights of both texts come back at once."""
    told = post(served, "texts", **{"from": CALLER, "to": CLINIC, "body": "¿Qué tal? 你好"})
    assert told["answers"] == [{"body": "¿Qué tal? 你好!", "segments": 1}]
    assert told["segments"] == 1


def test_a_call_from_the_line_rings_is_answered_and_recorded(served: Served) -> None:
    """A ring is news; answering it is a call; what was left is on the carrier's shelf."""
    auth = (ACCOUNT, TOKEN)
    rest = f"{served.rest}/2010-04-01/Accounts/{ACCOUNT}"
    form = {"To": CALLER, "From": CLINIC, "Url": f"{served.url}/voice/out"}
    sid = httpx.post(f"{rest}/Calls.json", data=form, auth=auth, trust_env=False).json()["sid"]
    ring = next(one for one in news(served) if one["kind"] == "ring" and one["sid"] == sid)
    assert ring["to"] == CALLER
    told = post(served, f"rings/{sid}/answer")
    assert told["state"] == "recording"
    post(served, f"calls/{told['call']}/say", words="call me back")
    assert post(served, f"calls/{told['call']}/press", keys="#")["state"] == "ended"
    kept = httpx.get(f"{rest}/Recordings.json?CallSid={sid}", auth=auth, trust_env=False).json()
    url = served.line.forms("/left")[0]["RecordingUrl"]
    assert url.endswith(kept["recordings"][0]["sid"])
    assert httpx.get(url, auth=auth, trust_env=False).content[:4] == b"RIFF"


def news(served: Served) -> Any:
    """Return all news, once there is a ring among them."""
    for _ in range(50):
        found = httpx.get(f"{served.telephone}/api/news?after=0", trust_env=False).json()["news"]
        if any(one["kind"] == "ring" for one in found):
            return found
        time.sleep(0.05)
    return []


def test_memory_is_bounded() -> None:
    """The oldest telephone is put away when there are too many."""
    line = Line({})
    transport = wsgi_transport(line)
    carrier = Carrier(ACCOUNT, TOKEN, transport)
    handsets = Handsets(BASE, (ACCOUNT, TOKEN), transport, carrier)
    first = handsets.lift(CALLER, CLINIC)
    assert handsets.get(first.id) is first
    for _ in range(50):
        handsets.lift(CALLER, CLINIC)
    assert handsets.get(first.id) is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("calls", {"from": CALLER}),
        ("calls", {"from": CALLER, "to": CLINIC, "faults": ["unheard-of"]}),
        ("calls", {"from": CALLER, "to": CLINIC, "pickup": "perhaps"}),
        ("texts", {"from": "anonymous", "to": CLINIC, "body": "hi"}),
        ("texts", {"from": CALLER, "to": CLINIC, "body": "x" * 4001}),
    ],
)
def test_nonsense_is_refused(served: Served, path: str, body: dict[str, object]) -> None:
    """400, and nothing reaches the line."""
    asked = len(served.line.asked)
    answer = httpx.post(f"{served.telephone}/api/{path}", json=body, trust_env=False)
    assert answer.status_code == 400
    assert len(served.line.asked) == asked


def test_unknown_calls_and_acts_are_not_found(served: Served) -> None:
    """404 for a call that is not there, an act that is none, a ring that is over."""
    told = call(served)
    for path in ("calls/HS0/silence", f"calls/{told['call']}/sing", "rings/CA0/answer"):
        assert (
            httpx.post(f"{served.telephone}/api/{path}", json={}, trust_env=False).status_code
            == 404
        )


def test_a_form_of_another_page_cannot_place_a_call(served: Served) -> None:
    """Only JSON is taken, which no foreign page can post without being asked first."""
    form = {"from": CALLER, "to": CLINIC}
    answer = httpx.post(f"{served.telephone}/api/calls", data=form, trust_env=False)
    assert answer.status_code == 415


def test_the_page_runs_no_foreign_or_inline_script(served: Served) -> None:
    """A strict policy, and a page that keeps to it."""
    answer = httpx.get(served.telephone, trust_env=False)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert "730264" in answer.text
