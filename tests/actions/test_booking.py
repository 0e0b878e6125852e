"""A visit is found, held, read back and booked, by keys, by words, and in a text."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from actions.booking import Booking
from actions.draft import Draft
from portal import holds
from portal.access import Access
from portal.answers import to_data
from portal.database import transaction
from portal.records import Appointment, Claim, Clinician, Conversation, Hold, Patient
from portal.testing import NOON
from tests.actions.flowing import HOUR, Flow, on
from tests.actions.running import conversation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.offering import Offer

pytestmark = pytest.mark.usefixtures("demo_database")

WISH = "i would like an appointment"


def _asked(text: str = WISH, flow: Flow | None = None) -> Flow:
    return (flow or Flow.called(Booking)).hear("book_appointment", text)


def _offered(flow: Flow) -> list[datetime]:
    return [each.details["at"] for each in flow.answer.choices if "at" in each.details]


def _booked() -> Sequence[Appointment]:
    """Return what was booked by the line, and not by the demo's desk."""
    with transaction(read_only=True) as session:
        return session.scalars(
            select(Appointment).where(Appointment.origin.in_(("phone", "text")))
        ).all()


def _seen_by(visit: Appointment) -> str:
    with transaction(read_only=True) as session:
        return session.get_one(Clinician, visit.clinician_id).display


def test_the_soonest_with_the_usual_doctor_comes_first() -> None:
    flow = _asked()
    assert flow.names == ["booking.soonest"]
    said = flow.details("booking.soonest")
    assert (said["clinician"], said["kind"]) == ("Dr. Ana Rivera", "visits.type_follow_up")
    assert said["at"].date() == NOON.date()
    assert flow.values == ["offer:0", "other_times", "other_clinician", "other_kind"]


def test_a_visit_is_booked_by_keys_alone() -> None:
    flow = _asked().press("1")
    assert flow.names == ["booking.confirm"]
    assert not _booked()
    flow.press("1")
    (visit,) = _booked()
    told = flow.details("booking.booked")
    assert told["at"] == visit.starts_at
    assert told["reference"] == visit.reference
    assert (visit.status, visit.origin, visit.as_of) == ("booked", "phone", NOON)


def test_other_times_are_reached_by_keys() -> None:
    flow = _asked().press("2")
    assert flow.names == ["booking.when"]
    first = _offered(flow.press("3"))
    assert all(at.time() >= time(12) for at in first)
    later = _offered(flow.press("4").press("1"))
    assert later
    assert min(later) > max(first)


def test_a_day_is_entered_with_four_keys() -> None:
    flow = _asked().press("2").press("4")
    assert (flow.names, flow.answer.keys) == (["booking.key_day"], 4)
    flow.hear("inform_time", text="0615", choice="0615")
    assert {at.date() for at in _offered(flow)} == {date(2026, 6, 15)}


def test_a_day_that_does_not_exist_is_asked_for_again() -> None:
    flow = _asked().press("2").press("4").hear("inform_time", text="0231", choice="0231")
    assert flow.names == ["booking.not_a_day", "booking.key_day"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("next monday in the afternoon", lambda at: at.date() == date(2026, 6, 15)),
        ("sometime next week before noon", lambda at: at.time() < time(12)),
        ("not mondays and after two", lambda at: at.weekday() and at.time() >= time(14)),
    ],
)
def test_what_is_said_first_is_not_asked_again(text: str, fits: object) -> None:
    flow = _asked(f"{WISH} {text}")
    assert flow.names == ["booking.offers_with"]
    assert len(_offered(flow)) == 3
    assert all(fits(at) for at in _offered(flow))  # type: ignore[operator]


def test_the_very_minute_that_was_asked_for_is_read_back_at_once() -> None:
    flow = _asked("can i come june seventeenth at ten thirty")
    assert flow.names == ["booking.confirm"]
    assert flow.details("booking.confirm")["at"] == on(17, 10, 30)


def test_the_doctor_who_was_seen_last_is_another_than_the_usual_one() -> None:
    flow = _asked("i need to see the doctor i saw last time")
    assert flow.details("booking.soonest")["clinician"] == "Dr. Thomas Baker"


def test_a_kind_of_visit_that_is_named_is_looked_for() -> None:
    flow = _asked("i am due for my check up")
    assert flow.details("booking.soonest")["kind"] == "visits.type_check_up"


def test_a_misheard_name_is_asked_back() -> None:
    flow = _asked("with doctor bakker please")
    assert flow.names == ["booking.did_you_mean"]
    assert flow.answer.choices[0].details["clinician"] == "Dr. Thomas Baker"
    flow.press("1")
    assert flow.details("booking.soonest")["clinician"] == "Dr. Thomas Baker"


