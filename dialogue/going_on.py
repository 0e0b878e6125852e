"""Going on with the time that a caller had chosen before they hung up, or on the other channel.

It is asked once they have proved who they are, ahead of what they asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from dialogue.moment import Message, Said, meaning
from portal import holds
from portal.answers import Choice, Prompt
from portal.hours import local
from portal.records import Clinic, Clinician, Hold, Patient
from portal.visits import names_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dialogue.moment import Moment

STEP, GO_ON, START_OVER = "go_on", "go_on", "start_over"
CHOICES = (
    Choice(key="1", intent="affirm", label="booking.choice_go_on", value=GO_ON),
    Choice(key="2", intent="deny", label="booking.choice_start_over", value=START_OVER),
)
ABOUT_A_TIME = {"book_appointment", "reschedule_appointment", "inform_time", "main_menu", "greet"}
"""What a caller asks for who means the time that they had chosen, or nothing yet."""
Outcome = Said | Message


def resume(moment: Moment, *before: Prompt) -> Outcome:
    """Return what follows a proof: whether to go on with a held time, else what waited for it."""
    held = _held_elsewhere(moment)
    return _pending(moment, *before) if held is None else _ask(moment, held, *before)


def _pending(moment: Moment, *before: Prompt) -> Message:
    """Return what waited for the proof, to be answered now; the menu if nothing did."""
    pending = moment.state.pending or meaning("main_menu")
    moment.state.close_step()
    moment.state.pending = None
    return Message(text=pending.get("text", ""), parsed=pending, before=before)


def _held_elsewhere(moment: Moment) -> Hold | None:
    """Return the time that is held for the patient by another conversation, if it may be told.

    A text tells nothing of a visit to whoever wants no texts, or whose texts somebody
    else may read.
    """
    conversation = moment.conversation
    if conversation.patient_id is None or not conversation.assurance:
        return None
    patient = moment.session.get_one(Patient, conversation.patient_id)
    if not (moment.is_call or _may_be_texted(patient)):
        return None
    held = holds.live(moment.session, patient.id, at=moment.at)
    return held if held and held.conversation_id != conversation.id else None


def _may_be_texted(patient: Patient) -> bool:
    return patient.text_level > 0 and not patient.safe_contact


def _ask(moment: Moment, held: Hold, *before: Prompt) -> Said:
    moment.state.close_step()
    moment.state.step = STEP
    moment.state.held["hold"] = held.id.hex
    # What is said instead of a yes or a no ("in the afternoon") is about this time too.
    moment.conversation.flow = "moving" if held.moves_id else "booking"
    moment.state.answers = []
    return Said(prompts=(*before, *_told(moment, held)), choices=CHOICES)


def _told(moment: Moment, held: Hold) -> Iterator[Prompt]:
    clinic = moment.session.get_one(Clinic, held.clinic_id)
    clinician = moment.session.get_one(Clinician, held.clinician_id)
    at = local(clinic, held.starts_at)
    details = {
        "at": at,
        "clinician": clinician.display,
        # By text it has the name that gives no speciality away.
        "clinic": clinic.name if moment.is_call else clinic.text_safe_name,
    }
    name = "moving.go_on" if held.moves_id else "booking.go_on"
    yield Prompt(name=name, details=details)
    if names_zone(moment.session, moment.conversation, clinic, at):
        yield Prompt(name="visits.in_zone", details={"at": at})


def _go_on(moment: Moment) -> Message:
    """Return the message that has the flow take the held time over; what waited waits on."""
    pending = moment.state.pending
    # Whoever asked for a time gets this one.
    moment.state.later = None if pending and pending["intent"] in ABOUT_A_TIME else pending
    moment.state.pending = None
    moment.state.close_step()
    return Message(parsed=meaning("choose_option", GO_ON))


def _start_over(moment: Moment) -> Message:
    """Let the time go, and return what waited; it may have been let go or booked meanwhile."""
    moment.conversation.flow = None
    held = moment.session.get(Hold, UUID(moment.state.held["hold"]))
    if held is not None:
        holds.release(moment.session, held)
    return _pending(moment)


PICKS: dict[str, Callable[[Moment], Outcome]] = {GO_ON: _go_on, START_OVER: _start_over}
