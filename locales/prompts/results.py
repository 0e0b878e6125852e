"""The status of test results: never a value, and no hint of one."""

from __future__ import annotations

from locales.wording import Plural, Wording

choice_results = Wording(
    spoken="For your test results, press {key}.",
    texted="For your test results, reply {key}.",
    said="my test results|test results|results|my results",
    opens="results_status",
    place=1,
)
none = Wording(
    spoken="I looked for your own test results. I see none at this time.",
    texted=None,
)
intro = Wording(
    spoken=Plural(
        one="I see one test for you.",
        other="I see {count} tests for you. I will start with the newest one.",
    ),
    texted=None,
)
not_back = Wording(
    spoken=Plural(
        one="Your {test:name}, done {collected:on}, is not back yet. It often takes a day.",
        other=(
            "Your {test:name}, done {collected:on}, is not back yet. It often takes {days} days."
        ),
        by="days",
    ),
    texted=None,
)
back_unreviewed = Wording(
    spoken=("Your {test:name} is back. Your care team has not written a note about it yet."),
    texted=None,
)
normal = Wording(
    spoken="Your {test:name} is back. It is in the normal range.",
    texted=None,
)
clinician_will_call = Wording(
    spoken=("Your {test:name} is back. {clinician} will call you to go over it, {due:by}."),
    texted=None,
)
care_team_message = Wording(
    spoken="Your care team has a message for you. You will get a call {due:by}.",
    texted=None,
)
note_nothing_to_do = Wording(
    spoken="Your care team says: there is nothing you need to do.",
    texted=None,
)
note_same_medicine = Wording(
    spoken="Your care team says: please keep taking your medicine as you do now.",
    texted=None,
)
note_next_visit = Wording(
    spoken="Your care team says: we will talk about it at your next visit.",
    texted=None,
)
note_repeat_in_a_year = Wording(
    spoken="Your care team says: please do this test again in one year.",
    texted=None,
)
note_keep_habits = Wording(
    spoken="Your care team says: you are doing well. Please keep eating and moving as you do now.",
    texted=None,
)
note_questions = Wording(
    spoken="Your care team says: if you have questions, please ask to talk to a nurse.",
    texted=None,
)

# Plain names, as they fit after "your". Spoken only: no text may name a test.
test_lipids = Wording(spoken="cholesterol test", texted=None)
test_blood_count = Wording(spoken="blood count", texted=None)
test_a1c = Wording(spoken="three-month blood sugar test", texted=None)
test_glucose = Wording(spoken="blood sugar test", texted=None)
test_metabolic = Wording(spoken="blood chemistry test", texted=None)
test_kidney = Wording(spoken="kidney test", texted=None)
test_liver = Wording(spoken="liver test", texted=None)
test_thyroid = Wording(spoken="thyroid test", texted=None)
test_urine = Wording(spoken="urine test", texted=None)
test_vitamin_d = Wording(spoken="vitamin D test", texted=None)
test_iron = Wording(spoken="iron test", texted=None)
test_clotting = Wording(spoken="blood clotting test", texted=None)
test_x_ray = Wording(spoken="X-ray", texted=None)
test_heart_tracing = Wording(spoken="heart tracing", texted=None)
test_other = Wording(spoken="lab test", texted=None)

choice_again = Wording(
    spoken="To hear that again, press {key}.",
    texted="To see that again, reply {key}.",
    said="hear it again|again|repeat|repeat that|one more time|say that again",
)
choice_paper_copy = Wording(
    spoken="To get a paper copy by mail, press {key}.",
    texted="To get a paper copy by mail, reply {key}.",
    said=(
        "a paper copy|paper copy|a copy|a copy by mail|mail it to me|mail it to my house|"
        "a printed copy|on paper"
    ),
)
choice_nurse = Wording(
    spoken="To talk to a nurse, press {key}.",
    texted="To talk to a nurse, reply {key}.",
    said="a nurse|nurse|talk to a nurse|speak to a nurse",
)
paper_copy_confirm = Wording(
    spoken="We will mail a paper copy to the address in your records. Is that right?",
    texted=None,
)
paper_copy_asked = Wording(
    spoken="I have asked our team for your paper copy. They will mail it {due:by}.",
    texted="We have asked our team for your paper copy. They will mail it {due:by}.",
)
text_message = Wording(
    spoken=None,
    texted="You have a message from your care team. Please call us at {phone:digits}.",
)
text_nothing = Wording(
    spoken=None,
    texted="We have nothing that we can text you. Please call us at {phone:digits}.",
)
