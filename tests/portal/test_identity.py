"""Who proves what: a PIN, a birth year by text, a call back, and a new PIN."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import identity, lockouts, testing
from portal.access import IdentityNeeded
from portal.database import new_id
from portal.encryption import ring, use
from portal.pins import hash_pin
from portal.records import Audit, Lockout, ProofAttempt
from portal.refusal import Refused
from portal.testing import NOON

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation, Patient, Phone

PIN, WRONG = "730264", "730265"
BORN = date(1950, 3, 14)


@pytest.fixture
def clinic(session: Session) -> Clinic:
    """Return a clinic."""
    return testing.clinic(session)


@pytest.fixture
def phone(session: Session) -> Phone:
    """Return a telephone on file for :func:`patient`."""
    return testing.phone(session)


@pytest.fixture
def patient(session: Session, clinic: Clinic, phone: Phone) -> Patient:
    """Return a patient with a PIN."""
    return testing.patient(session, clinic, phone, born=BORN, pin_hash=hash_pin(PIN))


@pytest.fixture
def call(session: Session, clinic: Clinic, phone: Phone) -> Conversation:
    """Return a call from the patient's telephone."""
    return testing.conversation(session, clinic, phone)


def _try(session: Session, call: Conversation, ids: list[UUID], pin: str = WRONG) -> str:
    return identity.prove_by_pin(session, call, ids, pin, at=NOON).outcome


def _outcomes(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(ProofAttempt.outcome).order_by(ProofAttempt.id)))


