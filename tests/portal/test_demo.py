"""The demo clinic is what the README and the design say of it, row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, update

from portal import clinicians, consent, demo, testing
from portal.database import Base, transaction
from portal.encryption import ring
from portal.lockouts import count
from portal.lockouts import patient as patient_subject
from portal.pins import is_too_easy, matching
from portal.records import (
    Appointment,
    Audit,
    Claim,
    Clinic,
    Clinician,
    ConsentEvent,
    Hold,
    LabResult,
    Lockout,
    Opening,
    Patient,
    PatientPhone,
    Phone,
    Prescription,
    ProxyGrant,
    RefillRequest,
    ReleaseRule,
    StaffTask,
    VisitType,
)
from portal.release import decide, facts_of
from portal.testing import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

PATIENTS = [
    ("+12025550117", date(1948, 11, 21), "730264", "en-US"),
    ("+12025550143", date(1957, 3, 5), "482915", "es-US"),
    ("+12025550188", date(1962, 7, 19), "615208", "vi-VN"),
    ("+12025550188", date(2012, 2, 2), None, "vi-VN"),
    ("+12025550164", date(1951, 9, 30), "904417", "zh-CN"),
    ("+12025550129", date(1969, 1, 12), "358120", "ar"),
    ("+12025550152", date(1975, 8, 14), "271846", "fr-FR"),
    ("+12025550176", date(1983, 4, 27), "660391", "pt-BR"),
    ("+12025550135", date(1944, 12, 2), "149573", "ru-RU"),
    ("+12025550198", date(1939, 6, 8), "827405", "ko-KR"),
    ("+12025550111", date(1941, 1, 30), None, "en-US"),
    ("+12025550122", date(1990, 6, 6), "513277", "es-US"),
]
BORN = {born.isoformat(): number for number, born, _, _ in PATIENTS}


@pytest.fixture
def seeded(demo_database: Engine) -> Iterator[Session]:
    """Return a session on the seeded demo."""
    assert demo_database
    with transaction() as session:
        yield session


def born(session: Session, iso: str) -> Patient:
    """Return the patient of the demo who was born that day."""
    index = ring().blind_index("birth_date", iso)
    return session.scalars(select(Patient).where(Patient.birth_date_bidx == index)).one()


def _of(session: Session, record: type[Any], iso: str) -> list[Any]:
    return list(session.scalars(select(record).where(record.patient_id == born(session, iso).id)))


def _ahead(session: Session, iso: str) -> list[Appointment]:
    """Return a patient's visits that are booked, soonest first."""
    visits = _of(session, Appointment, iso)
    booked = (each for each in visits if each.status == "booked")
    return sorted(booked, key=lambda each: each.starts_at)


