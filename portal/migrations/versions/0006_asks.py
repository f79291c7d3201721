"""What a young person asks for: asks, how they would rather talk, the safer plan, what is about staff and its pause.

An alert about somebody of the staff has the designated officer's step.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("pause", "talk_wish", "ask", "safer_plan", "about_worker")


def upgrade() -> None:
    for column in _officer():
        op.add_column("alert", column)
    _pause()
    _talk_wish()
    _ask()
    _safer_plan()
    _about_worker()
    if op.get_bind().dialect.name == "postgresql":
        _guard()


def downgrade() -> None:
    for index, table in (
        ("ix_about_worker_sitting", "about_worker"), ("ix_ask_answer_by", "ask"), ("ix_ask_person_id", "ask"),
        ("ix_ask_sitting", "ask"), ("ix_talk_wish_child_id", "talk_wish"), ("ix_talk_wish_sitting", "talk_wish"),
        ("ix_talk_wish_task_id", "talk_wish"), ("ix_pause_child_id", "pause"), ("ux_pause_running", "pause"),
    ):  # fmt: skip
        op.drop_index(index, table_name=table)
    for table in reversed(TABLES):
        op.drop_table(table)
    for column in reversed(_officer()):
        op.drop_column("alert", column.name)


def _officer() -> list[sa.Column[Any]]:
    return [
        sa.Column("officer_at", INSTANT, nullable=True),
        sa.Column("officer_by_id", sa.Uuid(), nullable=True),
        sa.Column("officer_told", sa.Boolean(), nullable=True),
        sa.Column("officer_words", sa.LargeBinary(), nullable=True),
    ]


def _row(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _refers(table: str, column: str, to: str = "person") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _pause() -> None:
    op.create_table(
        "pause",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        *(_refers("pause", column) for column in ("child_id", "staff_id", "ended_by_id")),
        *_row("pause"),
    )
    op.create_index("ix_pause_child_id", "pause", ["child_id"], unique=False)
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "ux_pause_running", "pause", ["staff_id", "child_id"],
        unique=True, sqlite_where=running, postgresql_where=running,
    )  # fmt: skip


def _talk_wish() -> None:
    op.create_table(
        "talk_wish",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("sitting", sa.Uuid(), nullable=False),
        sa.Column("taken_up_at", INSTANT, nullable=True),
        sa.Column("taken_up_by_id", sa.Uuid(), nullable=True),
        _refers("talk_wish", "child_id"),
        _refers("talk_wish", "task_id", "interview_task"),
        _refers("talk_wish", "taken_up_by_id"),
        *_row("talk_wish"),
        sa.UniqueConstraint("form_key", name=op.f("uq_talk_wish_form_key")),
    )
    for column in ("child_id", "sitting", "task_id"):
        op.create_index(f"ix_talk_wish_{column}", "talk_wish", [column], unique=False)


def _ask() -> None:
    op.create_table(
        "ask",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("answer_by", INSTANT, nullable=False),
        sa.Column("sitting", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        _refers("ask", "person_id"),
        *_row("ask"),
        sa.UniqueConstraint("form_key", name=op.f("uq_ask_form_key")),
    )
    op.create_index("ix_ask_answer_by", "ask", ["answer_by", "id"], unique=False)
    for column in ("person_id", "sitting"):
        op.create_index(f"ix_ask_{column}", "ask", [column], unique=False)


def _safer_plan() -> None:
    op.create_table(
        "safer_plan",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.Column(line, sa.LargeBinary(), nullable=False)
            for line in ("ring", "place", "signal", "numbers")
        ),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("sitting", sa.Uuid(), nullable=False),
        _refers("safer_plan", "child_id"),
        *_row("safer_plan"),
        sa.UniqueConstraint("child_id", "version", name=op.f("uq_safer_plan_child_id_version")),
        sa.UniqueConstraint("form_key", name=op.f("uq_safer_plan_form_key")),
    )


def _about_worker() -> None:
    op.create_table(
        "about_worker",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("whom", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("sitting", sa.Uuid(), nullable=False),
        _refers("about_worker", "child_id"),
        *_row("about_worker"),
        sa.UniqueConstraint("form_key", name=op.f("uq_about_worker_form_key")),
    )
    op.create_index("ix_about_worker_sitting", "about_worker", ["sitting"], unique=False)


def _guard() -> None:
    """What the login role may do: nothing while no actor is set (as in 0001)."""
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {LOGIN_ROLE}")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_needs_an_actor ON {table} TO {LOGIN_ROLE} "
            "USING (coalesce(current_setting('rowan.actor', true), '') <> '') "
            "WITH CHECK (coalesce(current_setting('rowan.actor', true), '') <> '')"
        )
