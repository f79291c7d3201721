"""The rota; the ladder of each alert, its steps and its book."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("duty_turn", "alert_step", "alert_entry")
WAITING = sa.text("state <> 'closed'")
# What is open already climbs from when it is due; what somebody has stays theirs.
BEGIN = "UPDATE alert SET climbs_from = raised_at, next_step_at = due_at WHERE state = 'open'"


def upgrade() -> None:
    _rota()
    _ladder()
    _steps()
    _book()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    op.drop_index(op.f("ix_alert_entry_alert_id"), table_name="alert_entry")
    op.drop_table("alert_entry")
    op.drop_index("ix_alert_step_alert_id_ladder", table_name="alert_step")
    op.drop_table("alert_step")
    op.drop_index("ix_alert_bar_from", table_name="alert")
    op.drop_index("ix_alert_next_step", table_name="alert")
    for column in ("bar_from", "queued", "next_step_at", "climbs_from", "rung", "ladder"):
        op.drop_column("alert", column)
    op.drop_index(op.f("ix_duty_turn_person_id"), table_name="duty_turn")
    op.drop_index("ix_duty_turn_post_ends_at", table_name="duty_turn")
    op.drop_table("duty_turn")


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


def _rota() -> None:
    op.create_table(
        "duty_turn",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=30), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_turn_person_id_person")),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_duty_turn_said_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_turn")),
    )
    op.create_index(op.f("ix_duty_turn_person_id"), "duty_turn", ["person_id"], unique=False)
    op.create_index("ix_duty_turn_post_ends_at", "duty_turn", ["post", "ends_at"], unique=False)


def _ladder() -> None:
    for column in (
        sa.Column("ladder", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rung", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("climbs_from", INSTANT, nullable=True),
        sa.Column("next_step_at", INSTANT, nullable=True),
        sa.Column("queued", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("bar_from", INSTANT, nullable=True),
    ):
        op.add_column("alert", column)
    op.create_index(
        "ix_alert_next_step", "alert", ["next_step_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    barred = sa.text("bar_from IS NOT NULL")
    op.create_index("ix_alert_bar_from", "alert", ["bar_from"], sqlite_where=barred, postgresql_where=barred)
    guarded = op.get_bind().dialect.name == "postgresql"
    if guarded:  # a wall for the login role; the owner has to see every row here
        op.execute("ALTER TABLE alert NO FORCE ROW LEVEL SECURITY")
    op.execute(BEGIN)
    if guarded:
        op.execute("ALTER TABLE alert FORCE ROW LEVEL SECURITY")


def _steps() -> None:
    op.create_table(
        "alert_step",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("ladder", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("hours", sa.String(length=15), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_step_alert_id_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_step")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_step_key")),
    )
    op.create_index("ix_alert_step_alert_id_ladder", "alert_step", ["alert_id", "ladder"], unique=False)


def _book() -> None:
    op.create_table(
        "alert_entry",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_entry_alert_id_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_entry")),
        sa.UniqueConstraint("form_key", name=op.f("uq_alert_entry_form_key")),
    )
    op.create_index(op.f("ix_alert_entry_alert_id"), "alert_entry", ["alert_id"], unique=False)
