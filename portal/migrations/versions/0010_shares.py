"""The trail: wishes and shares of each voice, what is told in person only, phones their people called private.

An alert says in which sitting it was raised, so that a later one is not told of it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("trail_wish", "trail_share", "private_phone")


def upgrade() -> None:
    _tables()
    op.add_column("voice", _in_person_only())
    op.add_column("voice_reply", _in_person_only())
    op.add_column("alert", sa.Column("sitting", sa.Uuid(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    op.drop_column("alert", "sitting")
    op.drop_column("voice_reply", "in_person_only")
    op.drop_column("voice", "in_person_only")
    op.drop_index(op.f("ix_private_phone_person_id"), table_name="private_phone")
    op.drop_table("private_phone")
    op.drop_index(op.f("ix_trail_share_person_id"), table_name="trail_share")
    op.drop_index(op.f("ix_trail_share_voice_id"), table_name="trail_share")
    op.drop_table("trail_share")
    op.drop_index("ix_trail_wish_voice_id_whom", table_name="trail_wish")
    op.drop_index(op.f("ix_trail_wish_person_id"), table_name="trail_wish")
    op.drop_table("trail_wish")


def _in_person_only() -> sa.Column[bool]:
    return sa.Column("in_person_only", sa.Boolean(), nullable=False, server_default=sa.false())


def _guard_postgresql() -> None:
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {LOGIN_ROLE}")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_needs_an_actor ON {table} TO {LOGIN_ROLE} "
            "USING (coalesce(current_setting('rowan.actor', true), '') <> '') "
            "WITH CHECK (coalesce(current_setting('rowan.actor', true), '') <> '')"
        )


def _of_a_voice(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f(f"fk_{table}_voice_id_voice")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")),
    ]


def _tables() -> None:
    op.create_table(
        "trail_wish",
        sa.Column("voice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("whom", sa.String(length=20), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("wish", sa.String(length=12), nullable=True),
        sa.Column("said_at", INSTANT, nullable=True),
        sa.Column("put_in_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        *_of_a_voice("trail_wish"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_trail_wish_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["put_in_by_id"], ["person.id"], name=op.f("fk_trail_wish_put_in_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_wish")),
    )
    op.create_index(op.f("ix_trail_wish_person_id"), "trail_wish", ["person_id"], unique=False)
    op.create_index("ix_trail_wish_voice_id_whom", "trail_wish", ["voice_id", "whom"], unique=False)
    op.create_table(
        "trail_share",
        sa.Column("voice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("whom", sa.String(length=20), nullable=False),
        sa.Column("wish", sa.String(length=12), nullable=False),
        sa.Column("must", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("shared_at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("told_child_at", INSTANT, nullable=True),
        sa.Column("not_told_because", sa.LargeBinary(), nullable=True),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        *_of_a_voice("trail_share"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_trail_share_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_share")),
        sa.UniqueConstraint("form_key", name=op.f("uq_trail_share_form_key")),
    )
    op.create_index(op.f("ix_trail_share_voice_id"), "trail_share", ["voice_id"], unique=False)
    op.create_index(op.f("ix_trail_share_person_id"), "trail_share", ["person_id"], unique=False)
    op.create_table(
        "private_phone",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("said_private_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_private_phone_person_id_person")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_private_phone_asked_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_phone")),
    )
    op.create_index(op.f("ix_private_phone_person_id"), "private_phone", ["person_id"], unique=False)
