"""Whichever form a young person says their side with, quick, again or whole: what they began of them is one draft."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

A_DRAFT = sa.text("state = 'draft' AND questionnaire IN ('quick', 'again', 'whole')")


def upgrade() -> None:
    op.create_index(
        "ux_submission_one_side", "submission", ["person_id"],
        unique=True, sqlite_where=A_DRAFT, postgresql_where=A_DRAFT,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ux_submission_one_side", table_name="submission")
