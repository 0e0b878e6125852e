"""What is said of a visit that exists: by text no more than when and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.answers import Answer, Choice, Prompt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actions.base import Turn
    from portal.visits import Visit


def details_of(turn: Turn, visit: Visit) -> dict[str, Any]:
    """Return the details by which any prompt names this visit on this channel."""
    if not turn.is_call:
        return {"at": visit.starts_at, "clinic": visit.text_safe_name}
    return {
        "at": visit.starts_at,
        "clinic": visit.clinic,
        "clinician": visit.clinician,
        "kind": visit.kind,
    }


def zones(visits: Sequence[Visit]) -> Iterator[Prompt]:
    """Yield whose clock was meant, once for each clock that is not the telephone's."""
    named = {str(visit.starts_at.tzinfo): visit for visit in visits if visit.names_zone}
    for visit in named.values():
        yield Prompt(name="visits.in_zone", details={"at": visit.starts_at})


def what_to_bring(turn: Turn, visit: Visit) -> tuple[Prompt, ...]:
    """Return what to bring, if anything; by text it would tell what the visit is for."""
    return (Prompt(name=visit.bring),) if visit.bring and turn.is_call else ()


def visit_gone() -> Answer:
    """Return that the clinic took the visit off that was talked about."""
    return Answer(prompts=(Prompt(name="visits.gone"),), then="anything_else", topic="visits")


def no_visits() -> Answer:
    """Return that there is nothing coming up, and the way to book a visit.

    What is said to that belongs to the visits, whoever looked for one: while a visit is
    being moved, a wish for a new one is heard as one about the move.
    """
    return Answer(
        prompts=(Prompt(name="visits.none"),),
        choices=(BOOK,),
        flow="visits",
        draft={"asked": "none"},
        topic="visits",
    )


BOOK = Choice(key="1", intent="book_appointment", label="visits.choice_book")
