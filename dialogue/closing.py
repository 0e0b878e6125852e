"""The end of a turn: what was said is written down, and the next turn may come."""

from __future__ import annotations

import re
from time import perf_counter
from typing import TYPE_CHECKING

from dialogue.turns import Kind, Reply
from portal import conversations
from portal.answers import prompts_to_data

if TYPE_CHECKING:
    from dialogue.moment import Moment, Said
    from portal.answers import Answer

MASK = "•"


def settle(moment: Moment, said: Said, *, started: float, answer: Answer | None = None) -> Reply:
    """Return the reply, with the turn, the state and the lease written in this transaction."""
    _write_turn(moment, said, answer, started)
    _remember(moment, said)
    conversation = moment.conversation
    conversation.next_turn = max(conversation.next_turn, moment.utterance.turn + 1)
    conversation.last_at = moment.at
    conversations.release_lease(conversation)
    return Reply(
        prompts=said.prompts,
        choices=said.choices,
        expect=said.expect,
        then=said.then,
        transfer_to=said.transfer_to,
        pace=conversation.pace,
        locale=conversation.locale,
        turn=conversation.next_turn,
    )


def reply_again(moment: Moment) -> Reply:
    """Return what was last said, for a webhook that belongs to a turn long answered."""
    state, conversation = moment.state, moment.conversation
    return Reply(
        prompts=state.said,
        choices=state.choices,
        expect=state.expect,
        pace=conversation.pace,
        locale=conversation.locale,
        turn=conversation.next_turn,
    )


def _remember(moment: Moment, said: Said) -> None:
    state = moment.state
    if said.prompts != state.said:
        state.repeats = 0
    state.said, state.choices, state.expect = said.prompts, said.choices, said.expect
    state.keep(moment.conversation)


def _write_turn(moment: Moment, said: Said, answer: Answer | None, started: float) -> None:
    utterance = moment.utterance
    conversations.write_turn(
        moment.session,
        moment.conversation,
        number=utterance.turn,
        speaker="line",
        kind="prompts",
        prompts=prompts_to_data(said.prompts),
        intent=answer.intent if answer else None,
        confidence=answer.confidence if answer else None,
        milliseconds=round((perf_counter() - started) * 1000),
        at=moment.at,
    )
    if utterance.kind != Kind.TEXT:  # a text was written when it came
        conversations.write_turn(
            moment.session,
            moment.conversation,
            number=utterance.turn,
            speaker="caller",
            kind=utterance.kind.value,
            text=transcribed(moment),
            at=moment.at,
        )


def transcribed(moment: Moment) -> str:
    """Return what the transcript keeps of an utterance: of a secret, only that it came."""
    text = moment.utterance.text
    secret = moment.state.expect.kind == "secret"
    return re.sub(r"\d", MASK, text) if secret else text
