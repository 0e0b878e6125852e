"""Whoever wants no more texts gets none, whatever their word for it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import consent, testing
from portal.database import transaction
from portal.records import ConsentEvent, Conversation
from portal.testing import NOON
from settings import THROW_AWAY_ACCOUNT
from simulator.document import MESSAGING
from sms.inbox import Came
from sms.optout import keyword_reply
from sms.texting import one_text
from tests.dialogue.talk import HUGHES, MAIN
from tests.web import BASE, verbs

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dialogue.turns import Reply
    from tests.web import Web


@pytest.fixture
def came(session: Session) -> Came:
    """Return a text from a patient's telephone."""
    clinic = testing.clinic(session, phone="+12025550100")
    phone = testing.phone(session)
    testing.patient(session, clinic, phone)
    return Came("SM1", "", clinic, phone)


def texting(session: Session, came: Came, body: str, locale: str = "en-US") -> Reply | None:
    """Return the answer to a text with this body."""
    return keyword_reply(session, Came("SM2", body, came.clinic, came.phone), locale, at=NOON)


def names(reply: Reply | None) -> list[str] | None:
    """Return the prompts of a reply; None where there is no reply."""
    return None if reply is None else [prompt.name for prompt in reply.prompts]


@pytest.mark.parametrize(
    "body",
    [
        "STOP",
        "stop.",
        " Stop! ",
        "STOPALL",
        "unsubscribe",
        "END",
        "quit",
        "REVOKE",
        "OPT OUT",
        "please stop texting me",
        "ALTO",
        "parar",
        "BAJA",
        "ARRÊT",
        "arret",
        "SAIR",
        "退订",
        "停止",
        "DỪNG",
        "СТОП",
        "отписаться",
        "수신거부",
        "إيقاف",
    ],
)
@pytest.mark.parametrize("locale", ["en-US", "es-US"])
def test_a_stop_word_of_any_language_stops_everything(
    session: Session, came: Came, body: str, locale: str
) -> None:
    """It counts whatever language we think we speak, and is confirmed once."""
    assert names(texting(session, came, body, locale)) == ["line.opted_out"]

    assert not consent.may_text(session, came.phone.id, "identity")
    event = session.scalars(select(ConsentEvent)).one()
    assert (event.source, event.evidence, event.locale) == ("text", "SM2", locale)
    assert event.wording == "line.opted_out"


@pytest.mark.parametrize(
    "body",
    [
        "cancel my visit",
        "please stop by later",
        "can you stop the pain",
        "end of the month",
        "",
        "1",
        "yes",
    ],
)
def test_a_stop_word_in_a_sentence_is_a_sentence(session: Session, came: Came, body: str) -> None:
    """Only the whole message is a command; YES is an answer of ours, never a START."""
    assert texting(session, came, body) is None
    assert session.scalars(select(ConsentEvent)).all() == []


def test_the_confirmation_names_the_clinic_and_nothing_private(
    session: Session, came: Came
) -> None:
    """One text, with the name that is safe in a text and where to reach us."""
    reply = texting(session, came, "STOP")

    assert reply is not None
    body, segments = one_text(reply)
    assert came.clinic.text_safe_name in body
    assert "202-555-0100" in body
    assert "START" in body
    assert segments <= 2


def test_a_second_stop_is_not_confirmed_again(session: Session, came: Came) -> None:
    """One confirmation is all that the law allows; HELP gets none either after it."""
    texting(session, came, "STOP")

    assert names(texting(session, came, "STOP")) == []
    assert names(texting(session, came, "HELP")) == []
    assert len(session.scalars(select(ConsentEvent)).all()) == 1


def test_stop_ends_what_was_going_on_by_text(session: Session, came: Came) -> None:
    """A proof given by text does not outlive the STOP; a call goes on."""
    sms = testing.conversation(session, came.clinic, came.phone, channel="sms", assurance=1)
    call = testing.conversation(session, came.clinic, came.phone)

    texting(session, came, "STOP")

    assert session.get_one(Conversation, sms.id).ended_at == NOON
    assert session.get_one(Conversation, sms.id).assurance == 0
    assert session.get_one(Conversation, call.id).ended_at is None


@pytest.mark.parametrize("body", ["START", "unstop", "ALTA", "начать"])
def test_start_allows_texts_again(session: Session, came: Came, body: str) -> None:
    """The newest word counts."""
    texting(session, came, "STOP")

    assert names(texting(session, came, body)) == ["line.opted_in"]

    assert consent.may_text(session, came.phone.id, "notice")


def test_start_gives_nothing_to_who_never_stopped(session: Session, came: Came) -> None:
    """It is answered, and no consent is made out of it."""
    assert names(texting(session, came, "START")) == ["line.opted_in"]
    assert session.scalars(select(ConsentEvent)).all() == []


@pytest.mark.parametrize("body", ["HELP", "help?", "INFO", "AYUDA"])
def test_help_says_who_we_are_and_how_to_stop(session: Session, came: Came, body: str) -> None:
    """The carriers want it to work in any state of the conversation."""
    reply = texting(session, came, body)

    assert names(reply) == ["line.text_help"]
    assert reply is not None
    assert "STOP" in one_text(reply)[0]


def test_what_the_carrier_answered_itself_gets_no_second_answer(
    session: Session, came: Came
) -> None:
    """With the carrier's own opt-out handling we keep the event and stay quiet."""
    stop = Came("SM2", "STOP", came.clinic, came.phone)

    reply = keyword_reply(session, stop, "en-US", is_answered=True, at=NOON)

    assert names(reply) == []
    assert not consent.may_text(session, came.phone.id, "notice")


@pytest.mark.parametrize(("more", "answers"), [({}, 1), ({"OptOutType": "STOP"}, 0)])
def test_the_carrier_says_whether_it_has_answered(
    web: Web, more: dict[str, str], answers: int
) -> None:
    """It adds a parameter to what it delivers where its own opt-out is on."""
    form = {"AccountSid": THROW_AWAY_ACCOUNT, "MessageSid": "SM1", "From": HUGHES, "To": MAIN}
    answer = web.post(f"{BASE}/sms/incoming", {**form, "Body": "STOP", **more})
    assert len(verbs(answer, MESSAGING)) == answers
    with transaction(read_only=True) as session:
        kept = select(ConsentEvent.granted).where(ConsentEvent.evidence == "SM1")
        assert not session.scalars(kept).one()
