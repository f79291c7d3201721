"""Kept, and let go: holds, counts without a person, what was corrected, and who asked for a file.

Every table takes part in row-level security, as those before it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("hold", "kept_count", "correction", "file_request", "file_request_step")


def upgrade() -> None:
    _holds()
    _corrections()
    _file_requests()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    op.drop_index(op.f("ix_file_request_step_request_id"), table_name="file_request_step")
    op.drop_table("file_request_step")
    op.drop_index(op.f("ix_file_request_child_id"), table_name="file_request")
    op.drop_table("file_request")
    op.drop_index(op.f("ix_correction_child_id"), table_name="correction")
    op.drop_table("correction")
    op.drop_table("kept_count")
    op.drop_index(op.f("ix_hold_person_id"), table_name="hold")
    op.drop_table("hold")


def _guard_postgresql() -> None:
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {LOGIN_ROLE}")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_needs_an_actor ON {table} TO {LOGIN_ROLE} "
            "USING (coalesce(current_setting('rowan.actor', true), '') <> '') "
            "WITH CHECK (coalesce(current_setting('rowan.actor', true), '') <> '')"
        )


def _row() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    ]


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))


def _holds() -> None:
    op.create_table(
        "hold",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        *_row(),
        *(_person("hold", column) for column in ("person_id", "by_id", "ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("form_key", name=op.f("uq_hold_form_key")),
    )
    op.create_index(op.f("ix_hold_person_id"), "hold", ["person_id"], unique=False)
    op.create_table(
        "kept_count",
        sa.Column("figure", sa.String(length=30), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("figure", "period", "part", name=op.f("pk_kept_count")),
    )


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("decided", sa.String(length=20), nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        *_row(),
        *(_person("correction", column) for column in ("child_id", "by_id", "decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("form_key", name=op.f("uq_correction_form_key")),
    )
    op.create_index(op.f("ix_correction_child_id"), "correction", ["child_id"], unique=False)


def _file_requests() -> None:
    op.create_table(
        "file_request",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        *_row(),
        *(_person("file_request", column) for column in ("child_id", "by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_request")),
        sa.UniqueConstraint("form_key", name=op.f("uq_file_request_form_key")),
    )
    op.create_index(op.f("ix_file_request_child_id"), "file_request", ["child_id"], unique=False)
    op.create_table(
        "file_request_step",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        *_row(),
        *(_person("file_request_step", column) for column in ("child_id", "by_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["file_request.id"], name=op.f("fk_file_request_step_request_id_file_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_request_step")),
        sa.UniqueConstraint("request_id", "step", name=op.f("uq_file_request_step_request_id_step")),
    )
    op.create_index(
        op.f("ix_file_request_step_request_id"), "file_request_step", ["request_id"], unique=False
    )
