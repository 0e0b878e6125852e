"""One-time codes go to the number on file, open one conversation once, and run out."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal import consent, identity, lockouts, testing
from portal.outbox import prompts_of
from portal.records import OneTimeCode, Outbox, ProofAttempt
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.codes import CodePlan
    from portal.records import Conversation, Patient, Phone

BORN = date(1950, 3, 14)
MINUTE = timedelta(minutes=1)


class Line:
    """A clinic with one patient who has no PIN, and calls to it."""

    def __init__(self, session: Session) -> None:
        """Make the patient and their telephone."""
        self.session = session
        self.clinic = testing.clinic(session)
        self.phone: Phone = testing.phone(session)
        self.patient: Patient = testing.patient(session, self.clinic, self.phone, born=BORN)

    def call(self, phone: Phone | None = None, **given: Any) -> Conversation:
        """Return a call, from the patient's telephone if from no other."""
        return testing.conversation(self.session, self.clinic, phone or self.phone, **given)

    def issue(self, call: Conversation, *patients: Patient, at: Any = NOON) -> CodePlan:
        """Ask for a code on behalf of the patients (the one of the line by default)."""
        ids = [each.id for each in patients or (self.patient,)]
        return identity.issue_code(self.session, call, ids, at=at)

    def sent(self) -> list[str]:
        """Return the codes in the texts that are to go out, oldest first."""
        rows = self.session.scalars(select(Outbox).order_by(Outbox.id)).all()
        return [prompts_of(row)[0].details["code"] for row in rows]

    def prove(self, call: Conversation, code: str, at: Any = NOON) -> str:
        """Key a code."""
        return identity.prove_by_code(self.session, call, code, at=at).outcome


@pytest.fixture
def line(session: Session) -> Line:
    """Return a clinic with a patient who has no PIN."""
    return Line(session)


