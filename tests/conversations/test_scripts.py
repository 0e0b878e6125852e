"""Every script, in every language it is written in, through the trained model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conversations.runner import play
from tests.conversations.scripts import Script, scripts

if TYPE_CHECKING:
    from tests.conversations.stack import Stack

MISHEARD = pytest.mark.xfail(
    strict=True, reason="the model does not understand this caller yet; when it does, say so"
)
RUNS = [
    pytest.param(
        script,
        locale,
        id=f"{script.source}: {script.title} [{locale}]",
        marks=[MISHEARD] if locale in script.misheard else [],
    )
    for script in scripts()
    for locale in script.locales
]


@pytest.mark.parametrize(("script", "locale"), RUNS)
def test_a_script_leaves_the_records_it_should(stack: Stack, script: Script, locale: str) -> None:
    complaints = play(stack, script, locale)
    assert not complaints, "\n".join(complaints)
