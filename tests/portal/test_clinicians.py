"""Whom a patient sees, and whom they mean when they say a name, misheard or not."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from portal import clinicians, testing
from portal.records import Appointment, Clinician, ScheduleTemplate, VisitType
from portal.testing import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from portal.records import Clinic, Patient

    Visit = Callable[..., Appointment]

DAY = timedelta(days=1)
RIVERA, BAKER, PATEL, CHO = "Dr. Ana Rivera", "Dr. Thomas Baker", "Dr. Nina Patel", "Dr. Daniel Cho"


@pytest.fixture
def staff(session: Session) -> dict[str, Clinician]:
    """Return four clinicians by the way they are called."""
    called = (RIVERA, BAKER, PATEL, CHO)
    return {display: testing.clinician(session, display=display) for display in called}


@pytest.fixture
def visit(session: Session, clinic: Clinic, patient: Patient) -> Visit:
    """Return what writes a visit of the patient, so many days from noon."""
    kind = testing.add(
        session, VisitType(code="follow_up", name_key="visits.type_follow_up", minutes=30)
    )

    def write(by: Clinician, days: float, **given: Any) -> Appointment:
        starts = NOON + days * DAY
        values = {"status": "fulfilled" if days < 0 else "booked", "origin": "desk", **given}
        row = Appointment(
            patient_id=patient.id,
            clinician_id=by.id,
            clinic_id=clinic.id,
            visit_type_id=kind.id,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
            local_date=starts.date(),
            local_start=starts.time(),
            as_of=NOON,
            **values,
        )
        return testing.add(session, row)

    return write


def _usual(session: Session, patient: Patient) -> str | None:
    found = clinicians.usual(session, patient.id, at=NOON)
    return found.display if found else None


def test_the_usual_one_is_whom_the_patient_saw_most(
    session: Session, patient: Patient, staff: dict[str, Clinician], visit: Visit
) -> None:
    """Twice is more than once, though the once was later."""
    for by, days in ((RIVERA, -200), (RIVERA, -90), (BAKER, -30), (CHO, 5)):
        visit(staff[by], days)
    assert _usual(session, patient) == RIVERA


def test_of_two_that_were_seen_as_often_the_newest_decides(
    session: Session, patient: Patient, staff: dict[str, Clinician], visit: Visit
) -> None:
    """Once each: the one seen last."""
    visit(staff[RIVERA], -90)
    visit(staff[BAKER], -30)
    assert _usual(session, patient) == BAKER


def test_what_was_missed_or_long_ago_does_not_count(
    session: Session, patient: Patient, staff: dict[str, Clinician], visit: Visit
) -> None:
    """Nor do cancelled visits; whom they are going to see counts then."""
    visit(staff[RIVERA], -731)
    visit(staff[BAKER], -20, status="noshow")
    visit(staff[PATEL], -10, status="cancelled")
    assert _usual(session, patient) is None
    visit(staff[BAKER], 30)
    visit(staff[CHO], 5)
    assert _usual(session, patient) == CHO


def test_who_left_is_nobodys_usual_one(
    session: Session, patient: Patient, staff: dict[str, Clinician], visit: Visit
) -> None:
    """The next one takes their place; "the one I saw last" is nobody then."""
    visit(staff[RIVERA], -20)
    visit(staff[RIVERA], -10)
    visit(staff[BAKER], -30)
    staff[RIVERA].active = False
    session.flush()
    assert _usual(session, patient) == BAKER
    assert clinicians.seen_last(session, patient.id, at=NOON) is None


def test_whom_the_patient_chose_goes_before_whom_they_saw(
    session: Session, patient: Patient, staff: dict[str, Clinician], visit: Visit
) -> None:
    """As long as they work here."""
    visit(staff[RIVERA], -20)
    patient.preferred_clinician_id = staff[CHO].id
    session.flush()
    assert _usual(session, patient) == CHO
    staff[CHO].active = False
    session.flush()
    assert _usual(session, patient) == RIVERA


def test_the_one_seen_last_is_of_the_newest_past_visit(
    session: Session, patient: Patient, staff: dict[str, Clinician], visit: Visit
) -> None:
    """A visit ahead is none, nor one that did not take place."""
    assert clinicians.seen_last(session, patient.id, at=NOON) is None
    visit(staff[RIVERA], -90)
    visit(staff[BAKER], -30)
    visit(staff[CHO], -2, status="noshow")
    visit(staff[PATEL], 1)
    assert clinicians.seen_last(session, patient.id, at=NOON) == staff[BAKER]


def _schedule(session: Session, of: Clinician, at: Clinic, **given: Any) -> None:
    for weekday in range(2):
        times = {"local_start": time(9), "local_end": time(12), "valid_from": date(2020, 1, 1)}
        row = {"clinician_id": of.id, "clinic_id": at.id, "weekday": weekday, **times, **given}
        testing.add(session, ScheduleTemplate(**row))


def test_bookable_are_those_with_a_schedule_the_own_clinic_first(
    session: Session, clinic: Clinic, staff: dict[str, Clinician]
) -> None:
    """Once for each clinic, however many days they work there; nobody who left."""
    other = testing.clinic(session, name="Ash Street Clinic")
    for display in (RIVERA, BAKER):
        _schedule(session, staff[display], clinic)
    _schedule(session, staff[BAKER], other)
    _schedule(session, staff[CHO], other)
    staff[CHO].active = False
    session.flush()
    found = clinicians.bookable(session, clinic_id=clinic.id)
    assert [(each.display, place.id) for each, place in found] == [
        (RIVERA, clinic.id),
        (BAKER, clinic.id),
        (BAKER, other.id),
    ]
    assert clinicians.bookable(session, clinic_id=other.id)[0] == (staff[BAKER], other)
    assert len(clinicians.bookable(session, clinic_id=None)) == 3


def test_a_schedule_that_ends_counts_until_it_does(
    session: Session, clinic: Clinic, staff: dict[str, Clinician]
) -> None:
    """Whether it has ended only a day can tell."""
    _schedule(session, staff[PATEL], clinic, valid_to=NOON.date())
    assert clinicians.bookable(session, clinic_id=None) == []
    assert clinicians.bookable(session, clinic_id=None, at=NOON) == [(staff[PATEL], clinic)]
    assert clinicians.bookable(session, clinic_id=None, at=NOON + 2 * DAY) == []


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("text", "lang", "who"),
    [
        ("with Dr. Baker", "en", BAKER),
        ("doctora Rivera", "es", RIVERA),
        ("Patel please", "en", PATEL),
        ("with Rivera", "en", RIVERA),
        ("con Rivera, por favor", "es", RIVERA),
        ("the lady doctor Patel", "en", PATEL),
        ("is Dr. Cho's Thursday still open", "en", CHO),
        ("DR CHO", "en", CHO),
        ("Thomas Baker", "en", BAKER),
        ("quiero ver al doctor Cho el lunes", "es", CHO),
        ("ANA RIVERA", "es", RIVERA),
        ("Dr. Ana next week", "en", RIVERA),
        ("la doctora Nina", "es", PATEL),
        ("not Dr. Rivera, Dr. Baker", "en", BAKER),
        ("doctor Rívera", "es", RIVERA),
        ("I saw the doctor, Baker, in May", "en", BAKER),
        ("dr.cho tomorrow", "en", CHO),
        ("我要看Cho医生", "zh", CHO),
        ("this is for Dr. Patel", "en", PATEL),
        ("I am a patient of Rivera", "en", RIVERA),
    ],
)
def test_a_name_that_is_said_is_that_clinician(
    session: Session, text: str, lang: str, who: str
) -> None:
    """By the family name anywhere, or by the first name after a title."""
    found = clinicians.named(session, text, lang)
    assert [each.display for each in found.exact] == [who]
    assert found.asked
    assert found.near == ()


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("text", "lang", "who"),
    [
        ("see doctor bakker", "en", BAKER),
        ("dr. show", "en", CHO),
        ("Dr. Chow on Monday", "en", CHO),
        ("doctor joe chu", "en", CHO),
        ("Dr. Becker please", "en", BAKER),
        ("I'd like Dr. River", "en", RIVERA),
        ("doctor river a", "en", RIVERA),
        ("doctor pay tell", "en", PATEL),
        ("with Doctor Patil", "en", PATEL),
        ("the doctor pattel", "en", PATEL),
        ("con la doctora Ribera", "es", RIVERA),
        ("doctor Vaker", "es", BAKER),
        ("doctor beiker", "es", BAKER),
        ("con ribera", "es", RIVERA),
        ("with riviera", "en", RIVERA),
        ("doctor Shoe", "en", CHO),
        ("para ver a Pattel", "es", PATEL),
    ],
)
def test_a_name_that_was_misheard_is_near(session: Session, text: str, lang: str, who: str) -> None:
    """The nearest one comes first, and nobody is meant for certain."""
    found = clinicians.named(session, text, lang)
    assert found.exact == ()
    assert [each.display for each in found.near][:1] == [who]
    assert found.asked


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("with Dr. Smith", "en"),
        ("doctor smith on Friday", "en"),
        ("dr gomez", "en"),
        ("con el doctor Gutiérrez", "es"),
        ("doctora Fuentes por la mañana", "es"),
        ("I want to see Johnson", "en"),
        ("cita con Domínguez", "es"),
    ],
)
def test_somebody_who_does_not_work_here_is_asked_for(
    session: Session, text: str, lang: str
) -> None:
    """And is nobody."""
    assert clinicians.named(session, text, lang) == clinicians.Named(asked=True)


ORDINARY = {
    "en": """
        I need an appointment next week
        can I see the doctor on Tuesday
        the doctor told me to come back in a month
        with my wife please
        is there anything in the morning
        the doctor prescribed something for my cough
        I'd rather see a lady doctor
        any doctor is fine
        my doctor retired last year
        the soonest you have
        with the doctor I saw last time
        with my regular doctor
        what time does the office open
        can the doctor call me back
        I want to come in with my daughter
        I have to be at work by nine
        I see
        see you then
        with insurance from work
        the doctor wants me to have my pressure checked
        I am calling for my mother
        for a check up
        not Mondays
        after work would be better
        the second one
        doctor's appointment
        yes doctor, the later one
        this is Walter Baker speaking
        my name is Rivera
        Hi, I'm Mrs. Patel and I need a visit
        whichever doctor is available first
        I would like to see whoever can take me
        anyone but Dr. Baker
    """,
    "es": """
        quiero una cita para la próxima semana
        con el doctor de siempre
        la doctora me dijo que volviera en un mes
        con mi esposo
        lo más pronto posible
        el doctor me recetó unas pastillas
        cualquier doctor está bien
        con la doctora que me vio la última vez
        el martes por la tarde
        necesito ver al doctor
        quiero ver a una doctora
        vamos a ver
        con mucho gusto
        para una vacuna
        a ver si hay algo el jueves
        no puedo los lunes
        con un intérprete por favor
        con tiempo
        el médico quiere que me haga un chequeo
        sí doctora, la segunda
        me llamo Ana Rivera
        soy la señora Patel y necesito una cita
        la última de la tarde
        después del trabajo
        que el doctor me llame
        por la mañana con cualquiera
        mi doctor ya no trabaja ahí
        ninguna de esas
        algo más temprano
        doctor, me duele la rodilla
        cualquiera menos la doctora Rivera
    """,
}


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (lang, line.strip())
        for lang, lines in ORDINARY.items()
        for line in lines.strip().split("\n")
    ],
)
def test_everyday_words_are_nobodys_name(session: Session, lang: str, text: str) -> None:
    """Nor is the caller's own name, nor whom they do not want."""
    found = clinicians.named(session, text, lang)
    assert (found.asked, found.exact, found.near) == (False, (), ())


