"""Every failure that the carrier names has one answer."""

from __future__ import annotations

import pytest

from carrier.errors import Remedy, remedy_for


@pytest.mark.parametrize(
    ("codes", "remedy"),
    [
        ((21211, 21614, 21217), Remedy.BAD_NUMBER),
        ((21408, 21617, 30007, 20003, *range(30034, 30039), 30032), Remedy.OPERATOR),
        ((21610,), Remedy.OPT_OUT),
        ((21611, 20429, 30001, 30022), Remedy.RETRY),
        ((21612, 30005, 30006), Remedy.NO_TEXTS),
        ((30003, 30008), Remedy.LATER),
        ((30004,), Remedy.PERSON),
        ((30023,), Remedy.TOMORROW),
    ],
)
def test_each_code_has_its_remedy(codes: tuple[int, ...], remedy: Remedy) -> None:
    """A code is answered as the carrier's documentation says that it must be."""
    assert {remedy_for(code) for code in codes} == {remedy}


def test_too_many_requests_without_a_code_is_tried_again() -> None:
    """The HTTP status alone is enough to know that we were too quick."""
    assert remedy_for(None, 429) is Remedy.RETRY


@pytest.mark.parametrize("code", [None, 0, 12345])
def test_what_nobody_has_heard_of_goes_to_a_person(code: int | None) -> None:
    """An unknown failure is neither repeated nor forgotten."""
    assert remedy_for(code) is Remedy.PERSON