def _visits(session: Session, iso: str) -> list[tuple[int, time, int]]:
    """Return the days ahead, the wall time and the minutes of a patient's visits."""
    found = _ahead(session, iso)
    return [
        (
            (each.local_date - _today(session, each)).days,
            each.local_start,
            int((each.ends_at - each.starts_at).total_seconds() // 60),
        )
        for each in found
    ]


def _today(session: Session, visit: Appointment) -> date:
    clinic = session.get_one(Clinic, visit.clinic_id)
    return NOON.astimezone(ZoneInfo(clinic.tz)).date()


def _told(session: Session, iso: str) -> dict[str, tuple[str, str]]:
    rules = session.scalars(select(ReleaseRule).order_by(ReleaseRule.rank)).all()
    verdicts = {
        each.name_key: decide(rules, facts_of(each, "DC", at=NOON))
        for each in _of(session, LabResult, iso)
    }
    return {name: (verdict.says, verdict.texts) for name, verdict in verdicts.items()}


def _refills(session: Session, iso: str) -> dict[str, int]:
    return {
        each.display.split()[0]: each.refills_allowed - max(each.fills_done - 1, 0)
        for each in _of(session, Prescription, iso)
    }


@pytest.mark.parametrize(("number", "day", "pin", "locale"), PATIENTS)
def test_each_patient_is_known_by_phone_birth_date_and_pin(
    seeded: Session, number: str, day: date, pin: str | None, locale: str
) -> None:
    """The table's columns stand in the records, and its PINs open."""
    patient = born(seeded, day.isoformat())
    numbers = seeded.scalars(
        select(Phone.e164)
        .join(PatientPhone, PatientPhone.phone_id == Phone.id)
        .where(PatientPhone.patient_id == patient.id)
    ).all()
    assert list(numbers) == [number]
    assert patient.locale == locale
    assert (patient.pin_hash is None) == (pin is None)
    if pin:
        assert matching([patient.pin_hash], pin) == [0]
        assert not is_too_easy(pin, day)


def test_there_are_two_clinics_four_clinicians_and_three_kinds_of_visit(seeded: Session) -> None:
    """In two time zones, with numbers that nobody has, on a grid of a quarter of an hour."""
    clinics = seeded.scalars(select(Clinic).order_by(Clinic.code)).all()
    assert [(each.code, each.phone, each.tz) for each in clinics] == [
        ("main", "+12025550100", "America/New_York"),
        ("west", "+12025550101", "America/Los_Angeles"),
    ]
    numbers = {n for each in clinics for n in (each.phone, each.front_desk, each.nurse_line)}
    assert len(numbers) == 6
    assert all(str(n).startswith("+120255501") for n in numbers)
    assert not numbers & set(BORN.values())
    assert {each.grid_minutes for each in clinics} == {15}
    assert len(seeded.scalars(select(Clinician.display)).all()) == 4
    assert sorted(seeded.scalars(select(VisitType.minutes))) == [15, 30, 45]


def test_openings_reach_sixty_days_on_weekdays_only(seeded: Session) -> None:
    """Each clinician can be booked for eight hours a day, from today to the sixtieth day."""
    last = NOON.date() + timedelta(days=60)
    ahead = Opening.starts_at > NOON
    days = list(seeded.scalars(select(Opening.local_date).where(ahead).distinct()))
    assert NOON.date() in days
    assert max(days) >= last - timedelta(days=2)
    assert date(2026, 7, 3) not in days
    a_day = select(func.count()).where(Opening.local_date == date(2026, 7, 1))
    assert seeded.scalar(a_day) == 4 * 32
    visits = select(Claim.opening_id)
    unclaimed = seeded.scalars(select(Opening.local_date).where(Opening.id.not_in(visits))).all()
    assert min(unclaimed) == NOON.date()
    assert all(day.weekday() < 5 for day in unclaimed)


def test_results_are_told_as_the_table_says(seeded: Session) -> None:
    """Each row of the release matrix has its patient, by voice and by text."""
    assert _told(seeded, "1948-11-21") == {
        "results.test_lipids": ("normal", "message"),
        "results.test_blood_count": ("not_back", "nothing"),
    }
    assert _told(seeded, "1957-03-05") == {"results.test_a1c": ("back_unreviewed", "message")}
    assert _told(seeded, "1951-09-30") == {
        "results.test_kidney": ("clinician_will_call", "message")
    }
    assert _told(seeded, "1944-12-02") == {"results.test_other": ("care_team_message", "nothing")}
    assert len(seeded.scalars(select(LabResult)).all()) == 5


def test_the_normal_result_has_the_clinicians_approved_note(seeded: Session) -> None:
    """And no other one has a note."""
    notes = {each.name_key: each.note_key for each in seeded.scalars(select(LabResult))}
    assert {name for name, note in notes.items() if note} == {"results.test_lipids"}


def test_visits_lie_on_exactly_their_day(seeded: Session) -> None:
    """Days are counted in the clinic's own zone, and times are its wall time."""
    assert _visits(seeded, "1948-11-21") == [(10, time(9, 30), 30)]
    assert _visits(seeded, "1957-03-05") == [(3, time(10), 30)]
    assert _visits(seeded, "2012-02-02") == [(5, time(15, 30), 15)]
    assert _visits(seeded, "1939-06-08") == [(1, time(11), 30)]
    without = ("1962-07-19", "1951-09-30", "1975-08-14", "1983-04-27", "1944-12-02", "1941-01-30")
    for iso in (*without, "1990-06-06"):
        assert _visits(seeded, iso) == []
    assert len(_booked(seeded)) == 6


def _booked(session: Session) -> list[Appointment]:
    return list(session.scalars(select(Appointment).where(Appointment.status == "booked")))


@pytest.mark.parametrize(
    ("iso", "usual", "last"),
    [
        ("1948-11-21", "Rivera", "Baker"),
        ("1957-03-05", "Baker", "Baker"),
        ("2012-02-02", "Patel", "Patel"),
        ("1951-09-30", "Cho", "Cho"),
        ("1969-01-12", "Rivera", "Rivera"),
        ("1975-08-14", "Patel", "Patel"),
        ("1983-04-27", "Baker", "Baker"),
        ("1944-12-02", "Rivera", "Rivera"),
        ("1939-06-08", "Cho", "Cho"),
        ("1941-01-30", "Baker", "Baker"),
        ("1990-06-06", "Patel", "Patel"),
        ("1962-07-19", None, None),
    ],
)
def test_whom_patients_saw_makes_their_usual_clinician(
    seeded: Session, iso: str, usual: str | None, last: str | None
) -> None:
    """For one of them the usual one is not the last one; one has seen nobody yet."""
    patient = born(seeded, iso)
    found = (
        clinicians.usual(seeded, patient.id, at=NOON),
        clinicians.seen_last(seeded, patient.id, at=NOON),
    )
    assert [each and each.display.split()[-1] for each in found] == [usual, last]


def test_visits_of_the_past_are_over(seeded: Session) -> None:
    """They took place, on a day before this one, and in the clinic's hours."""
    past = seeded.scalars(select(Appointment).where(Appointment.status != "booked")).all()
    assert len(past) == 16
    assert {each.status for each in past} == {"fulfilled"}
    assert max(each.starts_at for each in past) < NOON - timedelta(days=20)
    assert all(time(8) <= each.local_start <= time(17) for each in past)


def test_each_visit_has_a_number_of_its_own(seeded: Session) -> None:
    """Six digits, the same however often the demo is seeded."""
    numbers = {each.id: each.reference for each in seeded.scalars(select(Appointment))}
    assert all(number and number.isdecimal() and len(number) == 6 for number in numbers.values())
    assert len(set(numbers.values())) == len(numbers)
    demo.seed(seeded, NOON + timedelta(days=3))
    assert {each.id: each.reference for each in seeded.scalars(select(Appointment))} == numbers


def test_a_number_that_a_caller_has_got_stays_theirs(seeded: Session) -> None:
    """The demo's visit takes another one then."""
    theirs = _ahead(seeded, "1957-03-05")[0]
    number, theirs.reference = theirs.reference, None
    seeded.flush()
    clinic = seeded.get_one(Clinic, theirs.clinic_id)
    columns = ("clinician_id", "clinic_id", "visit_type_id", "starts_at", "ends_at")
    copied = {name: getattr(theirs, name) for name in (*columns, "local_date", "local_start")}
    somebody = testing.patient(seeded, clinic)
    own = {"patient_id": somebody.id, "reference": number, "status": "proposed", "as_of": NOON}
    other = testing.add(seeded, Appointment(**copied, **own))
    demo.seed(seeded, NOON + timedelta(minutes=1))
    assert other.reference == number
    assert theirs.reference not in {number, None}


def test_two_visits_lie_in_one_week(seeded: Session) -> None:
    """Both are ahead, and in the same week of the calendar."""
    first, second = _ahead(seeded, "1969-01-12")
    assert first.local_date.isocalendar()[:2] == second.local_date.isocalendar()[:2]
    assert first.local_date != second.local_date
    assert min(first.starts_at, second.starts_at) > NOON


def test_each_visit_holds_its_openings(seeded: Session) -> None:
    """A visit of so many minutes has as many claims, one after the other."""
    for visit in seeded.scalars(select(Appointment)):
        claims = seeded.scalars(
            select(Claim).where(Claim.appointment_id == visit.id).order_by(Claim.starts_at)
        ).all()
        starts = [visit.starts_at + timedelta(minutes=15 * n) for n in range(len(claims))]
        assert [each.starts_at for each in claims] == starts
        assert starts[-1] + timedelta(minutes=15) == visit.ends_at


def test_medicines_have_the_refills_that_are_left(seeded: Session) -> None:
    """As the table says, the controlled one and the one that needs renewal included."""
    assert _refills(seeded, "1948-11-21") == {"atorvastatin": 1, "oxycodone": 0}
    assert _refills(seeded, "1957-03-05") == {"metformin": 2, "lisinopril": 0}
    assert _refills(seeded, "1975-08-14") == {"insulin": 3}
    controlled = seeded.scalars(select(Prescription).where(Prescription.schedule_class > 0)).all()
    assert [each.display.split()[0] for each in controlled] == ["oxycodone"]


def test_a_refill_is_asked_for_and_somebody_owns_it(seeded: Session) -> None:
    """The open request has a task whose deadline is still ahead."""
    request = seeded.scalars(select(RefillRequest)).one()
    assert (request.patient_id, request.status) == (born(seeded, "1983-04-27").id, "open")
    task = seeded.get_one(StaffTask, request.task_id)
    assert task.due_at > NOON


def test_the_child_has_a_proxy_on_the_same_telephone(seeded: Session) -> None:
    """And the grant ends when the child is grown up."""
    grant = seeded.scalars(select(ProxyGrant)).one()
    assert grant.patient_id == born(seeded, "2012-02-02").id
    assert grant.proxy_patient_id == born(seeded, "1962-07-19").id
    assert grant.valid_to == datetime(2030, 2, 2, tzinfo=UTC)


def test_one_opted_out_one_has_a_landline_one_is_a_safe_contact(seeded: Session) -> None:
    """Each of the three has its telephone and its mark."""
    numbers = {
        each.e164: (each.line_type, consent.may_text(seeded, each.id, "reminders"))
        for each in seeded.scalars(select(Phone))
    }
    assert numbers.pop("+12025550198") == ("mobile", False)
    assert numbers.pop("+12025550111") == ("landline", True)
    assert set(numbers.values()) == {("mobile", True)}
    safe = seeded.scalars(select(Patient).where(Patient.safe_contact)).one()
    assert (safe.birth_date, safe.text_level) == ("1990-06-06", 0)


def _rows(session: Session) -> dict[str, Any]:
    """Return how many rows there are of each kind, and where the visits lie."""
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }
    visits = session.execute(select(Appointment.id, Appointment.starts_at, Appointment.status))
    claims = session.execute(select(Claim.opening_id, Claim.appointment_id))
    return {
        **counts,
        "visits": {tuple(row) for row in visits},
        "claims": {tuple(row) for row in claims},
    }


