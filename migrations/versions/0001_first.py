# ruff: noqa: INP001 - Alembic loads it by its path
"""The first schema: every table of the records, and triggers that keep evidence as it is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
APPEND_ONLY = ("audit", "audit_seal", "consent_event")


def forbid_changes(table: str) -> None:
    """Let rows of ``table`` only be added, whoever is connected and by whatever program."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def make_append_only() -> None:
    """Make the tables that are evidence append-only; the refusal is an integrity error."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table in APPEND_ONLY:
        forbid_changes(table)


def one_of(name: str, *values: str) -> sa.Enum:
    """Return VARCHAR with a CHECK: the same on both databases, and easily widened."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Return a foreign key to another table's id that keeps the row it points at."""
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def where(condition: str) -> dict[str, Any]:
    """Return what makes an index partial."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table
    """Create everything, in the order of the foreign keys."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column(
            "actor_kind",
            one_of(
                "actor_kind", "caller", "patient", "proxy", "staff", "line", "carrier", "system"
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=True),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_conversation", "audit", ["conversation_id"])
    op.create_index("ix_audit_patient", "audit", ["patient_id", "at"])
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("to_at", INSTANT, nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("from_at", name=op.f("uq_audit_seal_from_at")),
    )
    op.create_table(
        "clinic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text_safe_name", sa.String(), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("front_desk", sa.String(), nullable=True),
        sa.Column("nurse_line", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("grid_minutes", sa.Integer(), nullable=False),
        sa.Column("locale_default", sa.String(), nullable=False),
        sa.Column("results_usual_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "phone LIKE '+%' AND length(phone) BETWEEN 8 AND 16",
            name=op.f("ck_clinic_phone_is_e164"),
        ),
        sa.CheckConstraint(
            "grid_minutes IN (5, 10, 15, 20, 30)", name=op.f("ck_clinic_grid_minutes")
        ),
        sa.CheckConstraint("results_usual_days > 0", name=op.f("ck_clinic_results_usual_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("code", name=op.f("uq_clinic_code")),
        sa.UniqueConstraint("phone", name=op.f("uq_clinic_phone")),
    )
    op.create_table(
        "drug_alias",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rxnorm", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drug_alias")),
        sa.UniqueConstraint(
            "rxnorm", "locale", "alias", name=op.f("uq_drug_alias_rxnorm_locale_alias")
        ),
    )
    op.create_table(
        "ehr_link",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("local_id", sa.Uuid(), nullable=False),
        sa.Column("remote", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "local_id", name=op.f("pk_ehr_link")),
        sa.UniqueConstraint("kind", "remote", name=op.f("uq_ehr_link_kind_remote")),
    )
    op.create_table(
        "lockout",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_from", INSTANT, nullable=False),
        sa.Column("locked_until", INSTANT, nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_lockout_failures")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_lockout")),
    )
    op.create_table(
        "phone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("e164", sa.LargeBinary(), nullable=False),
        sa.Column("e164_bidx", sa.LargeBinary(), nullable=False),
        sa.Column(
            "line_type", one_of("line_type", "mobile", "landline", "unknown"), nullable=False
        ),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone")),
        sa.UniqueConstraint("e164_bidx", name=op.f("uq_phone_e164_bidx")),
    )
    op.create_table(
        "release_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", one_of("state", "unfinished", "finished"), nullable=True),
        sa.Column("sensitivity", one_of("sensitivity", "none", "sensitive"), nullable=True),
        sa.Column("released", sa.Boolean(), nullable=True),
        sa.Column("flag", one_of("flag", "normal", "abnormal"), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("loinc", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column(
            "says",
            one_of(
                "says",
                "not_back",
                "back_unreviewed",
                "normal",
                "clinician_will_call",
                "care_team_message",
            ),
            nullable=False,
        ),
        sa.Column("texts", one_of("texts", "message", "nothing"), nullable=False),
        sa.Column("delay_hours", sa.Integer(), nullable=False),
        sa.CheckConstraint("delay_hours >= 0", name=op.f("ck_release_rule_delay_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_rule")),
        sa.UniqueConstraint("rank", name=op.f("uq_release_rule_rank")),
    )
    op.create_table(
        "staff_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("email_ci", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("email_ci", name=op.f("uq_staff_member_email_ci")),
    )
    op.create_table(
        "tick",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("job", "due", name=op.f("pk_tick")),
    )
    op.create_table(
        "visit_type",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("phone_bookable", sa.Boolean(), nullable=False),
        sa.Column("modality", one_of("modality", "in_person", "phone", "video"), nullable=False),
        sa.CheckConstraint(
            "minutes > 0 AND minutes % 5 = 0", name=op.f("ck_visit_type_minutes_in_fives")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_type")),
        sa.UniqueConstraint("code", name=op.f("uq_visit_type_code")),
    )
    op.create_table(
        "clinic_closing",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        refers("clinic_closing", "clinic_id", "clinic"),
        sa.PrimaryKeyConstraint("clinic_id", "on", name=op.f("pk_clinic_closing")),
    )
    op.create_table(
        "clinic_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("closes > opens", name=op.f("ck_clinic_hours_closes_after_it_opens")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_clinic_hours_weekday")),
        refers("clinic_hours", "clinic_id", "clinic"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_hours")),
        sa.UniqueConstraint(
            "clinic_id", "weekday", "opens", name=op.f("uq_clinic_hours_clinic_id_weekday_opens")
        ),
    )
    op.create_table(
        "clinician",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("display", sa.String(), nullable=False),
        sa.Column("npi", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        refers("clinician", "staff_id", "staff_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinician")),
        sa.UniqueConstraint("npi", name=op.f("uq_clinician_npi")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_clinician_staff_id")),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        refers("consent_event", "phone_id", "phone"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    op.create_index("ix_consent_event_phone", "consent_event", ["phone_id", "purpose", "at"])
    op.create_table(
        "staff_duty",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            one_of(
                "role",
                "front_desk",
                "nurse",
                "clinician",
                "pharmacist",
                "interpreter",
                "lead",
                "privacy",
                "admin",
            ),
            nullable=False,
        ),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        refers("staff_duty", "clinic_id", "clinic"),
        refers("staff_duty", "member_id", "staff_member"),
        sa.PrimaryKeyConstraint("member_id", "role", "clinic_id", name=op.f("pk_staff_duty")),
    )
    op.create_table(
        "clinician_leave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_clinician_leave_ends_after_it_starts")
        ),
        refers("clinician_leave", "clinician_id", "clinician"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinician_leave")),
    )
    op.create_index("ix_clinician_leave_clinician_id", "clinician_leave", ["clinician_id"])
    op.create_table(
        "opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("local_start", sa.Time(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_opening_ends_after_it_starts")),
        sa.CheckConstraint("seat > 0", name=op.f("ck_opening_seat")),
        refers("opening", "clinic_id", "clinic"),
        refers("opening", "clinician_id", "clinician"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint(
            "clinician_id", "starts_at", "seat", name=op.f("uq_opening_clinician_id_starts_at_seat")
        ),
        sa.UniqueConstraint("id", "starts_at", name=op.f("uq_opening_id_starts_at")),
    )
    op.create_index("ix_opening_day", "opening", ["clinic_id", "local_date", "clinician_id"])
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mrn", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date_bidx", sa.LargeBinary(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.LargeBinary(), nullable=True),
        sa.Column("pin_set_at", INSTANT, nullable=True),
        sa.Column("text_level", sa.Integer(), nullable=False),
        sa.Column("safe_contact", sa.Boolean(), nullable=False),
        sa.Column("voice_pace", one_of("voice_pace", "normal", "slow"), nullable=False),
        sa.Column("contact_by", one_of("contact_by", "call", "text"), nullable=True),
        sa.Column("wants_reminders", sa.Boolean(), nullable=False),
        sa.Column("needs_interpreter", sa.Boolean(), nullable=False),
        sa.Column("preferred_clinician_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("tz", sa.String(), nullable=True),
        sa.Column("origin", one_of("origin", "phone", "text", "desk", "portal"), nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("text_level BETWEEN 0 AND 2", name=op.f("ck_patient_text_level")),
        refers("patient", "clinic_id", "clinic"),
        refers("patient", "preferred_clinician_id", "clinician"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("mrn", name=op.f("uq_patient_mrn")),
    )
    op.create_index("ix_patient_birth_date_bidx", "patient", ["birth_date_bidx"])
    op.create_table(
        "schedule_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("local_start", sa.Time(), nullable=False),
        sa.Column("local_end", sa.Time(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "local_end > local_start", name=op.f("ck_schedule_template_ends_after_it_starts")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_schedule_template_seats")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_schedule_template_weekday")),
        refers("schedule_template", "clinic_id", "clinic"),
        refers("schedule_template", "clinician_id", "clinician"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_template")),
        sa.UniqueConstraint(
            "clinician_id",
            "clinic_id",
            "weekday",
            "local_start",
            "valid_from",
            name=op.f("uq_schedule_template_clinician_id_clinic_id_weekday_local_start_valid_from"),
        ),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("visit_type_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            one_of(
                "status",
                "booked",
                "arrived",
                "checked_in",
                "fulfilled",
                "proposed",
                "pending",
                "cancelled",
                "noshow",
                "entered_in_error",
            ),
            nullable=False,
        ),
        sa.Column(
            "holds_time",
            sa.Boolean(),
            sa.Computed(
                "status IN ('booked', 'arrived', 'checked_in', 'fulfilled')", persisted=True
            ),
            nullable=False,
        ),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("local_start", sa.Time(), nullable=False),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("ehr_ref", sa.String(), nullable=True),
        sa.Column("ehr_etag", sa.String(), nullable=True),
        sa.Column("origin", one_of("origin", "phone", "text", "desk", "portal"), nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cancel_reason IS NULL OR status IN ('cancelled', 'noshow')",
            name=op.f("ck_appointment_reason_only_if_cancelled"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointment_ends_after_it_starts")),
        refers("appointment", "clinic_id", "clinic"),
        refers("appointment", "clinician_id", "clinician"),
        refers("appointment", "patient_id", "patient"),
        refers("appointment", "replaces_id", "appointment"),
        refers("appointment", "visit_type_id", "visit_type"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("ehr_ref", name=op.f("uq_appointment_ehr_ref")),
        sa.UniqueConstraint("id", "holds_time", name=op.f("uq_appointment_id_holds_time")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_appointment_replaces_id")),
    )
    op.create_index("ix_appointment_clinic", "appointment", ["clinic_id", "starts_at"])
    op.create_index("ix_appointment_patient", "appointment", ["patient_id", "starts_at"])
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", one_of("channel", "voice", "sms"), nullable=False),
        sa.Column("provider_sid", sa.String(), nullable=False),
        sa.Column("direction", one_of("direction", "inbound", "outbound"), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("proxy_for", sa.Uuid(), nullable=True),
        sa.Column("assurance", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("next_turn", sa.Integer(), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("lease_by", sa.String(), nullable=True),
        sa.Column("silences", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("flow", sa.String(), nullable=True),
        sa.Column("pace", one_of("pace", "normal", "slow"), nullable=False),
        sa.Column("bot_version", sa.String(), nullable=True),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("assurance BETWEEN 0 AND 3", name=op.f("ck_conversation_assurance")),
        sa.CheckConstraint("next_turn > 0", name=op.f("ck_conversation_next_turn")),
        refers("conversation", "clinic_id", "clinic"),
        refers("conversation", "patient_id", "patient"),
        refers("conversation", "phone_id", "phone"),
        refers("conversation", "proxy_for", "patient"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("provider_sid", name=op.f("uq_conversation_provider_sid")),
    )
    op.create_index("ix_conversation_clinic", "conversation", ["clinic_id", "started_at"])
    op.create_index("ix_conversation_patient", "conversation", ["patient_id", "started_at"])
    op.create_index("ix_conversation_phone", "conversation", ["phone_id", "started_at"])
    op.create_table(
        "lab_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("loinc", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column(
            "status",
            one_of(
                "status",
                "registered",
                "partial",
                "preliminary",
                "final",
                "amended",
                "corrected",
                "appended",
                "cancelled",
                "entered_in_error",
            ),
            nullable=False,
        ),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("flag", one_of("flag", "normal", "abnormal"), nullable=True),
        sa.Column("ok_to_voice", sa.Boolean(), nullable=False),
        sa.Column("sensitivity", one_of("sensitivity", "none", "sensitive"), nullable=False),
        sa.Column("collected_at", INSTANT, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=True),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.Column("release_at", INSTANT, nullable=True),
        sa.Column("note_key", sa.String(), nullable=True),
        sa.Column("ehr_ref", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "release_at IS NULL OR status IN ('final', 'amended', 'corrected', 'appended')",
            name=op.f("ck_lab_result_released_if_final"),
        ),
        refers("lab_result", "clinician_id", "clinician"),
        refers("lab_result", "patient_id", "patient"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_result")),
        sa.UniqueConstraint("ehr_ref", name=op.f("uq_lab_result_ehr_ref")),
    )
    op.create_index("ix_lab_result_patient", "lab_result", ["patient_id", "collected_at"])
    op.create_table(
        "patient_phone",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column(
            "relation",
            one_of("relation", "self", "parent", "guardian", "caregiver", "household"),
            nullable=False,
        ),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("verified_at", INSTANT, nullable=True),
        refers("patient_phone", "patient_id", "patient"),
        refers("patient_phone", "phone_id", "phone"),
        sa.PrimaryKeyConstraint("patient_id", "phone_id", name=op.f("pk_patient_phone")),
    )
    op.create_index("ix_patient_phone_phone_id", "patient_phone", ["phone_id"])
    op.create_index(
        "uq_patient_phone_primary",
        "patient_phone",
        ["patient_id"],
        unique=True,
        **where("is_primary"),
    )
    op.create_table(
        "prescription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("rxnorm", sa.String(), nullable=False),
        sa.Column("display", sa.LargeBinary(), nullable=False),
        sa.Column("directions", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            one_of(
                "status",
                "active",
                "on_hold",
                "cancelled",
                "completed",
                "entered_in_error",
                "stopped",
                "draft",
                "unknown",
            ),
            nullable=False,
        ),
        sa.Column("schedule_class", sa.Integer(), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("transferred", sa.Boolean(), nullable=False),
        sa.Column("refills_allowed", sa.Integer(), nullable=False),
        sa.Column("fills_done", sa.Integer(), nullable=False),
        sa.Column(
            "last_fill",
            one_of(
                "last_fill",
                "preparation",
                "in_progress",
                "on_hold",
                "completed",
                "stopped",
                "declined",
            ),
            nullable=True,
        ),
        sa.Column("last_filled_at", INSTANT, nullable=True),
        sa.Column("valid_until", INSTANT, nullable=True),
        sa.Column("pharmacy", sa.String(), nullable=True),
        sa.Column("ehr_ref", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "refills_allowed >= 0 AND fills_done >= 0", name=op.f("ck_prescription_counts")
        ),
        sa.CheckConstraint(
            "schedule_class BETWEEN 0 AND 5", name=op.f("ck_prescription_schedule_class")
        ),
        refers("prescription", "clinician_id", "clinician"),
        refers("prescription", "patient_id", "patient"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription")),
        sa.UniqueConstraint("ehr_ref", name=op.f("uq_prescription_ehr_ref")),
    )
    op.create_index("ix_prescription_patient", "prescription", ["patient_id"])
    op.create_table(
        "proxy_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("proxy_patient_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_to", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "patient_id <> proxy_patient_id", name=op.f("ck_proxy_grant_not_oneself")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from",
            name=op.f("ck_proxy_grant_ends_after_it_starts"),
        ),
        refers("proxy_grant", "patient_id", "patient"),
        refers("proxy_grant", "proxy_patient_id", "patient"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy_grant")),
    )
    op.create_index("ix_proxy_grant_proxy_patient_id", "proxy_grant", ["proxy_patient_id"])
    op.create_index(
        "uq_proxy_grant_live",
        "proxy_grant",
        ["patient_id", "proxy_patient_id"],
        unique=True,
        **where("revoked_at IS NULL"),
    )
    op.create_table(
        "claim",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("kind", one_of("kind", "appointment", "hold", "block"), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("holds_time", sa.Boolean(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'appointment') = (appointment_id IS NOT NULL)",
            name=op.f("ck_claim_visit_has_appointment"),
        ),
        sa.CheckConstraint(
            "(kind = 'block') = (reason IS NOT NULL)", name=op.f("ck_claim_block_has_reason")
        ),
        sa.CheckConstraint(
            "(kind = 'hold') = (expires_at IS NOT NULL)", name=op.f("ck_claim_hold_expires")
        ),
        sa.CheckConstraint(
            "kind <> 'hold' OR conversation_id IS NOT NULL", name=op.f("ck_claim_who_holds")
        ),
        sa.CheckConstraint("kind = 'block' OR patient_id IS NOT NULL", name=op.f("ck_claim_whose")),
        sa.CheckConstraint("holds_time", name=op.f("ck_claim_holds_time")),
        sa.ForeignKeyConstraint(
            ["appointment_id", "holds_time"],
            ["appointment.id", "appointment.holds_time"],
            name="fk_claim_appointment",
            ondelete="RESTRICT",
        ),
        refers("claim", "conversation_id", "conversation"),
        sa.ForeignKeyConstraint(
            ["opening_id", "starts_at"],
            ["opening.id", "opening.starts_at"],
            name="fk_claim_opening",
            ondelete="RESTRICT",
        ),
        refers("claim", "patient_id", "patient"),
        sa.PrimaryKeyConstraint("opening_id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_appointment", "claim", ["appointment_id"])
    op.create_index("ix_claim_conversation", "claim", ["conversation_id"])
    op.create_index(
        "uq_claim_patient_starts",
        "claim",
        ["patient_id", "starts_at"],
        unique=True,
        **where("kind = 'appointment'"),
    )
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", one_of("status", "claimed", "done"), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        refers("idempotency", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency")),
    )
    op.create_index("ix_idempotency_conversation", "idempotency", ["conversation_id"])
    op.create_index("ix_idempotency_expires", "idempotency", ["expires_at"])
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "expires_at > sent_at", name=op.f("ck_one_time_code_expires_after_sent")
        ),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_one_time_code_failures")),
        refers("one_time_code", "conversation_id", "conversation"),
        refers("one_time_code", "patient_id", "patient"),
        refers("one_time_code", "phone_id", "phone"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    op.create_index(
        "ix_one_time_code_conversation", "one_time_code", ["conversation_id", "sent_at"]
    )
    op.create_index("ix_one_time_code_patient", "one_time_code", ["patient_id", "sent_at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", one_of("kind", "text", "call"), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("available_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("lease_by", sa.String(), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("dead_at", INSTANT, nullable=True),
        sa.Column("provider_sid", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
        sa.CheckConstraint("done_at IS NULL OR dead_at IS NULL", name=op.f("ck_outbox_one_end")),
        refers("outbox", "clinic_id", "clinic"),
        refers("outbox", "conversation_id", "conversation"),
        refers("outbox", "patient_id", "patient"),
        refers("outbox", "phone_id", "phone"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index("ix_outbox_phone", "outbox", ["phone_id", "available_at"])
    op.create_index("ix_outbox_provider_sid", "outbox", ["provider_sid"])
    op.create_index(
        "ix_outbox_ready",
        "outbox",
        ["priority", "available_at"],
        **where("done_at IS NULL AND dead_at IS NULL"),
    )
    op.create_table(
        "proof_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column(
            "factor",
            one_of("factor", "birth_date", "birth_year", "pin", "code", "call_back", "staff"),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            one_of("outcome", "proved", "no_match", "locked", "expired", "ambiguous"),
            nullable=False,
        ),
        sa.Column("at", INSTANT, nullable=False),
        refers("proof_attempt", "conversation_id", "conversation"),
        refers("proof_attempt", "patient_id", "patient"),
        refers("proof_attempt", "phone_id", "phone"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_attempt")),
    )
    op.create_index("ix_proof_attempt_conversation", "proof_attempt", ["conversation_id"])
    op.create_index("ix_proof_attempt_patient_at", "proof_attempt", ["patient_id", "at"])
    op.create_index("ix_proof_attempt_phone_at", "proof_attempt", ["phone_id", "at"])
    op.create_table(
        "staff_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            one_of("status", "open", "claimed", "answered", "closed", "cancelled"),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("first_response_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("escalated_level", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status NOT IN ('claimed', 'answered') OR claimed_by IS NOT NULL",
            name=op.f("ck_staff_task_claimed_by"),
        ),
        sa.CheckConstraint("due_at > created_at", name=op.f("ck_staff_task_due_after_created")),
        refers("staff_task", "claimed_by", "staff_member"),
        refers("staff_task", "clinic_id", "clinic"),
        refers("staff_task", "conversation_id", "conversation"),
        refers("staff_task", "patient_id", "patient"),
        refers("staff_task", "phone_id", "phone"),
        refers("staff_task", "result_id", "lab_result"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_task")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_staff_task_dedupe_key")),
    )
    op.create_index("ix_staff_task_conversation", "staff_task", ["conversation_id"])
    op.create_index(
        "ix_staff_task_open",
        "staff_task",
        ["clinic_id", "due_at"],
        **where("status IN ('open', 'claimed')"),
    )
    op.create_index("ix_staff_task_patient", "staff_task", ["patient_id"])
    op.create_index("ix_staff_task_result", "staff_task", ["result_id"])
    op.create_table(
        "turn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("speaker", one_of("speaker", "caller", "line"), nullable=False),
        sa.Column("provider_sid", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("prompts", sa.LargeBinary(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_turn_confidence")),
        sa.CheckConstraint("number > 0", name=op.f("ck_turn_number")),
        refers("turn", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint(
            "conversation_id",
            "number",
            "speaker",
            name=op.f("uq_turn_conversation_id_number_speaker"),
        ),
        sa.UniqueConstraint("provider_sid", name=op.f("uq_turn_provider_sid")),
    )
    op.create_index("ix_turn_at", "turn", ["at"])
    op.create_table(
        "contact_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("field", one_of("field", "phone", "address", "name", "locale"), nullable=False),
        sa.Column("proposed", sa.LargeBinary(), nullable=False),
        sa.Column("status", one_of("status", "proposed", "applied", "refused"), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("takes_effect_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("origin", one_of("origin", "phone", "text", "desk", "portal"), nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status = 'proposed' OR decided_at IS NOT NULL",
            name=op.f("ck_contact_change_decided_when"),
        ),
        refers("contact_change", "conversation_id", "conversation"),
        refers("contact_change", "decided_by", "staff_member"),
        refers("contact_change", "patient_id", "patient"),
        refers("contact_change", "task_id", "staff_task"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_change")),
    )
    op.create_index("ix_contact_change_patient_id", "contact_change", ["patient_id"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        sa.Column("provider_sid", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        refers("delivery", "outbox_id", "outbox"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("provider_sid", "status", name=op.f("uq_delivery_provider_sid_status")),
    )
    op.create_index("ix_delivery_outbox_id", "delivery", ["outbox_id"])
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("direction", one_of("direction", "from_patient", "to_patient"), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("wording", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("ehr_ref", sa.String(), nullable=True),
        sa.Column("origin", one_of("origin", "phone", "text", "desk", "portal"), nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.CheckConstraint(
            "direction = 'from_patient' OR staff_id IS NOT NULL OR wording IS NOT NULL",
            name=op.f("ck_message_who_wrote_it"),
        ),
        refers("message", "conversation_id", "conversation"),
        refers("message", "patient_id", "patient"),
        refers("message", "staff_id", "staff_member"),
        refers("message", "task_id", "staff_task"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("ehr_ref", name=op.f("uq_message_ehr_ref")),
    )
    op.create_index("ix_message_patient", "message", ["patient_id", "at"])
    op.create_index("ix_message_thread", "message", ["thread_id", "at"])
    op.create_table(
        "refill_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("prescription_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("kind", one_of("kind", "refill", "renewal"), nullable=False),
        sa.Column(
            "status",
            one_of("status", "open", "approved", "filled", "denied", "cancelled"),
            nullable=False,
        ),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reason_key", sa.String(), nullable=True),
        sa.Column("doses_left", sa.Integer(), nullable=True),
        sa.Column("ehr_ref", sa.String(), nullable=True),
        sa.Column("origin", one_of("origin", "phone", "text", "desk", "portal"), nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        refers("refill_request", "conversation_id", "conversation"),
        refers("refill_request", "decided_by", "staff_member"),
        refers("refill_request", "patient_id", "patient"),
        refers("refill_request", "prescription_id", "prescription"),
        refers("refill_request", "task_id", "staff_task"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refill_request")),
        sa.UniqueConstraint("ehr_ref", name=op.f("uq_refill_request_ehr_ref")),
    )
    op.create_index("ix_refill_request_patient", "refill_request", ["patient_id"])
    op.create_index(
        "uq_refill_request_open",
        "refill_request",
        ["prescription_id"],
        unique=True,
        **where("status IN ('open', 'approved')"),
    )
    op.create_table(
        "voicemail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("recording_sid", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("audio", sa.LargeBinary(), nullable=True),
        sa.Column("transcript", sa.LargeBinary(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("heard_by", sa.Uuid(), nullable=True),
        sa.Column("heard_at", INSTANT, nullable=True),
        sa.Column("erased_at", INSTANT, nullable=True),
        refers("voicemail", "clinic_id", "clinic"),
        refers("voicemail", "conversation_id", "conversation"),
        refers("voicemail", "heard_by", "staff_member"),
        refers("voicemail", "patient_id", "patient"),
        refers("voicemail", "phone_id", "phone"),
        refers("voicemail", "task_id", "staff_task"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voicemail")),
        sa.UniqueConstraint("recording_sid", name=op.f("uq_voicemail_recording_sid")),
    )
    op.create_index("ix_voicemail_conversation_id", "voicemail", ["conversation_id"])
    make_append_only()


def downgrade() -> None:
    """Drop everything."""
    tables = sa.MetaData()
    tables.reflect(op.get_bind())
    tables.remove(tables.tables["alembic_version"])
    tables.drop_all(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
