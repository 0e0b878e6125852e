"""The telephone in the terminal, as somebody types on it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner, Result

from simulator.__main__ import connection, main
from tests.simulator.line import ACCOUNT, CALLER, CLINIC, TOKEN, Page
from tests.simulator.served import OTHER, Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def _chosen(form: Mapping[str, str]) -> str:
    if form.get("Digits") == "0":
        return '<Dial action="/dialled"><Number>+12025550142</Number></Dial>'
    if form.get("Digits") == "3":
        return '<Record action="/left"/>'
    return f"<Say>{form.get('Digits') or form.get('SpeechResult')}, thank you.</Say>"


PAGES: dict[str, Page] = {
    "/voice/incoming": (
        '<Gather action="/menu" input="dtmf speech" numDigits="1" timeout="8">'
        '<Say language="es-US" voice="Polly.Lupe-Neural">Hola [b]usted[/b].</Say></Gather>'
        "<Say>Nobody there.</Say>"
    ),
    "/menu": _chosen,
    "/dialled": "<Say>Back again.</Say>",
    "/left": "<Say>Kept.</Say>",
    "/voice/out": '<Gather action="/menu" numDigits="1"><Say>It is your clinic.</Say></Gather>',
    "/sms/incoming": lambda form: f"<Message>You wrote {form['Body']}</Message>",
}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Yield one line and simulator for all tests of this module."""
    with serve(PAGES) as found:
        yield found


def typed(served: Served, arguments: str, words: str) -> Result:
    """Return what somebody saw who typed these words."""
    env = {"TWILIO_AUTH_TOKEN": TOKEN, "PORT": served.url.rpartition(":")[2], "COLUMNS": "200"}
    return CliRunner().invoke(main, arguments.split(), input=words, env=env)


def test_words_are_speech_and_digits_are_keys(served: Served) -> None:
    """Words are said; digits, with or without spaces, are pressed; a quotation mark says them."""
    assert "my results, thank you." in typed(served, "call", "my results\n").output
    assert "2, thank you." in typed(served, "call", "2\n").output
    assert "2, thank you." in typed(served, "call", '"2\n').output
    assert served.line.forms("/menu")[-1]["SpeechResult"] == "2"


def test_what_is_heard_is_shown_as_it_is(served: Served) -> None:
    """Voice, language, and words that look like markup."""
    output = typed(served, "call", "quit\n").output
    assert "Hola [b]usted[/b].  es-US Polly.Lupe-Neural" in output
    assert "press a key or speak, 8 s> quit" in output


def test_an_empty_line_is_silence(served: Served) -> None:
    """Nothing typed: the question's time runs out."""
    assert "Nobody there." in typed(served, "call", "\n").output


def test_quit_and_the_end_of_input_hang_up(served: Served) -> None:
    """The receiver goes down either way, and the line hears of it."""
    for words in ("quit\n", ""):
        assert "call ended: you hung up" in typed(served, "call", words).output
        assert served.line.forms("/voice/status")[-1]["CallStatus"] == "completed"


def test_a_transfer_and_a_message(served: Served) -> None:
    """Connected until Enter; recorded until an empty line."""
    output = typed(served, "call", "0\n\n").output
    assert "(connected to a person)" in output
    assert "Back again." in output
    assert "Kept." in typed(served, "call", "3\nplease call\n\n").output


def test_the_caller_can_be_anybody(served: Served) -> None:
    """--from, --hidden and --to are who calls whom."""
    typed(served, f"call --from {OTHER} --to +12025550101", "quit\n")
    form = served.line.forms("/voice/incoming")[-1]
    assert (form["From"], form["To"]) == (OTHER, "+12025550101")
    typed(served, "call --hidden", "quit\n")
    assert served.line.forms("/voice/incoming")[-1]["From"] == "anonymous"


def test_texts_are_answered(served: Served) -> None:
    """What is typed is texted, and the answer is shown."""
    assert "◀ You wrote results" in typed(served, "text", "results\n\nquit\n").output


def test_a_text_of_ours_is_seen(served: Served) -> None:
    """What the carrier delivers to this telephone is shown at the next look."""
    from simulator.news import Arrived, News

    news = News(served.rest, ACCOUNT, TOKEN, CALLER)
    assert news.catch_up() == []
    _carrier(served, "Messages.json", {"To": OTHER, "From": CLINIC, "Body": "not mine"})
    _carrier(served, "Messages.json", {"To": CALLER, "From": CLINIC, "Body": "a reminder"})
    end = time.monotonic() + 10
    while not (found := news.catch_up()) and time.monotonic() < end:
        time.sleep(0.05)
    assert found == [Arrived(CALLER, CLINIC, "a reminder", 1)]


def test_a_ringing_telephone_is_answered(served: Served) -> None:
    """--wait: the line's call rings here, is answered, and its end is told to the carrier."""
    form = {"To": CALLER, "From": CLINIC, "Url": f"{served.url}/voice/out"}
    later = threading.Timer(1.0, _carrier, [served, "Calls.json", form])
    later.start()
    output = typed(served, "call --wait", "y\n5\n").output
    assert f"The telephone is ringing: {CLINIC}" in output
    assert "It is your clinic." in output
    assert "5, thank you." in output
    url = f"{served.rest}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    calls = httpx.get(url, auth=(ACCOUNT, TOKEN), trust_env=False).json()["calls"]
    assert calls[0]["status"] == "completed"


def test_a_caller_can_wait_to_be_called_back(served: Served) -> None:
    """The line hangs up to ring the number on file: wait, and answer."""
    form = {"To": CALLER, "From": CLINIC, "Url": f"{served.url}/voice/out"}
    later = threading.Timer(1.0, _carrier, [served, "Calls.json", form])
    later.start()
    output = typed(served, "call", "quit\nwait\ny\n7\n").output
    assert "call ended: you hung up" in output
    assert "7, thank you." in output


def test_a_line_that_is_not_there_is_said_so() -> None:
    """Nobody answering is told in words, not by a traceback."""
    env = {"TWILIO_AUTH_TOKEN": TOKEN, "PORT": "9"}
    result = CliRunner().invoke(main, ["call"], env=env)
    assert result.exit_code == 0
    assert "11200: nobody answered" in result.output


def test_what_make_run_wrote_is_read(tmp_path: Path) -> None:
    """dev.env fills what the environment leaves out; the first of several tokens signs."""
    lines = "# made by make run\nTWILIO_AUTH_TOKEN=one,two\nPORT=8123\n"
    (tmp_path / "dev.env").write_text(lines)
    found = connection(
        {"DATA_DIR": str(tmp_path), "PUBLIC_BASE_URL": "https://line.example/"}, None
    )
    assert (found.auth_token, found.base_url) == ("one", "https://line.example")
    assert found.reached_at == "http://127.0.0.1:8123"
    assert found.api_url == "http://127.0.0.1:8123/simulator/carrier"
    assert "one" not in repr(found)


def test_a_missing_token_is_named(tmp_path: Path) -> None:
    """Without a token nothing can be signed: say what to do."""
    env = {"DATA_DIR": str(tmp_path), "TWILIO_AUTH_TOKEN": ""}
    result = CliRunner().invoke(main, ["text"], env=env)
    assert result.exit_code == 1
    assert "TWILIO_AUTH_TOKEN" in result.output


def _carrier(served: Served, collection: str, form: dict[str, str]) -> None:
    url = f"{served.rest}/2010-04-01/Accounts/{ACCOUNT}/{collection}"
    assert httpx.post(url, data=form, auth=(ACCOUNT, TOKEN), trust_env=False).status_code == 201
