"""CANCEL by itself stops texts and cancels no visit; nobody is left to believe that it did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from locales.phrases import fold, languages, phrases
from portal import consent, testing
from portal.database import transaction
from portal.hours import local
from portal.records import Appointment, Clinic, ConsentEvent, Patient, StaffTask, VisitType
from portal.testing import NOON
from portal.unclear import ask_about_visit
from settings import THROW_AWAY_ACCOUNT
from simulator.document import MESSAGING
from sms.inbox import Came
from sms.optout import keyword_reply
from sms.texting import one_text
from tests.dialogue.talk import MAIN
from tests.web import BASE, verbs

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dialogue.turns import Reply
    from tests.web import Web

ORTEGA, MOREAU, SHARED = "+12025550143", "+12025550152", "+12025550188"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def came(session: Session) -> Came:
    """Return a text from the telephone of a patient without a visit."""
    clinic = testing.clinic(session, phone="+12025550100")
    phone = testing.phone(session)
    testing.patient(session, clinic, phone)
    return Came("SM1", "", clinic, phone)


def _patient(session: Session) -> Patient:
    return session.scalars(select(Patient).order_by(Patient.id)).first() or Patient()


def _visit(
    session: Session, of: Patient, at_clinic: Clinic, starts: datetime, **given: str
) -> Appointment:
    kind = session.scalars(select(VisitType)).first() or testing.add(
        session, VisitType(code="check_up", name_key="visits.type_check_up", minutes=30)
    )
    there = local(at_clinic, starts)
    return testing.add(
        session,
        Appointment(
            patient_id=of.id,
            clinician_id=testing.clinician(session).id,
            clinic_id=at_clinic.id,
            visit_type_id=kind.id,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
            local_date=there.date(),
            local_start=there.time(),
            as_of=NOON,
            **given,
        ),
    )


def _texting(session: Session, came: Came, body: str, **given: bool) -> Reply | None:
    text = Came("SM2", body, came.clinic, came.phone)
    return keyword_reply(session, text, "en-US", at=NOON, **given)


def _tasks(session: Session) -> list[StaffTask]:
    return list(session.scalars(select(StaffTask)))


def _names(reply: Reply | None) -> list[str] | None:
    return None if reply is None else [prompt.name for prompt in reply.prompts]


@pytest.mark.parametrize(
    "body", ["CANCEL", "cancel.", " Cancel! ", "CANCELAR", "huy", "HỦY", "إلغاء", "الغاء"]
)
def test_the_word_alone_stops_texts_and_says_that_visits_stand(
    session: Session, came: Came, body: str
) -> None:
    """In whichever language; it is kept as what it was answered with."""
    reply = _texting(session, came, body)
    assert _names(reply) == ["line.opted_out_cancel"]
    assert not consent.may_text(session, came.phone.id, "reply")
    assert session.scalars(select(ConsentEvent.wording)).one() == "line.opted_out_cancel"


@pytest.mark.parametrize("body", ["STOP", "baja", "unsubscribe", "取消订阅", "cancel texts"])
def test_other_words_that_stop_texts_mean_no_visit(session: Session, came: Came, body: str) -> None:
    """They are confirmed as before, and nobody is sent to ask."""
    _visit(session, _patient(session), came.clinic, NOON + 3 * DAY)
    assert _names(_texting(session, came, body)) == ["line.opted_out"]
    assert _tasks(session) == []


@pytest.mark.parametrize("body", ["cancel my visit", "cancelar mi cita", "quiero cancelar"])
def test_the_word_in_a_sentence_is_a_sentence(session: Session, came: Came, body: str) -> None:
    """That one is understood, and not guessed at."""
    assert _texting(session, came, body) is None
    assert session.scalars(select(ConsentEvent)).all() == []


@pytest.mark.parametrize("locale", ["en-US", "es-US"])
def test_the_confirmation_tells_nothing_of_a_visit(
    session: Session, came: Came, locale: str
) -> None:
    """The same words whether there is one or not, the number to call, and START."""
    text = Came("SM2", "CANCEL", came.clinic, came.phone)
    reply = keyword_reply(session, text, locale, at=NOON)
    assert reply is not None
    body, segments = one_text(reply)
    assert came.clinic.text_safe_name in body
    assert "202-555-0100" in body
    assert "START" in body
    assert segments <= 2


def test_who_has_a_visit_is_asked_by_somebody(session: Session, came: Came) -> None:
    """At the front desk of the clinic of the soonest visit, within a day."""
    there = testing.clinic(session)
    patient = _patient(session)
    _visit(session, patient, came.clinic, NOON + 9 * DAY)
    soonest = _visit(session, patient, there, NOON + 3 * DAY)

    _texting(session, came, "CANCEL")

    (task,) = _tasks(session)
    assert (task.kind, task.pool, task.topic) == ("cancel_unclear", "front_desk", "visits")
    assert (task.patient_id, task.phone_id) == (patient.id, came.phone.id)
    assert (task.clinic_id, task.locale, task.status) == (there.id, "en-US", "open")
    assert NOON < task.due_at <= NOON + DAY
    assert session.get_one(Appointment, soonest.id).status == "booked"


def test_it_is_due_before_the_visit_begins(session: Session, came: Came) -> None:
    """A visit in two hours does not wait for a day."""
    _visit(session, _patient(session), came.clinic, NOON + 2 * HOUR)
    _texting(session, came, "CANCEL")
    assert [task.due_at for task in _tasks(session)] == [NOON + 2 * HOUR]


@pytest.mark.parametrize(
    ("days", "status"), [(-1, "fulfilled"), (-1, "booked"), (2, "cancelled"), (2, "proposed")]
)
def test_who_has_no_visit_to_come_is_not_asked(
    session: Session, came: Came, days: int, status: str
) -> None:
    """There is nothing that they could have meant."""
    _visit(session, _patient(session), came.clinic, NOON + days * DAY, status=status)
    _texting(session, came, "CANCEL")
    assert _tasks(session) == []


def test_said_twice_it_is_one_task_and_the_next_day_another(session: Session, came: Came) -> None:
    """Somebody who has stopped texts already may well mean the visit, and hears nothing."""
    _visit(session, _patient(session), came.clinic, NOON + 9 * DAY)
    _texting(session, came, "CANCEL")
    assert _names(_texting(session, came, "CANCEL")) == []
    assert len(_tasks(session)) == 1
    ask_about_visit(session, came.phone, locale="en-US", at=NOON + DAY)
    assert len(_tasks(session)) == 2


def test_the_carriers_own_answer_is_the_only_one_and_the_task_is_made(
    session: Session, came: Came
) -> None:
    """Its confirmation says nothing of visits; all the more somebody has to ask."""
    _visit(session, _patient(session), came.clinic, NOON + 9 * DAY)
    assert _names(_texting(session, came, "CANCEL", is_answered=True)) == []
    assert [task.kind for task in _tasks(session)] == ["cancel_unclear"]


@pytest.mark.usefixtures("engine")
def test_both_databases_make_one_task_of_it() -> None:
    """The word and its repetition, in two transactions."""
    with transaction() as session:
        clinic = testing.clinic(session)
        phone = testing.phone(session)
        visit = _visit(session, testing.patient(session, clinic, phone), clinic, NOON + DAY)
        first = ask_about_visit(session, phone, locale="es-US", at=NOON)
        number, about = phone.id, visit.patient_id
    with transaction() as session:
        again = keyword_reply(
            session,
            Came(
                "SM2",
                "CANCELAR",
                session.scalars(select(Clinic)).one(),
                session.get_one(type(phone), number),
            ),
            "es-US",
            at=NOON,
        )
        assert _names(again) == ["line.opted_out_cancel"]
        assert [(task.id, task.patient_id) for task in _tasks(session)] == [(first.id, about)]


@pytest.mark.parametrize(
    ("number", "more", "answers", "owed"),
    [
        (ORTEGA, {}, 1, 1),
        (ORTEGA, {"OptOutType": "STOP"}, 0, 1),
        (SHARED, {}, 1, 1),
        (MOREAU, {}, 1, 0),
        ("+12125550001", {}, 1, 0),
    ],
)
def test_over_the_carriers_webhook(
    web: Web, number: str, more: dict[str, str], answers: int, owed: int
) -> None:
    """A visit, one of a child on the telephone, none, and a telephone that nobody knows."""
    form = {"AccountSid": THROW_AWAY_ACCOUNT, "MessageSid": "SM1", "From": number, "To": MAIN}
    answer = web.post(f"{BASE}/sms/incoming", {**form, "Body": "Cancel", **more})
    assert len(verbs(answer, MESSAGING)) == answers
    with transaction(read_only=True) as session:
        made = [task for task in _tasks(session) if task.kind == "cancel_unclear"]
        assert len(made) == owed
        booked = select(Appointment.id).where(Appointment.status == "booked")
        assert len(session.scalars(booked).all()) == 6


def test_the_words_are_among_those_that_stop_texts() -> None:
    """In every language that has any."""
    lists = {lang: phrases(lang) for lang in languages()}
    cancels = {
        lang: {fold(w) for w in each.get("cancel_words", ())} for lang, each in lists.items()
    }
    assert {lang for lang, words in cancels.items() if words} == {"ar", "en", "es", "pt", "vi"}
    for lang, words in cancels.items():
        assert words <= {fold(word) for word in lists[lang]["opt_out"]}
