"""What was chosen is kept for whoever chose it, for as long as was promised and no longer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal import booking, conversations, holds, testing
from portal.claims import TimeTaken
from portal.database import transaction
from portal.holds import HOLD_AFTER_CALL, HOLD_BY_TEXT, HOLD_ON_CALL
from portal.records import Claim, ClinicClosing, ClinicianLeave, Conversation, Hold
from portal.refusal import Refused
from portal.testing import NOON
from tests.portal.practice import LONG, MIDDLE, SHORT, TUESDAY, practice

if TYPE_CHECKING:
    from uuid import UUID

    from tests.portal.practice import Practice

pytestmark = pytest.mark.usefixtures("engine")

NINE = datetime.combine(TUESDAY + timedelta(days=1), time(9), NOON.tzinfo)
QUARTER, SECOND = timedelta(minutes=15), timedelta(seconds=1)


@pytest.fixture
def rows() -> Practice:
    """Return a practice with two patients, committed."""
    with transaction() as session:
        return practice(session, patients=2, days=2)


def _hold(
    rows: Practice, wall: datetime, minutes: int = SHORT, *, number: int = 0, at: datetime = NOON
) -> UUID:
    with transaction() as session:
        return holds.hold(session, rows.access(number), rows.offer(wall, minutes), at=at).id


def _claims() -> list[tuple[datetime, UUID | None, datetime | None]]:
    with transaction(read_only=True) as session:
        columns = (Claim.starts_at, Claim.conversation_id, Claim.expires_at)
        return [tuple(row) for row in session.execute(select(*columns).order_by(Claim.starts_at))]


def _count(record: type[Hold | Claim]) -> int:
    with transaction(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(record)) or 0


@pytest.mark.parametrize(("channel", "lasts"), [("voice", HOLD_ON_CALL), ("sms", HOLD_BY_TEXT)])
def test_a_hold_takes_all_openings_for_its_time(channel: str, lasts: timedelta) -> None:
    """Three minutes on a call, fifteen by text, each opening of the visit."""
    with transaction() as session:
        rows = practice(session, days=2, channel=channel)
    key = _hold(rows, NINE, LONG)
    expected = [(NINE + n * QUARTER, rows.calls[0], NOON + lasts) for n in range(3)]
    assert _claims() == expected
    with transaction(read_only=True) as session:
        kept = holds.of(session, rows.calls[0])
        assert kept is not None
        assert (kept.id, kept.starts_at, kept.ends_at) == (key, NINE, NINE + 3 * QUARTER)
        assert (kept.expires_at, kept.moves_id) == (NOON + lasts, None)


def test_a_new_choice_takes_the_place_of_the_old_one(rows: Practice) -> None:
    """Even when the two overlap; the conversation holds one time at once."""
    first = _hold(rows, NINE, LONG)
    second = _hold(rows, NINE + QUARTER, LONG)
    assert first != second
    assert [starts for starts, _, _ in _claims()] == [NINE + n * QUARTER for n in (1, 2, 3)]
    assert _count(Hold) == 1


def test_what_somebody_holds_is_taken_until_it_runs_out(rows: Practice) -> None:
    """To the second; then it is the next one's, and the first one's hold blocks nobody."""
    _hold(rows, NINE, LONG)
    over = NOON + HOLD_ON_CALL
    with pytest.raises(TimeTaken):
        _hold(rows, NINE + 2 * QUARTER, number=1, at=over - SECOND)
    _hold(rows, NINE + 2 * QUARTER, number=1, at=over)
    assert [whose for _, whose, _ in _claims()] == [rows.calls[0]] * 2 + [rows.calls[1]]


def test_a_refused_hold_leaves_everything_as_it_was(rows: Practice) -> None:
    """Also what was held before, and the session goes on."""
    _hold(rows, NINE, MIDDLE)
    _hold(rows, NINE + 4 * QUARTER, number=1)
    before = _claims()
    with transaction() as session:
        with pytest.raises(TimeTaken):
            holds.hold(session, rows.access(1), rows.offer(NINE - QUARTER, LONG), at=NOON)
        kept = holds.of(session, rows.calls[1])
        assert kept is not None
        assert kept.starts_at == NINE + 4 * QUARTER
        assert len(rows.find(session, number=1).offers) == 3
    assert _claims() == before


@pytest.mark.parametrize("wrong", ["past", "leave", "closing", "noon", "off the grid", "elsewhere"])
def test_only_what_can_be_booked_is_held(rows: Practice, wrong: str) -> None:
    """What was offered a while ago may have become impossible since."""
    wall, at = NINE, NOON
    with transaction() as session:
        if wrong == "past":
            at = NINE
        elif wrong == "leave":
            leave = {"starts_at": NINE + QUARTER, "ends_at": NINE + 2 * QUARTER}
            testing.add(session, ClinicianLeave(clinician_id=rows.clinicians[0], **leave))
        elif wrong == "closing":
            day = {"on": NINE.date(), "reason": "painting"}
            testing.add(session, ClinicClosing(clinic_id=rows.clinic_id, **day))
        elif wrong == "elsewhere":
            rows.visit(session, rows.offer(NINE + QUARTER, by=1))
        else:
            wall = NINE + (timedelta(hours=2, minutes=45) if wrong == "noon" else 7 * 60 * SECOND)
    with pytest.raises(TimeTaken):
        _hold(rows, wall, MIDDLE, at=at)
    assert _count(Hold) == 0


def test_the_newest_hold_of_a_patient_is_found_from_any_conversation(rows: Practice) -> None:
    """While it lives; what has run out is still what this conversation had chosen."""
    _hold(rows, NINE)
    with transaction() as session:
        other = rows.another(session, channel="sms")
        newest = holds.hold(session, other, rows.offer(NINE + QUARTER), at=NOON)
    with transaction(read_only=True) as session:
        found = holds.live(session, rows.patients[0], at=NOON)
        assert found is not None
        assert found.id == newest.id
        assert holds.live(session, rows.patients[1], at=NOON) is None
        assert holds.live(session, rows.patients[0], at=NOON + HOLD_BY_TEXT) is None
        assert holds.of(session, rows.calls[0]) is not None


def test_a_hold_is_taken_over_on_the_other_channel(rows: Practice) -> None:
    """By whoever proves to be the same patient: its time starts anew, under the same key."""
    key = _hold(rows, NINE, MIDDLE)
    later = NOON + timedelta(minutes=2)
    with transaction() as session:
        by_text = rows.another(session, channel="sms")
        holds.hold(session, by_text, rows.offer(NINE + 4 * QUARTER), at=NOON)
        mine = holds.live(session, rows.patients[0], at=later)
        call = session.get_one(Hold, key)
        assert mine is not None
        assert holds.take_over(session, call, by_text, at=later).id == key
    until = later + HOLD_BY_TEXT
    assert _claims() == [(NINE + n * QUARTER, by_text.conversation_id, until) for n in (0, 1)]
    assert _count(Hold) == 1


def test_what_had_run_out_is_taken_over_while_nobody_came(rows: Practice) -> None:
    """And when somebody did, this is said and theirs stays theirs."""
    key = _hold(rows, NINE, MIDDLE)
    later = NOON + timedelta(hours=1)
    with transaction() as session:
        assert holds.sweep(session, at=later) == 2
    with transaction() as session:
        again = rows.another(session)
        assert holds.take_over(session, session.get_one(Hold, key), again, at=later).id == key
    assert {whose for _, whose, _ in _claims()} == {again.conversation_id}
    much_later = later + timedelta(hours=1)
    _hold(rows, NINE + QUARTER, number=1, at=much_later)
    with transaction() as session:
        with pytest.raises(TimeTaken):
            holds.take_over(session, session.get_one(Hold, key), rows.access(0), at=much_later)
        assert session.get_one(Hold, key).conversation_id == again.conversation_id
    assert rows.calls[1] in {whose for _, whose, _ in _claims()}


def test_nobody_takes_over_the_hold_of_somebody_else(rows: Practice) -> None:
    """Nor one that is gone."""
    key = _hold(rows, NINE)
    with transaction() as session:
        held = session.get_one(Hold, key)
        with pytest.raises(Refused) as refused:
            holds.take_over(session, held, rows.access(1), at=NOON)
        assert refused.value.prompt == "booking.hold_gone"
        holds.release(session, held)
        with pytest.raises(Refused):
            holds.take_over(session, held, rows.access(0), at=NOON)
    assert _claims() == []


def test_what_is_let_go_is_free(rows: Practice) -> None:
    """At once, for anybody."""
    key = _hold(rows, NINE, LONG)
    with transaction() as session:
        holds.release(session, session.get_one(Hold, key))
    assert (_count(Hold), _count(Claim)) == (0, 0)
    _hold(rows, NINE + QUARTER, number=1)


def _ended(conversation_id: UUID, at: datetime) -> None:
    with transaction() as session:
        row = session.get_one(Conversation, conversation_id)
        conversations.end(session, row, outcome="hung_up", at=at)


def test_a_call_that_ends_keeps_what_it_held_for_ten_minutes(rows: Practice) -> None:
    """From its end, once; what had run out before it stays so."""
    _hold(rows, NINE)
    end = NOON + timedelta(minutes=1)
    _ended(rows.calls[0], end)
    assert _claims() == [(NINE, rows.calls[0], end + HOLD_AFTER_CALL)]
    _ended(rows.calls[0], end + timedelta(minutes=5))
    assert _claims() == [(NINE, rows.calls[0], end + HOLD_AFTER_CALL)]
    _hold(rows, NINE + QUARTER, number=1)
    _ended(rows.calls[1], NOON + HOLD_ON_CALL)
    assert _claims()[1] == (NINE + QUARTER, rows.calls[1], NOON + HOLD_ON_CALL)


def test_a_text_session_that_ends_keeps_its_quarter_of_an_hour() -> None:
    """It had enough from the beginning."""
    with transaction() as session:
        rows = practice(session, days=2, channel="sms")
    _hold(rows, NINE)
    _ended(rows.calls[0], NOON + timedelta(minutes=10))
    assert _claims() == [(NINE, rows.calls[0], NOON + HOLD_BY_TEXT)]


def test_what_has_run_out_is_swept_and_what_has_not_stays(rows: Practice) -> None:
    """The openings at once, the memory of what was chosen an hour later."""
    _hold(rows, NINE, LONG)
    _hold(rows, NINE + 4 * QUARTER, number=1, at=NOON + timedelta(minutes=1))
    with transaction() as session:
        assert holds.sweep(session, at=NOON + HOLD_ON_CALL) == 3
    assert (_count(Hold), _count(Claim)) == (2, 1)
    with transaction() as session:
        assert holds.sweep(session, at=NOON + timedelta(hours=2)) == 1
    assert (_count(Hold), _count(Claim)) == (0, 0)


def test_a_sweep_touches_no_visit_and_no_block(rows: Practice) -> None:
    """Whatever the hour."""
    key = _hold(rows, NINE)
    with transaction() as session:
        booking.book(session, rows.access(), key, at=NOON)
        rows.claim(session, rows.offer(NINE + QUARTER))
        assert holds.sweep(session, at=NOON + timedelta(days=900)) == 0
    assert _count(Claim) == 2
