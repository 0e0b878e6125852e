"""No claim about time is made here: a busy machine must not fail a property."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("words", deadline=None)
settings.load_profile("words")
