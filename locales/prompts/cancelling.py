"""Giving up a visit. No text asks for the word that carriers take for "no more texts"."""

from __future__ import annotations

from locales.wording import Wording

confirm = Wording(
    spoken="Your visit is {at:when}, with {clinician}, at {clinic}. Do you want to cancel it?",
    texted="Your visit is {at:when}, at {clinic}. Do you want to give it up?",
)
choice_yes = Wording(
    spoken="If you cannot come, and want to cancel it, press {key}.",
    texted="If you cannot come, reply {key}.",
    said=(
        "I cannot come|I can't come|yes cancel it|cancel it|cancel|yes I cannot come|"
        "yes I can't come|no I cannot come|no I can't come|I cannot make it|I can't make it|"
        "please cancel it|yes please cancel it|go ahead and cancel it|give it up|I give it up|"
        "I want to cancel it|yes I want to cancel it|I want to cancel|yes I want to cancel|"
        "cancel my visit|cancel my appointment|yes cancel my appointment|yes I do|I do"
    ),
)
choice_move = Wording(
    spoken="To move it to another time instead, press {key}.",
    texted="To move it to another time instead, reply {key}.",
    said=(
        "another time|move it|move it instead|move it to another time|change it|change the time|"
        "another day|a different day|a different time|reschedule|reschedule it|a new time|"
        "I want another time"
    ),
)
choice_keep = Wording(
    spoken="To keep it as it is, press {key}.",
    texted="To keep it as it is, reply {key}.",
    said=(
        "keep it|I will keep it|I'll keep it|no keep it|leave it|leave it as it is|"
        "do not cancel it|don't cancel it|do not cancel|don't cancel|I will be there|"
        "I'll be there|I will come|I'll come|I changed my mind|never mind"
    ),
)
done = Wording(
    spoken="Your visit {at:when}, with {clinician}, is cancelled.",
    texted="Your visit {at:when}, at {clinic}, is off.",
)
late = Wording(
    spoken="It was to be soon, so I have told the front desk.",
    texted="It was to be soon, so we have told the front desk.",
)
kept = Wording(
    spoken="All right. Your visit stays as it is, {at:when}.",
    texted="All right. Your visit stays as it is, {at:when}.",
)
begun = Wording(
    spoken="That visit has begun already, so I cannot cancel it. For a person, press 0.",
    texted="That visit has begun already, so we cannot take it off. For a person, reply 0.",
)
ask_reason = Wording(
    spoken="If you like, tell me why. It helps us.",
    texted="If you like, tell us why. It helps us.",
)
choice_better = Wording(
    spoken="If you feel better, press {key}.",
    texted="If you feel better, reply {key}.",
    said=(
        "I feel better|I'm feeling better|I am feeling better|feeling better|I am better|"
        "I'm better|I feel fine|I feel good now|I do not need it|I don't need it"
    ),
)
choice_transport = Wording(
    spoken="If you cannot get here, press {key}.",
    texted="If you cannot get here, reply {key}.",
    said=(
        "I cannot get there|I can't get there|I cannot get here|I have no ride|"
        "I don't have a ride|no ride|no car|I have no car|my car broke down|it is too far|"
        "I have no one to drive me|the bus"
    ),
)
choice_time = Wording(
    spoken="If the time was not good for you, press {key}.",
    texted="If the time was not good for you, reply {key}.",
    said=(
        "the time was not good|the time is not good|the time|a bad time|bad time|I have to work|"
        "I am busy|I'm busy|something came up|I have something else|the day was not good|"
        "I am out of town|I'm out of town"
    ),
)
choice_other = Wording(
    spoken="For another reason, or to say none, press {key}.",
    texted="For another reason, or to say none, reply {key}.",
    said=(
        "another reason|no reason|none|I would rather not say|I'd rather not say|other|"
        "I do not want to say|I don't want to say|it does not matter|personal reasons|"
        "that is my business|skip it|skip"
    ),
)
thanks = Wording(
    spoken="Thank you for telling us.",
    texted="Thank you for telling us.",
)