@pytest.mark.usefixtures("engine")
def test_seeding_twice_is_seeding_once() -> None:
    """On both databases, the second time changes no row."""
    with transaction() as session:
        demo.seed(session, NOON)
    with transaction() as session:
        before = _rows(session)
        demo.seed(session, NOON)
        assert _rows(session) == before


def test_what_was_tried_out_is_undone(seeded: Session) -> None:
    """A cancelled visit, a lock-out, a changed PIN, an opt-in: the table stands again."""
    before = _rows(seeded)
    kim = born(seeded, "1939-06-08")
    seeded.execute(delete(Claim).where(Claim.patient_id == kim.id))
    seeded.execute(
        update(Appointment).where(Appointment.patient_id == kim.id).values(status="cancelled")
    )
    kim.pin_hash = None
    count(seeded, [patient_subject(kim.id)], at=NOON)
    phone = seeded.scalars(
        select(PatientPhone.phone_id).where(PatientPhone.patient_id == kim.id)
    ).one()
    consent.opt_in(seeded, phone, source="text", at=NOON)
    seeded.execute(update(RefillRequest).values(status="filled"))
    clinic = seeded.get_one(Clinic, kim.clinic_id)
    chosen = _booked(seeded)[0]
    testing.add(
        seeded,
        Hold(
            patient_id=kim.id,
            conversation_id=testing.conversation(seeded, clinic).id,
            clinician_id=chosen.clinician_id,
            clinic_id=clinic.id,
            visit_type_id=chosen.visit_type_id,
            moves_id=chosen.id,
            moves_version=chosen.version,
            starts_at=chosen.starts_at,
            ends_at=chosen.ends_at,
            expires_at=NOON,
        ),
    )

    demo.seed(seeded, NOON + timedelta(minutes=1))

    after = _rows(seeded)
    assert after.pop("consent_event") == before.pop("consent_event") + 2
    assert after.pop("conversation") == before.pop("conversation") + 1
    assert after == before
    assert matching([born(seeded, "1939-06-08").pin_hash], "827405") == [0]
    assert not consent.may_text(seeded, phone, "reminders")
    assert seeded.scalars(select(Lockout)).all() == []
    test_a_refill_is_asked_for_and_somebody_owns_it(seeded)


