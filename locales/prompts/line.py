"""Keeping a conversation going: greeting, menu, help, silence, trouble, goodbye."""

from __future__ import annotations

from locales.wording import Wording

greeting = Wording(
    spoken="If this is an emergency, hang up and call 9 1 1. This is {clinic}.",
    texted="This is {clinic}. In an emergency, call 911.",
)
emergency_first = Wording(
    spoken="If this is an emergency, hang up and call 9 1 1.",
    texted=None,
)
assistant_notice = Wording(
    spoken="I am a computer helper. What you say is written down for your care team.",
    texted="I am a computer helper. Your care team can read what you write here.",
)
keys_notice = Wording(
    spoken=(
        "At any time, for a person, press 0. To hear something again, press star. "
        "To go back, press pound."
    ),
    texted=None,
)
choice_language = Wording(
    spoken="For English, press {key}.",
    texted="For English, reply {key}.",
    said="English|in English|speak English",
)
choice_other_languages = Wording(
    spoken="For other languages, press {key}.",
    texted="For other languages, reply {key}.",
    said="other languages|another language|more languages|a different language",
)
choice_language_not_here = Wording(
    spoken="If your language is not here, press {key}.",
    texted="If your language is not here, reply {key}.",
    said="my language is not here|not here|none of these",
)
menu = Wording(
    spoken=(
        "How can I help you? You can say: my test results. Or: I need an appointment. "
        "Or: I want to talk to a person."
    ),
    texted=(
        "How can we help you? You can write: my test results. Or: I need an appointment. "
        "Or: a person."
    ),
)
not_heard = Wording(spoken="I am sorry, I did not hear you.", texted=None)
no_keys = Wording(
    spoken=(
        "I did not hear any keys. If this is an emergency, hang up and call 9 1 1. "
        "For a person, press 0 and wait."
    ),
    texted=None,
)
not_caught = Wording(
    spoken="I am sorry, I did not get that.",
    texted="Sorry, we did not get that.",
)
silence = Wording(
    spoken=(
        "I did not hear you. Tell me what you need. You can say: my test results. "
        "Or: I need an appointment."
    ),
    texted=None,
)
silence_keys = Wording(
    spoken="I still cannot hear you. Please use the keys on your phone. Take your time.",
    texted=None,
)
missed = Wording(
    spoken=(
        "I am sorry, I did not get that. Say it in a few words, like: my test results. "
        "Or: I need an appointment."
    ),
    texted=(
        "Sorry, I did not get that. Write it in a few words, like: my test results. "
        "Or: I need an appointment."
    ),
)
missed_keys = Wording(
    spoken="I am sorry, I still did not get that. Please use the keys on your phone.",
    texted="Sorry, I still did not get that. Please reply with one number.",
)
help = Wording(  # noqa: A001 - the prompt is called line.help
    spoken=(
        "I can tell you about your test results. I can help you with your appointments. "
        "I can also get you a person."
    ),
    texted=(
        "We can help you with your test results and your appointments. "
        "We can also get you a person."
    ),
)
slower = Wording(
    spoken="All right. I will speak more slowly.",
    texted="All right. Take all the time you need.",
)
goodbye = Wording(
    spoken="Thank you for calling. Goodbye.",
    texted="Thank you. You can write to us at any time.",
)
welcome = Wording(spoken="You are welcome.", texted="You are welcome.")
anything_else = Wording(
    spoken="What else can I help you with?",
    texted="What else can we help you with?",
)
choice_menu = Wording(
    spoken="For something else, press {key}.",
    texted="For something else, reply {key}.",
    said="something else|something different|another thing|main menu|the menu",
)
choice_goodbye = Wording(
    spoken="If you are done, press {key}.",
    texted="If you are done, reply {key}.",
    said="I am done|I'm done|nothing else|that is all|that's all|goodbye",
)
trouble = Wording(
    spoken="I am sorry. Something went wrong on our side.",
    texted="We are sorry. Something went wrong on our side.",
)
trouble_call = Wording(
    spoken=(
        "Please call the clinic at {phone:digits}. "
        "If you feel sick, call a nurse at {nurse:digits}."
    ),
    texted=(
        "Please call the clinic at {phone:digits}. "
        "If you feel sick, call a nurse at {nurse:digits}."
    ),
)
trouble_call_clinic = Wording(
    spoken="Please call the clinic at {phone:digits}.",
    texted="Please call the clinic at {phone:digits}.",
)
opted_out = Wording(
    spoken="All right. We will not send texts to this phone any more.",
    texted=(
        "{clinic}: you will get no more texts from us. To reach us, call {phone:digits}. "
        "To get texts again, reply START."
    ),
)
opted_out_cancel = Wording(
    spoken=None,
    texted=(
        "{clinic}: you will get no more texts from us. If you meant a visit, it still stands: "
        "call {phone:digits}. To get texts again, reply START."
    ),
)
opted_in = Wording(
    spoken="All right. We will send texts to this phone again.",
    texted=(
        "{clinic}: you will get texts from us again. Reply HELP for help or STOP to end texts."
    ),
)
text_help = Wording(
    spoken=None,
    texted=(
        "{clinic}: for help, call {phone:digits}. In an emergency, call 911. "
        "Reply STOP to end texts."
    ),
)
secret_in_text = Wording(
    spoken=None,
    texted=(
        "Please do not text a PIN, a code or a birth date. Texts are not private. "
        "We did not keep it."
    ),
)
picture = Wording(
    spoken=None,
    texted="We cannot see pictures here. Please tell us in words what you need.",
)
out_of_scope = Wording(
    spoken=(
        "I cannot help with that. I can help with test results and with appointments, "
        "or get you a person."
    ),
    texted=(
        "We cannot help with that here. We can help with test results and appointments, "
        "or get you a person."
    ),
)
