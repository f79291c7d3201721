"""What teams and coordinators look at is counted and found by indexes alone, however many returns there were."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME, TEAMS, TABLE = "ix_interview_task_left", "ix_interview_task_teams", "interview_task"
LEFT = sa.text("state IN ('proposed', 'open', 'offered', 'form only') AND said_no_at IS NULL")
SHOWN_NAME = "ix_interview_task_shown"
SHOWN = sa.text("state IN ('proposed', 'open', 'offered', 'form only', 'declined')")
WORKS_NAME, WORKS = "ix_person_organisation", sa.text("organisation_id IS NOT NULL")
BEFORE = ("due_at", "id")
NOW = (*BEFORE, "team", "state", "asked_at", "asked_for_id", "taker_id")


def upgrade() -> None:
    _over(NOW)
    _create(TEAMS, ("team", "due_at", "state"))
    shown_by = ["due_at", "id", "team", "state", "taker_id"]
    op.create_index(SHOWN_NAME, TABLE, shown_by, sqlite_where=SHOWN, postgresql_where=SHOWN)
    op.create_index(WORKS_NAME, "person", ["organisation_id"], sqlite_where=WORKS, postgresql_where=WORKS)


def downgrade() -> None:
    op.drop_index(WORKS_NAME, "person")
    op.drop_index(SHOWN_NAME, TABLE)
    op.drop_index(TEAMS, TABLE)
    _over(BEFORE)


def _over(columns: tuple[str, ...]) -> None:
    op.drop_index(NAME, TABLE)
    _create(NAME, columns)


def _create(name: str, columns: tuple[str, ...]) -> None:
    op.create_index(name, TABLE, list(columns), sqlite_where=LEFT, postgresql_where=LEFT)
