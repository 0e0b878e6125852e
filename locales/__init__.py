"""The words: what is said, in whichever language, on whichever channel.

The functions import what they need when first called: the language understanding
reads :mod:`locales.phrases` in an environment that has none of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["complete", "label", "menu_entries", "said", "spoken", "texted", "unreviewed"]


def spoken(name: str, details: Mapping[str, Any], locale: str) -> str:
    """Return what the voice says for a prompt; plain text, no markup.

    Raises ``NoWordingError`` (unknown prompt, not for the phone, not in this language)
    and ``BadDetailError`` (a detail missing or of the wrong kind). Details that the
    wording does not use are ignored.
    """
    from locales.voicing import Way, filled

    return filled(name, Way("voice", locale), details)


def texted(name: str, details: Mapping[str, Any], locale: str) -> str:
    """Return what a text says for a prompt; raises as :func:`spoken` does."""
    from locales.voicing import Way, filled

    return filled(name, Way("sms", locale), details)


def said(name: str, details: Mapping[str, Any], locale: str) -> tuple[str, ...]:
    """Return the words by which a choice may be picked, the plainest first."""
    from locales.voicing import Way, filled

    return tuple(filled(name, Way("said", locale), details).split("|"))


def label(name: str, details: Mapping[str, Any], locale: str) -> str:
    """Return a choice's name in a few words: the first of :func:`said`, its details as texted."""
    from locales.voicing import Way, filled

    words = filled(name, Way("said", locale), details, voiced=Way("sms", locale))
    return words.partition("|")[0]


def complete() -> tuple[str, ...]:
    """Return the tags of the languages in which every prompt has its words."""
    from locales.lint import complete_locales

    return complete_locales()


def unreviewed(locale: str) -> tuple[str, ...]:
    """Return the prompts that no qualified person has read in this language yet."""
    from locales.reviews import unreviewed_in

    return unreviewed_in(locale)


def menu_entries() -> tuple[tuple[str, str], ...]:
    """Return the main menu: the intent that each entry opens, and the entry's prompt."""
    from locales.wording import menu_entries as entries

    return entries()
