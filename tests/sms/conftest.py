"""The web process, for tests of its texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web import Web, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture
def web(demo_database: Engine) -> Iterator[Web]:
    """Return the web process on the demo clinic, with a model that runs the real actions."""
    with opened(demo_database) as made:
        yield made
