"""What happens once is there once: an attempt has the key of its form, a list has one row for each line.

A list also counts whose turn it is: of two processes that work on it, the one that began last goes on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Of rows that two processes made of one line, the one that somebody settled is kept.
DOUBLED = """
DELETE FROM list_row WHERE EXISTS (
    SELECT 1 FROM list_row AS other
    WHERE other.import_id = list_row.import_id AND other.line = list_row.line
    AND (
        (other.settled IS NOT NULL AND list_row.settled IS NULL)
        OR ((other.settled IS NULL) = (list_row.settled IS NULL) AND other.id < list_row.id)
    )
)
"""


def upgrade() -> None:
    op.add_column("attempt", sa.Column("form_key", sa.Uuid(), nullable=True))
    op.create_index("ix_attempt_form_key", "attempt", ["form_key"], unique=True)
    op.add_column("list_import", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    _drop_doubled()
    op.drop_index("ix_list_row_import_id_line", table_name="list_row")
    op.create_index("ix_list_row_import_id_line", "list_row", ["import_id", "line"], unique=True)


def _drop_doubled() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    # The owner of a table under forced row-level security sees no row of it.
    if on_postgresql:
        op.execute("ALTER TABLE list_row NO FORCE ROW LEVEL SECURITY")
    op.execute(DOUBLED)
    if on_postgresql:
        op.execute("ALTER TABLE list_row FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.drop_index("ix_list_row_import_id_line", table_name="list_row")
    op.create_index("ix_list_row_import_id_line", "list_row", ["import_id", "line"], unique=False)
    op.drop_column("list_import", "turn")
    op.drop_index("ix_attempt_form_key", table_name="attempt")
    op.drop_column("attempt", "form_key")