def test_a_visit_is_found_a_place_when_its_time_was_taken(seeded: Session) -> None:
    """Somebody else's booking is never pushed out: the demo's visit gets a second seat."""
    at = NOON + timedelta(days=4)
    rivera = seeded.scalars(select(Clinician).where(Clinician.display.contains("Rivera"))).one()
    day = at.date() + timedelta(days=10)
    wanted = datetime.combine(day, time(9, 30), ZoneInfo("America/New_York"))
    clinic = seeded.scalars(select(Clinic).where(Clinic.code == "main")).one()
    opening = testing.add(
        seeded,
        Opening(
            clinician_id=rivera.id,
            clinic_id=clinic.id,
            starts_at=wanted,
            ends_at=wanted + timedelta(minutes=15),
            local_date=day,
            local_start=time(9, 30),
            seat=9,
        ),
    )
    block = {"kind": "block", "reason": "painting"}
    testing.add(seeded, Claim(opening_id=opening.id, starts_at=wanted, **block))
    demo.seed(seeded, at)
    assert seeded.get_one(Claim, opening.id).kind == "block"
    assert [each.starts_at for each in _ahead(seeded, "1948-11-21")] == [wanted]


def test_start_up_leaves_what_is_still_ahead(seeded: Session) -> None:
    """While the visits are ahead, only openings are added."""
    moved = update(Appointment).values(confirmed_at=NOON)
    seeded.execute(moved)
    done = demo.refresh(seeded, NOON + timedelta(hours=20))
    assert not done.seeded
    assert str(done) == f"{done.openings} openings made" or not done.openings
    assert set(seeded.scalars(select(Appointment.confirmed_at))) == {NOON}


def test_start_up_seeds_again_when_the_visits_are_past(seeded: Session) -> None:
    """Days later the demo is as new, said so, with every visit ahead again."""
    at = NOON + timedelta(days=30)
    done = demo.refresh(seeded, at)
    assert done.seeded
    assert "as new" in str(done)
    ahead = [each.starts_at for each in _booked(seeded)]
    assert len(ahead) == 6
    assert min(ahead) > at
    assert not demo.refresh(seeded, at).seeded


@pytest.mark.usefixtures("database")
def test_start_up_seeds_what_is_new_and_spares_a_real_clinic() -> None:
    """An empty database gets the demo; one with other clinics gets nobody invented."""
    with transaction() as session:
        testing.clinic(session)
    with transaction() as session:
        assert not demo.refresh(session, NOON).seeded
        assert session.scalars(select(Patient)).all() == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 10, 29, 15, tzinfo=UTC),
        datetime(2027, 3, 11, 4, 30, tzinfo=UTC),
        datetime(2026, 12, 24, 23, 59, tzinfo=UTC),
        datetime(2028, 2, 28, 7, tzinfo=UTC),
    ],
)
def test_any_day_is_a_day_to_seed(at: datetime) -> None:
    """Across changes of the clocks, holidays, midnights between the zones, and leap days."""
    with transaction() as session:
        demo.seed(session, at)
        for code, iso, ahead in (("main", "1957-03-05", 3), ("west", "1939-06-08", 1)):
            clinic = session.scalars(select(Clinic).where(Clinic.code == code)).one()
            visit = _ahead(session, iso)[0]
            today = at.astimezone(ZoneInfo(clinic.tz)).date()
            assert visit.local_date == today + timedelta(days=ahead)
            there = visit.starts_at.astimezone(ZoneInfo(clinic.tz))
            assert (there.date(), there.time()) == (visit.local_date, visit.local_start)
        assert session.scalars(select(Audit)).all() == []
        assert len(session.scalars(select(ConsentEvent)).all()) == 1
