"""What is told of visits on each channel, and where its keys lead."""

from __future__ import annotations

import pytest

import locales
from actions.visits import Visits
from tests.actions.flowing import (
    Flow,
    bring_key,
    first_is_a_vaccination,
    on,
    taken_off,
    visits_of,
)
from tests.actions.running import conversation, run
from tests.dialogue.talk import HUGHES, everything

pytestmark = pytest.mark.usefixtures("demo_database")

FIVE = (on(11), on(12), on(15), on(16), on(17))
NEVER_IN_A_TEXT = {"clinician", "kind"}


def _listed(flow: Flow) -> Flow:
    return flow.hear("list_appointments")


def test_one_visit_is_told_with_everything_about_it() -> None:
    visits_of(on(11, 14, 30))
    flow = _listed(Flow.called(Visits))
    assert flow.names == ["visits.intro", "visits.told", bring_key()]
    assert flow.details("visits.intro") == {"count": 1}
    assert flow.details("visits.told") == {
        "at": on(11, 14, 30),
        "clinic": "Maple Street Family Clinic",
        "clinician": "Dr. Ana Rivera",
        "kind": "visits.type_check_up",
    }


def test_what_is_told_can_be_said_and_texted() -> None:
    visits_of(*FIVE)
    for flow, words in (
        (Flow.called(Visits), locales.spoken),
        (Flow.texted(Visits), locales.texted),
    ):
        _listed(flow)
        said = [words(each.name, each.details, "en-US") for each in flow.answer.prompts]
        assert any("Thu" in sentence for sentence in said)


def test_three_visits_are_told_at_once_the_soonest_first() -> None:
    visits_of(on(16), on(11), on(12))
    flow = _listed(Flow.called(Visits))
    told = [each.details["at"] for each in flow.answer.prompts if each.name == "visits.told"]
    assert told == [on(11), on(12), on(16)]
    assert len(flow.values) == 5


def test_of_more_than_three_two_are_told_and_the_rest_on_asking() -> None:
    visits_of(*FIVE)
    flow = _listed(Flow.called(Visits))
    assert flow.details("visits.intro") == {"count": 5}
    told = []
    while flow.answer.choices[-1].label == "visits.choice_more":
        told += [each.details["at"] for each in flow.answer.prompts if "at" in each.details]
        assert len(told) <= 4
        flow.press("6")
        assert "visits.intro" not in flow.names
    told += [each.details["at"] for each in flow.answer.prompts if "at" in each.details]
    assert tuple(told) == FIVE


def test_a_text_tells_when_and_where_and_no_more() -> None:
    visits_of(on(11), on(12))
    flow = _listed(Flow.texted(Visits))
    assert flow.names == ["visits.intro", "visits.told", "visits.told"]
    assert flow.details("visits.told") == {"at": on(11), "clinic": "Maple Street Clinic"}
    given = [each.details for each in flow.answer.prompts]
    given += [each.details for each in flow.answer.choices]
    assert not any(NEVER_IN_A_TEXT & set(details) for details in given)


def test_what_to_bring_to_all_of_them_is_said_once() -> None:
    visits_of(on(11), on(12), on(15))
    names = _listed(Flow.called(Visits)).names
    assert names[-2:] == ["visits.told", bring_key()]
    assert names.count("visits.told") == 3


def test_what_to_bring_to_some_of_them_is_said_once() -> None:
    visits_of(on(11), on(12), on(15))
    first_is_a_vaccination()
    names = _listed(Flow.called(Visits)).names
    assert names.count("visits.bring_vaccination") == names.count("visits.bring_check_up") == 1
    assert names[-1] == "visits.bring_check_up"


def test_more_of_a_list_that_got_short_begins_anew() -> None:
    keys = visits_of(on(16), on(17), on(18), on(19))
    flow = _listed(Flow.called(Visits))
    for key in keys[:2]:
        taken_off(key)
    assert flow.press("6").names[0] == "visits.intro"
    assert flow.names.count("visits.told") == 2


def test_what_to_bring_is_said_with_each_visit_where_it_differs() -> None:
    visits_of(on(11), on(12))
    first_is_a_vaccination()
    names = _listed(Flow.called(Visits)).names
    assert names[1::2] == ["visits.told", "visits.told"]
    assert names[2::2] == ["visits.bring_vaccination", "visits.bring_check_up"]


def test_the_zone_is_named_once_where_all_visits_are_in_it() -> None:
    visits_of((on(11), "patel"), (on(12), "cho"))
    flow = _listed(Flow.called(Visits, HUGHES))
    assert flow.names.count("visits.in_zone") == 1
    at = flow.details("visits.in_zone")["at"]
    assert locales.spoken("visits.in_zone", {"at": at}, "en-US").count("Pacific Time") == 1


