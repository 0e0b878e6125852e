"""Booking a visit: what for, with whom, when, and the read-back of each write."""

from __future__ import annotations

from locales.wording import Wording

ask_kind = Wording(
    spoken="What kind of visit do you need?",
    texted="What kind of visit do you need?",
)
choice_kind = Wording(
    spoken="For a {kind:name}, press {key}.",
    texted="For a {kind:name}, reply {key}.",
    said="{kind:name}|a {kind:name}|the {kind:name}",
)
soonest = Wording(
    spoken="The soonest {kind:name} with {clinician}, at {clinic}, is {at:when}.",
    texted="The soonest {kind:name} with {clinician}, at {clinic}, is {at:when}.",
)
choice_take = Wording(
    spoken="To take that time, press {key}.",
    texted="To take that time, reply {key}.",
    said=(
        "take it|I'll take it|I will take it|take that time|take that one|that one|that works|"
        "that works for me|that is fine|that's fine|that is good|that's good|book it|book that|"
        "that time|sounds good"
    ),
)
choice_other_times = Wording(
    spoken="For other times, press {key}.",
    texted="For other times, reply {key}.",
    said=(
        "other times|another time|a different time|different times|other days|another day|"
        "a different day|more times|other dates|another date|something else"
    ),
)
choice_other_clinician = Wording(
    spoken="For another doctor, press {key}.",
    texted="For another doctor, reply {key}.",
    said=(
        "another doctor|the other doctor|a different doctor|somebody else|someone else|"
        "other doctors|the other one"
    ),
)
choice_other_kind = Wording(
    spoken="For another kind of visit, press {key}.",
    texted="For another kind of visit, reply {key}.",
    said="another kind of visit|a different kind of visit|another kind|a different visit",
)
offers = Wording(
    spoken="These times are free.",
    texted="These times are free.",
)
offers_with = Wording(
    spoken="{clinician}, at {clinic}, is free at these times.",
    texted="{clinician}, at {clinic}, is free at these times.",
)
nearest = Wording(
    spoken="These are the nearest times that are free.",
    texted="These are the nearest free times.",
)
nearest_with = Wording(
    spoken="These are the nearest times that {clinician}, at {clinic}, is free.",
    texted="These are the nearest times that {clinician}, at {clinic}, is free.",
)
why_past = Wording(
    spoken="That time is in the past.",
    texted="That time is in the past.",
)
why_closed = Wording(
    spoken="We are closed then.",
    texted="We are closed then.",
)
why_closed_day = Wording(
    spoken="We are closed {day:day}.",
    texted="We are closed {day:day}.",
)
why_hours = Wording(
    spoken="Nobody sees patients at that time of day.",
    texted="Nobody sees patients at that time of day.",
)
why_away = Wording(
    spoken="The doctor is away then.",
    texted="The doctor is away then.",
)
why_too_far = Wording(
    spoken="That is too far ahead. I cannot book it yet.",
    texted="That is too far ahead. We cannot book it yet.",
)
why_too_soon = Wording(
    spoken="That is too soon for me to book.",
    texted="That is too soon for us to book.",
)
why_full = Wording(
    spoken="Nothing is free then.",
    texted="Nothing is free then.",
)
why_full_day = Wording(
    spoken="Nothing like that is free {day:day}.",
    texted="Nothing like that is free {day:day}.",
)
choice_time = Wording(
    spoken="To come {at:when}, press {key}.",
    texted="To come {at:when}, reply {key}.",
    said="{at:when}",
)
choice_time_with = Wording(
    spoken="To see {clinician} {at:when}, press {key}.",
    texted="To see {clinician} {at:when}, reply {key}.",
    said="{clinician} {at:when}|{at:when}|{clinician}",
)
choice_time_at = Wording(
    spoken="To see {clinician}, at {clinic}, {at:when}, press {key}.",
    texted="To see {clinician}, at {clinic}, {at:when}, reply {key}.",
    said="{clinician} {at:when}|{at:when}|{clinician}",
)
when = Wording(
    spoken="Tell me a day or a time. You can say: Tuesday morning.",
    texted="Write a day or a time, like: Tuesday morning.",
)
choice_later = Wording(
    spoken="For later times, press {key}.",
    texted="For later times, reply {key}.",
    said="later times|later",
)
choice_morning = Wording(
    spoken="For mornings, press {key}.",
    texted="For mornings, reply {key}.",
    said="mornings|in the morning|a morning",
)
choice_afternoon = Wording(
    spoken="For afternoons, press {key}.",
    texted="For afternoons, reply {key}.",
    said="afternoons|in the afternoon|an afternoon",
)
choice_key_day = Wording(
    spoken="To enter a day with the keys, press {key}.",
    texted="To write a date, reply {key}.",
    said="enter a day|enter a date|a date|use the keys",
)
key_day = Wording(
    spoken=(
        "Enter the month and the day, with two keys each. Like this: June 5th is 0 6, 0 5. "
        "Or say the day."
    ),
    texted="Write the month and the day. Like this: June 5th is 6/5",
)
not_a_day = Wording(
    spoken="There is no such day.",
    texted=None,
)
which_clinician = Wording(
    spoken="Who would you like to see?",
    texted="Who would you like to see?",
)
choice_anyone = Wording(
    spoken="For anyone who is free soon, press {key}.",
    texted="For anyone who is free soon, reply {key}.",
    said="anyone|anybody|whoever is free|whoever is first|it does not matter|the first one free",
)
choice_clinician = Wording(
    spoken="For {clinician}, at {clinic}, press {key}.",
    texted="For {clinician}, at {clinic}, reply {key}.",
    said="{clinician}|{clinician} at {clinic}",
)
did_you_mean = Wording(
    spoken="I am not sure I got the name. Did you mean one of these?",
    texted="We are not sure about the name. Did you mean one of these?",
)
no_such_clinician = Wording(
    spoken="I do not know a doctor with that name.",
    texted="We do not know a doctor with that name.",
)
just_taken = Wording(
    spoken="I am sorry. Somebody just took that time.",
    texted="Sorry, somebody just took that time.",
)
no_more = Wording(
    spoken="There is nothing else. I have only these.",
    texted="There is nothing else. We have only these.",
)
none_free = Wording(
    spoken="I am sorry. I cannot find a free time. A person on our team can help you.",
    texted="Sorry, we cannot find a free time. A person on our team can help you.",
)
by_staff_only = Wording(
    spoken="That kind of visit is booked by a person on our team.",
    texted="That kind of visit is booked by a person on our team.",
)
hold_gone = Wording(
    spoken="I am sorry. I could not keep that time for you.",
    texted="Sorry, we could not keep that time for you.",
)
confirm = Wording(
    spoken=(
        "I have it here: {kind:name} with {clinician}, {at:when}, at {clinic}. Shall I book it?"
    ),
    texted="Here it is: {kind:name} with {clinician}, {at:when}, at {clinic}. Shall we book it?",
)
choice_yes = Wording(
    spoken="To book it, press {key}.",
    texted="To book it, reply {key}.",
    said="book it|yes book it|book it please|go ahead|that's right|that is right",
)
choice_no = Wording(
    spoken="For another time, press {key}.",
    texted="For another time, reply {key}.",
    said=(
        "another time|other times|a different time|not that one|no another time|"
        "never mind that one|do not book it"
    ),
)
booked = Wording(
    spoken=(
        "You are booked {at:when}, with {clinician}, at {clinic}. "
        "Your number for it is {reference:digits}. Again: {reference:digits}."
    ),
    texted=(
        "You are booked {at:when}, with {clinician}, at {clinic}. "
        "Your number for it: {reference:digits}."
    ),
)
go_on = Wording(
    spoken=(
        "You were about to book a visit. I have kept the time for you: {at:when}, "
        "with {clinician}. Shall we go on with it?"
    ),
    texted=(
        "You were about to book a visit. We have kept the time: {at:when}, at {clinic}. "
        "Shall we go on with it?"
    ),
)
choice_go_on = Wording(
    spoken="To go on with it, press {key}.",
    texted="To go on with it, reply {key}.",
    said="go on|go on with it|yes go on|let's go on|continue|keep it",
)
choice_start_over = Wording(
    spoken="To let it go, press {key}.",
    texted="To let it go, reply {key}.",
    said="let it go|no let it go|forget it|never mind|I do not want it",
)
