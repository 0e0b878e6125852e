"""Duckling, a Haskell run time of 80 MB that is started when it is first asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

REGIONS = {"en": "EN_US"}  # elsewhere a language's own holidays will do


def entities(text: str, lang: str, now: datetime) -> list[dict[str, Any]]:
    """Return the times that Duckling finds: ``start`` and ``end`` in ``text``, ``value``.

    ``body`` is not to be read: it is no Unicode outside of ASCII.
    """
    import duckling

    seconds = int((now - datetime(1970, 1, 1)) / timedelta(seconds=1))  # noqa: DTZ001 - wall time
    context = duckling.Context(duckling.parse_ref_time(_zones(), "UTC", seconds), _locale(lang))
    # On a NUL Duckling panics, which no `except Exception` holds.
    safe = text.replace("\0", " ").encode("utf-8", "replace").decode()
    found = duckling.parse(safe, context, duckling.parse_dimensions(["time"]), False)
    return [entity for entity in found if entity.get("dim") == "time"]


def holiday(name: str, today: date) -> date | None:
    """Return the next day, from ``today``, of a holiday by its English name."""
    for year in (today.year, today.year + 1):
        start = today if year == today.year else date(year, 1, 1)
        found = entities(name, "en", datetime.combine(start, datetime.min.time()))
        days = [date.fromisoformat(each["value"]["value"][:10]) for each in found if _is_day(each)]
        coming = [day for day in days if day >= today]
        if coming:
            return coming[0]
    return None


def _is_day(entity: dict[str, Any]) -> bool:
    return bool(entity["value"].get("grain") == "day")


def warm() -> None:
    """Start Duckling, so that no caller waits for it (half a second)."""
    holiday("christmas", date(2000, 1, 1))


@cache
def _locale(lang: str) -> Any:
    import duckling

    plain = duckling.default_locale_lang(duckling.parse_lang(lang.upper()))
    region = REGIONS.get(lang)
    return duckling.parse_locale(region, plain) if region else plain


@cache
def _zones() -> Any:
    import duckling

    return duckling.load_time_zones(str(files("tzdata") / "zoneinfo"))
