"""An alert says in which language its young person was reading, a form from where its present sitting goes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert", sa.Column("language", sa.String(20), nullable=True))
    op.add_column("submission", sa.Column("sitting_from", sa.String(60), nullable=True))


def downgrade() -> None:
    op.drop_column("submission", "sitting_from")
    op.drop_column("alert", "language")
