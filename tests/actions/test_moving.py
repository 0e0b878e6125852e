"""A visit is moved after a read-back of both times; until then, and after a refusal, it stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from actions.draft import Draft
from actions.moving import Moving
from portal import holds
from portal.access import Access
from portal.database import transaction
from portal.records import Patient
from tests.actions.flowing import DAY, HOUR, Flow, changed, on, taken_off, visit_row, visits_of
from tests.actions.running import conversation

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

pytestmark = pytest.mark.usefixtures("demo_database")


def _asked(*starts: datetime | tuple[datetime, str], text: str = "i have to move my visit") -> Flow:
    visits_of(*starts)
    return Flow.called(Moving).hear("reschedule_appointment", text)


def _offered(flow: Flow) -> list[datetime]:
    return [each.details["at"] for each in flow.answer.choices if "at" in each.details]


def _key(flow: Flow) -> UUID:
    moves = Draft.of(flow.answer.draft or {}).moves
    assert moves
    return moves


def test_the_only_visit_is_named_and_other_times_are_offered() -> None:
    flow = _asked(on(19, 14))
    assert flow.names == ["moving.now", "booking.offers_with"]
    assert flow.details("moving.now")["at"] == on(19, 14)
    assert len(_offered(flow)) == 3


def test_a_visit_is_moved_by_keys_alone() -> None:
    flow = _asked(on(19, 14))
    key, wanted = _key(flow), _offered(flow)[1]
    flow.press("2")
    assert flow.names == ["moving.confirm"]
    read_back = flow.details("moving.confirm")
    assert (read_back["was"], read_back["at"]) == (on(19, 14), wanted)
    assert visit_row(key).starts_at == on(19, 14)
    flow.press("1")
    assert visit_row(key).starts_at == wanted
    assert flow.details("moving.moved")["at"] == wanted


def test_the_old_and_the_new_time_are_told_apart() -> None:
    flow = _asked(on(15), on(19, 14), text="move my visit on june nineteenth to the 24th at ten")
    assert flow.names[0] == "moving.confirm"
    assert flow.details("moving.confirm") | {"clinic": ""} == {
        "was": on(19, 14),
        "at": on(24, 10),
        "clinician": "Dr. Ana Rivera",
        "clinic": "",
        "kind": "visits.type_check_up",
    }


def test_one_time_alone_is_the_visit_that_has_it() -> None:
    flow = _asked(on(15), on(19, 14), text="i need to move the one on june nineteenth")
    assert flow.details("moving.now")["at"] == on(19, 14)
    assert len({at.date() for at in _offered(flow)}) > 1


def test_one_time_alone_is_the_wish_where_no_visit_has_it() -> None:
    flow = _asked(on(19, 14), text="could i come june twenty third instead")
    assert {at.date() for at in _offered(flow)} == {date(2026, 6, 23)}


def test_the_wish_is_kept_while_the_visit_is_asked_for() -> None:
    flow = _asked(on(15), on(19, 14), text="i want to move my visit to june 24")
    assert flow.names[0] == "visits.which"
    flow.press("2")
    assert flow.details("moving.now")["at"] == on(19, 14)
    assert {at.date() for at in _offered(flow)} == {date(2026, 6, 24)}


def test_a_name_alone_says_which_visit_though_it_sounds_like_a_new_one() -> None:
    flow = _asked(on(15), (on(19, 14), "baker"), text="i want to move one of my visits")
    flow.hear("book_appointment", "dr baker")
    assert flow.details("moving.now")["at"] == on(19, 14)


def test_without_a_visit_there_is_nothing_to_move() -> None:
    assert _asked().names == ["visits.none"]


def test_a_visit_may_move_to_another_doctor() -> None:
    flow = _asked(on(19, 14)).hear("inform_time", "with doctor baker")
    assert flow.names == ["booking.offers_with"]
    key = _key(flow)
    flow.press("1").press("1")
    assert flow.details("moving.moved")["clinician"] == "Dr. Thomas Baker"
    assert visit_row(key).status == "booked"


def test_a_time_that_was_taken_leaves_the_old_one() -> None:
    flow = _asked(on(19, 14), text="move my visit to june 24")
    key, offers = _key(flow), flow.answer.draft
    flow.press("1")
    flow.at += HOUR
    _taken(offers, flow.at)
    flow.press("1")
    assert flow.names[:2] == ["moving.old_stands", "booking.just_taken"]
    assert visit_row(key).starts_at == on(19, 14)
    assert len(_offered(flow)) == 2


def test_a_visit_that_staff_moved_meanwhile_is_told_as_it_is_now() -> None:
    flow = _asked(on(19, 14))
    key = _key(flow)
    flow.press("1")
    changed(key, starts_at=on(19, 14) + DAY, ends_at=on(19, 15) + DAY)
    flow.press("1")
    assert flow.names[:2] == ["moving.changed", "moving.now"]
    assert flow.details("moving.now")["at"] == on(19, 14) + DAY
    assert visit_row(key).starts_at == on(19, 14) + DAY


def test_a_visit_that_staff_took_off_meanwhile_is_gone() -> None:
    flow = _asked(on(19, 14))
    key = _key(flow)
    flow.press("1")
    taken_off(key)
    flow.press("1")
    assert (flow.names, flow.answer.then) == (["moving.gone"], "anything_else")
    assert visit_row(key).status == "cancelled"


def test_a_move_of_another_session_is_gone_on_with() -> None:
    flow = _asked(on(19, 14))
    key, wanted = _key(flow), _offered(flow)[0]
    flow.press("1")
    later = Flow.texted(Moving).hear("choose_option", choice="go_on")
    assert later.details("moving.confirm")["was"] == on(19, 14)
    later.press("1")
    assert visit_row(key).starts_at == wanted


def _taken(offers: object, at: datetime) -> None:
    """Let another patient hold the first time that was offered."""
    offer = Draft.of(offers).offered[0]  # type: ignore[arg-type]
    other = conversation("+12025550143", born="1957-03-05", level=2)
    with transaction() as session:
        of = next(p for p in session.scalars(select(Patient)) if p.birth_date == "1957-03-05")
        access = Access(patient_id=of.id, conversation_id=other, level=2)
        holds.hold(session, access, offer, at=at)
