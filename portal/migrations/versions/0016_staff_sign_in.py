"""How staff sign in: when they last proved that it is they."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("proved_at", INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column("sign_in", "proved_at")
