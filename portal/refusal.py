"""The portal says no, for a reason that the caller hears."""

from __future__ import annotations

from typing import Any


class Refused(Exception):  # noqa: N818 - the glossary's word is "refusal"; it is no error
    """A rule does not allow what was asked; ``prompt`` says why."""

    def __init__(self, prompt: str, **details: Any) -> None:
        super().__init__(prompt)
        self.prompt = prompt
        self.details = details