def test_a_doctor_whom_nobody_knows_is_said_to_be_unknown() -> None:
    flow = _asked("an appointment with doctor quetzalcoatl")
    assert flow.names == ["booking.no_such_clinician", "booking.which_clinician"]
    assert flow.values[0] == "clinician:any"


def test_a_closed_day_is_said_with_the_nearest_times() -> None:
    flow = _asked("this sunday please")
    assert flow.names == ["booking.why_closed_day", "booking.nearest_with"]
    assert flow.details("booking.why_closed_day") == {"day": date(2026, 6, 14)}
    assert flow.press("4").press("1").names[-1].startswith("booking.")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("june tenth at 3 a.m.", "booking.why_hours"),
        ("june first twenty twenty five", "booking.why_past"),
        ("in eleven months", "booking.why_too_far"),
    ],
)
def test_what_cannot_be_is_said_so(text: str, why: str) -> None:
    flow = _asked(f"an appointment {text}")
    assert flow.names[0] == why
    assert _offered(flow)


def test_the_week_after_is_that_of_what_was_offered() -> None:
    flow = _asked("an appointment next week").hear("inform_time", "the week after")
    assert {at.isocalendar().week for at in _offered(flow)} == {26}


def test_a_weekday_is_that_of_the_week_in_view() -> None:
    flow = _asked("an appointment the week after next").hear("inform_time", "thursday")
    assert {at.date() for at in _offered(flow)} == {date(2026, 6, 25)}


def test_a_time_picks_the_one_offer_that_has_it() -> None:
    flow = _asked("an appointment next monday morning")
    second = _offered(flow)[1]
    flow.hear("inform_time", f"the {second.hour} o'clock")
    assert flow.details("booking.confirm")["at"] == second


def test_something_earlier_and_none_of_those() -> None:
    flow = _asked("an appointment next week")
    first = _offered(flow)
    later = _offered(flow.hear("choose_option", "none of those"))
    assert min(later) > max(first)
    earlier = _offered(flow.hear("choose_option", "something earlier"))
    assert max(earlier) < min(later)


def test_where_nothing_is_earlier_the_same_times_stay() -> None:
    flow = _asked("an appointment next week")
    first = _offered(flow)
    flow.hear("choose_option", "something earlier")
    while flow.names[0] != "booking.no_more":
        first = _offered(flow)
        flow.hear("choose_option", "something earlier")
    assert _offered(flow) == first


def test_no_at_the_read_back_lets_the_time_go() -> None:
    flow = _asked().press("1")
    assert _holds()
    flow.press("2")
    assert (flow.names, _holds()) == (["booking.when"], [])


def test_a_step_back_lets_the_time_go_and_reads_the_times_again() -> None:
    flow = _asked("an appointment next week")
    offers, offered = flow.answer.draft, _offered(flow)
    flow.press("1")
    _on_top(flow, offers)
    assert (_offered(flow.back()), _holds()) == (offered, [])


def test_a_step_back_never_undoes_a_visit() -> None:
    flow = _asked().press("1")
    confirm = flow.answer.draft
    flow.press("1")
    _on_top(flow, confirm)
    assert flow.back().answer.then == "menu"
    assert len(_booked()) == 1


def test_a_confirmation_that_comes_twice_books_once() -> None:
    flow = _asked().press("1")
    confirm = flow.answer.draft
    flow.press("1")
    told = flow.details("booking.booked")
    _on_top(flow, confirm)
    flow.hear("affirm", choice="yes")
    assert flow.details("booking.booked") == told
    assert len(_booked()) == 1


def test_a_time_that_somebody_took_meanwhile_is_said_so_with_two_others() -> None:
    flow = _asked("an appointment next monday morning")
    wanted = _offered(flow)[0]
    _taken(flow, 0)
    flow.press("1")
    assert flow.names[0] == "booking.just_taken"
    assert len(_offered(flow)) == 2
    assert wanted not in _offered(flow)


def test_a_hold_that_ran_out_is_booked_while_nobody_else_came() -> None:
    flow = _asked().press("1")
    flow.at = NOON + HOUR / 2
    flow.press("1")
    assert flow.names[0] == "booking.booked"


def test_a_hold_that_ran_out_and_was_taken_is_not() -> None:
    flow = _asked("an appointment next monday morning")
    offers = flow.answer.draft
    flow.press("1")
    flow.at = NOON + HOUR / 2
    _taken(flow, 0, offers)
    flow.press("1")
    assert flow.names[0] == "booking.just_taken"
    assert not _booked()


def test_nonsense_is_asked_again_and_changes_nothing() -> None:
    flow = _asked()
    assert flow.hear("nlu_fallback", "the thirty second of octember").answer.then == "missed"


