"""Saying that one will be there."""

from __future__ import annotations

from locales.wording import Wording

ask = Wording(
    spoken="Your visit is {at:when}, with {clinician}, at {clinic}. Will you be there?",
    texted="Your visit is {at:when}, at {clinic}. Will you be there?",
)
what_then = Wording(
    spoken="All right. What shall I do with your visit?",
    texted="All right. What shall we do with your visit?",
)
done = Wording(
    spoken="Thank you for telling us. We will see you {at:when}.",
    texted="Thank you for telling us. We will see you {at:when}, at {clinic}.",
)
already = Wording(
    spoken="Thank you. You have told us already that you will be there. We will see you {at:when}.",
    texted="Thank you. You have told us already. We will see you {at:when}, at {clinic}.",
)
begun = Wording(
    spoken="That visit has begun already. For a person, press 0.",
    texted="That visit has begun already. For a person, reply 0.",
)
