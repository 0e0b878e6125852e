"""Finding out who is on the line, without ever telling who is a patient here."""

from __future__ import annotations

from locales.wording import Wording

why = Wording(
    spoken=(
        "To keep your records safe, I have to check who you are. For this I can only hear keys."
    ),
    texted="To keep your records safe, we have to check who you are.",
)
ask_birth_date = Wording(
    spoken=(
        "Enter your birth date with the keys: month, day and full year. "
        "Like this: June 5th, 1950, is 0 6, 0 5, 1 9 5 0."
    ),
    texted=None,
)
not_a_date = Wording(
    spoken="That was not a birth date I can use. Let us start over. Press all eight digits.",
    texted=None,
)
ask_pin = Wording(
    spoken=(
        "Now enter your PIN. It has six digits. If you have no PIN, or forgot it, press 1 and wait."
    ),
    texted=None,
)
no_match = Wording(
    spoken="I am sorry. What you entered did not match.",
    texted="Sorry. With that, we could not check who you are.",
)
# Word for word the same as no_match: whoever guesses must not learn that they found
# somebody to lock out.
locked = no_match
choice_try_again = Wording(
    spoken="To try again, press {key}.",
    texted="To try again, reply {key}.",
    said="try again|again|one more time|once more",
)
choice_no_pin = Wording(
    spoken="If you have no PIN, or forgot it, press {key}.",
    texted=None,
    said="I have no PIN|no PIN|I forgot my PIN|I forgot it|I don't have a PIN",
)
prove_other_way = Wording(
    spoken="There is another way to check who you are.",
    texted=None,
)
choice_text_code = Wording(
    spoken="To get a code by text, press {key}.",
    texted=None,
    said="a code by text|text me a code|a text|send a text|by text",
)
choice_call_me = Wording(
    spoken="To have us call you at the number in your records, press {key}.",
    texted=None,
    said="call me|call me back|have you call me|by phone",
)
code_sent = Wording(
    spoken="If we have a cell phone number for you, a code is on its way there.",
    texted=None,
)
ask_code = Wording(
    spoken="Enter the six digits of the code. Take your time.",
    texted=None,
)
code_no_match = Wording(
    spoken="I am sorry. That code is not right, or it is too old.",
    texted=None,
)
ringing_you = Wording(
    spoken=(
        "Please hang up now and wait by your phone. "
        "If we have a number for you, we will call it in a minute. "
        "If it does not ring, call us again and press 0. Goodbye."
    ),
    texted=None,
)
call_back_hello = Wording(
    spoken="Hello. This is {clinic}. We are calling because someone asked us to.",
    texted=None,
)
choice_it_is_me = Wording(
    spoken="If you asked for this call, press {key}.",
    texted=None,
    said="I asked for this call|I asked|it is me|it's me|yes",
)
choice_not_me = Wording(
    spoken="If you did not ask for it, press {key}.",
    texted=None,
    said="I did not ask|it is not me|it's not me|wrong person|wrong number|no",
)
wrong_person = Wording(
    spoken="I am sorry that we called. Goodbye.",
    texted=None,
)
ask_new_pin = Wording(
    spoken="Choose a new PIN and enter it now. It must have six digits.",
    texted=None,
)
ask_new_pin_again = Wording(
    spoken="Enter the same six digits one more time.",
    texted=None,
)
pins_differ = Wording(
    spoken="Those two were not the same. Let us start again.",
    texted=None,
)
pin_too_easy = Wording(
    spoken=(
        "That PIN is too easy to guess. Please do not use your birth date, "
        "one digit six times, or digits in a row."
    ),
    texted=None,
)
pin_set = Wording(
    spoken="Your new PIN is set. Please keep it for your next call.",
    texted=None,
)
proved = Wording(
    spoken="Thank you.",
    texted="Thank you.",
)
ask_birth_year = Wording(
    spoken=None,
    texted="To check who you are, please reply with the year you were born. Like this: 1950",
)
year_no_match = Wording(
    spoken=None,
    texted="Sorry. With that, we could not check who you are.",
)
needs_call = Wording(
    spoken=None,
    texted="For that we have to talk to you on the phone.",
)
choice_ring_me = Wording(
    spoken="To have us call you, press {key}.",
    texted="To have us call you now, reply {key}.",
    said="call me|call me now|ring me|please call",
)
ring_soon = Wording(
    spoken="We will call you in a minute.",
    texted="We will call you in a minute. Please keep your phone near you.",
)
code_text = Wording(
    spoken=None,
    texted=(
        "{clinic}: your code is {code:digits}. Enter it on the phone call. "
        "We never ask for it by text."
    ),
)