class TestByPin:
    """A birth date and a PIN open the records of one patient."""

    def test_the_right_pin_proves_its_patient(
        self, session: Session, call: Conversation, patient: Patient
    ) -> None:
        """The conversation then stands for the patient, fully, and nothing is counted."""
        assert _try(session, call, [patient.id], PIN) == "proved"
        assert (call.patient_id, call.assurance, call.failures) == (patient.id, 2, 0)
        assert set(session.scalars(select(Lockout.failures))) == {0}
        assert _outcomes(session) == ["proved"]

    def test_wrong_and_unknown_end_alike(
        self, session: Session, call: Conversation, patient: Patient
    ) -> None:
        """Neither the outcome nor the conversation tells a wrong PIN from nobody."""
        other = testing.conversation(session, testing.clinic(session), testing.phone(session))
        for ids, where in (([patient.id], call), ([], other), ([new_id()], other)):
            assert _try(session, where, ids) == "no_match"
        assert (call.patient_id, call.assurance, call.failures) == (None, 0, 1)
        assert (other.patient_id, other.assurance, other.failures) == (None, 0, 2)

    def test_the_third_failure_of_a_call_ends_its_tries(
        self, session: Session, call: Conversation, patient: Patient
    ) -> None:
        """After three even the right PIN is not looked at, known patient or not."""
        assert [_try(session, call, [patient.id]) for _ in range(3)] == [
            "no_match",
            "no_match",
            "locked",
        ]
        assert identity.is_locked(session, call, at=NOON)
        assert _try(session, call, [patient.id], PIN) == "locked"
        assert call.assurance == 0

    def test_an_unknown_caller_is_led_the_same_way(self, session: Session, clinic: Clinic) -> None:
        """Three failures end the tries of somebody who is no patient, in the same steps."""
        call = testing.conversation(session, clinic, testing.phone(session))
        outcomes = [_try(session, call, []) for _ in range(4)]
        assert outcomes == ["no_match", "no_match", "locked", "locked"]

    def test_five_failures_lock_a_patient_everywhere(
        self, session: Session, clinic: Clinic, patient: Patient
    ) -> None:
        """From other telephones too the right PIN no longer proves, and nobody can tell why."""
        for _ in range(5):
            elsewhere = testing.conversation(session, clinic, testing.phone(session))
            assert _try(session, elsewhere, [patient.id]) == "no_match"
        late = testing.conversation(session, clinic, testing.phone(session))
        assert _try(session, late, [patient.id], PIN) == "no_match"
        assert _outcomes(session)[-1] == "locked"
        assert not identity.is_locked(session, late, at=NOON)

    def test_a_locked_patient_proves_again_after_a_day(
        self, session: Session, clinic: Clinic, patient: Patient
    ) -> None:
        """The lock is for 24 hours, not for ever."""
        for _ in range(5):
            _try(
                session, testing.conversation(session, clinic, testing.phone(session)), [patient.id]
            )
        call = testing.conversation(session, clinic, testing.phone(session))
        tomorrow = NOON + timedelta(hours=24)
        proof = identity.prove_by_pin(session, call, [patient.id], PIN, at=tomorrow)
        assert proof.outcome == "proved"

    def test_ten_failures_lock_a_telephone(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient
    ) -> None:
        """A new call from it begins locked, whoever is asked for."""
        for _ in range(5):
            call = testing.conversation(session, clinic, phone)
            assert _try(session, call, []) == "no_match"
            _try(session, call, [])
        assert identity.is_locked(session, testing.conversation(session, clinic, phone), at=NOON)
        call = testing.conversation(session, clinic, phone)
        assert _try(session, call, [patient.id], PIN) == "locked"

    def test_twenty_failures_lock_a_clinics_hidden_callers(
        self, session: Session, clinic: Clinic, patient: Patient
    ) -> None:
        """Hidden callers share a count for each clinic; callers with a number do not feel it."""
        for _ in range(20):
            _try(session, testing.conversation(session, clinic), [])
        hidden = testing.conversation(session, clinic)
        assert _try(session, hidden, [patient.id], PIN) == "locked"
        elsewhere = testing.conversation(session, testing.clinic(session))
        assert not identity.is_locked(session, elsewhere, at=NOON)
        in_an_hour = NOON + timedelta(hours=1)
        assert not identity.is_locked(session, hidden, at=in_an_hour)

    def test_a_success_does_not_wipe_out_failures(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient
    ) -> None:
        """Guesses between a patient's own calls add up all the same."""
        for pin in (WRONG, WRONG, PIN, WRONG, WRONG, PIN, WRONG):
            call = testing.conversation(session, clinic, phone)
            _try(session, call, [patient.id], pin)
        assert lockouts.is_locked(session, lockouts.patient(patient.id), at=NOON)

    def test_twins_are_told_apart_by_their_pins(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient, call: Conversation
    ) -> None:
        """One telephone, one birth date, two PINs: each opens their own record."""
        twin = testing.patient(session, clinic, phone, born=BORN, pin_hash=hash_pin("482915"))
        found = identity.candidates(session, phone.id, [BORN])
        assert _try(session, call, found, "482915") == "proved"
        assert call.patient_id == twin.id
        assert set(session.scalars(select(Lockout.failures))) == {0}
        again = testing.conversation(session, clinic, phone)
        assert _try(session, again, found, PIN) == "proved"
        assert again.patient_id == patient.id

    def test_two_that_match_are_none(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient, call: Conversation
    ) -> None:
        """Twins who chose one PIN are not told apart by chance."""
        twin = testing.patient(session, clinic, phone, born=BORN, pin_hash=hash_pin(PIN))
        assert _try(session, call, [patient.id, twin.id], PIN) == "no_match"
        assert _outcomes(session) == ["ambiguous", "ambiguous"]

    def test_a_child_is_never_proved(
        self, session: Session, clinic: Clinic, phone: Phone, call: Conversation
    ) -> None:
        """Even a child's row with a PIN opens nothing: the proxy proves, as themselves."""
        child = testing.patient(
            session, clinic, phone, born=date(2012, 2, 2), pin_hash=hash_pin(PIN)
        )
        assert _try(session, call, [child.id], PIN) == "no_match"

    def test_a_patient_without_a_pin_is_not_proved_by_one(
        self, session: Session, clinic: Clinic, phone: Phone, call: Conversation
    ) -> None:
        """No PIN, however guessed, stands for a missing one."""
        without = testing.patient(session, clinic, phone, born=BORN)
        assert [_try(session, call, [without.id], pin) for pin in ("", "000000")] == [
            "no_match"
        ] * 2

    def test_nothing_that_was_keyed_is_kept(
        self, session: Session, call: Conversation, patient: Patient
    ) -> None:
        """No row of the proof holds the PIN or the birth date."""
        _try(session, call, [patient.id], WRONG)
        _try(session, call, [patient.id], PIN)
        session.flush()
        rows = [*session.scalars(select(Audit)), *session.scalars(select(ProofAttempt))]
        written = " ".join(str(vars(row)) for row in rows)
        assert len(rows) == 4
        assert not any(secret in written for secret in (PIN, WRONG, BORN.isoformat()))

    def test_a_proof_is_in_the_audit(
        self, session: Session, call: Conversation, patient: Patient
    ) -> None:
        """Refused and proved tries are both traced to the conversation."""
        _try(session, call, [patient.id], WRONG)
        _try(session, call, [patient.id], PIN)
        session.flush()
        rows = session.scalars(select(Audit).order_by(Audit.id)).all()
        assert [row.action for row in rows] == ["identity.refused", "identity.proved"]
        assert {row.patient_id for row in rows} == {patient.id}
        assert {row.conversation_id for row in rows} == {call.id}

    def test_a_pin_moves_to_the_newest_key_when_it_is_used(
        self, session: Session, call: Conversation, patient: Patient
    ) -> None:
        """Key rotation needs nobody to choose a new PIN."""
        session.flush()
        use(type(ring())({**ring().keys, 2: b"k" * 32}))
        assert _try(session, call, [patient.id], PIN) == "proved"
        assert patient.pin_hash is not None
        assert patient.pin_hash.startswith("2:")

    def test_a_comparison_made_before_counts_all_the_same(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient, call: Conversation
    ) -> None:
        """Comparing apart writes nothing and lets nobody past the judge."""
        fitting = identity.compare_pin(session, call, [patient.id], PIN, at=NOON)
        assert fitting == {patient.id}
        assert identity.compare_pin(session, call, [patient.id], WRONG, at=NOON) == frozenset()
        assert _outcomes(session) == []
        spent = testing.conversation(session, clinic, phone, failures=3)
        judged = [
            identity.prove_by_pin(session, each, ids, PIN, at=NOON, fitting=fitting).outcome
            for each, ids in ((spent, [patient.id]), (call, []), (call, [patient.id]))
        ]
        assert judged == ["locked", "no_match", "proved"]


