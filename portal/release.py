"""What may be said of a result: rules that a clinic keeps as rows, and a floor under them.

The first rule by rank that matches decides. Where none does, and where a rule
would say more than a result of that kind can ever bear, the most careful answer
stands: a wrong row may make the line silent, never talkative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.records.clinical import FINISHED, UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.records import LabResult, ReleaseRule

SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Verdict:
    """What is spoken to the proved patient, what is texted, and the rank of the rule."""

    says: str
    texts: str
    rank: int | None = None


MOST_CAREFUL = Verdict("care_team_message", "nothing")


@dataclass(frozen=True)
class Facts:
    """A result as the rules see it; the fields are the columns of ``release_rule``."""

    state: str | None
    sensitivity: str
    released: bool
    flag: str | None
    category: str
    loinc: str
    region: str | None


def facts_of(result: LabResult, region: str | None, *, at: datetime) -> Facts:
    """Return what the rules have to know of a result at ``at``.

    It is finished in FHIR's states final, amended, corrected and appended only;
    a withdrawn one has no state at all. It is flagged normal only where it may be
    said so aloud, and else, with or without a flag, counts as abnormal.
    """
    finished = result.status in FINISHED
    return Facts(
        state=_state(result.status),
        sensitivity=result.sensitivity,
        released=finished and result.release_at is not None and result.release_at <= at,
        flag="normal" if result.flag == "normal" and result.ok_to_voice else "abnormal",
        category=result.category,
        loinc=result.loinc,
        region=region,
    )


def decide(rules: Iterable[ReleaseRule], facts: Facts) -> Verdict:
    """Return what ``rules``, in the order of their ranks, allow to be said."""
    rule = next((rule for rule in rules if _matches(rule, facts)), None)
    if rule is None or rule.says not in _bearable(facts):
        return MOST_CAREFUL
    may_text = facts.state == "finished" and facts.sensitivity != SENSITIVE
    return Verdict(rule.says, rule.texts if may_text else "nothing", rule.rank)


def _matches(rule: ReleaseRule, facts: Facts) -> bool:
    wanted = {name: getattr(rule, name) for name in Facts.__dataclass_fields__}
    return all(want is None or want == getattr(facts, name) for name, want in wanted.items())


def _bearable(facts: Facts) -> set[str]:
    """Return what could be said of such a result under any rule."""
    careful = {MOST_CAREFUL.says}
    if facts.state == "unfinished":
        return careful | {"not_back"}
    if facts.state is None or facts.sensitivity == SENSITIVE:
        return careful
    told = careful | {"back_unreviewed", "clinician_will_call"}
    return told | {"normal"} if facts.released and facts.flag == "normal" else told


def _state(status: str) -> str | None:
    if status in FINISHED:
        return "finished"
    return "unfinished" if status in UNFINISHED else None
