"""Who sent a form and then said no to a conversation is not waited for; the state stays "form only" for the counts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LEFT_BEFORE = "state IN ('proposed', 'open', 'offered', 'form only')"
APART_BEFORE = "team = 'placing' AND state IN ('proposed', 'open', 'offered', 'form only', 'told')"
NOT_SAID_NO = " AND said_no_at IS NULL"
# By the last attempt at which somebody answered.
SAID_NO = """
UPDATE interview_task SET said_no_at = (
    SELECT CASE WHEN attempt.outcome = 'declined' THEN attempt.at END FROM attempt
    WHERE attempt.task_id = interview_task.id AND attempt.taken_back_at IS NULL AND attempt.outcome <> 'no answer'
    ORDER BY attempt.at DESC LIMIT 1
)
"""


def upgrade() -> None:
    op.add_column("interview_task", sa.Column("said_no_at", INSTANT, nullable=True))
    _fill()
    _index(LEFT_BEFORE + NOT_SAID_NO, APART_BEFORE + NOT_SAID_NO)


def downgrade() -> None:
    _index(LEFT_BEFORE, APART_BEFORE)
    op.drop_column("interview_task", "said_no_at")


def _fill() -> None:
    guarded = ("interview_task", "attempt") if op.get_bind().dialect.name == "postgresql" else ()
    for table in guarded:  # a wall for the login role; the owner has to see every row here
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(SAID_NO)
    for table in guarded:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _index(left: str, apart: str) -> None:
    """The very words that the pages ask by: a partial index is used for no others."""
    for name, which in (("ix_interview_task_left", left), ("ix_interview_task_apart", apart)):
        op.drop_index(name, "interview_task")
        op.create_index(
            name,
            "interview_task",
            ["due_at", "id"],
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )
