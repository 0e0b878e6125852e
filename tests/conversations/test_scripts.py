"""Every script, in every language it is written in, through the trained model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conversations.runner import Played, play
from tests.conversations.scripts import Script, scripts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conversations.stack import Stack

    Plays = Callable[[Script, str], Played]

ALL = [(script, locale) for script in scripts() for locale in script.locales]
RUNS = [
    pytest.param(script, locale, id=f"{script.source}: {script.title} [{locale}]")
    for script, locale in ALL
]
# A model that hears less than this of what callers say is not one to put patients through to.
LEAST_UNDERSTOOD = 0.9
NEVER_MISHEARD = "emergency"


@pytest.fixture(scope="module")
def plays(stack: Stack) -> Plays:
    """Return what plays a script, each only once however many tests ask how it went."""
    kept: dict[tuple[str, str, str], Played] = {}

    def once(script: Script, locale: str) -> Played:
        key = (script.source, script.title, locale)
        if key not in kept:
            kept[key] = play(stack, script, locale)
        return kept[key]

    return once


@pytest.mark.parametrize(("script", "locale"), RUNS)
def test_a_script_leaves_the_records_it_should(plays: Plays, script: Script, locale: str) -> None:
    """What was understood is answered as the script wants, turn by turn, and kept so."""
    played = plays(script, locale)
    if played.complaints and played.misheard and script.source != NEVER_MISHEARD:
        # The line did right by what it heard. How much it may mishear is a test of its own.
        pytest.xfail("; ".join(played.misheard))
    assert not played.complaints, "\n".join(played.complaints)


def test_callers_are_understood(plays: Plays) -> None:
    """Of all that callers say in their own words, the model takes little for something else."""
    played = [plays(script, locale) for script, locale in ALL]
    heard = sum(each.heard for each in played)
    misheard = sum(len(each.misheard) for each in played)
    assert 1 - misheard / heard >= LEAST_UNDERSTOOD, f"{misheard} of {heard} misheard"
