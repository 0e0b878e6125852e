"""Where a conversation stands between two turns, as its encrypted row keeps it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from dialogue.turns import Expect
from portal.answers import (
    Choice,
    Prompt,
    choices_from_data,
    choices_to_data,
    prompts_from_data,
    prompts_to_data,
)

if TYPE_CHECKING:
    from portal.records import Conversation


@dataclass
class State:
    """What was last said, what is expected, and what waits for a proof.

    ``step`` names the question that the dialogue itself has open (a secret, the
    language); ``held`` is what it has gathered for it; ``pending`` the message
    that is sent again once the caller has proved who they are, ``later`` the one that
    waits until a time that was chosen before is booked.
    """

    expect: Expect = field(default_factory=Expect)
    choices: tuple[Choice, ...] = ()
    said: tuple[Prompt, ...] = ()
    step: str | None = None
    held: dict[str, Any] = field(default_factory=dict, repr=False)
    pending: dict[str, Any] | None = field(default=None, repr=False)
    later: dict[str, Any] | None = field(default=None, repr=False)
    topic: str | None = None
    repeats: int = 0
    errors: int = 0
    answers: list[Any] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, conversation: Conversation) -> State:
        """Return the state in the conversation's row (a new one when it is empty)."""
        # A copy, or what is changed in it would change the row's own value unnoticed.
        kept = deepcopy(dict(conversation.state or {}))
        if not kept:
            return cls()
        kept["expect"] = Expect(**kept["expect"])
        kept["choices"] = choices_from_data(kept["choices"])
        kept["said"] = prompts_from_data(kept["said"])
        return cls(**kept)

    def keep(self, conversation: Conversation) -> None:
        """Write this state into the conversation's row; one that is over keeps nothing."""
        if conversation.ended_at is not None:  # they hung up while the model thought
            return
        conversation.state = {
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
            "expect": asdict(self.expect),
            "choices": choices_to_data(self.choices),
            "said": prompts_to_data(self.said),
        }

    def close_step(self) -> None:
        """Forget the question that was open and what was gathered for it."""
        self.step = None
        self.held = {}
