"""What comes before everything else."""

from __future__ import annotations

from locales.wording import Wording

call_911 = Wording(
    spoken="This may be an emergency. Please hang up and call 9 1 1 now.",
    texted="This may be an emergency. Please call 911 now.",
)
crisis = Wording(
    spoken=(
        "If you may hurt yourself, help is there day and night. "
        "Call or text 9 8 8. If you are in danger now, call 9 1 1."
    ),
    texted=(
        "If you may hurt yourself, help is there day and night. "
        "Call or text 988. If you are in danger now, call 911."
    ),
)
do_not_wait = Wording(
    spoken=None,
    texted="Do not wait for us to call you. Our team has been told.",
)
person_next = Wording(
    spoken="If this is not an emergency, stay on the line.",
    texted="If this is not an emergency, we can still help you here.",
)