def test_a_yes_in_a_longer_sentence_is_a_yes() -> None:
    flow = _asked().hear("affirm", "yes i think that would do nicely")
    assert flow.names[0] == "booking.confirm"
    assert flow.hear("affirm", "yes that is what i want").names[0] == "booking.booked"


def test_a_text_books_too_and_gets_no_text_after_it() -> None:
    flow = _asked(flow=Flow.texted(Booking)).press("1").press("1")
    (visit,) = _booked()
    assert (visit.origin, flow.names, flow.answer.then) == (
        "text",
        ["booking.booked"],
        "anything_else",
    )


def test_a_text_follows_for_who_wants_one() -> None:
    flow = Flow(Booking, conversation("+12025550117", born="1948-11-21", level=2))
    _asked(flow=flow).press("1").press("1")
    assert flow.names[-1] == "visits.ask_text"
    assert flow.press("1").names == ["visits.text_coming"]


def test_who_has_never_been_here_is_asked_what_for() -> None:
    flow = _asked(flow=Flow.called(Booking, born="1962-07-19"))
    assert flow.names == ["booking.ask_kind"]
    flow.press("1")
    assert flow.names[0] == "booking.soonest"


def test_anyone_is_whoever_is_free_first() -> None:
    flow = _asked().press("3").press("1")
    assert flow.names == ["booking.soonest"]


def test_a_time_of_another_session_is_gone_on_with() -> None:
    first = _asked().press("1")
    chosen = first.details("booking.confirm")["at"]
    second = Flow.texted(Booking).hear("choose_option", choice="go_on")
    assert second.details("booking.confirm")["at"] == chosen
    second.press("1")
    assert [visit.starts_at for visit in _booked()] == [chosen]
    assert _seen_by(_booked()[0]) == "Dr. Ana Rivera"


def _holds() -> Sequence[Hold]:
    with transaction(read_only=True) as session:
        return session.scalars(select(Hold)).all()


def _on_top(flow: Flow, draft: object) -> None:
    with transaction() as session:
        row = session.get_one(Conversation, flow.of)
        row.flow, row.state = "booking", {**row.state, "answers": [to_data(draft)]}


def _taken(flow: Flow, place: int, draft: object = None) -> None:
    """Let another patient hold a time that was offered, as soon as it can be had."""
    offer: Offer = Draft.of(draft or flow.answer.draft or {}).offered[place]  # type: ignore[arg-type]
    other = conversation("+12025550143", born="1957-03-05", level=2)
    with transaction() as session:
        of = next(p for p in session.scalars(select(Patient)) if p.birth_date == "1957-03-05")
        access = Access(patient_id=of.id, conversation_id=other, level=2)
        holds.hold(session, access, offer, at=flow.at)
    with transaction(read_only=True) as session:
        assert session.scalars(select(Claim).where(Claim.conversation_id == other)).first()


@pytest.mark.parametrize(
    "text", ["yes but make it friday", "yes hold on a moment", "yes unless there is another one"]
)
def test_a_yes_with_a_but_books_nothing(text: str) -> None:
    flow = _asked("june seventeenth at ten thirty").hear("affirm", text)
    assert not _booked()
    assert flow.answer.then == "missed" or flow.names[0] != "booking.booked"


def test_a_no_with_a_wish_is_the_wish() -> None:
    flow = _asked("june seventeenth at ten thirty").hear("deny", "no thursday")
    assert flow.details("booking.confirm")["at"] == on(18, 10, 30)


def test_a_doctor_after_a_no_is_looked_for() -> None:
    flow = _asked("an appointment next week").hear("deny", "no dr baker")
    assert flow.details("booking.offers_with")["clinician"] == "Dr. Thomas Baker"


def test_what_could_not_be_is_no_wish_any_more() -> None:
    flow = _asked("an appointment june tenth at nine in the evening")
    assert flow.names[0] == "booking.why_hours"
    assert flow.hear("inform_time", "next monday").names == ["booking.offers_with"]


def test_later_than_a_minute_that_is_held_is_later_that_day() -> None:
    flow = _asked("june seventeenth at ten thirty").hear("choose_option", "something later")
    assert all(at > on(17, 10, 30) for at in _offered(flow))
    assert not any(name.startswith("booking.why") for name in flow.names)


def test_something_said_at_going_on_is_about_the_time_that_was_kept() -> None:
    _asked("with doctor baker next week").press("1")
    flow = Flow.texted(Booking)
    with transaction() as session:
        session.get_one(Conversation, flow.of).flow = "booking"
    flow.hear("inform_time", "in the afternoon")
    assert flow.details("booking.offers_with")["clinician"] == "Dr. Thomas Baker"


def test_moving_the_one_that_stands_is_another_matter() -> None:
    flow = _asked().hear("reschedule_appointment", "actually move the one that i have")
    assert (flow.names[0], flow.answer.flow) == ("moving.now", "moving")
