"""What tests of outreach stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.outreach.rows import Outreach

if TYPE_CHECKING:
    from sqlalchemy import Engine


@pytest.fixture
def outreach(database: Engine) -> Outreach:  # noqa: ARG001 - it is bound
    """Return outreach at work, on an empty SQLite database."""
    return Outreach()