def wrong(code: str) -> str:
    """Return another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


class TestSending:
    """Who is sent a code, and where."""

    def test_it_goes_to_the_number_on_file(self, line: Line) -> None:
        """Six digits, in the caller's language, under a neutral name, for ten minutes."""
        call = line.call(testing.phone(line.session), locale="es-US")
        plan = line.issue(call)
        (row,) = line.session.scalars(select(Outbox)).all()
        (prompt,) = prompts_of(row)
        assert (row.kind, row.purpose, row.phone_id, row.locale) == (
            "text",
            "identity",
            line.phone.id,
            "es-US",
        )
        assert prompt.name == "identity.code_text"
        assert prompt.details["clinic"] == "Oak Street Clinic"
        assert re.fullmatch(r"\d{6}", prompt.details["code"])
        assert (plan.patient_id, plan.phone_id) == (line.patient.id, line.phone.id)
        assert plan.expires_at == row.expires_at == NOON + 10 * MINUTE

    def test_nobody_is_written_down_like_somebody(self, line: Line) -> None:
        """A row is made for an unknown caller too; only the text is missing."""
        call = line.call()
        plan = identity.issue_code(line.session, call, [], at=NOON)
        assert (plan.patient_id, plan.phone_id) == (None, None)
        (row,) = line.session.scalars(select(OneTimeCode)).all()
        assert (row.conversation_id, row.patient_id) == (call.id, None)
        assert line.sent() == []

    @pytest.mark.parametrize(
        "why", ["landline", "stopped", "safe contact", "no texts", "shared with safe contact"]
    )
    def test_no_text_goes_where_it_must_not(self, line: Line, why: str) -> None:
        """A landline, STOP, danger at home, or the patient's own wish: no text, same steps."""
        if why == "landline":
            line.phone.line_type = "landline"
        if why == "stopped":
            consent.opt_out(line.session, line.phone.id, source="text", at=NOON)
        if why == "safe contact":
            line.patient.safe_contact = True
        if why == "no texts":
            line.patient.text_level = 0
        if why == "shared with safe contact":
            testing.patient(line.session, line.clinic, line.phone, safe_contact=True)
        line.session.flush()
        assert line.issue(line.call()).phone_id is None
        assert line.sent() == []

    def test_a_second_number_serves_when_the_first_is_a_landline(self, session: Session) -> None:
        """The primary telephone comes first, one that can take a text before that."""
        clinic = testing.clinic(session)
        phones = [testing.phone(session, line_type=kind) for kind in ("landline", "mobile")]
        patient = testing.patient(session, clinic, *phones)
        call = testing.conversation(session, clinic, phones[0])
        plan = identity.issue_code(session, call, [patient.id], at=NOON)
        assert plan.phone_id == phones[1].id

    def test_the_telephone_in_their_hand_comes_first(self, session: Session) -> None:
        """Whoever calls from a number of theirs gets the code there."""
        clinic = testing.clinic(session)
        phones = [testing.phone(session) for _ in range(3)]
        patient = testing.patient(session, clinic, *phones)
        for on in phones:
            call = testing.conversation(session, clinic, on)
            plan = identity.issue_code(session, call, [patient.id], at=NOON)
            assert plan.phone_id == on.id

    def test_twins_children_and_the_locked_get_none(self, line: Line) -> None:
        """A code for one of two, for a child, or past a lock-out is not sent."""
        twin = testing.patient(line.session, line.clinic, line.phone, born=BORN)
        child = testing.patient(line.session, line.clinic, line.phone, born=date(2012, 2, 2))
        assert line.issue(line.call(), line.patient, twin).patient_id is None
        assert line.issue(line.call(), child).patient_id is None
        assert line.issue(line.call(failures=3)).patient_id is None
        for _ in range(5):
            lockouts.count(line.session, [lockouts.patient(line.patient.id)], at=NOON)
        assert line.issue(line.call()).patient_id is None
        assert line.sent() == []

    def test_three_an_hour_and_six_a_day(self, line: Line) -> None:
        """Whoever asks on gets no more texts, and the same words."""
        asked = {}
        for hours in range(26):
            at = NOON + timedelta(hours=hours, minutes=hours)
            asked[hours] = [line.issue(line.call(), at=at).patient_id is not None for _ in range(4)]
        assert asked[0] == [True, True, True, False]
        assert asked[1] == [True, True, True, False]
        assert not any(any(asked[hours]) for hours in range(2, 24))
        assert asked[24] == [True, True, True, False]

    def test_one_telephone_cannot_have_texts_sent_to_everybody(self, line: Line) -> None:
        """The cap holds for whoever asks, not only for whoever is texted."""
        stranger = testing.phone(line.session)
        sent = []
        for _ in range(5):
            other = testing.patient(line.session, line.clinic, testing.phone(line.session))
            sent.append(line.issue(line.call(stranger), other).patient_id is not None)
        assert sent == [True, True, True, False, False]

    def test_hidden_callers_share_a_wider_cap(self, line: Line) -> None:
        """Twenty an hour for all of them at one clinic."""
        sent = 0
        for _ in range(22):
            other = testing.patient(line.session, line.clinic, testing.phone(line.session))
            call = testing.conversation(line.session, line.clinic)
            sent += line.issue(call, other).patient_id is not None
        assert sent == 20

    def test_the_code_is_nowhere_in_plain(self, line: Line) -> None:
        """Neither in its own row nor in the bytes of the text that waits to go out."""
        line.issue(line.call())
        (code,) = line.sent()
        (row,) = line.session.scalars(select(OneTimeCode)).all()
        assert code not in row.code_hash
        stored = line.session.connection().exec_driver_sql("SELECT body FROM outbox").scalar_one()
        assert code.encode() not in bytes(stored)


