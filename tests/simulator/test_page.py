"""The page that is a telephone, in a real browser."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.simulator.line import ACCOUNT, CALLER, CLINIC, TOKEN
from tests.simulator.served import OTHER, Served, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulator import line as made

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MENU = (
    '<Gather action="/menu" input="dtmf speech" numDigits="1" finishOnKey="" timeout="{}"'
    ' actionOnEmptyResult="true" language="es-US">'
    '<Say voice="Polly.Lupe-Neural" language="es-US">Hola.</Say></Gather>'
)
DIAL = '<Dial action="/dialled"><Number>+12025550142</Number></Dial>'


def _chosen(form: made.Form) -> str:
    if form.get("Digits") == "0":
        return DIAL
    if form.get("Digits") == "1":
        return '<Gather action="/pin" numDigits="6" finishOnKey=""><Say>Your PIN?</Say></Gather>'
    if form.get("Digits") == "3":
        return '<Record action="/left" timeout="1"/>'
    if form.get("Digits") == "2":
        return MENU.format(1)
    return f"<Say>You said {form.get('SpeechResult', 'nothing')}.</Say>" + MENU.format(30)


PAGES: dict[str, made.Page] = {
    "/voice/incoming": MENU.format(30),
    "/menu": _chosen,
    "/pin": lambda form: f"<Say>PIN of {len(form['Digits'])}.</Say>",
    "/left": "<Say>Kept.</Say>",
    "/dialled": lambda form: f"<Say>{form['DialCallStatus']}</Say>",
    "/voice/out": "<Gather><Say>It is your clinic.</Say></Gather>",
    "/sms/incoming": lambda form: f"<Message>You wrote {form['Body']}</Message>",
}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Yield one line and simulator for all tests of this module."""
    with serve(PAGES) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield the system's Chromium."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """Yield the telephone on a desk; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1366, "height": 820})
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    page.goto(served.telephone)
    yield page
    page.close()
    assert complaints == []


