"""The sender: which route has not taken a message yet, how staff wish to be told, texts that come in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("also_by", sa.String(length=10), nullable=True))
    op.add_column("outbox_message", sa.Column("refused", sa.String(length=20), nullable=True))
    op.add_column("outbox_message", sa.Column("link_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_outbox_message_also",
        "outbox_message",
        ["due_at"],
        sqlite_where=sa.text("also_by IS NOT NULL"),
        postgresql_where=sa.text("also_by IS NOT NULL"),
    )
    op.add_column("person", sa.Column("notices_by", sa.String(length=10), nullable=True))
    _incoming_text()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    op.drop_index("ix_incoming_text_unknown", table_name="incoming_text")
    op.drop_index(op.f("ix_incoming_text_person_id"), table_name="incoming_text")
    op.drop_table("incoming_text")
    op.drop_column("person", "notices_by")
    op.drop_index("ix_outbox_message_also", table_name="outbox_message")
    op.drop_column("outbox_message", "link_id")
    op.drop_column("outbox_message", "refused")
    op.drop_column("outbox_message", "also_by")


def _incoming_text() -> None:
    op.create_table(
        "incoming_text",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("came_at", INSTANT, nullable=False),
        sa.Column("seen_to_at", INSTANT, nullable=True),
        sa.Column("seen_to_by_id", sa.Uuid(), nullable=True),
        sa.Column("done", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_incoming_text_person_id_person")),
        sa.ForeignKeyConstraint(
            ["seen_to_by_id"], ["person.id"], name=op.f("fk_incoming_text_seen_to_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_text")),
        sa.UniqueConstraint("reference", name=op.f("uq_incoming_text_reference")),
    )
    op.create_index(op.f("ix_incoming_text_person_id"), "incoming_text", ["person_id"], unique=False)
    op.create_index(
        "ix_incoming_text_unknown",
        "incoming_text",
        ["came_at", "id"],
        sqlite_where=sa.text("person_id IS NULL AND seen_to_at IS NULL"),
        postgresql_where=sa.text("person_id IS NULL AND seen_to_at IS NULL"),
    )


def _guard_postgresql() -> None:
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON incoming_text TO {LOGIN_ROLE}")
    op.execute("ALTER TABLE incoming_text ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE incoming_text FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY incoming_text_needs_an_actor ON incoming_text TO {LOGIN_ROLE} "
        "USING (coalesce(current_setting('rowan.actor', true), '') <> '') "
        "WITH CHECK (coalesce(current_setting('rowan.actor', true), '') <> '')"
    )
