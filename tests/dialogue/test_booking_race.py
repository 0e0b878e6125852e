"""Twenty callers, on the telephone and by text, want one opening: one has it, none hears less."""

from __future__ import annotations

from itertools import cycle

import pytest
from sqlalchemy import select

from dialogue import Line, OncePerWebhook, Utterance, converse
from dialogue.turns import Kind
from portal import conversations, demo, testing
from portal.database import new_id, transaction
from portal.records import Appointment
from portal.testing import NOON
from tests.dialogue.talk import LOCALES, MAIN, Clock, Talk, model
from tests.portal.together import together

CALLERS = 20
WISH = "a follow up with doctor rivera on june seventeenth in the morning"

pytestmark = pytest.mark.usefixtures("engine")


def _callers() -> list[Talk]:
    """Return callers who have proved who they are, every other one of them by text."""
    with transaction() as session:
        demo.seed(session, NOON)
    return [_caller(channel) for channel, _ in zip(cycle(("voice", "sms")), range(CALLERS))]


def _caller(channel: str) -> Talk:
    with transaction() as session:
        clinic = conversations.clinic_for(session, MAIN)
        phone = testing.phone(session)
        patient = testing.patient(session, clinic, phone)
        opened = testing.conversation(session, clinic, phone, channel=channel)
        opened.provider_sid = f"{channel}:{new_id().hex}"
        opened.patient_id = patient.id
        opened.assurance = 2 if channel == "voice" else 1
        key = opened.id
    clock = Clock()
    return Talk(Line(model(clock, **{WISH: "book_appointment"}), LOCALES), key, clock)


def _say(talk: Talk, words: str, keys: str | None = None) -> list[str]:
    """Say words, or press a key where one is pressed rather than texted."""
    if talk.row.channel == "sms":
        return talk.text(keys or words)
    return talk.press(keys) if keys else talk.say(words)


def _pick(talk: Talk, key: str) -> list[str]:
    return _say(talk, "", key)


def _offers(talk: Talk) -> list[object]:
    return [choice.details["at"] for choice in talk.reply.choices if "at" in choice.details]


def _booked() -> list[Appointment]:
    with transaction(read_only=True) as session:
        made = select(Appointment).where(Appointment.origin.in_(("phone", "text")))
        return list(session.scalars(made))


def test_one_of_twenty_gets_the_opening_and_the_others_the_next_two() -> None:
    """Each of the others hears that it was just taken, and two times that are still free."""
    talks = _callers()
    for talk in talks:
        _say(talk, WISH)
    wanted = {str(_offers(talk)[0]) for talk in talks}
    assert len(wanted) == 1

    heard = together(CALLERS, lambda number: _pick(talks[number], "1"))

    winners = [place for place, names in enumerate(heard) if names[0] == "booking.confirm"]
    assert len(winners) == 1
    losers = [talk for place, talk in enumerate(talks) if place not in winners]
    assert all(talk.names[0] == "booking.just_taken" for talk in losers)
    assert all(len(_offers(talk)) == 2 for talk in losers)
    assert not any(str(at) in wanted for talk in losers for at in _offers(talk))

    winner = talks[winners[0]]
    assert _pick(winner, "1")[0] == "booking.booked"
    (visit,) = _booked()
    assert {str(visit.starts_at.astimezone(NOON.tzinfo))} == wanted


def test_the_same_confirmation_ten_times_at_once_books_once() -> None:
    """All ten deliveries of one webhook get one answer, and there is one visit."""
    talk = _caller_who_holds()
    utterance = Utterance(talk.id, talk.reply.turn, Kind.DIGITS, "1")
    before = talk.reply

    def deliver(_number: int) -> str:
        receipt = OncePerWebhook("voice", f"{talk.id}:{before.turn}", "", repr)
        try:
            reply = converse(talk.line, utterance, receipt=receipt, at=talk.clock.at)
        except Exception as known:  # noqa: BLE001 - "answered" and "in flight" are answers too
            return type(known).__name__
        return reply.prompts[0].name

    said = together(10, deliver)
    assert said.count("booking.booked") == 1
    assert set(said) <= {"booking.booked", "Answered", "InFlight"}
    assert len(_booked()) == 1


def _caller_who_holds() -> Talk:
    with transaction() as session:
        demo.seed(session, NOON)
    talk = _caller("voice")
    _say(talk, WISH)
    assert _pick(talk, "1")[0] == "booking.confirm"
    return talk
