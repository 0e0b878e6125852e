"""Without a PIN: a code by text, or a call to the number on file, and then a PIN of one's own."""

from __future__ import annotations

import pytest

from portal.pins import matching
from tests.dialogue.proving import (
    ASK_DATE,
    ASK_NEW_PIN,
    HUGHES_RESULTS,
    NEW_PIN,
    PERSON,
    UNKNOWN_DATE,
    at_new_pin,
    at_other_ways,
    code,
    patient,
    values,
)
from tests.dialogue.talk import (
    BORN,
    LANDLINE,
    PIN,
    called,
    outbox,
    rung,
)

pytestmark = pytest.mark.usefixtures("demo_database")


def test_a_lone_one_in_place_of_the_pin_offers_other_ways() -> None:
    call = at_other_ways()
    assert call.names == ["identity.prove_other_way"]
    assert values(call.reply) == ["text_code", "call_me"]


def test_saying_that_it_is_forgotten_leads_there_through_the_birth_date() -> None:
    call = called()
    assert call.say("i do not remember my pin")[-1:] == ASK_DATE
    assert call.press(BORN) == ["identity.prove_other_way"]


def test_a_code_proves_and_then_a_pin_is_set_by_keying_it_twice() -> None:
    call = at_other_ways()
    assert call.press("1") == ["identity.code_sent", "identity.ask_code"]
    assert call.press(code()) == ASK_NEW_PIN
    assert call.press(NEW_PIN) == ["identity.ask_new_pin_again"]
    assert call.press(NEW_PIN) == ["identity.pin_set", *HUGHES_RESULTS]
    assert matching([patient("1948-11-21").pin_hash], NEW_PIN) == [0]


def test_a_wrong_code_is_asked_again_and_the_third_brings_a_person() -> None:
    call = at_other_ways()
    call.press("1")
    wrong = "000000" if code() != "000000" else "000001"
    assert call.press(wrong) == ["identity.code_no_match", "identity.ask_code"]
    assert call.press(wrong) == ["identity.code_no_match", "identity.ask_code"]
    assert call.press(wrong) == PERSON


def test_a_code_is_promised_in_the_same_words_to_nobody() -> None:
    call = at_other_ways(born=UNKNOWN_DATE)
    assert call.press("1") == ["identity.code_sent", "identity.ask_code"]
    assert outbox() == []


def test_we_hang_up_and_ring_the_number_on_file_and_go_on_there() -> None:
    call = at_other_ways(LANDLINE, "01301941")
    assert call.press("2") == ["identity.ringing_you"]
    assert call.reply.then == "hangup"
    back = rung(outbox()[0], call.clock)
    assert back.names == ["identity.call_back_hello"]
    assert back.press("1") == ["identity.why", *ASK_DATE]
    assert back.press("01301941") == ASK_NEW_PIN
    back.press(NEW_PIN)
    assert back.press(NEW_PIN)[:2] == ["identity.pin_set", "results.none"]


def test_on_that_call_another_birth_date_proves_nothing() -> None:
    call = at_other_ways(LANDLINE, "01301941")
    call.press("2")
    back = rung(outbox()[0], call.clock)
    back.press("1")
    assert back.press(BORN) == ["identity.no_match"]
    assert back.row.assurance == 0


def test_whoever_picks_up_and_did_not_ask_hears_nothing_more() -> None:
    call = at_other_ways()
    call.press("2")
    back = rung(outbox()[0], call.clock)
    assert back.press("2") == ["identity.wrong_person"]
    assert back.reply.then == "hangup"


def test_whoever_picks_up_hears_the_name_that_gives_nothing_away() -> None:
    call = at_other_ways()
    call.press("2")
    assert rung(outbox()[0], call.clock).reply.prompts[0].details["clinic"] == "Maple Street Clinic"


def test_a_machine_that_picks_up_is_hung_up_on_and_not_put_through_to_staff() -> None:
    call = at_other_ways()
    call.press("2")
    back = rung(outbox()[0], call.clock)
    for _ in range(3):
        back.stay_silent()
    assert (back.reply.then, back.reply.transfer_to) == ("hangup", None)


def test_the_same_goodbye_is_said_where_nobody_can_be_rung() -> None:
    call = at_other_ways(born=UNKNOWN_DATE)
    assert call.press("2") == ["identity.ringing_you"]
    assert [row.kind for row in outbox()] == []


def test_two_pins_that_differ_are_asked_anew() -> None:
    call = at_new_pin()
    call.press(NEW_PIN)
    assert call.press("820462") == ["identity.pins_differ", "identity.ask_new_pin"]


@pytest.mark.parametrize("easy", ["111111", "123456", "112148", "12"])
def test_a_pin_that_is_too_easy_is_refused(easy: str) -> None:
    assert at_new_pin().press(easy) == ["identity.pin_too_easy", "identity.ask_new_pin"]


def test_after_three_pins_that_would_not_do_it_goes_on_without_one() -> None:
    call = at_new_pin()
    call.press("111111")
    call.press("222222")
    assert call.press("333333") == ["identity.pin_too_easy", *HUGHES_RESULTS]


def test_a_pin_need_not_be_set_and_pound_goes_on_without_one() -> None:
    assert at_new_pin().press("#") == HUGHES_RESULTS
    assert matching([patient("1948-11-21").pin_hash], PIN) == [0]


def test_pound_at_the_second_entry_asks_for_the_first_again() -> None:
    call = at_new_pin()
    call.press(NEW_PIN)
    assert call.press("#") == ["identity.ask_new_pin"]
