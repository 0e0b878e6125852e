"""The next visit, or the one that is named, is read back and then marked as confirmed."""

from __future__ import annotations

import pytest

from actions.confirming import Confirming
from actions.visits import Visits
from tests.actions.flowing import (
    BORN,
    DAY,
    HOUR,
    Flow,
    bring_key,
    changed,
    on,
    taken_off,
    visit_row,
    visits_of,
)
from tests.actions.running import conversation, run
from tests.dialogue.talk import HUGHES

pytestmark = pytest.mark.usefixtures("demo_database")


def _asked(flow: Flow | None = None, text: str = "") -> Flow:
    return (flow or Flow.called(Confirming)).hear("confirm_appointment", text)


def test_the_next_visit_is_read_back_with_all_that_can_be_done() -> None:
    keys = visits_of(on(12), on(11))
    flow = _asked()
    assert (flow.names, flow.answer.flow) == (["confirming.ask"], "confirming")
    assert flow.details("confirming.ask")["at"] == on(11)
    assert flow.opens == ["affirm", "reschedule_appointment", "cancel_appointment"]
    assert flow.values == ["yes", keys[1].hex, keys[1].hex]
    assert visit_row(keys[1]).confirmed_at is None


@pytest.mark.parametrize("say", ["1", "affirm"])
def test_a_yes_confirms_and_says_so_from_the_row(say: str) -> None:
    (key,) = visits_of(on(11))
    flow = _asked()
    flow = flow.press("1") if say == "1" else flow.hear("affirm", "yes of course")
    assert (flow.names, flow.answer.then) == (["confirming.done", bring_key()], "anything_else")
    assert flow.details("confirming.done")["at"] == on(11)
    assert (visit_row(key).confirmed_at, visit_row(key).origin) == (flow.at, "phone")


def test_by_text_no_more_than_when_and_where_is_said() -> None:
    visits_of(on(11))
    flow = _asked(Flow.texted(Confirming))
    assert flow.details("confirming.ask") == {"at": on(11), "clinic": "Maple Street Clinic"}
    flow.press("1")
    assert flow.names == ["confirming.done"]
    assert flow.details("confirming.done") == {"at": on(11), "clinic": "Maple Street Clinic"}


def test_the_zone_is_named_where_it_is_another() -> None:
    visits_of((on(11), "patel"))
    flow = _asked(Flow.called(Confirming, HUGHES))
    assert flow.names == ["confirming.ask", "visits.in_zone"]
    assert flow.press("1").names[:2] == ["confirming.done", "visits.in_zone"]


@pytest.mark.parametrize("text", ["I'll be there on Friday", "I am coming to see doctor Baker"])
def test_a_visit_that_is_named_is_the_one(text: str) -> None:
    visits_of(on(11), (on(12), "baker"))
    assert _asked(text=text).details("confirming.ask")["at"] == on(12)


def test_the_visit_that_was_told_last_is_the_one() -> None:
    keys = visits_of(on(11), on(12))
    flow = Flow.called(Confirming).hear("confirm_appointment", choice=keys[1].hex)
    assert flow.details("confirming.ask")["at"] == on(12)


def test_another_visit_may_be_named_instead_of_a_yes() -> None:
    visits_of(on(11), (on(12), "baker"))
    flow = _asked().hear("inform_time", "no the one on Friday")
    assert flow.details("confirming.ask")["at"] == on(12)


@pytest.mark.parametrize("intent", ["deny", "dont_know"])
def test_who_will_not_come_is_asked_what_then(intent: str) -> None:
    (key,) = visits_of(on(11))
    flow = _asked()
    choices = flow.answer.choices
    flow.hear(intent, "no")
    assert (flow.names, flow.answer.choices) == (["confirming.what_then"], choices)
    assert (visit_row(key).confirmed_at, visit_row(key).status) == (None, "booked")
    assert flow.press("1").names[0] == "confirming.done"


@pytest.mark.parametrize("intent", ["nlu_fallback", "inform_time", "choose_option"])
def test_what_is_no_answer_confirms_nothing(intent: str) -> None:
    (key,) = visits_of(on(11))
    flow = _asked().hear(intent, "flurb the wozzle")
    assert (flow.answer.then, flow.answer.flow) == ("missed", "confirming")
    assert visit_row(key).confirmed_at is None


def test_who_has_said_so_already_is_thanked_again() -> None:
    (key,) = visits_of(on(11))
    first = _asked().press("1").at
    flow = _asked()
    assert (flow.names[0], flow.answer.then) == ("confirming.already", "anything_else")
    assert visit_row(key).confirmed_at == first


def test_without_a_visit_one_may_be_booked() -> None:
    visits_of()
    flow = _asked()
    assert (flow.names, flow.opens) == (["visits.none"], ["book_appointment"])
    # Whoever books one is not in the middle of this any more.
    assert flow.answer.flow == "visits"
    flow.kind = Visits
    assert flow.hear("deny", "no").answer.then == "anything_else"


def test_a_visit_that_has_begun_is_refused() -> None:
    visits_of(on(9, 12))
    flow = Flow.called(Confirming)
    flow.at = on(9, 12, 10)
    assert _asked(flow).names == ["confirming.begun"]


def test_a_visit_that_staff_moved_meanwhile_is_read_back_as_it_is_now() -> None:
    (key,) = visits_of(on(11))
    flow = _asked()
    changed(key, starts_at=on(11) + DAY, ends_at=on(11) + DAY + HOUR)
    flow.press("1")
    assert flow.names == ["visits.changed", "confirming.ask"]
    assert flow.details("confirming.ask")["at"] == on(12)
    assert visit_row(key).confirmed_at is None
    flow.press("1")
    assert visit_row(key).confirmed_at == flow.at


def test_a_visit_that_staff_took_off_meanwhile_is_gone() -> None:
    (key,) = visits_of(on(11))
    flow = _asked()
    taken_off(key)
    assert flow.press("1").names == ["visits.gone"]


def test_a_step_back_asks_again() -> None:
    visits_of(on(11))
    assert _asked().back().names == ["confirming.ask"]


def test_a_proof_is_needed() -> None:
    answer = run(Confirming, "confirm_appointment", conversation(born=BORN, level=1)).answer
    assert answer
    assert (answer.needs, answer.prompts) == (2, ())


def test_a_visit_that_was_picked_and_is_gone_is_said_to_be_gone_before_the_next() -> None:
    keys = visits_of(on(16), on(18))
    taken_off(keys[0])
    flow = Flow.called(Confirming).hear("confirm_appointment", choice=keys[0].hex)
    assert flow.names == ["visits.gone", "confirming.ask"]
    assert flow.details("confirming.ask")["at"] == on(18)


def test_the_only_visit_that_was_picked_and_is_gone_leaves_nothing_to_confirm() -> None:
    (key,) = visits_of(on(16))
    taken_off(key)
    flow = Flow.called(Confirming).hear("confirm_appointment", choice=key.hex)
    assert (flow.names, flow.answer.then) == (["visits.gone"], "anything_else")
