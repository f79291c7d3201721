"""Returns still to be talked about, by the time they are due: what the caseload reads at any size of a hub."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LEFT = sa.text("state IN ('proposed', 'open', 'offered', 'form only')")


def upgrade() -> None:
    op.create_index(
        "ix_interview_task_left", "interview_task", ["due_at", "id"], sqlite_where=LEFT, postgresql_where=LEFT
    )


def downgrade() -> None:
    op.drop_index("ix_interview_task_left", "interview_task")
