"""The sender: which route has not taken a message yet, and how staff wish to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("also_by", sa.String(length=10), nullable=True))
    op.add_column("outbox_message", sa.Column("refused", sa.String(length=20), nullable=True))
    op.create_index(
        "ix_outbox_message_also",
        "outbox_message",
        ["due_at"],
        sqlite_where=sa.text("also_by IS NOT NULL"),
        postgresql_where=sa.text("also_by IS NOT NULL"),
    )
    op.add_column("person", sa.Column("notices_by", sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "notices_by")
    op.drop_index("ix_outbox_message_also", table_name="outbox_message")
    op.drop_column("outbox_message", "refused")
    op.drop_column("outbox_message", "also_by")
