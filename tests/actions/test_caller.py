"""Who is on the line: by text, patients about whom nothing may stand in a text are nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from actions.booking import Booking
from actions.cancelling import Cancelling
from actions.confirming import Confirming
from actions.moving import Moving
from actions.visits import Visits
from portal.database import transaction
from portal.records import Patient
from tests.actions.flowing import BORN, Flow, on, visits_of

pytestmark = pytest.mark.usefixtures("demo_database")

WISHES = {
    Visits: "list_appointments",
    Booking: "book_appointment",
    Moving: "reschedule_appointment",
    Cancelling: "cancel_appointment",
    Confirming: "confirm_appointment",
}


def set_patient(name: str, value: int) -> None:
    """Let what may be texted to the patient of the tests be something else."""
    with transaction() as session:
        theirs = next(p for p in session.scalars(select(Patient)) if p.birth_date == BORN)
        setattr(theirs, name, value)


@pytest.mark.parametrize("kind", WISHES, ids=lambda kind: kind.stem)
@pytest.mark.parametrize(("name", "value"), [("text_level", 0), ("safe_contact", True)])
def test_no_text_tells_of_visits_where_none_may(
    kind: type[Visits], name: str, *, value: int
) -> None:
    visits_of(on(18))
    set_patient(name, value)
    answer = Flow.texted(kind).hear(WISHES[kind]).answer
    assert (answer.needs, answer.prompts, answer.choices) == (2, (), ())


@pytest.mark.parametrize("kind", WISHES, ids=lambda kind: kind.stem)
def test_on_a_call_they_are_told(kind: type[Visits]) -> None:
    visits_of(on(18))
    set_patient("text_level", 0)
    answer = Flow.called(kind).hear(WISHES[kind]).answer
    assert (answer.needs, bool(answer.prompts)) == (None, True)


@pytest.mark.parametrize("kind", WISHES, ids=lambda kind: kind.stem)
def test_by_text_the_others_are_told(kind: type[Visits]) -> None:
    visits_of(on(18))
    answer = Flow.texted(kind).hear(WISHES[kind]).answer
    assert (answer.needs, bool(answer.prompts)) == (None, True)