def _complaint(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type in {"error", "warning"} else []


def heard(page: Page, text: str) -> None:
    """Wait until a bubble with these words is there."""
    expect(page.locator("#transcript .line", has_text=text).last).to_be_visible()


def call(page: Page) -> None:
    """Ring the line and hear its greeting."""
    page.click("#call")
    heard(page, "Hola.")


def test_a_caller_speaks_and_is_answered(page: Page) -> None:
    """What is typed into the box is speech; the answer is written beneath, in its language."""
    call(page)
    page.fill("#speech", "mis resultados")
    page.press("#speech", "Enter")
    heard(page, "You said mis resultados.")
    assert (
        page.locator("#transcript .line", has_text="Hola.").first.get_attribute("lang") == "es-US"
    )
    expect(page.locator("#transcript")).to_contain_text("Spanish")


def test_keys_of_the_pad_and_of_the_keyboard_are_the_same(page: Page) -> None:
    """A PIN, half by finger and half by keyboard."""
    call(page)
    page.click('[data-key="1"]')
    heard(page, "Your PIN?")
    for key in "730":
        page.click(f'[data-key="{key}"]')
    for key in "264":
        page.keyboard.press(key)
    heard(page, "PIN of 6.")
    expect(page.locator("#transcript")).to_contain_text("7 3 0 2 6 4")


def test_digits_typed_into_a_box_are_no_keys(page: Page, served: Served) -> None:
    """Writing "10" into the speech box presses nothing."""
    call(page)
    before = len(served.line.asked)
    page.locator("#speech").press_sequentially("at 10")
    page.wait_for_timeout(300)
    assert len(served.line.asked) == before


def test_time_runs_out_visibly_and_is_silence(page: Page, served: Served) -> None:
    """A question with one second: the bar runs, and then the line hears nothing."""
    call(page)
    page.click('[data-key="2"]')
    expect(page.locator(".clock.running")).to_be_visible(timeout=10_000)
    heard(page, "(silence)")
    expect(page.locator("#transcript")).to_contain_text("You said nothing.")
    assert served.line.forms("/menu")[-1]["Digits"] == ""


def test_the_clock_can_be_stopped(page: Page) -> None:
    """Who reads slowly has all the time in the world."""
    page.check("#hold")
    call(page)
    page.click('[data-key="2"]')
    expect(page.locator("#left")).to_have_text("clock stopped", timeout=10_000)
    page.wait_for_timeout(1500)
    expect(page.locator("#transcript")).not_to_contain_text("(silence)")


def test_the_silence_button_is_silence_at_once(page: Page, served: Served) -> None:
    """Nobody has to wait for a time-out to try one."""
    call(page)
    page.click("#silence")
    heard(page, "You said nothing.")
    assert served.line.forms("/menu")[-1]["Digits"] == ""


def test_hanging_up_is_reported(page: Page, served: Served) -> None:
    """The receiver goes down; the line hears that the call is over."""
    call(page)
    page.click("#call")
    heard(page, "you hung up")
    assert served.line.forms("/voice/status")[-1]["CallStatus"] == "completed"
    expect(page.locator("#call")).to_have_text("Call")


def test_leaving_the_page_hangs_up(page: Page, served: Served) -> None:
    """A closed tab is a receiver put down."""
    call(page)
    before = len(served.line.forms("/voice/status"))
    page.goto("about:blank")
    _until(lambda: len(served.line.forms("/voice/status")) > before)


def test_a_transfer_goes_as_chosen(page: Page) -> None:
    """Busy: the line goes on by itself; answered: until the person at the clinic hangs up."""
    page.select_option("#pickup", "busy")
    call(page)
    page.click('[data-key="0"]')
    heard(page, "That telephone: busy")
    expect(page.locator("#call")).to_have_text("Call", timeout=15_000)
    page.select_option("#pickup", "answered")
    call(page)
    page.click('[data-key="0"]')
    heard(page, "Connected to a person")
    page.click("#other-hangs-up")
    heard(page, "completed")


def test_a_message_is_left_after_the_beep(page: Page, served: Served) -> None:
    """What is typed after the beep is the recording; the silence that ends it runs visibly."""
    call(page)
    page.click('[data-key="3"]')
    heard(page, "(beep)")
    page.fill("#speech", "please call me")
    page.press("#speech", "Enter")
    heard(page, "Kept.")
    assert served.line.forms("/left")[-1]["RecordingDuration"] == "1"


def test_faults_are_told_apart_on_the_wire(page: Page) -> None:
    """A repetition with the same answer and a refused forgery, each once."""
    page.check("#faults input[value=twice]")
    page.check("#faults input[value=forged]")
    call(page)
    expect(page.locator("#wire")).to_contain_text("twice: same answer")
    expect(page.locator("#wire")).to_contain_text("forged: refused")
    assert not page.is_checked("#faults input[value=twice]")


def test_the_clinic_rings_another_telephone_and_is_answered(page: Page, served: Served) -> None:
    """A call of ours rings whichever telephone it is for, and answering makes it mine."""
    form = {"To": OTHER, "From": CLINIC, "Url": f"{served.url}/voice/out"}
    _carrier(served, "Calls.json", form)
    expect(page.locator("#ring-who")).to_have_text("Riverside Clinic is calling Elena Ruiz")
    page.click("#answer")
    heard(page, "It is your clinic.")
    assert page.input_value("#who") == OTHER


def test_a_ringing_telephone_can_be_declined(page: Page, served: Served) -> None:
    """Declined: it stops ringing."""
    form = {"To": CALLER, "From": CLINIC, "Url": f"{served.url}/voice/out"}
    sid = _carrier(served, "Calls.json", form)["sid"]
    page.click("#decline")
    expect(page.locator("#ring")).to_be_hidden()
    path = f"{served.rest}/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
    _until(lambda: _get(path)["status"] == "busy")


def test_texts_go_and_come(page: Page, served: Served) -> None:
    """An answer, a text of ours by itself, and one for somebody else that is announced."""
    page.fill("#text", "results")
    page.press("#text", "Enter")
    expect(page.locator("#texts")).to_contain_text("You wrote results")
    expect(page.locator("#texts .mine")).to_contain_text("1 segment")
    body = "Su código es 123456. " * 8
    _carrier(served, "Messages.json", {"To": CALLER, "From": CLINIC, "Body": body})
    expect(page.locator("#texts")).to_contain_text("3 segments")
    _carrier(served, "Messages.json", {"To": OTHER, "From": CLINIC, "Body": "for Elena"})
    page.click("#elsewhere button")
    expect(page.locator("#texts")).to_contain_text("for Elena")
    expect(page.locator("#texts")).not_to_contain_text("You wrote results")


def test_a_text_is_weighed_while_it_is_written(page: Page) -> None:
    """Characters and segments; one letter outside GSM-7 halves what fits."""
    page.fill("#text", "a" * 161)
    expect(page.locator("#weight")).to_have_text("161 characters · 2 segments")
    page.fill("#text", "í" + "a" * 70)
    expect(page.locator("#weight")).to_have_text("71 characters · 2 segments")


def test_a_hidden_number_calls_and_cannot_text(page: Page, served: Served) -> None:
    """No network carries a text without a sender."""
    page.select_option("#who", "anonymous")
    expect(page.locator("#text")).to_be_disabled()
    call(page)
    assert served.line.forms("/voice/incoming")[-1]["From"] == "anonymous"


def test_any_number_can_call(page: Page, served: Served) -> None:
    """A number of one's own; nonsense is not dialled."""
    page.select_option("#who", "")
    page.fill("#number", "12")
    page.click("#call")
    heard(page, "not a telephone number")
    page.fill("#number", "+12025550199")
    call(page)
    assert served.line.forms("/voice/incoming")[-1]["From"] == "+12025550199"


def test_the_telephone_fits_a_small_screen(browser: Browser, served: Served) -> None:
    """At a phone's width nothing is cut off sideways, and keys are large enough for a thumb."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(served.telephone)
    width = page.evaluate("document.documentElement.scrollWidth")
    key = page.locator('[data-key="5"]').bounding_box()
    page.close()
    assert width <= 360
    assert key is not None
    assert min(key["width"], key["height"]) >= 44


def test_everything_that_can_be_used_has_a_name(page: Page) -> None:
    """Buttons and fields are named for those who do not see them."""
    nameless = page.evaluate(
        """[...document.querySelectorAll("button, input, select, textarea")].filter(
            (one) => !one.labels?.length && !one.ariaLabel && !one.textContent.trim()
        ).map((one) => one.outerHTML)"""
    )
    assert nameless == []


def _carrier(served: Served, collection: str, form: dict[str, str]) -> dict[str, str]:
    url = f"{served.rest}/2010-04-01/Accounts/{ACCOUNT}/{collection}"
    answer = httpx.post(url, data=form, auth=(ACCOUNT, TOKEN), trust_env=False)
    return dict(answer.json())


def _get(url: str) -> dict[str, str]:
    return dict(httpx.get(url, auth=(ACCOUNT, TOKEN), trust_env=False).json())


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
