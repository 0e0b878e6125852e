"""Times as people say and write them: of their birth, and of the visits they would like.

Whoever uses an answer reads it back, with the weekday.
"""

from __future__ import annotations

from datetime import datetime, time

from locales.birth_dates import birth_date
from locales.times import duckling_days
from locales.times.elsewhere import read_elsewhere
from locales.times.reading import read
from locales.times.said import TimeSaid
from locales.times.words import LISTED

__all__ = ["HOURS", "TimeSaid", "appointment_time", "birth_date", "warm"]

HOURS = (time(8), time(18))  # of a clinic whose hours are not known


def appointment_time(
    text: str, lang: str, now: datetime, hours: tuple[time, time] = HOURS
) -> TimeSaid | None:
    """Return the times of a visit that ``text`` names, in wall time; None if it names none.

    ``now`` is the clinic's wall time, without an offset. A bare hour is the one within
    ``hours``, when the clinic opens and closes, or the nearer one to them.
    """
    if lang not in LISTED:
        return read_elsewhere(text, lang, now)
    said = read(text, lang, now, hours)
    # Spanish in this country mixes: "el friday afternoon".
    return said or (read(text, "en", now, hours) if lang == "es" else None)


def warm() -> None:
    """Start what takes half a second the first time, so that no caller waits for it."""
    duckling_days.warm()
    now = datetime(2000, 1, 1)  # noqa: DTZ001 - wall time
    for lang in LISTED:
        read("christmas navidad", lang, now, HOURS)
