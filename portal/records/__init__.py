"""The portal's records. Every class is imported from here."""

from portal.records.calendar import Appointment, Claim, Hold, Opening
from portal.records.clinical import (
    DrugAlias,
    LabResult,
    Prescription,
    RefillRequest,
    ReleaseRule,
)
from portal.records.control import Audit, AuditSeal, EhrLink, Idempotency
from portal.records.conversation import Conversation, Turn, Voicemail
from portal.records.desk import Message, StaffDuty, StaffMember, StaffTask
from portal.records.order import order_inserts
from portal.records.people import ContactChange, Patient, PatientPhone, Phone, ProxyGrant
from portal.records.places import (
    Clinic,
    ClinicClosing,
    ClinicHours,
    Clinician,
    ClinicianLeave,
    ScheduleTemplate,
    VisitType,
)
from portal.records.proof import Lockout, OneTimeCode, ProofAttempt
from portal.records.sending import ConsentEvent, Delivery, Outbox, Tick

__all__ = [
    "Appointment",
    "Audit",
    "AuditSeal",
    "Claim",
    "Clinic",
    "ClinicClosing",
    "ClinicHours",
    "Clinician",
    "ClinicianLeave",
    "ConsentEvent",
    "ContactChange",
    "Conversation",
    "Delivery",
    "DrugAlias",
    "EhrLink",
    "Hold",
    "Idempotency",
    "LabResult",
    "Lockout",
    "Message",
    "OneTimeCode",
    "Opening",
    "Outbox",
    "Patient",
    "PatientPhone",
    "Phone",
    "Prescription",
    "ProofAttempt",
    "ProxyGrant",
    "RefillRequest",
    "ReleaseRule",
    "ScheduleTemplate",
    "StaffDuty",
    "StaffMember",
    "StaffTask",
    "Tick",
    "Turn",
    "VisitType",
    "Voicemail",
]

order_inserts()
