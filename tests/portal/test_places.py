"""Which clinic is meant when a caller names a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal import testing
from portal.places import clinics_named

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAPLE, HARBOR = "Maple Street Family Clinic", "Harbor West Family Clinic"


def _named(session: Session, text: str) -> list[str]:
    return [clinic.name for clinic in clinics_named(session, text)]


@pytest.fixture
def two(session: Session) -> None:
    """Write the two clinics of the demo."""
    for name in (MAPLE, HARBOR):
        testing.clinic(session, name=name)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("the one on Maple Street", [MAPLE]),
        ("at harbor west please", [HARBOR]),
        ("en la clínica de Harbor, por favor", [HARBOR]),
        ("the MAPLE clinic", [MAPLE]),
        ("the Harbour one", [HARBOR]),
        ("mapel street", [MAPLE]),
        ("either Maple or Harbor", [MAPLE, HARBOR]),
        ("the family clinic", []),
        ("what street is it on", []),
        ("la clínica familiar de la calle", []),
        ("next week with Dr. Baker", []),
        ("", []),
    ],
)
def test_a_place_is_known_by_what_tells_it_apart(
    session: Session, text: str, who: list[str]
) -> None:
    """Never by "clinic" or "street", which any place is called."""
    assert sorted(_named(session, text)) == sorted(who)


def test_what_two_share_names_both_and_what_they_do_not_share_one(session: Session) -> None:
    """Maple North and Maple South beside a third one."""
    north, south = "Maple Street North", "Maple Street South"
    for name in (north, south, HARBOR):
        testing.clinic(session, name=name)
    assert _named(session, "on Maple") == [north, south]
    assert _named(session, "Maple north") == [north]


def test_what_all_share_names_none(session: Session) -> None:
    """Both are of the same house."""
    for name in ("Lakeside East", "Lakeside West"):
        testing.clinic(session, name=name)
    assert _named(session, "at Lakeside") == []
    assert _named(session, "Lakeside East") == ["Lakeside East"]


def test_the_only_clinic_is_named_by_its_name(session: Session) -> None:
    """Where there is no other, all of its words tell."""
    testing.clinic(session, name=MAPLE)
    assert _named(session, "at Maple Street") == [MAPLE]
    assert _named(session, "at the clinic") == []
