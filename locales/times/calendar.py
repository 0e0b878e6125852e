"""Days counted from days: weeks begin on Monday."""

from __future__ import annotations

from datetime import date, timedelta

from locales.times.scene import Days, NoSuchDayError

WEEK = 7
MONTHS = 12
LEAP_YEARS = 8  # a leap day comes back within as many


def ahead(day: date, days: int) -> date:
    """Return the day that is ``days`` later."""
    return day + timedelta(days=days)


def week(day: date) -> Days:
    """Return the week that ``day`` is in."""
    monday = ahead(day, -day.weekday())
    return Days(first=monday, last=ahead(monday, WEEK - 1), grain="week")


def month(year: int, number: int) -> Days:
    """Return a month; numbers over 12 run on into the next years."""
    first = month_start(year, number)
    return Days(first=first, last=ahead(month_start(year, number + 1), -1), grain="month")


def month_start(year: int, number: int) -> date:
    """Return the first of a month; numbers over 12 or under 1 run on into other years."""
    years, index = divmod(number - 1, MONTHS)
    return date(year + years, index + 1, 1)


def months_ahead(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month."""
    first, last = month(day.year, day.month + months).ends()
    return min(ahead(first, day.day - 1), last)


def coming(day: int, number: int, today: date) -> date:
    """Return the next such day of a month, today included; NoSuchDayError if none has it."""
    for year in range(today.year, today.year + LEAP_YEARS + 1):
        try:
            found = date(year, number, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise NoSuchDayError


def dated(year: int, number: int, day: int) -> date:
    """Return a day of the calendar; raises NoSuchDayError."""
    try:
        return date(year, number, day)
    except ValueError as wrong:
        raise NoSuchDayError from wrong


def nearest(weekday: int, today: date) -> date:
    """Return the first such weekday after ``today``."""
    return ahead(today, (weekday - today.weekday() - 1) % WEEK + 1)


def in_next_week(weekday: int, today: date) -> date:
    """Return such a weekday of the next calendar week, as "next Friday" is mostly meant."""
    return ahead(today, WEEK - today.weekday() + weekday)


def nth_week(place: int, within: Days) -> Days:
    """Return a week of a month, which the first Monday of it begins; -1 is the last."""
    first, last = within.ends()
    if place < 0:
        start = ahead(last, -last.weekday())
    else:
        start = ahead(nearest(0, ahead(first, -1)), WEEK * (place - 1))
    return Days(first=start, last=ahead(start, WEEK - 1), grain="week")


def nth_weekday(place: int, weekday: int, within: Days) -> date:
    """Return the second Tuesday of a month and the like; -1 is the last."""
    first, last = within.ends()
    if place < 0:
        return ahead(nearest(weekday, last), -WEEK)
    found = ahead(nearest(weekday, ahead(first, -1)), WEEK * (place - 1))
    if found > last:
        raise NoSuchDayError
    return found
