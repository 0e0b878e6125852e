"""A visit is given up after a read-back and a yes to it, and by nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

import locales
from actions.cancelling import Cancelling
from actions.moving import Moving
from actions.visits import Visits
from portal.database import transaction
from portal.records import Claim, Hold
from tests.actions.flowing import (
    DAY,
    HOUR,
    Flow,
    changed,
    late_tasks,
    on,
    taken_off,
    visit_row,
    visits_of,
)
from tests.actions.running import conversation, run
from tests.dialogue.talk import HUGHES, outbox

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.usefixtures("demo_database")


def _asked(
    *starts: datetime | tuple[datetime, str], flow: Flow | None = None, text: str = ""
) -> Flow:
    visits_of(*starts)
    return (flow or Flow.called(Cancelling)).hear("cancel_appointment", text)


def test_the_only_visit_is_read_back_in_full() -> None:
    flow = _asked(on(11, 14))
    assert (flow.names, flow.answer.flow) == (["cancelling.confirm"], "cancelling")
    assert flow.details("cancelling.confirm") == {
        "at": on(11, 14),
        "clinic": "Maple Street Family Clinic",
        "clinician": "Dr. Ana Rivera",
        "kind": "visits.type_check_up",
    }


def test_a_text_reads_back_when_and_where() -> None:
    flow = _asked(on(11), flow=Flow.texted(Cancelling))
    assert flow.details("cancelling.confirm") == {"at": on(11), "clinic": "Maple Street Clinic"}


def test_the_zone_is_read_back_where_it_is_another() -> None:
    flow = _asked((on(11), "patel"), flow=Flow.called(Cancelling, HUGHES))
    assert flow.names == ["cancelling.confirm", "visits.in_zone"]


def test_nothing_is_cancelled_before_the_yes() -> None:
    (key,) = visits_of(on(11))
    Flow.called(Cancelling).hear("cancel_appointment", "i cannot come")
    assert visit_row(key).status == "booked"


@pytest.mark.parametrize("say", ["1", "affirm"])
def test_a_yes_cancels_and_says_so_from_the_row(say: str) -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    flow = flow.press("1") if say == "1" else flow.hear("affirm", "yes please do that")
    assert flow.names == ["cancelling.done", "cancelling.ask_reason"]
    assert flow.details("cancelling.done")["at"] == on(11)
    assert (visit_row(key).status, visit_row(key).origin) == ("cancelled", "phone")


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("cancel_appointment", "Yes, please cancel that one"),
        ("cancel_appointment", "yes go ahead and cancel my Thursday visit"),
        ("affirm", "you may do that"),
    ],
)
def test_a_yes_in_many_words_cancels_too(intent: str, text: str) -> None:
    visits_of(on(11), on(12))
    flow = Flow.called(Cancelling).hear("cancel_appointment", "my visit on Thursday")
    assert flow.hear(intent, text).names[0] == "cancelling.done"


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("affirm", "yes but the other one"),
        ("affirm", "yes I will not come, or no, wait"),
        ("cancel_appointment", "yes cancel the other one"),
        ("cancel_appointment", "cancel my texts"),
    ],
)
def test_a_yes_that_is_taken_back_cancels_nothing(intent: str, text: str) -> None:
    keys = visits_of(on(11), on(12))
    flow = Flow.called(Cancelling).hear("cancel_appointment", "my visit on Thursday")
    flow.hear(intent, text)
    assert {visit_row(key).status for key in keys} == {"booked"}


@pytest.mark.parametrize(
    ("text", "is_yes"),
    [
        ("Sí, cancele esa por favor", True),
        ("Sí, hágalo por favor", True),
        ("Sí, pero la otra", False),
        ("Cancele los mensajes", False),
    ],
)
def test_a_yes_in_many_words_of_spanish(text: str, *, is_yes: bool) -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling)
    flow.speaks("es-US")
    flow.hear("cancel_appointment", "no voy a poder ir").hear("cancel_appointment", text)
    assert (visit_row(key).status == "cancelled") is is_yes


@pytest.mark.parametrize("say", ["3", "deny"])
def test_a_no_keeps_the_visit(say: str) -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    flow = flow.press("3") if say == "3" else flow.hear("deny", "no leave it")
    assert (flow.names, flow.answer.then) == (["cancelling.kept"], "anything_else")
    assert visit_row(key).status == "booked"


def test_it_may_be_moved_instead() -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    assert (flow.opens[1], flow.values[1]) == ("reschedule_appointment", key.hex)


@pytest.mark.parametrize("intent", ["nlu_fallback", "inform_time", "dont_know"])
def test_what_is_no_answer_cancels_nothing(intent: str) -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment").hear(intent, "flurb the wozzle")
    assert (flow.answer.then, flow.answer.flow) == ("missed", "cancelling")
    assert visit_row(key).status == "booked"


def test_wanting_to_cancel_once_more_is_no_yes() -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    flow.hear("cancel_appointment", "cancel the reminders but I will come")
    assert (flow.answer.then, visit_row(key).status) == ("missed", "booked")


def test_of_several_visits_it_is_asked_which_one() -> None:
    keys = visits_of(on(11), (on(12), "baker"), on(15), on(16))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    assert flow.names == ["visits.which"]
    assert flow.values == [*(key.hex for key in keys[:3]), "more:3"]
    assert flow.press("4").values == [keys[3].hex]
    flow.back()
    assert flow.values == [keys[3].hex]
    assert flow.press("1").details("cancelling.confirm")["at"] == on(16)


def test_a_text_asks_which_without_naming_a_clinician() -> None:
    flow = _asked(on(11), (on(12), "baker"), flow=Flow.texted(Cancelling))
    texts = [
        locales.texted(each.label, {**each.details, "key": "1"}, "en-US")
        for each in flow.answer.choices
    ]
    assert not any("Dr." in text for text in texts)


@pytest.mark.parametrize(
    "text",
    [
        "I can't come on Friday",
        "cancel the one with doctor Baker",
        "I need to drop my visit on the twelfth",
    ],
)
def test_a_visit_that_is_named_need_not_be_asked_for(text: str) -> None:
    flow = _asked(on(11), (on(12), "baker"), text=text)
    assert flow.details("cancelling.confirm")["at"] == on(12)


def test_a_visit_is_named_in_answer_to_which_one() -> None:
    flow = _asked(on(11), (on(12), "baker")).hear("inform_time", "the one on Thursday")
    assert flow.details("cancelling.confirm")["at"] == on(11)


def test_another_visit_may_be_named_instead_of_a_yes() -> None:
    flow = _asked(on(11), (on(12), "baker"), text="the one on Thursday")
    assert flow.hear("nlu_fallback", "no I meant doctor Baker").names == ["cancelling.confirm"]
    assert flow.details("cancelling.confirm")["at"] == on(12)


def test_nonsense_in_answer_to_which_one_was_not_understood() -> None:
    flow = _asked(on(11), on(12)).hear("nlu_fallback", "flurb the wozzle")
    assert (flow.answer.then, flow.answer.flow) == ("missed", "cancelling")


def test_none_of_them_is_an_answer_too() -> None:
    assert _asked(on(11), on(12)).hear("deny", "no").answer.then == "anything_else"


def test_without_a_visit_there_is_nothing_to_cancel() -> None:
    flow = _asked()
    assert (flow.names, flow.opens) == (["visits.none"], ["book_appointment"])
    # Whoever books one is not in the middle of this any more.
    assert flow.answer.flow == "visits"
    flow.kind = Visits
    assert flow.hear("deny", "no").answer.then == "anything_else"


def test_a_visit_that_has_begun_is_refused() -> None:
    visits_of(on(9, 12))
    flow = Flow.called(Cancelling)
    flow.at = on(9, 12, 10)
    flow.hear("cancel_appointment")
    assert (flow.names, flow.answer.then) == (["cancelling.begun"], "anything_else")


def test_a_visit_that_begins_while_it_is_read_back_is_refused() -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    flow.at = on(11)
    assert flow.press("1").names == ["cancelling.begun"]
    assert visit_row(key).status == "booked"


def test_a_visit_that_is_soon_is_told_to_the_front_desk_and_the_caller_is_told_that() -> None:
    (key,) = visits_of(on(10, 11))
    flow = Flow.called(Cancelling).hear("cancel_appointment").press("1")
    assert flow.names == ["cancelling.done", "cancelling.late", "cancelling.ask_reason"]
    (task,) = late_tasks()
    assert (task.dedupe_key, task.due_at) == (f"late_cancel:{key}", on(10, 11))


def test_a_visit_that_is_not_soon_makes_no_work() -> None:
    flow = _asked(on(11)).press("1")
    assert "cancelling.late" not in flow.names
    assert late_tasks() == []


@pytest.mark.parametrize(
    ("key", "reason", "thanked"),
    [("1", "better", True), ("2", "transport", True), ("3", "time", True), ("4", "other", False)],
)
def test_a_reason_is_kept_when_one_is_given(key: str, reason: str, *, thanked: bool) -> None:
    (visit,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment").press("1").press(key)
    assert (visit_row(visit).status, visit_row(visit).cancel_reason) == ("cancelled", reason)
    assert (flow.answer.then, "cancelling.thanks" in flow.names) == ("anything_else", thanked)


@pytest.mark.parametrize(
    "intent", ["nlu_fallback", "deny", "affirm", "inform_time", "dont_know", "cancel_appointment"]
)
def test_whatever_is_said_for_a_reason_the_visit_is_off(intent: str) -> None:
    (visit,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment").press("1")
    flow.hear(intent, "my car broke down and my daughter is away")
    assert (flow.answer.then, visit_row(visit).status) == ("anything_else", "cancelled")
    assert visit_row(visit).cancel_reason is None


def test_another_visit_may_be_cancelled_instead_of_giving_a_reason() -> None:
    visits_of(on(11), (on(12), "baker"))
    flow = Flow.called(Cancelling).hear("cancel_appointment", "on Thursday").press("1")
    flow.hear("cancel_appointment", "and the one with doctor Baker too")
    assert flow.details("cancelling.confirm")["at"] == on(12)


def test_after_a_call_the_text_is_offered_and_sent_on_a_yes() -> None:
    visits_of(on(11))
    flow = Flow.called(Cancelling, HUGHES).hear("cancel_appointment").press("1").press("4")
    assert (flow.names, flow.values) == (["visits.ask_text"], ["text_it", "no_text"])
    assert flow.press("1").names == ["visits.text_coming"]
    (sent,) = outbox()
    assert "visits.text_cancelled" in repr(sent.body)


@pytest.mark.parametrize("say", ["2", "deny"])
def test_no_text_is_sent_to_who_wants_none(say: str) -> None:
    visits_of(on(11))
    flow = Flow.called(Cancelling, HUGHES).hear("cancel_appointment").press("1").press("1")
    assert flow.names == ["cancelling.thanks", "visits.ask_text"]
    flow = flow.press("2") if say == "2" else flow.hear("deny", "no need")
    assert (flow.names, flow.answer.then, outbox()) == (["visits.no_text"], "anything_else", [])


def test_neither_a_yes_nor_a_no_sends_nothing() -> None:
    visits_of(on(11))
    flow = Flow.called(Cancelling, HUGHES).hear("cancel_appointment").press("1").press("4")
    flow.hear("nlu_fallback", "flurb the wozzle")
    assert (flow.answer.then, flow.answer.flow, outbox()) == ("missed", "cancelling", [])
    assert flow.hear("affirm", "yes do that").names == ["visits.text_coming"]


def test_who_texts_is_offered_no_text() -> None:
    flow = _asked(on(11), flow=Flow.texted(Cancelling)).press("1").press("1")
    assert (flow.names, flow.answer.then) == (["cancelling.thanks"], "anything_else")


def test_a_visit_that_staff_moved_meanwhile_is_read_back_as_it_is_now() -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    changed(key, starts_at=on(11) + DAY, ends_at=on(11) + DAY + HOUR)
    flow.press("1")
    assert flow.names == ["visits.changed", "cancelling.confirm"]
    assert flow.details("cancelling.confirm")["at"] == on(12)
    assert visit_row(key).status == "booked"
    flow.press("1")
    assert visit_row(key).status == "cancelled"


def test_a_visit_that_staff_took_off_meanwhile_is_off() -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    taken_off(key)
    assert flow.press("1").names[0] == "cancelling.done"
    assert late_tasks() == []


def test_a_visit_that_became_something_else_is_gone() -> None:
    (key,) = visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    changed(key, status="arrived")
    flow.press("1")
    assert (flow.names, flow.answer.then) == (["visits.gone"], "anything_else")


def test_a_step_back_reads_it_back_again_until_it_is_off() -> None:
    visits_of(on(11))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    assert flow.back().names == ["cancelling.confirm"]
    flow.press("1")
    assert flow.back().answer.then == "menu"


def test_the_choice_that_was_made_among_the_visits_is_read_back() -> None:
    keys = visits_of(on(11), on(12))
    flow = Flow.called(Cancelling).hear("cancel_appointment", choice=keys[1].hex)
    assert flow.details("cancelling.confirm")["at"] == on(12)


def test_a_proof_is_needed() -> None:
    answer = run(Cancelling, "cancel_appointment", conversation(born="1948-11-21", level=1)).answer
    assert answer
    assert (answer.needs, answer.prompts) == (2, ())


@pytest.mark.parametrize("intent", ["affirm", "cancel_appointment"])
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("yes cancel the one with doctor Baker", "visits.which"),
        ("yes cancel the one on the 22nd", "cancelling.confirm"),
        ("yes cancel the Friday one", "visits.which"),
        ("yes cancel the one with doctor Patel", "visits.which"),
    ],
)
def test_a_yes_to_another_visit_is_no_yes_to_this_one(intent: str, text: str, asked: str) -> None:
    keys = visits_of(on(16), (on(18), "baker"), (on(22), "baker"))
    flow = Flow.called(Cancelling).hear("cancel_appointment", "cancel my visit on the 16th")
    flow.hear(intent, text)
    assert {visit_row(key).status for key in keys} == {"booked"}
    assert flow.names == [asked]
    if asked == "cancelling.confirm":
        assert flow.details(asked)["at"] == on(22)


def test_a_yes_to_a_day_of_no_visit_reads_the_only_one_back_again() -> None:
    (key,) = visits_of(on(18))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    assert flow.hear("cancel_appointment", "yes the Friday one").names == ["cancelling.confirm"]
    assert visit_row(key).status == "booked"


@pytest.mark.parametrize("intent", ["deny", "cancel_appointment", "affirm", "nlu_fallback"])
@pytest.mark.parametrize("text", ["No, do not cancel that", "keep it"])
def test_who_does_not_want_it_off_keeps_it(intent: str, text: str) -> None:
    (key,) = visits_of(on(18))
    flow = Flow.called(Cancelling).hear("cancel_appointment").hear(intent, text)
    assert (flow.names, visit_row(key).status) == (["cancelling.kept"], "booked")


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "yes one moment"),
        ("en-US", "yes hold on"),
        ("en-US", "yes let me look"),
        ("es-US", "sí un momento"),
        ("es-US", "sí, permítame"),
        ("es-US", "sí, pero mejor la otra"),
    ],
)
def test_a_yes_that_asks_to_wait_is_none_yet(locale: str, text: str) -> None:
    (key,) = visits_of(on(18))
    flow = Flow.called(Cancelling)
    flow.speaks(locale)
    flow.hear("cancel_appointment").hear("affirm", text)
    assert visit_row(key).status == "booked"


def test_a_visit_that_was_picked_and_is_gone_is_not_taken_for_another() -> None:
    keys = visits_of(on(16), on(18))
    taken_off(keys[0])
    flow = Flow.called(Cancelling).hear("cancel_appointment", choice=keys[0].hex)
    assert (flow.names, flow.values) == (["visits.gone", "visits.which"], [keys[1].hex])
    assert flow.press("1").details("cancelling.confirm")["at"] == on(18)


def test_the_only_visit_that_was_picked_and_is_gone_is_said_to_be_gone() -> None:
    (key,) = visits_of(on(16))
    taken_off(key)
    flow = Flow.called(Cancelling).hear("cancel_appointment", choice=key.hex)
    assert (flow.names, flow.answer.then) == (["visits.gone"], "anything_else")


def test_more_of_a_list_that_got_short_begins_anew() -> None:
    keys = visits_of(on(16), on(17), on(18), on(19))
    flow = Flow.called(Cancelling).hear("cancel_appointment")
    taken_off(keys[0])
    assert flow.press("4").values == [key.hex for key in keys[1:]]


def test_one_more_visit_may_be_given_up_instead_of_a_reason() -> None:
    visits_of(on(18), on(22))
    flow = Flow.called(Cancelling).hear("cancel_appointment", "on the 18th").press("1")
    flow.hear("cancel_appointment", "please take off my other appointment as well")
    assert flow.details("cancelling.confirm")["at"] == on(22)


@pytest.mark.parametrize("key", ["1", "4"])
def test_a_visit_that_is_on_again_when_the_reason_comes_is_read_back(key: str) -> None:
    (visit,) = visits_of(on(18))
    flow = Flow.called(Cancelling).hear("cancel_appointment").press("1")
    changed(visit, status="booked")
    assert flow.press(key).names == ["visits.changed", "cancelling.confirm"]


def test_no_texts_is_heeded_in_the_middle_of_it() -> None:
    flow = _asked(on(18), flow=Flow.called(Cancelling, HUGHES))
    assert flow.hear("opt_out", "stop texting me").names == ["line.opted_out"]


def test_a_time_that_was_kept_for_a_move_is_let_go_with_the_visit() -> None:
    visits_of(on(18))
    flow = Flow.called(Moving).hear("reschedule_appointment", "move my visit").press("1")
    flow.kind = Cancelling
    flow.hear("cancel_appointment", "actually cancel it")
    with transaction(read_only=True) as session:
        assert len(session.scalars(select(Hold)).all()) == 1
    flow.press("1")
    with transaction(read_only=True) as session:
        assert session.scalars(select(Hold)).all() == []
        assert session.scalars(select(Claim).where(Claim.kind == "hold")).all() == []