def test_two_with_one_family_name_both_come_back(
    session: Session, staff: dict[str, Clinician]
) -> None:
    """Until the first name is said as well."""
    luis = testing.clinician(session, display="Dr. Luis Rivera")
    found = clinicians.named(session, "doctor Rivera", "en")
    assert set(found.exact) == {luis, staff[RIVERA]}
    assert clinicians.named(session, "con Luis Rivera", "es").exact == (luis,)


def test_names_of_all_shapes(session: Session) -> None:
    """Two family names, particles, apostrophes, marks, credentials, and one name alone."""
    shapes = {
        "Dra. María José García-López": ("garcia", "doctora Lopez"),
        "Dr. Seán O'Brien, MD": ("Dr. OBrien", "with O’Brien"),
        "Dr. Juan de la Cruz": ("doctor Cruz", "con De la Cruz"),
        "Dr. Nguyễn Văn Đức": ("bac si Duc", "Dr. Đức"),
        "Dr. Okafor (weekends)": ("Okafor", "dr okafor"),
    }
    made = {display: testing.clinician(session, display=display) for display in shapes}
    for display, ways in shapes.items():
        for way in ways:
            assert clinicians.named(session, way, "en").exact == (made[display],), way


def test_a_name_that_is_an_everyday_word_needs_a_title(session: Session) -> None:
    """Dr. Young and Dr. May are meant when they are called so."""
    young = testing.clinician(session, display="Dr. Ruth Young")
    may = testing.clinician(session, display="Dr. Carl May")
    assert not clinicians.named(session, "I am not so young, in May perhaps", "en").asked
    assert clinicians.named(session, "with Dr. Young in May", "en").exact == (young,)
    assert clinicians.named(session, "Carl May in May", "en").exact == (may,)


def test_whom_they_do_not_want_is_told_apart(session: Session, staff: dict[str, Clinician]) -> None:
    """Instead of one, the other; anyone but one leaves the rest."""
    swap = clinicians.named(session, "Rivera instead of Dr. Baker", "en")
    assert (swap.exact, swap.unwanted) == ((staff[RIVERA],), (staff[BAKER],))
    rest = clinicians.named(session, "anybody except Cho", "en")
    assert (rest.asked, rest.unwanted) == (False, (staff[CHO],))


def test_who_left_is_asked_for_and_not_found(session: Session, staff: dict[str, Clinician]) -> None:
    """As anybody who does not work here."""
    staff[CHO].active = False
    session.flush()
    assert clinicians.named(session, "with Dr. Cho", "en") == clinicians.Named(asked=True)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    "text", ["", "  ", "1234", "???", "医生", "dr", "doctor " * 400, "x" * 2000]
)
def test_nonsense_names_nobody(session: Session, text: str) -> None:
    """However long it is."""
    assert clinicians.named(session, text, "en") == clinicians.Named()
