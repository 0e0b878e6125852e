"""PINs are hard to guess, hard to steal, and compared alike whoever is known."""

from __future__ import annotations

from datetime import date

import pytest
from argon2 import PasswordHasher

from portal import encryption, pins
from portal.encryption import KeyRing, generate_key

BORN = date(1957, 3, 5)
PIN = "730264"


@pytest.fixture(autouse=True)
def ring() -> KeyRing:
    """Give each test a ring with one key."""
    made = KeyRing.from_text(f"1:{generate_key()}")
    encryption.use(made)
    return made


@pytest.mark.parametrize(
    "pin",
    ["111111", "121212", "123123", "123456", "654321", "789012", "210987", "000000"],
)
def test_repeats_and_sequences_are_too_easy(pin: str) -> None:
    """What everybody tries first is refused, round the corner from 9 to 0 too."""
    assert pins.is_too_easy(pin)


@pytest.mark.parametrize(
    "pin",
    ["030557", "050357", "570305", "570503", "195703", "031957", "351957", "531957", "195735"],
)
def test_a_birth_date_is_too_easy_however_it_is_written(pin: str) -> None:
    """Six digits hold a birth date in many ways, and all of them are refused."""
    assert pins.is_too_easy(pin, BORN)
    assert not pins.is_too_easy(pin, date(1988, 11, 22))


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "73026a", "٧٣٠٢٦٤", "73 264"])
def test_only_six_keyed_digits_are_a_pin(pin: str) -> None:
    """Whatever is not six digits is refused like an easy one."""
    assert pins.is_too_easy(pin)


@pytest.mark.parametrize("pin", ["730264", "482915", "112358", "100001"])
def test_others_are_taken(pin: str) -> None:
    """The rule refuses what is easy and nothing else."""
    assert not pins.is_too_easy(pin, BORN)


def test_a_pin_opens_its_own_hash_only() -> None:
    """The place of the hash that fits is found among three."""
    kept = [pins.hash_pin("482915"), pins.hash_pin(PIN)]
    assert pins.matching(kept, PIN) == [1]
    assert pins.matching(kept, "730265") == []


def test_two_that_fit_are_both_found() -> None:
    """Twins with one PIN must not be told apart by chance."""
    kept = [pins.hash_pin(PIN), None, pins.hash_pin(PIN)]
    assert pins.matching(kept, PIN) == [0, 2]


@pytest.mark.parametrize("kept", [[], [None], [None, None, None], ["", "1:", "7:x"], ["1:junk"]])
def test_nobody_and_damaged_rows_match_nothing(kept: list[str | None]) -> None:
    """A patient without a PIN, or with a broken one, is opened by no PIN at all."""
    assert pins.matching(kept, PIN) == []
    assert pins.matching(kept, "") == []


def test_three_are_compared_whoever_there_is() -> None:
    """Every try costs three whole comparisons, with nobody known as with three."""
    counting = _Counting()
    kept = pins.hash_pin(PIN)
    for hashes in ([], [None], [kept], [kept, kept, kept], ["1:junk"], ["9:" + kept[2:]]):
        counting.compared = 0
        pins.matching(hashes, PIN, hasher=counting)
        assert counting.compared == pins.CHECKS


class _Counting(PasswordHasher):
    """The real hasher, with the same settings, that counts its comparisons."""

    def __init__(self) -> None:
        """Start at nothing."""
        super().__init__(pins.HASHER.time_cost, pins.HASHER.memory_cost, pins.HASHER.parallelism)
        self.compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002
        """Compare for real, and count."""
        self.compared += 1
        return super().verify(hash, password)


def test_more_than_three_are_never_compared() -> None:
    """Whoever passes more has a bug, which must not become a longer wait."""
    with pytest.raises(ValueError, match="at most 3"):
        pins.matching([None] * 4, PIN)


def test_neither_the_pin_nor_an_unpeppered_hash_is_kept() -> None:
    """Without the key ring a stolen hash answers to no PIN."""
    kept = pins.hash_pin(PIN)
    assert PIN not in kept
    encryption.use(KeyRing.from_text(f"1:{generate_key()}"))
    assert pins.matching([kept], PIN) == []


def test_a_new_key_leaves_pins_valid_and_marks_them_for_renewal(ring: KeyRing) -> None:
    """A PIN set under an older key still opens, until that key leaves the ring."""
    kept = pins.hash_pin(PIN)
    assert not pins.is_outdated(kept)
    encryption.use(KeyRing({**ring.keys, 2: b"k" * 32}))
    assert pins.matching([kept], PIN) == [0]
    assert pins.is_outdated(kept)
    assert pins.hash_pin(PIN).startswith("2:")
    encryption.use(KeyRing({2: b"k" * 32}))
    assert pins.matching([kept], PIN) == []


def test_equal_pins_are_kept_differently() -> None:
    """Two patients with one PIN cannot be recognised by their rows."""
    assert pins.hash_pin(PIN) != pins.hash_pin(PIN)
