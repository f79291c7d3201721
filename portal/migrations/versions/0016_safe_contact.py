"""The safe-contact card in its versions, when somebody was asked again, what they are reminded of, the word in their tab."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("safe_contact", "safe_contact_asked", "reminder")


def upgrade() -> None:
    op.add_column("person", sa.Column("door_word", sa.String(length=20), nullable=True))
    _card()
    _asked()
    _reminder()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    op.drop_index(op.f("ix_reminder_person_id"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_index(op.f("ix_safe_contact_asked_person_id"), table_name="safe_contact_asked")
    op.drop_table("safe_contact_asked")
    op.drop_index(op.f("ix_safe_contact_number_hash"), table_name="safe_contact")
    op.drop_table("safe_contact")
    op.drop_column("person", "door_word")


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


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))
        for column in columns
    ]


def _row(table: str) -> list[sa.Column[object] | sa.Constraint]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("form_key", name=op.f(f"uq_{table}_form_key")),
    ]


def _card() -> None:
    op.create_table(
        "safe_contact",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("written", sa.LargeBinary(), nullable=False),
        sa.Column("number_hash", sa.String(44), nullable=True),
        sa.Column("replaced_at", INSTANT, nullable=True),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        *_row("safe_contact"),
        *_people("safe_contact", "person_id", "by_id"),
        sa.UniqueConstraint("person_id", "version", name=op.f("uq_safe_contact_person_id_version")),
    )
    op.create_index(op.f("ix_safe_contact_number_hash"), "safe_contact", ["number_hash"], unique=False)


def _asked() -> None:
    op.create_table(
        "safe_contact_asked",
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        *_row("safe_contact_asked"),
        *_people("safe_contact_asked", "person_id", "by_id"),
        sa.ForeignKeyConstraint(
            ["card_id"], ["safe_contact.id"], name=op.f("fk_safe_contact_asked_card_id_safe_contact")
        ),
    )
    op.create_index(
        op.f("ix_safe_contact_asked_person_id"), "safe_contact_asked", ["person_id"], unique=False
    )


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        *_row("reminder"),
        *_people("reminder", "person_id", "by_id"),
    )
    op.create_index(op.f("ix_reminder_person_id"), "reminder", ["person_id"], unique=False)
