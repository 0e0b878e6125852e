"""The visits that are coming up: when, with whom, where, and what to do about them.

A text names no clinician and no kind of visit: only when and where.
"""

from __future__ import annotations

from locales.wording import Plural, Wording

choice_visits = Wording(
    spoken="For your appointments, press {key}.",
    texted="For your appointments, reply {key}.",
    said=(
        "my appointments|appointments|appointment|my appointment|my visits|visits|visit|my visit|"
        "when is my appointment|my next appointment|my next visit"
    ),
    opens="list_appointments",
    place=2,
)
none = Wording(
    spoken="I looked for your own visits. I see none coming up.",
    texted="You have no visits coming up.",
)
intro = Wording(
    spoken=Plural(
        one="I see one visit for you.",
        other="I see {count} visits for you. I will start with the next one.",
    ),
    texted=Plural(one="You have one visit.", other="You have {count} visits."),
)
told = Wording(
    spoken="Your {kind:name} is {at:when}, with {clinician}, at {clinic}.",
    texted="A visit {at:when}, at {clinic}.",
)
in_zone = Wording(
    spoken="The clinic is on {at:zone}.",
    texted="The clinic is on {at:zone}.",
)
address = Wording(
    spoken="{clinic} is at {address}.",
    texted="{clinic} is at {address}.",
)

# Kinds of visits as they fit after "your", named by the clinic's own rows.
type_vaccination = Wording(spoken="vaccination", texted="vaccination", said="vaccination|shot")
type_follow_up = Wording(
    spoken="follow-up visit", texted="follow-up visit", said="follow-up visit|follow-up"
)
type_check_up = Wording(spoken="check-up", texted="check-up", said="check-up|physical")

# What to bring: it tells what the visit is for, so no text says it.
bring_vaccination = Wording(
    spoken="Please bring your vaccination card, if you have one.",
    texted=None,
)
bring_follow_up = Wording(
    spoken="Please bring all the medicines that you take.",
    texted=None,
)
bring_check_up = Wording(
    spoken="Please bring your insurance card, and all the medicines that you take.",
    texted=None,
)

choice_confirm = Wording(
    spoken="To say that you will be there, press {key}.",
    texted="To say that you will be there, reply {key}.",
    said=(
        "I will be there|I'll be there|I am coming|I'm coming|I will come|I'll come|"
        "yes I will be there|yes I'll be there|confirm|confirm it|I can make it|count me in"
    ),
)
choice_move = Wording(
    spoken="To change it to another time, press {key}.",
    texted="To change it to another time, reply {key}.",
    said=(
        "change it|another time|change the time|a different time|a new time|move it|reschedule|"
        "reschedule it|change my visit|change my appointment|move my visit|move my appointment|"
        "change it to another time|another day|a different day"
    ),
)
choice_cannot_come = Wording(
    spoken="If you cannot come, press {key}.",
    texted="If you cannot come, reply {key}.",
    said=(
        "I cannot come|I can't come|I cannot make it|I can't make it|I won't be there|"
        "I will not be there|I am not coming|I'm not coming|cancel|cancel it|cancel my visit|"
        "cancel my appointment|I can't go|I cannot go"
    ),
)
choice_book = Wording(
    spoken="To book a visit, press {key}.",
    texted="To book a visit, reply {key}.",
    said=(
        "book a visit|book one|a new visit|a new appointment|another visit|another appointment|"
        "book another visit|book an appointment|make an appointment|I need an appointment|"
        "yes|yes please|yes book one"
    ),
)
choice_book_another = Wording(
    spoken="To book another visit, press {key}.",
    texted="To book another visit, reply {key}.",
    said=(
        "book another visit|another visit|another appointment|book another one|a new visit|"
        "a new appointment|make an appointment|make another appointment|one more visit"
    ),
)
choice_address = Wording(
    spoken="For the address, press {key}.",
    texted="For the address, reply {key}.",
    said=(
        "the address|address|where is it|where is that|where do I go|where is the clinic|"
        "where do I have to go|how do I get there|what is the address"
    ),
)
choice_more = Wording(
    spoken="For more visits, press {key}.",
    texted="For more visits, reply {key}.",
    said=(
        "more visits|more|the other visits|the others|the other ones|the rest|next|the next ones|"
        "another one|go on|what else|none of these|none of those"
    ),
)
which = Wording(
    spoken="Which visit do you mean?",
    texted="Which visit do you mean?",
)
choice_visit = Wording(
    spoken="For the one {at:when}, with {clinician}, press {key}.",
    texted="For the one {at:when}, reply {key}.",
    said=(
        "{at:when}|the one {at:when}|the visit {at:when}|{clinician}|with {clinician}|"
        "the one with {clinician}|the visit with {clinician}"
    ),
)
changed = Wording(
    spoken="The clinic has just changed that visit. This is how it is now.",
    texted="The clinic has just changed that visit. This is how it is now.",
)
gone = Wording(
    spoken="The clinic has just taken that visit off the calendar. I did not change anything.",
    texted="The clinic has just taken that visit off the calendar. We did not change anything.",
)

ask_text = Wording(
    spoken="Shall I send this to your phone as a text?",
    texted=None,
)
text_coming = Wording(
    spoken="All right. A text is on its way.",
    texted=None,
)
no_text = Wording(
    spoken="All right, no text.",
    texted=None,
)
text_booked = Wording(
    spoken=None,
    texted=(
        "{clinic}: you have a visit {at:when}. Your number for it is {reference:digits}. "
        "To change it, call {phone:digits}."
    ),
)
text_moved = Wording(
    spoken=None,
    texted=(
        "{clinic}: your visit is now {at:when}. Your number for it is {reference:digits}. "
        "To change it, call {phone:digits}."
    ),
)
text_cancelled = Wording(
    spoken=None,
    texted="{clinic}: your visit {at:when} is off, as you asked. To reach us, call {phone:digits}.",
)
