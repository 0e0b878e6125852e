"""The status of test results: what may be told of each, and who stands behind a promise.

No value leaves this module, and the word "abnormal" is in none of its answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal import audit
from portal.access import IdentityNeeded
from portal.handoff import within_a_day
from portal.hours import local
from portal.proofs import BIRTH_YEAR_LEVEL, FULL_LEVEL
from portal.records import (
    Clinic,
    Clinician,
    Conversation,
    LabResult,
    Patient,
    ReleaseRule,
    StaffTask,
)
from portal.release import SENSITIVE, Verdict, decide, facts_of
from portal.tasks import NORMAL, SOON, Promise, open_task

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from portal.access import Access

# What is older is in the chart, and nobody rings to hear it read out.
REMEMBERED = timedelta(days=365)
NEUTRAL_NAME = "results.test_other"
PROMISED_BY = {"clinician_will_call": "result_call", "care_team_message": "result_message"}
"""The kinds of the tasks that stand behind the sentences that promise something."""


@dataclass(frozen=True, kw_only=True)
class ResultStatus:
    """What may be told of one result; what may not be told is None.

    ``says`` is the prompt ``results.<says>``; ``name_key`` and ``note_key`` are
    prompts too. ``collected_on`` is a day of the clinic, ``due_at`` an instant in
    its zone, by which the promise of ``task_id`` is kept.
    """

    result_id: UUID
    says: str
    name_key: str | None = None
    note_key: str | None = None
    collected_on: date | None = None
    clinician: str | None = None
    usual_days: int | None = None
    due_at: datetime | None = None
    task_id: UUID | None = None

    @property
    def details(self) -> dict[str, Any]:
        """Return the details of the prompt ``results.<says>``."""
        named = {
            "test": self.name_key,
            "collected": self.collected_on,
            "clinician": self.clinician,
            "days": self.usual_days,
            "due": self.due_at,
        }
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class TextAnswer:
    """The one of the two answers by text, ``message`` or ``nothing``, and the number to call."""

    outcome: str
    clinic_phone: str = field(repr=False)


@dataclass(frozen=True)
class _Chart:
    """What is needed of a patient to tell their results."""

    session: Session
    conversation: Conversation
    patient: Patient
    clinic: Clinic
    rules: Sequence[ReleaseRule]
    at: datetime

    def verdict(self, result: LabResult) -> Verdict:
        return decide(self.rules, facts_of(result, self.clinic.region, at=self.at))


def results_for(session: Session, access: Access, *, at: datetime) -> list[ResultStatus]:
    """Return what may be told of each of the patient's results of a year, newest first.

    Where the words promise a call, an open task with a deadline stands behind them
    afterwards. What was told to whom is in the audit.
    """
    chart = _chart(session, access, FULL_LEVEL, at=at)
    told = [_told(chart, result) for result in _results(chart)]
    for status in told:
        _trace(chart, "results.heard", status.result_id, {"says": status.says})
    if not told:
        _trace(chart, "results.heard", None, {"says": "none"})
    return told


def results_by_text(session: Session, access: Access, *, at: datetime) -> TextAnswer:
    """Return one of the two answers there are by text.

    A message there is when the rules let any result be texted about. It is never
    told to those who want no texts, or whose texts somebody else may read.
    """
    chart = _chart(session, access, BIRTH_YEAR_LEVEL, at=at)
    texted = {chart.verdict(result).texts for result in _results(chart)}
    wanted = chart.patient.text_level > 0 and not chart.patient.safe_contact
    answer = "message" if wanted and "message" in texted else "nothing"
    _trace(chart, "results.texted", None, {"says": answer})
    texted_to = session.get_one(Clinic, chart.conversation.clinic_id)
    return TextAnswer(outcome=answer, clinic_phone=texted_to.phone)


def request_paper_copy(session: Session, access: Access, *, at: datetime) -> Promise:
    """Return the front desk's promise to mail the results, see :func:`within_a_day`.

    The line is not the only way to one's own records (45 CFR 164.524).
    """
    chart = _chart(session, access, FULL_LEVEL, at=at)
    task = open_task(
        session,
        dedupe_key=f"paper_copy:{access.conversation_id}",
        kind="paper_copy",
        pool="front_desk",
        topic="results",
        priority=NORMAL,
        due_at=within_a_day(session, chart.clinic, at),
        at=at,
        **_about(chart),
    )
    _trace(chart, "results.paper_copy", task.id, {}, entity="staff_task")
    return Promise(task=task, due_at=local(chart.clinic, task.due_at))


def _chart(session: Session, access: Access, level: int, *, at: datetime) -> _Chart:
    if access.level < level:
        raise IdentityNeeded(level)
    patient = session.get_one(Patient, access.patient_id)
    return _Chart(
        session=session,
        conversation=session.get_one(Conversation, access.conversation_id),
        patient=patient,
        clinic=session.get_one(Clinic, patient.clinic_id),
        rules=session.scalars(select(ReleaseRule).order_by(ReleaseRule.rank)).all(),
        at=at,
    )


def _results(chart: _Chart) -> Sequence[LabResult]:
    # Entered in error means that it is not this patient's result.
    newest = func.coalesce(LabResult.issued_at, LabResult.collected_at)
    return chart.session.scalars(
        select(LabResult)
        .where(
            LabResult.patient_id == chart.patient.id,
            LabResult.status != "entered_in_error",
            LabResult.collected_at > chart.at - REMEMBERED,
        )
        .order_by(newest.desc(), LabResult.id)
    ).all()


def _told(chart: _Chart, result: LabResult) -> ResultStatus:
    says = chart.verdict(result).says
    if says == "care_team_message":
        # Not even which test it is: the name of some tests is the bad news.
        return ResultStatus(result_id=result.id, says=says, **_promise(chart, result, says))
    clinician = chart.session.get_one(Clinician, result.clinician_id)
    hidden = result.sensitivity == SENSITIVE
    return ResultStatus(
        result_id=result.id,
        says=says,
        name_key=NEUTRAL_NAME if hidden else result.name_key,
        note_key=result.note_key if says == "normal" else None,
        collected_on=local(chart.clinic, result.collected_at).date(),
        clinician=clinician.display,
        usual_days=chart.clinic.results_usual_days,
        **_promise(chart, result, says),
    )


def _promise(chart: _Chart, result: LabResult, says: str) -> dict[str, Any]:
    if says not in PROMISED_BY:
        return {}
    # One look at the tasks: a second one could see what another call made meanwhile.
    tasks = chart.session.scalars(
        select(StaffTask).where(StaffTask.result_id == result.id).order_by(StaffTask.due_at)
    ).all()
    owned = (task for task in tasks if _is_open(task) and task.due_at > chart.at)
    task = next(owned, None) or _made(chart, result, PROMISED_BY[says], tasks)
    return {"task_id": task.id, "due_at": local(chart.clinic, task.due_at)}


def _made(chart: _Chart, result: LabResult, kind: str, before: Sequence[StaffTask]) -> StaffTask:
    """Return a new task for this result.

    One that was overdue stays as it is, for all to see, and the new one is more
    urgent: a promise that was broken once is not made again at the same price.
    """
    is_broken = any(_is_open(task) for task in before)
    return open_task(
        chart.session,
        dedupe_key=f"result:{result.id}:{len(before) + 1}",
        kind=kind,
        pool="clinician",
        topic="results",
        result_id=result.id,
        priority=SOON if is_broken else NORMAL,
        due_at=within_a_day(chart.session, chart.clinic, chart.at),
        at=chart.at,
        **_about(chart),
    )


def _is_open(task: StaffTask) -> bool:
    return task.status in {"open", "claimed"}


def _about(chart: _Chart) -> dict[str, Any]:
    return {
        "patient_id": chart.patient.id,
        "conversation_id": chart.conversation.id,
        "phone_id": chart.conversation.phone_id,
        "clinic_id": chart.clinic.id,
        "locale": chart.conversation.locale,
    }


def _trace(
    chart: _Chart,
    action: str,
    entity_id: UUID | None,
    detail: dict[str, Any],
    *,
    entity: str = "lab_result",
) -> None:
    audit.record_caller(
        chart.session,
        chart.conversation,
        action=action,
        entity=entity,
        entity_id=entity_id,
        patient_id=chart.patient.id,
        detail=detail,
        at=chart.at,
    )
