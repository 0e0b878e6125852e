"""A telephone in the terminal: what the line says is written, what is typed is pressed or said."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from rich.text import Text as Rich

from simulator.gather import KEYS
from simulator.news import Arrived, Ring
from simulator.phone import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from simulator.gather import Gather
    from simulator.happenings import Event
    from simulator.news import News
    from simulator.phone import Phone
    from simulator.texting import TextPhone

CALL_HELP = (
    "Type keys (0-9 * #) or what you would say; an empty line is silence; quit hangs up.\n"
    'To say a number instead of pressing it, begin with a quotation mark: "42'
)
TEXT_HELP = "Type a text; an empty line only looks for new ones; answer takes a ringing call; quit."
PATIENCE = 60.0
LOOK_EVERY = 0.5
NOTES: dict[str, str] = {
    "whisper": "(the clinic's person hears: {})",
    "dial": "(the line rings {} …)",
    "dialled": "(that telephone: {})",
    "transferred": "(connected to a person)",
    "record": "(beep)",
    "lost": "(not heard: the line was not listening for {!r})",
    "error": "(error {})",
    "ended": "(call ended: {})",
}


class Terminal:
    """One telephone on one screen."""

    def __init__(self, screen: Console, news: News) -> None:
        self._screen = screen
        self._news = news
        self._ring: Ring | None = None

    def call(self, phone: Phone) -> None:
        """Place a call and lead it to its end; then answer if the line is to call back."""
        self._say(CALL_HELP, "dim")
        self._news.catch_up()
        phone.call()
        self._lead(phone)
        while self._ask("Enter leaves, wait waits for a call> ") == "wait":
            self._look(PATIENCE)
            self.take_ring(phone)

    def wait_for_call(self, phone: Phone, seconds: float) -> None:
        """Wait for the line to call, and answer; gives up after some seconds."""
        self._say("Waiting for the telephone to ring … (Ctrl-C leaves)", "dim")
        self._news.catch_up()
        self._look(seconds)
        self.take_ring(phone)

    def text(self, phone: TextPhone, ringing: Callable[[], Phone]) -> None:
        """Text back and forth; ``ringing`` gives the telephone with which to answer a call."""
        self._say(TEXT_HELP, "dim")
        self._news.catch_up()
        while (words := self._ask("text> ")) != "quit":
            if words == "answer":
                self.take_ring(ringing())
            elif words:
                self._text(phone, words)
            self._look(0)

    def take_ring(self, phone: Phone) -> None:
        """Answer what rings, if something does and nobody minds."""
        ring, self._ring = self._ring, None
        if ring is None:
            return
        if self._ask(f"{ring.from_number} is calling. Answer? [Y/n] ").lower().startswith("n"):
            self._news.decline(ring)
            return
        inbound = self._news.pick_up(ring)
        if inbound is None:
            self._say("(it no longer rings)", "dim")
            return
        told = len(phone.events)
        phone.answer(inbound)
        self._lead(phone, told)
        self._news.over(ring)

    def _lead(self, phone: Phone, told: int = 0) -> None:
        while True:
            for event in phone.events[told:]:
                self._show(event)
            told = len(phone.events)
            if phone.state is State.ENDED:
                return
            _act(phone, self._ask(_asking(phone)))

    def _text(self, phone: TextPhone, words: str) -> None:
        known = len(phone.errors)
        for answer in phone.text(words):
            self._say(f"◀ {answer}", "cyan")
        for error in phone.errors[known:]:
            self._say(f"({error})", "yellow")

    def _look(self, seconds: float) -> None:
        """Show the texts that came and remember a ring; wait for one as long as told."""
        end = time.monotonic() + seconds
        while True:
            for one in self._news.catch_up():
                self._learn(one)
            if self._ring or time.monotonic() >= end:
                return
            time.sleep(LOOK_EVERY)

    def _learn(self, one: Ring | Arrived) -> None:
        if isinstance(one, Ring):
            self._ring = one
            self._say(f"☎ The telephone is ringing: {one.from_number}", "bold green")
        else:
            self._say(f"◀ {one.body}", "cyan")

    def _show(self, event: Event) -> None:
        if event.kind == "say":
            self._say(event.text, "cyan", f"  {event.language or ''} {event.voice or ''}".rstrip())
        elif event.kind == "play":
            self._say(f"♪ {event.url}", "cyan")
        elif event.kind in NOTES:
            self._say(NOTES[event.kind].format(event.text), "yellow")

    def _say(self, words: str, style: str, remark: str = "") -> None:
        self._screen.print(Rich(words, style=style) + Rich(remark, style="dim"), soft_wrap=True)

    def _ask(self, question: str) -> str:
        try:
            typed = self._screen.input(Rich(question, style="bold")).strip()
        except EOFError:
            typed = "quit"
        if not sys.stdin.isatty():
            # A call read from a file shows what was typed, as a terminal would.
            self._say(typed, "bold")
        return typed


def _act(phone: Phone, typed: str) -> None:
    keys = typed.replace(" ", "")
    if typed == "quit":
        phone.hang_up()
    elif phone.state is State.TRANSFERRED:
        phone.other_hangs_up()
    elif not keys:
        phone.stay_silent()
    elif KEYS.issuperset(keys):
        phone.press(keys)
    else:
        phone.say(typed.removeprefix('"'))


def _asking(phone: Phone) -> str:
    if phone.gather is not None:
        return _listening(phone.gather, phone.keys)
    if phone.state is State.RECORDING:
        return "recording (empty line ends)> "
    return "talking to the clinic (Enter: they hang up)> "


def _listening(gather: Gather, keys: str) -> str:
    wanted = {None: "press keys", 1: "press a key"}
    keys_wanted = wanted.get(gather.num_digits, f"press {gather.num_digits} keys")
    hears = [keys_wanted] * gather.dtmf + ["speak"] * gather.speech
    pressed = f", pressed {keys}" if keys else ""
    return f"{' or '.join(hears)}, {gather.timeout} s{pressed}> "
