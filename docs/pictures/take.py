# ruff: noqa: INP001 - a script beside its pictures, imported by nobody
"""Takes the pictures of the README from the running page: three short conversations.

``make run``, and then ``.venv-app/bin/python docs/pictures/take.py`` (with ``--url`` where
it does not run at the usual place). A second time, wait ten minutes: a text session that
is proved does not ask for the birth year again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click
from playwright.sync_api import Page, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent
USUAL = "http://127.0.0.1:8000/simulator"
DESK = {"width": 1366, "height": 1030}
PATIENCE_MS = 15_000
SPEECH_MS = 120_000
RESULTS = "I had some blood taken last week, did anything come back?"
RESULTADOS = "Me hicieron un análisis de azúcar, ¿ya está el resultado?"


@click.command()
@click.option("--url", default=USUAL, show_default=True, help="The telephone's address.")
@click.option("--chromium", default=None, help="The browser's path, where it is not found.")
def main(url: str, chromium: str | None) -> None:
    """Take every picture."""
    browser_path = chromium or os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (scene, part) in SCENES.items():
            page = browser.new_page(viewport=DESK, device_scale_factor=1.5, color_scheme="light")
            page.goto(url)
            scene(page)
            taken = page.locator(part) if part else page
            taken.screenshot(path=FOLDER / f"{name}.png")
            click.echo(FOLDER / f"{name}.png")
            page.close()
        browser.close()


def english_call(page: Page) -> None:
    """Hear a normal result after birth date and PIN."""
    be(page, "Walter Hughes")
    call(page, "For your test results")
    say(page, RESULTS, "birth")
    key(page, "11211948", "PIN")
    key(page, "730264", "normal range")
    heard_out(page)


def spanish_call(page: Page) -> None:
    """Hear in Spanish that a result is back and not reviewed."""
    be(page, "Carmen Ortega")
    call(page, "For English")
    say(page, RESULTADOS, "nacimiento")
    key(page, "03051957", "PIN")
    key(page, "482915", "Ya llegó")
    heard_out(page)


def text_and_ring(page: Page) -> None:
    """Learn by text that there is a message, and be rung."""
    be(page, "Walter Hughes")
    text(page, "results please", "year")
    text(page, "1948", "message")
    text(page, "1", "call you")
    expect(page.locator("#ring")).to_be_visible(timeout=PATIENCE_MS)


def be(page: Page, name: str) -> None:
    """Take somebody's telephone, and all the time to answer."""
    page.click(f'button[aria-label="Be {name}"]')
    page.check("#hold")


def call(page: Page, then: str) -> None:
    """Ring the clinic."""
    page.click("#call")
    heard(page, then)


def say(page: Page, words: str, then: str) -> None:
    """Say something, and wait until this is heard."""
    page.fill("#speech", words)
    page.press("#speech", "Enter")
    heard(page, then)


def key(page: Page, keys: str, then: str) -> None:
    """Press keys, and wait until this is heard."""
    for each in keys:
        page.click(f'[data-key="{each}"]')
    heard(page, then)


def heard(page: Page, words: str) -> None:
    """Wait until the line has said these words."""
    line = page.locator("#transcript .line", has_text=words).last
    expect(line).to_be_visible(timeout=PATIENCE_MS)


def heard_out(page: Page) -> None:
    """Wait until the line has said all of it: the page takes as long as a voice would."""
    expect(page.locator("#state")).to_contain_text("Listening", timeout=SPEECH_MS)


def text(page: Page, body: str, then: str) -> None:
    """Text the clinic, and wait until this comes back."""
    page.fill("#text", body)
    page.press("#text", "Enter")
    expect(page.locator("#texts .line", has_text=then).last).to_be_visible(timeout=PATIENCE_MS)


SCENES: dict[str, tuple[Callable[[Page], None], str | None]] = {
    "call": (english_call, None),
    "spanish": (spanish_call, "#handset"),
    "text": (text_and_ring, None),
}
"""What is done, and which part of the page is taken then (None: what the screen shows)."""

if __name__ == "__main__":
    main()