class TestByBirthYear:
    """A text from a number on file, and the year in which its patient was born."""

    def _text(self, session: Session, clinic: Clinic, phone: Phone | None) -> Conversation:
        return testing.conversation(session, clinic, phone, channel="sms")

    def _prove(self, session: Session, text: Conversation, year: str) -> str:
        return identity.prove_by_birth_year(session, text, year, at=NOON).outcome

    def test_the_year_proves_a_little(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient
    ) -> None:
        """The conversation stands for the patient, at the first level only."""
        text = self._text(session, clinic, phone)
        assert self._prove(session, text, "1950") == "proved"
        assert (text.patient_id, text.assurance) == (patient.id, 1)

    def test_a_wrong_year_and_an_unknown_telephone_end_alike(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient
    ) -> None:
        """No answer tells whose number it is."""
        stranger = testing.phone(session)
        for on in (phone, stranger, None):
            assert self._prove(session, self._text(session, clinic, on), "1951") == "no_match"
        assert self._prove(session, self._text(session, clinic, stranger), "1950") == "no_match"
        assert not lockouts.is_locked(session, lockouts.patient(patient.id), at=NOON)

    def test_the_patient_meant_is_the_one_of_that_year(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient
    ) -> None:
        """Two patients on one telephone are told apart by it, two of one year are not."""
        other = testing.patient(session, clinic, phone, born=date(1962, 7, 19))
        text = self._text(session, clinic, phone)
        assert self._prove(session, text, "1962") == "proved"
        assert text.patient_id == other.id
        testing.patient(session, clinic, phone, born=date(1950, 12, 1))
        assert self._prove(session, self._text(session, clinic, phone), "1950") == "no_match"
        assert patient.id != other.id

    def test_a_child_and_somebody_in_danger_prove_nothing_by_text(
        self, session: Session, clinic: Clinic, phone: Phone
    ) -> None:
        """Whoever holds the handset learns nothing about a child or a safe contact."""
        testing.patient(session, clinic, phone, born=date(2012, 2, 2))
        testing.patient(session, clinic, phone, born=date(1990, 6, 6), safe_contact=True)
        for year in ("2012", "1990"):
            assert self._prove(session, self._text(session, clinic, phone), year) == "no_match"

    def test_years_are_not_tried_through(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient
    ) -> None:
        """Three wrong years end a text session, ten the telephone's day."""
        outcomes = []
        for number in range(4):
            text = self._text(session, clinic, phone)
            outcomes += [self._prove(session, text, f"19{number}{each}") for each in range(3)]
        assert outcomes[:3] == ["no_match", "no_match", "locked"]
        text = self._text(session, clinic, phone)
        assert self._prove(session, text, str(BORN.year)) == "locked"
        assert patient.id != text.patient_id

    def test_a_locked_patient_is_locked_by_text_too(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient
    ) -> None:
        """The lock of a patient holds on every channel."""
        lockouts.count(session, [lockouts.patient(patient.id)] * 1, at=NOON)
        for _ in range(4):
            lockouts.count(session, [lockouts.patient(patient.id)], at=NOON)
        text = self._text(session, clinic, phone)
        assert self._prove(session, text, "1950") == "no_match"


