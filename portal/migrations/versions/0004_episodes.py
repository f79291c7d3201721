"""Who takes a return, and why: home's time beside the list's, one conversation over several returns, and cover.

An interview says whose choice its interviewer was, whom the young person asked for in which words, when the
conversation was held, and under which other conversation its returns were put.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"

APART = sa.text("team = 'placing' AND state IN ('proposed', 'open', 'offered', 'form only', 'told')")
# What was known of the time of a conversation before: when somebody logged it.
HELD_AT = """
UPDATE interview_task SET held_at = (
    SELECT max(attempt.at) FROM attempt
    WHERE attempt.task_id = interview_task.id AND attempt.outcome = 'held' AND attempt.taken_back_at IS NULL
) WHERE state = 'held'
"""
TOLD = (
    "UPDATE interview_task SET state = 'told' "
    "WHERE state = 'proposed' AND team = 'placing' AND told_authority_at IS NOT NULL"
)
NOT_TOLD = "UPDATE interview_task SET state = 'proposed' WHERE state = 'told'"
# Its returns are another's: without any it counts for nothing, and "held" waits in no list.
NOT_JOINED = "UPDATE interview_task SET state = 'held' WHERE state = 'joined'"


def upgrade() -> None:
    with op.batch_alter_table("episode") as episode:
        episode.add_column(sa.Column("home_returned_at", INSTANT, nullable=True))
        episode.add_column(sa.Column("home_said_at", INSTANT, nullable=True))
        episode.add_column(sa.Column("home_said_by_id", sa.Uuid(), nullable=True))
        episode.create_foreign_key(
            op.f("fk_episode_home_said_by_id_person"), "person", ["home_said_by_id"], ["id"]
        )
    with op.batch_alter_table("interview_task") as task:
        task.add_column(sa.Column("chosen_by", sa.String(20), nullable=True))
        task.add_column(sa.Column("of_their_care", sa.Boolean(), nullable=True))
        task.add_column(sa.Column("asked_at", INSTANT, nullable=True))
        task.add_column(sa.Column("asked_for_id", sa.Uuid(), nullable=True))
        task.add_column(sa.Column("asked_words", sa.LargeBinary(), nullable=True))
        task.add_column(sa.Column("held_at", INSTANT, nullable=True))
        task.add_column(sa.Column("held_by_id", sa.Uuid(), nullable=True))
        task.add_column(sa.Column("joined_to_id", sa.Uuid(), nullable=True))
        for column, table in (
            ("asked_for_id", "person"),
            ("held_by_id", "person"),
            ("joined_to_id", "interview_task"),
        ):
            task.create_foreign_key(op.f(f"fk_interview_task_{column}_{table}"), table, [column], ["id"])
    op.create_index(op.f("ix_episode_returned_at"), "episode", ["returned_at"], unique=False)
    op.create_index(
        "ix_interview_task_apart",
        "interview_task",
        ["due_at", "id"],
        sqlite_where=APART,
        postgresql_where=APART,
    )
    _cover()
    _in_interviews(HELD_AT, TOLD)


def downgrade() -> None:
    _in_interviews(NOT_TOLD, NOT_JOINED)
    op.drop_index("ix_interview_task_apart", "interview_task")
    op.drop_index(op.f("ix_episode_returned_at"), table_name="episode")
    op.drop_index(op.f("ix_cover_absent_id"), table_name="cover")
    op.drop_index(op.f("ix_cover_covers_id"), table_name="cover")
    op.drop_table("cover")
    with op.batch_alter_table("interview_task") as task:
        for column, table in (
            ("asked_for_id", "person"),
            ("held_by_id", "person"),
            ("joined_to_id", "interview_task"),
        ):
            task.drop_constraint(op.f(f"fk_interview_task_{column}_{table}"), type_="foreignkey")
            task.drop_column(column)
        for column in ("held_at", "asked_words", "asked_at", "of_their_care", "chosen_by"):
            task.drop_column(column)
    with op.batch_alter_table("episode") as episode:
        episode.drop_constraint(op.f("fk_episode_home_said_by_id_person"), type_="foreignkey")
        for column in ("home_said_by_id", "home_said_at", "home_returned_at"):
            episode.drop_column(column)


def _in_interviews(*statements: str) -> None:
    """Change rows that are there; on PostgreSQL the owner of a table under forced row-level security sees none."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("interview_task", "attempt") if on_postgresql else ():
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for statement in statements:
        op.execute(statement)
    for table in ("interview_task", "attempt") if on_postgresql else ():
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _cover() -> None:
    op.create_table(
        "cover",
        sa.Column("absent_id", sa.Uuid(), nullable=False),
        sa.Column("covers_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_cover_{column}_person"))
            for column in ("absent_id", "covers_id", "said_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index(op.f("ix_cover_absent_id"), "cover", ["absent_id"], unique=False)
    op.create_index(op.f("ix_cover_covers_id"), "cover", ["covers_id"], unique=False)
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON cover TO {LOGIN_ROLE}")
    op.execute("ALTER TABLE cover ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE cover FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY cover_needs_an_actor ON cover TO {LOGIN_ROLE} "
        "USING (coalesce(current_setting('rowan.actor', true), '') <> '') "
        "WITH CHECK (coalesce(current_setting('rowan.actor', true), '') <> '')"
    )
