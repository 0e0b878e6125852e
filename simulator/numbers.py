"""Whose telephones the page offers, and which lines they can ring."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody to call as; what they know (birth date, PIN) is for the page's crib."""

    number: str
    name: str
    born: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)
    language: str = ""
    note: str = ""
    landline: bool = False


@dataclass(frozen=True, kw_only=True)
class ClinicLine:
    """A number of ours that can be called and texted."""

    number: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Everybody; several people may share a telephone."""

    clinics: tuple[ClinicLine, ...]
    people: tuple[Person, ...]

    @property
    def landlines(self) -> frozenset[str]:
        """Return the telephones that no text reaches."""
        return frozenset(person.number for person in self.people if person.landline)

    @property
    def telephones(self) -> tuple[tuple[str, str], ...]:
        """Return each telephone once, with the names of those who share it."""
        names: dict[str, list[str]] = {}
        for person in self.people:
            names.setdefault(person.number, []).append(person.name)
        return tuple((number, ", ".join(shared)) for number, shared in names.items())
