"""The clocks of every team are counted, and what needs somebody is found, from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME, TEAMS, TABLE = "ix_interview_task_left", "ix_interview_task_teams", "interview_task"
LEFT = sa.text("state IN ('proposed', 'open', 'offered', 'form only') AND said_no_at IS NULL")
BEFORE = ("due_at", "id")
NOW = (*BEFORE, "team", "state", "asked_at", "asked_for_id", "taker_id")


def upgrade() -> None:
    _over(NOW)
    _create(TEAMS, ("team", "due_at", "state"))


def downgrade() -> None:
    op.drop_index(TEAMS, TABLE)
    _over(BEFORE)


def _over(columns: tuple[str, ...]) -> None:
    op.drop_index(NAME, TABLE)
    _create(NAME, columns)


def _create(name: str, columns: tuple[str, ...]) -> None:
    op.create_index(name, TABLE, list(columns), sqlite_where=LEFT, postgresql_where=LEFT)
