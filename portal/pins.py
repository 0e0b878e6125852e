"""PINs: which ones are refused, how they are kept, and how they are compared.

A PIN has only a million values, so whoever stole the database could try them
all. Two things stand against that: argon2id makes each try slow, and a pepper
from the key ring, which is not in the database, makes it impossible without it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from portal.encryption import ring

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

CHECKS = 3
"""How many PINs are compared at every try, whoever is or is not known."""

PIN_DIGITS = 6
ARGON2ID = "$argon2id$"

# OWASP's smallest setting for argon2id (19 MiB, two passes, one lane). One check
# takes about 21 ms on the two shared cores this was measured on (15 to 25 ms was
# wanted: three of them must fit into a turn, and a writer may be waiting).
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_pin(pin: str) -> str:
    """Return how ``pin`` is kept: the number of the pepper's key, and an argon2id hash."""
    number = ring().current
    return f"{number}:{HASHER.hash(_peppered(pin, number))}"


def matching(
    hashes: Sequence[str | None], pin: str, *, hasher: PasswordHasher = HASHER
) -> list[int]:
    """Return the places in ``hashes`` (three at most) that ``pin`` opens.

    Three hashes are always compared, each to its end: dummies stand in for what
    is not there, so that time tells nobody whether a patient exists.
    """
    if len(hashes) > CHECKS:
        message = f"at most {CHECKS} are compared at a time"
        raise ValueError(message)
    filled = [*hashes, *[None] * (CHECKS - len(hashes))]
    return [place for place, kept in enumerate(filled) if _opens(kept, pin, hasher)]


def is_outdated(kept: str) -> bool:
    """Return whether ``kept`` was made under an older key or cheaper settings."""
    number, _, hashed = kept.partition(":")
    return number != str(ring().current) or HASHER.check_needs_rehash(hashed)


def is_too_easy(pin: str, born: date | None = None) -> bool:
    """Return whether ``pin`` is none (six digits) or among the first that anybody would try.

    Refused are repeats (111111, 121212, 123123), sequences up and down, round
    the corner from 9 to 0 too, and a birth date however it is written.
    """
    if not (pin.isascii() and pin.isdigit() and len(pin) == PIN_DIGITS):
        return True
    return _repeats(pin) or _is_sequence(pin) or (born is not None and pin in _written(born))


def _repeats(pin: str) -> bool:
    return any(pin == pin[:size] * (PIN_DIGITS // size) for size in (1, 2, 3))


def _is_sequence(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})


def _written(day: date) -> set[str]:
    """Return every way to write ``day`` with six digits."""
    days, months = {f"{day.day}", f"{day.day:02}"}, {f"{day.month}", f"{day.month:02}"}
    years = {f"{day.year}", f"{day.year % 100:02}"}
    parts = [(d, m, y) for d in days for m in months for y in years]
    orders = [(d + m + y, m + d + y, y + m + d, y + d + m) for d, m, y in parts]
    by_month = [(m + y, y + m) for _, m, y in parts]
    return {text for texts in (*orders, *by_month) for text in texts if len(text) == PIN_DIGITS}


def _opens(kept: str | None, pin: str, hasher: PasswordHasher) -> bool:
    number, hashed = _split(kept)
    try:
        return hasher.verify(hashed, _peppered(pin, number))
    except VerificationError:
        return False


def _split(kept: str | None) -> tuple[int, str]:
    number, _, hashed = (kept or "").partition(":")
    # Always made, so that the first dummy of a process costs what the others cost.
    dummy = _dummy()
    known = number.isdigit() and int(number) in ring().keys and hashed.startswith(ARGON2ID)
    return (int(number), hashed) if known else (ring().current, dummy)


@cache
def _dummy() -> str:
    return HASHER.hash(os.urandom(32))


def _peppered(pin: str, number: int) -> bytes:
    pepper = ring().derive("pin pepper", number)
    return hmac.new(pepper, pin.encode(), hashlib.sha256).digest()
