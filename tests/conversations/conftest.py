"""The line, started once for all scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conversations.stack import Stack, environment, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Return the running line: the trained model, the actions, and the web process in here."""
    folder = tmp_path_factory.mktemp("line")
    with pytest.MonkeyPatch.context() as own:
        for name, value in environment(folder).items():
            own.setenv(name, value)
        with running(folder) as started:
            yield started