def test_the_zone_is_named_with_the_visit_that_is_in_another() -> None:
    visits_of(on(11), (on(12), "patel"))
    flow = _listed(Flow.called(Visits, HUGHES))
    told = [name for name in flow.names if name in {"visits.told", "visits.in_zone"}]
    assert told == ["visits.told", "visits.told", "visits.in_zone"]


def test_no_zone_is_named_at_home() -> None:
    visits_of(on(11))
    assert "visits.in_zone" not in _listed(Flow.called(Visits, HUGHES)).names


def test_the_keys_lead_to_everything_that_can_be_done() -> None:
    (key,) = visits_of(on(11))
    flow = _listed(Flow.called(Visits))
    assert [choice.key for choice in flow.answer.choices] == ["1", "2", "3", "4", "5"]
    assert flow.opens == [
        "confirm_appointment",
        "reschedule_appointment",
        "cancel_appointment",
        "book_appointment",
        "choose_option",
    ]
    assert flow.values == [key.hex, key.hex, key.hex, None, "address"]


def test_with_several_visits_told_no_key_says_which_is_meant() -> None:
    visits_of(on(11), on(12))
    assert _listed(Flow.called(Visits)).values == [None, None, None, None, "address"]


def test_the_address_is_told_once_and_the_choices_stay() -> None:
    visits_of(on(11), on(12), (on(15), "patel"))
    flow = _listed(Flow.called(Visits))
    before = flow.values
    flow.press("5")
    assert [dict(each.details) for each in flow.answer.prompts] == [
        {"clinic": "Maple Street Family Clinic", "address": "120 Maple Street"},
        {"clinic": "Harbor West Family Clinic", "address": "48 Harbor Avenue"},
    ]
    assert (flow.values, flow.answer.flow) == (before, "visits")


def test_where_is_it_is_answered_with_the_address() -> None:
    visits_of(on(11), on(12), on(15), (on(16), "patel"))
    flow = _listed(Flow.texted(Visits)).press("6").hear("clinic_info", "where is it")
    assert [dict(each.details) for each in flow.answer.prompts] == [
        {"clinic": "Maple Street Clinic", "address": "120 Maple Street"},
        {"clinic": "Harbor West Clinic", "address": "48 Harbor Avenue"},
    ]


def test_where_is_it_without_a_visit_is_the_patients_own_clinic() -> None:
    visits_of()
    flow = _listed(Flow.called(Visits)).hear("clinic_info", "where is it")
    assert flow.details("visits.address")["address"] == "120 Maple Street"
    assert flow.answer.then == "anything_else"


def test_who_has_no_visit_may_book_one() -> None:
    visits_of()
    flow = _listed(Flow.called(Visits))
    assert (flow.names, flow.opens, flow.answer.flow) == (
        ["visits.none"],
        ["book_appointment"],
        "visits",
    )


def test_a_visit_that_is_named_is_told_alone() -> None:
    keys = visits_of(on(11), (on(12), "patel"))
    flow = _listed(Flow.called(Visits)).hear("nlu_fallback", "and the one with doctor Patel")
    assert flow.details("visits.told")["clinician"] == "Dr. Nina Patel"
    assert flow.values[0] == keys[1].hex


@pytest.mark.parametrize("intent", ["affirm", "nlu_fallback", "inform_time"])
def test_what_answers_nothing_was_not_understood_and_the_flow_stays(intent: str) -> None:
    visits_of(on(11))
    flow = _listed(Flow.called(Visits)).hear(intent, "flurb the wozzle")
    assert (flow.answer.then, flow.answer.flow, flow.names) == ("missed", "visits", [])


def test_nothing_more_is_wanted_after_a_no() -> None:
    visits_of(on(11))
    assert _listed(Flow.called(Visits)).hear("deny", "no").answer.then == "anything_else"


def test_a_step_back_tells_the_same_visits_again() -> None:
    visits_of(*FIVE)
    flow = _listed(Flow.called(Visits)).press("6")
    told = flow.answer.prompts
    assert flow.back().answer.prompts == told


@pytest.mark.parametrize(("channel", "level"), [("voice", 1), ("sms", 0)])
def test_a_proof_is_needed(channel: str, level: int) -> None:
    of = conversation(born="1948-11-21", level=level, channel=channel)
    answer = run(Visits, "list_appointments", of).answer
    assert answer
    assert (answer.needs, answer.prompts) == (level + 1, ())


def test_the_audit_names_no_clinician_and_no_time() -> None:
    visits_of(on(11))
    _listed(Flow.called(Visits))
    kept = [line for line in everything().split("\n") if "visits.heard" in line]
    assert len(kept) == 1
    assert "Rivera" not in kept[0]
