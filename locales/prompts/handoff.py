"""Bringing in a person: transfer, call back, closed, nurse, interpreter."""

from __future__ import annotations

from locales.wording import Wording

transferring = Wording(
    spoken="I will get a person for you now. Please stay on the line.",
    texted=None,
)
transfer_failed = Wording(
    spoken="I am sorry. No one could pick up the phone.",
    texted=None,
)
call_back = Wording(
    spoken="Someone from our team will call you back {due:by}.",
    texted="Someone from our team will call you {due:by}.",
)
closed = Wording(
    spoken="We are closed now. We open again {opens:when}.",
    texted="We are closed now. We open again {opens:when}.",
)
nurse_line = Wording(
    spoken="To talk to a nurse, call {phone:digits}.",
    texted="To talk to a nurse, call {phone:digits}.",
)
nurse_transferring = Wording(
    spoken="A nurse can help you with that. I will get one now. Please stay on the line.",
    texted=None,
)
nurse_call_back = Wording(
    spoken="A nurse can help you with that. A nurse will call you back {due:by}.",
    texted="A nurse can help you with that. A nurse will call you {due:by}.",
)
not_by_phone_yet = Wording(
    spoken="I cannot do that for you yet. A person on our team can.",
    texted="We cannot do that by text yet. A person on our team can.",
)
interpreter = Wording(
    spoken="We will call you back with someone who speaks your language, {due:by}. It is free.",
    texted="We will call you with someone who speaks your language, {due:by}. It is free.",
)
interpreter_now = Wording(
    spoken="Please stay on the line, and ask for an interpreter. It is free.",
    texted=None,
)
ask_number = Wording(
    spoken=(
        "What number can we call you at? Please enter all ten digits, with the area code first."
    ),
    texted=None,
)
number_again = Wording(
    spoken="That was not a full phone number. Please enter all ten digits.",
    texted=None,
)
number_confirm = Wording(
    spoken="We will call {phone:digits}. Is that right?",
    texted=None,
)
choice_yes = Wording(
    spoken="For yes, press {key}.",
    texted="For yes, reply {key}.",
    said="yes|yes please|that is right|that's right|correct",
)
choice_no = Wording(
    spoken="For no, press {key}.",
    texted="For no, reply {key}.",
    said="no|no thank you|that is wrong|that's wrong|not right",
)
whisper = Wording(
    spoken="A patient is on the line. Language: {language:language}. Topic: {topic:topic}.",
    texted=None,
)
accept_call = Wording(spoken="To take this call, press 1.", texted=None)
choice_nurse = Wording(
    spoken="If you feel sick, or have a health question, press {key}.",
    texted="If you feel sick, or have a health question, reply {key}.",
    said="I feel sick|I am sick|a health question|I don't feel well",
    opens="clinical_question",
    place=8,
)
choice_person = Wording(
    spoken="To talk to a person, press {key}.",
    texted="To talk to a person, reply {key}.",
    said="a person|talk to a person|a human|someone|an operator",
)
text_call_back = Wording(
    spoken=None,
    texted="Someone from our team will call this phone {due:by}.",
)

# What a call is about, told to the member of staff who picks up: never a test, a drug
# or a name, because anybody may stand beside that telephone. The topic of a handoff is a
# capability, or the intent that nothing answers yet.
topic_results = Wording(spoken="test results", texted=None)
topic_results_status = topic_results
topic_visits = Wording(spoken="a visit", texted=None)
topic_booking = topic_visits
topic_moving = topic_visits
topic_list_appointments = topic_visits
topic_book_appointment = topic_visits
topic_reschedule_appointment = topic_visits
topic_cancel_appointment = topic_visits
topic_confirm_appointment = topic_visits
topic_inform_time = topic_visits
topic_running_late = Wording(spoken="running late for a visit", texted=None)
topic_refills = Wording(spoken="a refill", texted=None)
topic_request_refill = topic_refills
topic_refill_status = topic_refills
topic_messages = Wording(spoken="a message for the care team", texted=None)
topic_leave_message = topic_messages
topic_health = Wording(spoken="a health question", texted=None)
topic_clinical_question = topic_health
topic_emergency = Wording(spoken="a possible emergency", texted=None)
topic_crisis = topic_emergency
topic_identity = Wording(spoken="checking who the caller is", texted=None)
topic_forgot_pin = topic_identity
topic_billing = Wording(spoken="a bill", texted=None)
topic_contact = Wording(spoken="a change of address or phone", texted=None)
topic_update_contact = topic_contact
topic_clinic = Wording(spoken="a question about the clinic", texted=None)
topic_clinic_info = topic_clinic
topic_proxies = Wording(spoken="calling for someone else", texted=None)
topic_proxy = topic_proxies
topic_new_patient = Wording(spoken="a new patient", texted=None)
topic_interpreter = Wording(spoken="an interpreter is needed", texted=None)
topic_change_language = topic_interpreter
topic_opt_out = Wording(spoken="no more texts wanted", texted=None)
topic_trouble = Wording(spoken="our system had a problem", texted=None)
topic_other = Wording(spoken="not known", texted=None)
