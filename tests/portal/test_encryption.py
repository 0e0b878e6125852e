"""What is encrypted can be read with the ring alone, in the place it was written for."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text

from portal import testing
from portal.database import transaction
from portal.encryption import (
    BadKeys,
    EncryptedJSON,
    KeyRing,
    NotReadable,
)
from portal.records import Conversation, LabResult, Patient, Phone, Turn
from portal.testing import NOON

if TYPE_CHECKING:
    from sqlalchemy import Engine

FIRST, SECOND = (base64.b64encode(each * 32).decode() for each in (b"1", b"2"))
OLD = KeyRing.from_text(f"1:{FIRST}")
BOTH = KeyRing.from_text(f"1:{FIRST},2:{SECOND}")
NEW = KeyRing.from_text(f"2:{SECOND}")


@given(plain=st.binary(), aad=st.text())
def test_what_was_encrypted_comes_back(plain: bytes, aad: str) -> None:
    """Any bytes in any place, and never the same ciphertext twice."""
    sealed = OLD.encrypt(plain, aad)
    assert OLD.decrypt(sealed, aad) == plain
    assert OLD.encrypt(plain, aad) != sealed


def test_a_ciphertext_opens_only_in_its_own_place() -> None:
    """What was written for one column is not readable in another."""
    sealed = OLD.encrypt(b"Walter", "patient.name")
    with pytest.raises(NotReadable):
        OLD.decrypt(sealed, "staff_member.name")


@given(place=st.integers(0, 33), bit=st.integers(0, 7))
def test_every_bit_counts(place: int, bit: int) -> None:
    """A ciphertext with any bit turned over is refused."""
    sealed = bytearray(OLD.encrypt(b"Walter", "patient.name"))
    sealed[place] ^= 1 << bit
    with pytest.raises(NotReadable):
        OLD.decrypt(bytes(sealed), "patient.name")


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x01\x01", b"\x02\x01" + b"0" * 40, b"Walter"])
def test_what_is_no_ciphertext_is_not_readable(stored: bytes) -> None:
    """Damaged bytes give the same refusal as altered ones, and it quotes none of them."""
    with pytest.raises(NotReadable, match=r"^patient\.name$"):
        OLD.decrypt(stored, "patient.name")


def test_the_last_key_writes_and_all_of_them_read() -> None:
    """A ring with one more key reads what was there, and what it writes needs the new one."""
    before = OLD.encrypt(b"Walter", "patient.name")
    after = BOTH.encrypt(b"Walter", "patient.name")
    assert BOTH.decrypt(before, "patient.name") == b"Walter"
    assert NEW.decrypt(after, "patient.name") == b"Walter"
    with pytest.raises(NotReadable):
        OLD.decrypt(after, "patient.name")
    with pytest.raises(NotReadable):
        NEW.decrypt(before, "patient.name")


def test_an_index_finds_and_tells_nothing_else() -> None:
    """Equal texts of one purpose have one index, others have none in common with it."""
    index = OLD.blind_index("phone", "+12025550117")
    assert index == OLD.blind_index("phone", "+12025550117")
    assert index not in {
        OLD.blind_index("phone", "+12025550118"),
        OLD.blind_index("birth_date", "+12025550117"),
        NEW.blind_index("phone", "+12025550117"),
    }
    assert index == BOTH.blind_index("phone", "+12025550117")


@pytest.mark.parametrize(
    "wrong",
    ["", FIRST, "1:", "1:short", f"0:{FIRST}", f"256:{FIRST}", f"a:{FIRST}", f"1:{FIRST},",
     f"1:{FIRST},1:{SECOND}", f"-1:{FIRST}", f"1:{FIRST}!", f"١:{FIRST}"],
)  # fmt: skip
def test_a_ring_that_cannot_be_used_is_refused_unquoted(wrong: str) -> None:
    """What is wrong is said, without the key in it."""
    with pytest.raises(BadKeys) as refused:
        KeyRing.from_text(wrong)
    assert FIRST not in str(refused.value)


def test_a_ring_does_not_print_its_keys() -> None:
    """Whoever logs a ring logs no key."""
    assert FIRST not in repr(OLD)
    assert repr(OLD.keys[1]) not in repr(OLD)


def test_columns_hold_ciphertexts(engine: Engine) -> None:
    """Names, dates, numbers, what was said and what was found are unreadable in the database."""
    secrets = ("Walter Hughes", "1948-11-21", "+12025550117", "is it bad?", "LDL 96")
    with transaction() as session:
        clinic, phone = testing.clinic(session), testing.phone(session, e164=secrets[2])
        patient = testing.patient(session, clinic, phone, name=secrets[0], birth_date=secrets[1])
        testing.result(session, patient, testing.clinician(session), value=secrets[4])
        call = testing.conversation(session, clinic, phone, state={"asked": secrets[3]})
        prompts = [{"name": secrets[3]}]
        turn = Turn(conversation_id=call.id, number=1, speaker="caller", at=NOON)
        turn.text, turn.prompts = secrets[3], prompts
        session.add(turn)

    with engine.connect() as connection:
        names = inspect(engine).get_table_names()
        rows = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in names]  # noqa: S608
    stored = repr(
        [bytes(v) if isinstance(v, memoryview) else v for t in rows for r in t for v in r]
    )
    assert not [secret for secret in secrets if secret in stored]

    with transaction(read_only=True) as session:
        assert session.scalars(select(Patient.name)).one() == secrets[0]
        assert session.scalars(select(Phone.e164)).one() == secrets[2]
        assert session.scalars(select(LabResult.value)).one() == secrets[4]
        assert session.scalars(select(Turn.prompts)).one() == prompts


def test_a_ciphertext_moved_to_another_column_is_not_read(engine: Engine) -> None:
    """A patient's birth date copied over their name is refused and not read out."""
    with transaction() as session:
        testing.patient(session, testing.clinic(session))
    with engine.begin() as connection:
        connection.execute(text("UPDATE patient SET name = birth_date"))
    with pytest.raises(NotReadable), transaction(read_only=True) as session:
        session.scalars(select(Patient)).all()


@pytest.mark.usefixtures("database")
def test_state_is_kept_when_a_key_of_it_is_set() -> None:
    """A conversation's state may be changed in place, one key at a time."""
    with transaction() as session:
        call = testing.conversation(session, testing.clinic(session), state={"flow": {}})
    with transaction() as session:
        there = session.get_one(Conversation, call.id)
        there.state["expect"] = "secret"
    with transaction(read_only=True) as session:
        assert session.get_one(Conversation, call.id).state == {"flow": {}, "expect": "secret"}


def test_texts_of_any_script_and_broken_ones_are_kept() -> None:
    """What a handset sends is stored as it came, half an emoji included."""
    column = EncryptedJSON("turn.prompts")
    for said in ("الو", "👩🏽‍⚕️", "\ud83d", "\u202eabc", "a\x00b"):
        stored = column.process_bind_param([said], None)  # type: ignore[arg-type]
        assert column.process_result_value(stored, None) == [said]  # type: ignore[arg-type]
