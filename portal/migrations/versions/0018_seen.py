"""Seen only by those it belongs to: break-glass, orders of no contact, shifts of homes, samples of auditors.

A home says whether it keeps shifts, and a link says why it ended.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("break_glass", "no_contact", "shift", "audit_sample", "sampled")


def upgrade() -> None:
    op.add_column(
        "organisation", sa.Column("keeps_shifts", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("link", sa.Column("ended_because", sa.String(length=20), nullable=True))
    _break_glass()
    _no_contact()
    _shift()
    _samples()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    for table in ("sampled", "audit_sample", "shift", "no_contact", "break_glass"):
        op.drop_table(table)
    op.drop_column("link", "ended_because")
    op.drop_column("organisation", "keeps_shifts")


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


def _row(table: str, people: tuple[str, ...]) -> list[sa.schema.SchemaItem]:
    """What every row has, and which of its columns name a person."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))
            for column in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _break_glass() -> None:
    op.create_table(
        "break_glass",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("review_due_at", INSTANT, nullable=False),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("fitting", sa.Boolean(), nullable=True),
        sa.Column("review", sa.LargeBinary(), nullable=True),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        *_row("break_glass", ("worker_id", "child_id", "reviewed_by_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_break_glass_form_key")),
    )
    _index("break_glass", "worker_id", "child_id")


def _no_contact() -> None:
    op.create_table(
        "no_contact",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("adult_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_reason", sa.LargeBinary(), nullable=True),
        *_row("no_contact", ("child_id", "adult_id", "by_id", "ended_by_id")),
    )
    _index("no_contact", "child_id", "adult_id")


def _shift() -> None:
    op.create_table(
        "shift",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        *_row("shift", ("person_id", "by_id")),
    )
    _index("shift", "person_id")


def _samples() -> None:
    op.create_table(
        "audit_sample",
        sa.Column("auditor_id", sa.Uuid(), nullable=False),
        sa.Column("named_by_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        *_row("audit_sample", ("auditor_id", "named_by_id")),
    )
    _index("audit_sample", "auditor_id")
    op.create_table(
        "sampled",
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        *_row("sampled", ("child_id",)),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["audit_sample.id"], name=op.f("fk_sampled_sample_id_audit_sample")
        ),
    )
    _index("sampled", "sample_id", "child_id")
