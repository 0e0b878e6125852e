"""Moving a visit to another time."""

from __future__ import annotations

from locales.wording import Wording

now = Wording(
    spoken="Your visit now is {at:when}, with {clinician}. It stands until you take a new time.",
    texted="Your visit now is {at:when}. It stands until you take a new time.",
)
confirm = Wording(
    spoken=(
        "Your visit now is {was:when}. The new time would be {at:when}, "
        "with {clinician}, at {clinic}. Shall I move it?"
    ),
    texted=(
        "Your visit now is {was:when}. The new time would be {at:when}, "
        "with {clinician}, at {clinic}. Shall we move it?"
    ),
)
choice_yes = Wording(
    spoken="To move it, press {key}.",
    texted="To move it, reply {key}.",
    said="move it|yes move it|move it please|change it|go ahead|that's right|that is right",
)
moved = Wording(
    spoken=(
        "Your visit is moved. It is now {at:when}, with {clinician}, at {clinic}. "
        "Your number for it is {reference:digits}. Again: {reference:digits}."
    ),
    texted=(
        "Your visit is moved. It is now {at:when}, with {clinician}, at {clinic}. "
        "Your number for it: {reference:digits}."
    ),
)
old_stands = Wording(
    spoken="I could not move your visit. It stands where it was.",
    texted="We could not move your visit. It stands where it was.",
)
changed = Wording(
    spoken="The clinic has just changed your visit.",
    texted="The clinic has just changed your visit.",
)
gone = Wording(
    spoken="The clinic has just taken that visit off the calendar. I did not change anything.",
    texted="The clinic has just taken that visit off the calendar. We did not change anything.",
)
go_on = Wording(
    spoken=(
        "You were about to move a visit. I have kept the new time for you: {at:when}, "
        "with {clinician}. Shall we go on with it?"
    ),
    texted=(
        "You were about to move a visit. We have kept the new time: {at:when}, "
        "at {clinic}. Shall we go on with it?"
    ),
)
