"""A clinic with one patient, a call from their telephone, and a chart to hear results from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from portal import testing
from portal.pins import hash_pin
from tests.portal.charts import Chart

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.records import Clinic, Conversation, Patient, Phone

PIN, WRONG = "730264", "730265"
BORN = date(1950, 3, 14)


@pytest.fixture
def clinic(session: Session) -> Clinic:
    """Return a clinic."""
    return testing.clinic(session)


@pytest.fixture
def phone(session: Session) -> Phone:
    """Return a telephone on file for :func:`patient`."""
    return testing.phone(session)


@pytest.fixture
def patient(session: Session, clinic: Clinic, phone: Phone) -> Patient:
    """Return a patient with a PIN."""
    return testing.patient(session, clinic, phone, born=BORN, pin_hash=hash_pin(PIN))


@pytest.fixture
def call(session: Session, clinic: Clinic, phone: Phone) -> Conversation:
    """Return a call from the patient's telephone."""
    return testing.conversation(session, clinic, phone)


@pytest.fixture
def chart(session: Session) -> Chart:
    """Return a chart without results."""
    return Chart(session)
