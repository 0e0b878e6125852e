# ruff: noqa: INP001 - Alembic loads it by its path
"""Holds with what they are for, references of visits, and the rules of booking."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them."""
    add_rules_of_clinics()
    add_rules_of_visit_types()
    op.add_column("appointment", sa.Column("reference", sa.String(), nullable=True))
    op.add_column("appointment", sa.Column("hold_id", sa.Uuid(), nullable=True))
    op.create_index("uq_appointment_reference", "appointment", ["reference"], unique=True)
    op.create_index("uq_appointment_hold", "appointment", ["hold_id"], unique=True)
    create_holds()


def add_rules_of_clinics() -> None:
    """Add what a clinic keeps: its notice of a cancellation, and its holidays."""
    with op.batch_alter_table("clinic") as batch:
        batch.add_column(number("late_cancel_hours", 24))
        batch.add_column(sa.Column("holidays", sa.JSON(), nullable=False, server_default="[]"))
        batch.create_check_constraint(op.f("ck_clinic_late_cancel_hours"), "late_cancel_hours >= 0")


def add_rules_of_visit_types() -> None:
    """Add when a kind of visit may be booked, and what to bring to it."""
    with op.batch_alter_table("visit_type") as batch:
        batch.add_column(sa.Column("bring_key", sa.String(), nullable=True))
        batch.add_column(number("notice_minutes", 60))
        batch.add_column(number("days_ahead", 60))
        batch.add_column(number("place", 1))
        batch.create_check_constraint(op.f("ck_visit_type_notice_minutes"), "notice_minutes >= 0")
        batch.create_check_constraint(op.f("ck_visit_type_days_ahead"), "days_ahead > 0")


def number(name: str, default: int) -> sa.Column[int]:
    """Return a column of whole numbers; rows that are there get ``default``."""
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


def create_holds() -> None:
    """Create the table of what callers have chosen and not yet confirmed."""
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("clinician_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("visit_type_id", sa.Uuid(), nullable=False),
        sa.Column("moves_id", sa.Uuid(), nullable=True),
        sa.Column("moves_version", sa.Integer(), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_hold_ends_after_it_starts")),
        sa.CheckConstraint(
            "(moves_id IS NULL) = (moves_version IS NULL)", name=op.f("ck_hold_moves_a_version")
        ),
        *(refers(column, table) for column, table in HOLD_REFERS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_hold_conversation_id")),
    )
    op.create_index("ix_hold_patient", "hold", ["patient_id", "expires_at"])


HOLD_REFERS = {
    "patient_id": "patient",
    "conversation_id": "conversation",
    "clinician_id": "clinician",
    "clinic_id": "clinic",
    "visit_type_id": "visit_type",
    "moves_id": "appointment",
}


def refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    """Return the foreign key of a hold's column, named as the records name it."""
    name = op.f(f"fk_hold_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="RESTRICT")


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("hold")
    op.drop_index("uq_appointment_hold", "appointment")
    op.drop_index("uq_appointment_reference", "appointment")
    op.drop_column("appointment", "hold_id")
    op.drop_column("appointment", "reference")
    with op.batch_alter_table("visit_type") as batch:
        batch.drop_constraint(op.f("ck_visit_type_notice_minutes"), type_="check")
        batch.drop_constraint(op.f("ck_visit_type_days_ahead"), type_="check")
        for column in ("place", "days_ahead", "notice_minutes", "bring_key"):
            batch.drop_column(column)
    with op.batch_alter_table("clinic") as batch:
        batch.drop_constraint(op.f("ck_clinic_late_cancel_hours"), type_="check")
        for column in ("holidays", "late_cancel_hours"):
            batch.drop_column(column)
