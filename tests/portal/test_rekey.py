"""Keys are changed without losing a value or the way to it, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal import testing
from portal.database import Base, transaction
from portal.encryption import KeyRing, NotReadable, generate_key, use
from portal.records import Conversation, Idempotency, Patient, Phone, Turn
from portal.rekey import rekey
from portal.testing import NOON

pytestmark = pytest.mark.usefixtures("engine")

FIRST, SECOND = generate_key(), generate_key()
OLD = KeyRing.from_text(f"1:{FIRST}")
BOTH = KeyRing.from_text(f"1:{FIRST},2:{SECOND}")
NEW = KeyRing.from_text(f"2:{SECOND}")
TURNS = 450


def _silent(_column: str, _done: int) -> None:
    """Hear of progress and say nothing."""


def _fill() -> None:
    use(OLD)
    with transaction() as session:
        clinic, phone = testing.clinic(session), testing.phone(session, e164="+12025550117")
        testing.patient(session, clinic, phone, name="Walter Hughes")
        call = testing.conversation(session, clinic, phone, state={"expect": "secret"})
        session.add_all(
            Turn(conversation_id=call.id, number=n, speaker="caller", text=f"said {n}", at=NOON)
            for n in range(1, TURNS + 1)
        )
        kept = {"scope": "sms", "key": "SM1", "request_hash": "x", "answer": "<Response/>"}
        session.add(Idempotency(claimed_at=NOON, expires_at=NOON, **kept))


def _found(ring: KeyRing) -> str | None:
    index = ring.blind_index("phone", "+12025550117")
    with transaction(read_only=True) as session:
        return session.scalar(select(Phone.e164).where(Phone.e164_bidx == index))


def test_a_key_is_replaced_in_two_steps() -> None:
    """Nothing is lost while both keys are there, nor when the old one is gone."""
    _fill()
    use(BOTH)
    assert _found(BOTH) == "+12025550117"
    reported: dict[str, int] = {}
    written = rekey(lambda column, done: reported.update({column: done}))
    assert written > TURNS
    assert reported["turn.text"] == TURNS
    assert _found(BOTH) == "+12025550117"
    assert rekey(_silent) == 0

    use(NEW)
    assert _found(NEW) is None
    assert rekey(_silent) == 2
    assert _found(NEW) == "+12025550117"
    with transaction(read_only=True) as session:
        assert session.scalars(select(Patient.name)).one() == "Walter Hughes"
        assert session.scalars(select(Conversation.state)).one() == {"expect": "secret"}
        assert session.scalars(select(Idempotency.answer)).one() == "<Response/>"
        said = session.scalars(select(Turn.text).order_by(Turn.number)).all()
        assert said == [f"said {n}" for n in range(1, TURNS + 1)]


def test_nothing_but_ciphertexts_is_touched() -> None:
    """No version rises and no row comes or goes: nobody edited anything."""
    _fill()
    before = _counts()
    use(BOTH)
    rekey(_silent)
    assert _counts() == before


def _counts() -> list[object]:
    with transaction(read_only=True) as session:
        rows = [
            session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        ]
        return [*rows, session.scalars(select(Patient.version)).one()]


def test_a_missing_key_is_named_by_the_column_and_costs_nothing() -> None:
    """Rows under a key that is not on the ring stop it before it changes them."""
    _fill()
    use(NEW)
    with pytest.raises(NotReadable, match=r"^\w+\.\w+$"):
        rekey(_silent)
    use(OLD)
    assert _found(OLD) == "+12025550117"