class TestProving:
    """What a keyed code opens."""

    def test_the_code_proves_its_patient(self, line: Line) -> None:
        """From whatever telephone: whoever has the code has the number on file."""
        call = line.call(testing.phone(line.session))
        line.issue(call)
        assert line.prove(call, *line.sent()) == "proved"
        assert (call.patient_id, call.assurance) == (line.patient.id, 2)

    def test_it_works_once(self, line: Line) -> None:
        """A code that was used opens nothing any more, and is called expired in the records."""
        call = line.call()
        line.issue(call)
        (code,) = line.sent()
        assert line.prove(call, code) == "proved"
        call.patient_id, call.assurance = None, 0
        assert line.prove(call, code) == "no_match"
        assert call.assurance == 0
        attempts = line.session.scalars(select(ProofAttempt.outcome).order_by(ProofAttempt.id))
        assert list(attempts) == ["proved", "expired"]

    def test_it_works_for_ten_minutes(self, line: Line) -> None:
        """Just before they are over it proves, at their end no more."""
        for late, outcome in (
            (10 * MINUTE - timedelta(seconds=1), "proved"),
            (10 * MINUTE, "no_match"),
        ):
            call = line.call()
            line.issue(call)
            assert line.prove(call, line.sent()[-1], NOON + late) == outcome

    def test_it_works_in_its_own_conversation_only(self, line: Line) -> None:
        """A code read out of somebody else's call opens nothing in this one."""
        theirs, ours = line.call(), line.call()
        line.issue(theirs)
        line.issue(ours, testing.patient(line.session, line.clinic, testing.phone(line.session)))
        assert line.prove(ours, line.sent()[0]) == "no_match"
        assert line.prove(theirs, line.sent()[0]) == "proved"

    @pytest.mark.parametrize("keyed", ["", "12345", "1234567", "abcdef", "٠١٢٣٤٥"])
    def test_anything_else_is_no_match(self, line: Line, keyed: str) -> None:
        """Whatever is keyed, the answer is the same, and so it is where nothing was sent."""
        call, nobody = line.call(), line.call(testing.phone(line.session))
        line.issue(call)
        identity.issue_code(line.session, nobody, [], at=NOON)
        assert line.prove(call, keyed) == line.prove(nobody, keyed) == "no_match"

    def test_an_earlier_code_of_the_call_still_works(self, line: Line) -> None:
        """The first text may come late: both codes are good until one of them is used."""
        call = line.call()
        line.issue(call)
        line.issue(call)
        first, second = line.sent()
        assert line.prove(call, first) == "proved"
        assert line.prove(call, second) == "no_match"

    def test_a_new_code_never_resets_the_failures(self, line: Line) -> None:
        """Three wrong ones end the call's tries, however many codes were asked for."""
        call = line.call()
        for expected in ("no_match", "no_match", "locked"):
            line.issue(call)
            assert line.prove(call, wrong(line.sent()[-1])) == expected
        assert line.issue(call).patient_id is None
        assert line.prove(call, line.sent()[-1]) == "locked"
        (row,) = line.session.scalars(
            select(lockouts.Lockout).where(lockouts.Lockout.subject.like("patient:%"))
        ).all()
        assert row.failures == 3

    def test_wrong_codes_lock_the_patient_like_wrong_pins(self, line: Line) -> None:
        """Five in a day, over however many calls; then the right code does not prove."""
        for number in range(5):
            call = line.call(testing.phone(line.session))
            at = NOON + number * timedelta(hours=2)
            line.issue(call, at=at)
            assert line.prove(call, wrong(line.sent()[-1]), at) == "no_match"
        call = line.call(testing.phone(line.session))
        assert line.issue(call, at=at).patient_id is None
        assert lockouts.is_locked(line.session, lockouts.patient(line.patient.id), at=at)

    def test_a_code_cannot_be_moved_to_another_conversation(self, line: Line) -> None:
        """Its fingerprint is bound to the call, so that a copied row opens nothing."""
        theirs, ours = line.call(), line.call()
        line.issue(theirs)
        (row,) = line.session.scalars(select(OneTimeCode)).all()
        row.conversation_id = ours.id
        line.session.flush()
        assert line.prove(ours, *line.sent()) == "no_match"