class TestByCallBack:
    """We rang the number on file, and whoever answered knows the birth date."""

    def _rung(self, session: Session, clinic: Clinic, phone: Phone | None) -> Conversation:
        return testing.conversation(session, clinic, phone, direction="outbound")

    def _prove(self, session: Session, call: Conversation, ids: list[UUID]) -> str:
        return identity.prove_by_call_back(session, call, ids, at=NOON).outcome

    def test_a_landline_patient_without_a_pin_gets_through(
        self, session: Session, clinic: Clinic
    ) -> None:
        """Rung at home, with the birth date keyed, they are fully proved."""
        landline = testing.phone(session, line_type="landline")
        patient = testing.patient(session, clinic, landline, born=BORN)
        call = self._rung(session, clinic, landline)
        found = identity.candidates(session, landline.id, [BORN])
        assert self._prove(session, call, found) == "proved"
        assert (call.patient_id, call.assurance) == (patient.id, 2)

    def test_a_call_that_came_in_proves_nothing(
        self, session: Session, call: Conversation, patient: Patient
    ) -> None:
        """A caller ID can be forged; only a call that we placed counts."""
        assert self._prove(session, call, [patient.id]) == "no_match"

    def test_it_must_be_that_patients_number(
        self, session: Session, clinic: Clinic, patient: Patient
    ) -> None:
        """Ringing some other telephone proves nothing about this patient."""
        for phone in (testing.phone(session), None):
            assert (
                self._prove(session, self._rung(session, clinic, phone), [patient.id]) == "no_match"
            )

    def test_a_wrong_birth_date_twins_and_children_do_not_pass(
        self, session: Session, clinic: Clinic, phone: Phone, patient: Patient
    ) -> None:
        """Where it is not exactly one grown-up patient a person takes over."""
        twin = testing.patient(session, clinic, phone, born=BORN)
        child = testing.patient(session, clinic, phone, born=date(2012, 2, 2))
        call = self._rung(session, clinic, phone)
        outcomes = [
            self._prove(session, call, ids) for ids in ([], [patient.id, twin.id], [child.id])
        ]
        assert outcomes == ["no_match", "no_match", "locked"]


class TestNewPin:
    """Whoever has proved who they are chooses a PIN."""

    def test_it_is_set_and_opens_from_then_on(
        self, session: Session, clinic: Clinic, phone: Phone, call: Conversation, patient: Patient
    ) -> None:
        """The new PIN proves, the old one no longer does, and the row says when and how."""
        call.patient_id, call.assurance = patient.id, 2
        identity.check_new_pin(session, call, "482915", at=NOON)
        identity.set_pin(session, call, "482915", at=NOON)
        assert (patient.pin_set_at, patient.origin, patient.as_of) == (NOON, "phone", NOON)
        next_call = testing.conversation(session, clinic, phone)
        assert _try(session, next_call, [patient.id], PIN) == "no_match"
        assert _try(session, next_call, [patient.id], "482915") == "proved"
        session.flush()
        actions = session.scalars(select(Audit.action).order_by(Audit.id)).all()
        assert actions[0] == "identity.pin_set"

    @pytest.mark.parametrize("pin", ["111111", "123456", "031450", "500314", "48291"])
    def test_an_easy_one_is_refused(
        self, session: Session, call: Conversation, patient: Patient, pin: str
    ) -> None:
        """Repeats, sequences and the patient's own birth date are no PIN."""
        call.patient_id, call.assurance = patient.id, 2
        before = patient.pin_hash
        for rule in (identity.check_new_pin, identity.set_pin):
            with pytest.raises(Refused) as refused:
                rule(session, call, pin, at=NOON)
            assert refused.value.prompt == "identity.pin_too_easy"
        assert patient.pin_hash == before

    @pytest.mark.parametrize("assurance", [0, 1])
    def test_nobody_sets_one_without_a_full_proof(
        self, session: Session, call: Conversation, patient: Patient, assurance: int
    ) -> None:
        """Neither a caller ID nor a birth year is enough for a new PIN."""
        call.patient_id, call.assurance = patient.id, assurance
        for rule in (identity.check_new_pin, identity.set_pin):
            with pytest.raises(IdentityNeeded):
                rule(session, call, "482915", at=NOON)
