"""Every row of the release matrix, and the floor that no rule gets below."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from portal.records import LabResult, ReleaseRule
from portal.records.clinical import FINISHED, UNFINISHED
from portal.release import MOST_CAREFUL, decide, facts_of
from portal.testing import MATRIX, NOON

if TYPE_CHECKING:
    from portal.release import Verdict

RULES = [ReleaseRule(rank=rank, **columns) for rank, columns in enumerate(MATRIX, start=1)]
SAYS = ("not_back", "back_unreviewed", "normal", "clinician_will_call", "care_team_message")
EVERY_STATUS = (*UNFINISHED, *FINISHED, "cancelled", "entered_in_error")
PAST, FUTURE = NOON - timedelta(hours=1), NOON + timedelta(hours=1)


def _result(**given: Any) -> LabResult:
    values = {
        "status": "final",
        "sensitivity": "none",
        "flag": "normal",
        "ok_to_voice": True,
        "release_at": PAST,
        "category": "laboratory",
        "loinc": "24331-1",
    }
    return LabResult(**{**values, **given})


def _verdict(result: LabResult, rules: list[ReleaseRule] | None = None) -> Verdict:
    return decide(RULES if rules is None else rules, facts_of(result, "DC", at=NOON))


@pytest.mark.parametrize("sensitivity", ["none", "sensitive"])
@pytest.mark.parametrize("status", UNFINISHED)
def test_what_is_not_finished_is_not_back(status: str, sensitivity: str) -> None:
    """Registered, partial and preliminary results are not back, sensitive ones too."""
    verdict = _verdict(_result(status=status, release_at=None, sensitivity=sensitivity))
    assert (verdict.says, verdict.texts) == ("not_back", "nothing")


@pytest.mark.parametrize("release_at", [None, FUTURE])
@pytest.mark.parametrize("status", FINISHED)
def test_what_is_finished_and_not_released_is_back(status: str, release_at: Any) -> None:
    """Its being back is told, by text as "a message"; the hour of release has not come."""
    verdict = _verdict(_result(status=status, release_at=release_at))
    assert (verdict.says, verdict.texts) == ("back_unreviewed", "message")


@pytest.mark.parametrize("status", FINISHED)
def test_what_is_released_and_normal_is_said_so(status: str) -> None:
    """Normal is said of a result that is flagged so and may be said aloud."""
    verdict = _verdict(_result(status=status))
    assert (verdict.says, verdict.texts) == ("normal", "message")


def test_release_counts_from_its_very_instant() -> None:
    """At the instant of release the result is released."""
    assert _verdict(_result(release_at=NOON)).says == "normal"


@pytest.mark.parametrize(
    ("flag", "ok_to_voice"),
    [("abnormal", True), ("abnormal", False), (None, True), ("normal", False)],
)
def test_abnormal_and_unflagged_are_for_the_clinician(
    flag: str | None, ok_to_voice: object
) -> None:
    """Without a flag, or a word that it may be said aloud, it is treated as abnormal."""
    verdict = _verdict(_result(flag=flag, ok_to_voice=ok_to_voice))
    assert (verdict.says, verdict.texts) == ("clinician_will_call", "message")


@pytest.mark.parametrize("release_at", [None, PAST])
@pytest.mark.parametrize("flag", ["normal", "abnormal", None])
def test_sensitive_ones_are_for_the_care_team(flag: str | None, release_at: Any) -> None:
    """Of a sensitive result nothing is told but that there is a message, and no text at all."""
    verdict = _verdict(_result(sensitivity="sensitive", flag=flag, release_at=release_at))
    assert (verdict.says, verdict.texts) == ("care_team_message", "nothing")


@pytest.mark.parametrize("status", ["cancelled", "entered_in_error"])
def test_withdrawn_ones_are_for_the_care_team(status: str) -> None:
    """No rule knows what to say of a test that was not done: a person does."""
    assert _verdict(_result(status=status, release_at=None)).says == "care_team_message"


def test_without_rules_the_most_careful_answer_stands() -> None:
    """A clinic that has written no rules yet gives nothing away."""
    for status in EVERY_STATUS:
        assert _verdict(_result(status=status), []) == MOST_CAREFUL


def test_the_first_rule_by_rank_decides() -> None:
    """A narrower rule before the matrix holds back what the matrix would tell."""
    narrow = ReleaseRule(
        rank=0, loinc="24331-1", region="DC", says="clinician_will_call", texts="nothing"
    )
    assert _verdict(_result(), [narrow, *RULES]).rank == 0
    assert _verdict(_result(loinc="1-1"), [narrow, *RULES]).says == "normal"
    elsewhere = facts_of(_result(), "CA", at=NOON)
    assert decide([narrow, *RULES], elsewhere).says == "normal"


@pytest.mark.parametrize("column", ["category", "loinc", "region", "flag", "state"])
def test_a_rule_speaks_of_nothing_else(column: str) -> None:
    """Each column of a rule narrows it: what differs there it does not match."""
    others = {"state": "unfinished", "flag": "abnormal"}
    narrow = ReleaseRule(
        rank=0, says="back_unreviewed", texts="nothing", **{column: others.get(column, "other")}
    )
    assert _verdict(_result(), [narrow, *RULES]).says == "normal"


@pytest.mark.parametrize("says", SAYS)
def test_no_rule_gets_below_the_floor(says: str) -> None:
    """Whatever a rule says, a result is never told beyond what it can bear."""
    talkative = [ReleaseRule(rank=1, says=says, texts="message")]
    cases = product(EVERY_STATUS, ("none", "sensitive"), ("normal", "abnormal"), (PAST, FUTURE))
    for status, sensitivity, flag, release_at in cases:
        finished = status in FINISHED
        result = _result(
            status=status,
            sensitivity=sensitivity,
            flag=flag,
            release_at=release_at if finished else None,
        )
        verdict = _verdict(result, talkative)
        plain = finished and sensitivity == "none"
        if verdict.says == "normal":
            assert plain
            assert flag == "normal"
            assert release_at == PAST
        if verdict.says in {"back_unreviewed", "clinician_will_call"} or verdict.texts == "message":
            assert plain
        if verdict.says == "not_back":
            assert status in UNFINISHED


def test_the_floor_lets_the_matrix_through() -> None:
    """The floor changes none of the answers that the matrix gives."""
    seen = {
        _verdict(_result(status=status, sensitivity=sensitivity, flag=flag)).says
        for status, sensitivity, flag in product(
            ("registered", "final"), ("none", "sensitive"), ("normal", "abnormal")
        )
    } | {_verdict(_result(release_at=None)).says}
    assert seen == set(SAYS)
