"""What of Rasa 3.6.21 is replaced while it serves, and the measured reason of each."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
import rasa.core.actions.action as rasa_actions
from rasa.core.processor import MessageProcessor
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

if TYPE_CHECKING:
    from collections.abc import Callable

    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.domain import Domain

Result = TypeVar("Result")

ACTION_SECONDS = 3.0
"""How long an action may take. Rasa waits five minutes, holding the conversation's lock."""


class ActionFailedError(RasaException):  # type: ignore[misc]  # Rasa is untyped
    """The action server did not answer in time, or not in the agreed form.

    Carries nothing of the conversation.
    """


class ActionCall(rasa_actions.RemoteAction):  # type: ignore[misc]  # Rasa is untyped
    """A call of our action server.

    Rasa validates each answer against a JSON schema, three quarters of the time of a turn; the
    server is ours, and a type check keeps a malformed answer out as well. It also opens a new
    connection for each call and sends the whole domain.
    """

    def _validate_action_result(self, result: Any) -> bool:
        if not is_action_answer(result):
            raise ActionFailedError("malformed answer")
        return True

    def _is_selective_domain_enabled(self) -> bool:
        return True

    async def run(
        self, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Any]:
        """Ask the action server, and take what it says."""
        # rasa-sdk 3.21 asks for a domain (status 449); none of our actions reads it.
        answer = await self._ask({**self._action_call_format(tracker, domain), "domain": {}})
        self._validate_action_result(answer)
        said = await self._utter_responses(answer["responses"], output_channel, nlg, tracker)
        return [*said, *rasa_actions.events.deserialise_events(answer["events"])]

    async def _ask(self, call: dict[str, Any]) -> Any:
        try:
            async with _session().post(self.action_endpoint.url, json=call) as answer:
                if answer.status != 200:  # noqa: PLR2004
                    raise ActionFailedError(f"status {answer.status}")
                return await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ActionFailedError(type(error).__name__) from error


_sessions: list[aiohttp.ClientSession] = []


def _session() -> aiohttp.ClientSession:
    """Return the one session of this process: connections to the action server stay open."""
    if not _sessions:
        _sessions.append(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACTION_SECONDS)))
    return _sessions[0]


async def close() -> None:
    """Close the connections to the action server."""
    while _sessions:
        await _sessions.pop().close()


def is_action_answer(result: object) -> bool:
    """Tell whether an answer has the form of rasa-sdk's: events and responses, lists of objects."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events"), result.get("responses")
    return (
        _objects(events)
        and _objects(responses)
        and all(isinstance(event.get("event"), str) for event in events)
    )


def _objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


_understanding = ThreadPoolExecutor(1, "understanding")


async def in_background(work: Callable[[], Result]) -> Result:
    """Run the pipeline beside the loop: embedding lets go of the interpreter, keyed turns go on."""
    return await asyncio.get_running_loop().run_in_executor(_understanding, work)


async def _parse_in_background(
    self: MessageProcessor,
    message: UserMessage,
    tracker: DialogueStateTracker | None = None,
    only_output_properties: bool = True,  # noqa: FBT001, FBT002  Rasa's signature
) -> dict[str, Any]:
    """Understand a message without the loop standing still."""
    about = tracker or DialogueStateTracker.from_events(message.sender_id, [])
    parsed: dict[str, Any] = await in_background(
        lambda: self._parse_message_with_graph(message, about, only_output_properties)
    )
    return parsed


def _leave_as_said(
    _self: RegexMessageHandler,
    messages: list[Any],
    domain: Domain | None = None,  # noqa: ARG001  Rasa calls by name
) -> list[Any]:
    """Take a message that looks like a command as what it is: something a person said."""
    return messages


def apply() -> None:
    """Replace all of them, before the model is loaded."""
    rasa_actions.RemoteAction = ActionCall
    MessageProcessor.parse_message = _parse_in_background
    RegexMessageHandler.process = _leave_as_said
