"""What every action does: one transaction, an answer that only we can read, never a crash."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import select

from actions.base import PortalAction
from portal import audit
from portal.access import IdentityNeeded
from portal.answers import Answer, Prompt
from portal.database import transaction
from portal.records import Audit
from portal.refusal import Refused
from portal.testing import NOON
from tests.actions.running import conversation, run

if TYPE_CHECKING:
    from actions.base import Turn

pytestmark = pytest.mark.usefixtures("demo_database")

FALSE_PROMISE = "probe.said_it_was_done"


class Probe(PortalAction):
    """Does one of several things, and leaves a trace first."""

    stem = "probe"
    seen: datetime | None = None

    def act(self, turn: Turn) -> Answer:
        """Leave a trace, then do what the intent is called."""
        audit.record(turn.session, action="probe", actor_kind="line", at=turn.at)
        type(self).seen = turn.at
        if turn.intent == "need":
            raise IdentityNeeded(2)
        if turn.intent == "refuse":
            raise Refused("results.none", count=3)
        if turn.intent == "break":
            raise RuntimeError(str(turn.conversation.phone_id))
        if turn.intent == "think":
            with pytest.raises(RuntimeError):
                asyncio.get_running_loop()
        return Answer(prompts=(Prompt(name="line.welcome"),), flow="probe", topic="probe")


def _traces() -> int:
    with transaction(read_only=True) as session:
        return len(session.scalars(select(Audit.id).where(Audit.action == "probe")).all())


def test_an_answer_says_what_was_understood() -> None:
    answer = run(Probe, "thanks", conversation(), choice="again").answer
    assert answer
    assert (answer.intent, answer.confidence) == ("thanks", 0.87)
    assert answer.entities == ({"entity": "choice", "value": "again"},)


def test_rasa_is_told_the_flow_and_to_wait_and_nothing_else() -> None:
    ran = run(Probe, "thanks", conversation())
    assert ran.happened == ["slot", "followup"]
    assert (ran.events[0]["name"], ran.events[0]["value"]) == ("flow", "probe")
    assert ran.events[1]["name"] == "action_listen"


def test_what_rasa_carries_only_we_can_read() -> None:
    (sent,) = run(Probe, "thanks", conversation()).sent
    assert sent["text"] is None
    carried = json.dumps(sent)
    assert [word for word in ("welcome", "probe", "flow") if word in carried] == []


def test_what_was_done_is_committed_before_it_is_said() -> None:
    run(Probe, "thanks", conversation())
    assert _traces() == 1


@pytest.mark.parametrize("intent", ["need", "refuse", "break"])
def test_what_was_not_done_leaves_nothing_behind(intent: str) -> None:
    run(Probe, intent, conversation())
    assert _traces() == 0


def test_a_missing_proof_takes_the_message_back_so_that_it_can_come_again() -> None:
    ran = run(Probe, "need", conversation())
    assert ran.answer
    assert (ran.answer.needs, ran.answer.intent, ran.names) == (2, "need", [])
    assert ran.happened == ["rewind", "followup"]


def test_a_refusal_is_told_with_its_reason() -> None:
    ran = run(Probe, "refuse", conversation())
    assert ran.answer
    assert (ran.names, ran.answer.then) == (["results.none"], "anything_else")
    assert ran.answer.prompts[0].details == {"count": 3}


def test_what_breaks_is_left_unanswered_and_rasa_goes_on() -> None:
    ran = run(Probe, "break", conversation())
    assert (ran.answer, ran.sent, ran.happened) == (None, [], ["followup"])


def test_what_breaks_is_logged_by_its_kind_alone(capfd: pytest.CaptureFixture[str]) -> None:
    of = conversation()
    run(Probe, "break", of)
    logged = "".join(capfd.readouterr())
    assert "action_probe" in logged
    assert "RuntimeError" in logged
    assert [secret for secret in (of.hex, str(of), "whatever was said") if secret in logged] == []


def test_a_conversation_that_nobody_knows_is_left_unanswered() -> None:
    assert run(Probe, "thanks", uuid4()).answer is None


def test_rules_are_told_the_time_and_do_not_ask_it() -> None:
    run(Probe, "thanks", conversation())
    assert Probe.seen == NOON


def test_made_without_arguments_it_has_the_clock_of_the_world() -> None:
    assert abs((Probe().clock() - datetime.now(UTC)).total_seconds()) < 60


def test_the_work_is_done_off_the_event_loop() -> None:
    assert run(Probe, "think", conversation()).names == ["line.welcome"]


def test_rasa_finds_every_action_that_the_rules_name() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    known = {f"action_{stem}" for stem in ("results", "line", "handoff", "identity", "emergency")}
    assert known <= set(executor.actions)
