"""Which clinic a sentence names: by the words of its name that tell it from the others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.names import alike, words
from portal.records import Clinic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

_ENGLISH = """
clinic clinics center centre medical health care hospital office family street avenue road drive
lane boulevard st ave rd the of and at on in for
"""
_SPANISH = """
clinica centro medico salud calle avenida familiar de del la las los el en y
"""
ANY_PLACE = frozenset(f"{_ENGLISH} {_SPANISH}".split())
"""What may be in the name of any place, folded, and names none."""

NEAR = 0.94
"""How alike a longer word must be to count as said ("Harbour", "Mapel"): it stands anywhere."""
LONG = 5  # letters


def clinics_named(session: Session, text: str) -> list[Clinic]:
    """Return the clinics that ``text`` names; several where it does not tell which of them.

    "The one on Maple" is Maple Street Family Clinic. A word that all clinics share names
    none of them. Of two that share a word, the one counts of which more is said.
    """
    names = {
        clinic: frozenset(word.said for word in words(clinic.name)) - ANY_PLACE
        for clinic in session.scalars(select(Clinic).order_by(Clinic.name))
    }
    said = {word.said for word in words(text)}
    counted = {clinic: _count(said, telling) for clinic, telling in _telling(names).items()}
    most = max(counted.values(), default=0)
    return [clinic for clinic, count in counted.items() if most and count == most]


def _telling(names: Mapping[Clinic, frozenset[str]]) -> dict[Clinic, frozenset[str]]:
    """Return the names without the words that stand in all of them, if there are several."""
    common = Counter(word for name in names.values() for word in name)
    shared = {word for word, count in common.items() if count == len(names) > 1}
    return {clinic: name - shared for clinic, name in names.items()}


def _count(said: set[str], telling: frozenset[str]) -> int:
    return sum(any(_is_said(word, name) for word in said) for name in telling)


def _is_said(word: str, name: str) -> bool:
    if word == name:
        return True
    return min(len(word), len(name)) >= LONG and alike(word, name, "en") >= NEAR
