"""Details such as the portal gives, to measure and try every wording with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

# Long on purpose: a text that fits with these fits with the clinic's own.
DETAILS: Mapping[str, Any] = {
    "address": "1200 North Riverside Boulevard, Suite 400",
    "at": datetime(2026, 9, 30, 11, 30, tzinfo=ZoneInfo("America/Denver")),
    "clinic": "Riverside Family Health Center",
    "clinician": "Doctor Alexandra Montgomery",
    "code": "483920",
    "collected": date(2026, 9, 30),
    "count": 12,
    "day": date(2026, 9, 30),
    "days": 14,
    "due": datetime(2026, 9, 30, 14, 37, tzinfo=UTC),
    "key": "1",
    "kind": "visits.type_follow_up",
    "language": "pt-BR",
    "nurse": "+12025550118",
    "opens": datetime(2026, 9, 30, 11, 30, tzinfo=UTC),
    "phone": "+12025550117",
    "reference": "402817",
    "test": "results.test_a1c",
    "topic": "results",
    "was": datetime(2026, 9, 23, 11, 30, tzinfo=UTC),
}
