"""Plays a script over the real line, and says what was otherwise than it wants.

What is graded is the record: the names of the prompts in the turns' rows, and the
rows of the portal. No sentence is compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

import locales
from dialogue.state import State
from portal.answers import prompts_from_data
from portal.database import transaction
from portal.outbox import prompts_of
from portal.records import Clinic, Conversation, Outbox, Turn
from simulator.phone import InboundCall, Phone, Pickup
from simulator.phone import State as Call
from simulator.texting import TextPhone
from simulator.transport import wsgi_transport
from tests.conversations.meanwhile import happen
from tests.conversations.rows import graded
from tests.conversations.scripts import Row, in_locale
from tests.conversations.stack import AUTH_TOKEN
from tests.conversations.visit_rows import visits_as_seeded

if TYPE_CHECKING:
    from tests.conversations.scripts import Script
    from tests.conversations.scripts import Turn as Move
    from tests.conversations.stack import Stack

HIDDEN = "anonymous"
OTHER_LANGUAGES = "9"
MOST_LANGUAGE_MENUS = 3
# Keywords and notices are answered before there is a turn, so they are known by their words.
OUTSIDE_TURNS = (
    "line.opted_out",
    "line.opted_out_cancel",
    "line.opted_in",
    "line.text_help",
    "line.secret_in_text",
    "line.picture",
)
CALLS = {
    "ended": Call.ENDED,
    "transferred": Call.TRANSFERRED,
    "listening": Call.LISTENING,
}


@dataclass
class Played:
    """How a script went: what went otherwise than it wants, and how the model did.

    ``heard`` counts the turns whose words reached the model, ``misheard`` holds those
    that it took for something else.
    """

    complaints: list[str] = field(default_factory=list)
    heard: int = 0
    misheard: list[str] = field(default_factory=list)


def play(stack: Stack, script: Script, locale: str) -> Played:
    """Return how the script goes in this language.

    It stops at the first turn that goes otherwise: what follows says nothing more.
    """
    stack.restore(script.at)
    with transaction(read_only=True) as session:
        was = visits_as_seeded(session)
    player = Player(stack, script, locale)
    played = Played(player.begin())
    for number, turn in enumerate(script.turns, start=1):
        if played.complaints:
            return played
        played.complaints = [f"turn {number}: {what}" for what in player.take(turn)]
        _judge(played, turn, player.understood, number)
    if not played.complaints:
        at = stack.clock.now()
        played.complaints = graded(_rows(script, locale), script.phone, locale, at, was)
    return played


def _judge(played: Played, turn: Move, understood: str | None, number: int) -> None:
    """Count what the model understood; what was answered without it is no matter of hearing."""
    if not turn.means or understood is None:
        return
    played.heard += 1
    if understood not in turn.means:
        wanted = " or ".join(turn.means)
        played.misheard.append(f"turn {number}: understood as {understood} and not {wanted}")


def _rows(script: Script, locale: str) -> tuple[Row, ...]:
    if any(row.word == "locale" for row in script.rows):
        return script.rows
    return (*script.rows, Row(word="locale", wanted=locale))


class Player:
    """A caller in one language, with one telephone."""

    def __init__(self, stack: Stack, script: Script, locale: str) -> None:
        self._stack = stack
        self._script = script
        self._locale = locale
        settings, clinic = stack.settings, _number_of(script.clinic)
        number = HIDDEN if script.phone == "hidden" else script.phone
        line = (settings.public_base_url, settings.twilio_account_sid, AUTH_TOKEN, number, clinic)
        transport = wsgi_transport(stack.app)
        self._phone = Phone(*line, transport)
        self._phone.pickup = Pickup(script.pickup)
        self._texts = TextPhone(*line, transport)
        self._clinic = clinic
        self._heard = 0
        self._answers: list[str] = []
        self.understood: str | None = None

    def begin(self) -> list[str]:
        """Place the call, and choose the language if the script does not do so itself."""
        if self._script.channel == "sms":
            return []
        greeting = self._call()
        return _differs(self._script.greeting or greeting, greeting)

    def _call(self) -> tuple[str, ...]:
        """Place a call; return the greeting, after which the language is chosen."""
        self._phone.call()
        greeting = self._said()
        if self._script.language != "by_hand":
            self._choose_language()
            self._said()
        return greeting

    def take(self, turn: Move) -> list[str]:
        """Do what the turn says; return what was said otherwise than it should be."""
        self._stack.clock.wait(timedelta(minutes=turn.later))
        if turn.meanwhile:
            happen(turn.meanwhile, self._stack.clock.now())
        self._do(turn)
        complaints = [*_differs(turn.line, self._all_said()), *self._troubles()]
        if turn.call and self._phone.state is not CALLS[turn.call]:
            complaints.append(f"the call is {self._phone.state} and not {turn.call}")
        return complaints

    def _troubles(self) -> list[str]:
        """Return what the carrier would complain of, and what the line did not listen to."""
        broken = [event.text for event in self._phone.events if event.kind in {"error", "lost"}]
        return [*broken, *map(str, self._texts.errors)]

    def _do(self, turn: Move) -> None:
        if turn.caller is not None:
            self._speak(in_locale(turn.caller, self._locale), turn.pictures)
        elif turn.texts is not None:
            self._text(in_locale(turn.texts, self._locale), turn.pictures)
        elif turn.keys is not None:
            self._press(in_locale(turn.keys, self._locale))
        else:
            self._handle(turn)

    def _handle(self, turn: Move) -> None:
        """Do with the telephone what takes no words and no keys."""
        if turn.silence:
            self._phone.stay_silent()
        elif turn.hangup:
            self._phone.hang_up()
        elif turn.calls:
            self._call()
        else:
            self._pick_up()

    def _speak(self, words: str, pictures: int) -> None:
        if self._script.channel == "sms" and self._phone.state is not Call.LISTENING:
            self._text(words, pictures)
        else:
            self._phone.say(words)

    def _text(self, words: str, pictures: int) -> None:
        self._answers = self._texts.text(words, pictures=pictures)

    def _press(self, keys: str) -> None:
        self._phone.press(_code_sent() if keys == "code" else keys)
        if self._phone.keys:  # fewer than were asked for: time runs out
            self._phone.stay_silent()

    def _pick_up(self) -> None:
        """Pick up the call that the line places next to this telephone."""
        self._stack.drain()
        rings = [call for call in self._stack.carrier.calls if call.to == self._script.phone]
        if rings:
            call = rings[-1]
            self._phone.answer(
                InboundCall(call.sid, call.from_, call.url, status_url=call.status_url)
            )

    def _choose_language(self) -> None:
        for _ in range(MOST_LANGUAGE_MENUS):
            with transaction(read_only=True) as session:
                newest = select(Conversation).order_by(Conversation.started_at.desc())
                call = session.scalars(newest.limit(1)).one()
                state = State.of(call)
                if call.locale == self._locale and state.step != "language":
                    return
            keys = [each.key for each in state.choices if each.value == self._locale]
            self._phone.press(keys[0] if keys else OTHER_LANGUAGES)

    def _all_said(self) -> tuple[str, ...]:
        """Return what was said, with what is texted outside of any turn before it."""
        said, text = self._said(), "\n".join(self._answers)
        self._answers = []
        texted = [name for name in OUTSIDE_TURNS if _is_in(text, name, self._clinic)]
        return (*(name for name in texted if name not in said), *said)

    def _said(self) -> tuple[str, ...]:
        """Return the names of what was said since they were last asked for."""
        with transaction(read_only=True) as session:
            turns = session.scalars(
                select(Turn)
                .join(Conversation, Conversation.id == Turn.conversation_id)
                .where(Turn.speaker == "line")
                .order_by(Conversation.started_at, Turn.number)
            ).all()
        new, self._heard = turns[self._heard :], len(turns)
        self.understood = next((turn.intent for turn in new if turn.intent), None)
        return tuple(p.name for turn in new for p in prompts_from_data(turn.prompts or []))


def _differs(wanted: tuple[str, ...], said: tuple[str, ...]) -> list[str]:
    if wanted == said:
        return []
    return [f"said {', '.join(said) or 'nothing'} and not {', '.join(wanted) or 'nothing'}"]


def _is_in(text: str, name: str, phone: str) -> bool:
    with transaction(read_only=True) as session:
        clinic = session.scalars(select(Clinic).where(Clinic.phone == phone)).one()
    details = {"clinic": clinic.text_safe_name, "phone": clinic.phone}
    return any(locales.texted(name, details, tag) in text for tag in locales.complete())


def _number_of(clinic: str) -> str:
    with transaction(read_only=True) as session:
        return session.scalars(select(Clinic.phone).where(Clinic.code == clinic)).one()


def _code_sent() -> str:
    """Return the one-time code that was texted last."""
    with transaction(read_only=True) as session:
        texts = session.scalars(select(Outbox).where(Outbox.kind == "text")).all()
        codes = [prompt.details["code"] for text in texts for prompt in prompts_of(text)]
    return str(codes[-1]) if codes else ""
