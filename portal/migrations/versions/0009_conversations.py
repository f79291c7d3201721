"""Conversations and their write-ups: what was said and agreed, the police step, "Is this what you meant?".

And translations: a voice says in which language its words are, an answer which language it waits for.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("conversation", "agreed_action", "police_step", "write_up", "meant", "translation")
# Each index, by table, in the order in which they are made.
INDEXES = (
    ("conversation", "child_id"),
    ("agreed_action", "conversation_id"),
    ("police_step", "conversation_id"),
    ("write_up", "child_id"),
    ("meant", "write_up_id"),
    ("translation", "voice_id"),
)
OPEN = sa.text("done_on IS NULL")


def upgrade() -> None:
    _conversation()
    _agreed_action()
    _police_step()
    _write_up()
    _meant()
    _translation()
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index(
        "ix_agreed_action_open",
        "agreed_action",
        ["by_on", "id"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.add_column("voice", sa.Column("language", sa.String(20), nullable=True))
    op.add_column("voice", sa.Column("translated_at", INSTANT, nullable=True))
    op.add_column("voice_reply", sa.Column("waits_for", sa.String(20), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    op.drop_column("voice_reply", "waits_for")
    op.drop_column("voice", "translated_at")
    op.drop_column("voice", "language")
    op.drop_index(
        "ix_agreed_action_open", table_name="agreed_action", sqlite_where=OPEN, postgresql_where=OPEN
    )
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    for table in reversed(TABLES):
        op.drop_table(table)


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


def _row(table: str, **refers: str) -> list[sa.schema.SchemaItem]:
    """The columns that every row has, its key, and what else its columns refer to."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
            for column, other in refers.items()
        ),
    ]


def _ids(*columns: str) -> list[sa.Column[object]]:
    return [sa.Column(column, sa.Uuid(), nullable=False) for column in columns]


def _sealed(*columns: str) -> list[sa.Column[object]]:
    return [sa.Column(column, sa.LargeBinary(), nullable=False) for column in columns]


def _instants(*columns: str) -> list[sa.Column[object]]:
    return [sa.Column(column, INSTANT, nullable=True) for column in columns]


def _once(table: str) -> list[sa.schema.SchemaItem]:
    """The key of the form that made a row, so that sending it twice is sending it once."""
    return [
        sa.Column("form_key", sa.Uuid(), nullable=True),
        sa.UniqueConstraint("form_key", name=op.f(f"uq_{table}_form_key")),
    ]


def _conversation() -> None:
    op.create_table(
        "conversation",
        *_ids("task_id", "child_id", "by_id"),
        sa.Column("held_at", INSTANT, nullable=False),
        *_sealed("place", "present", "chose_person", "chose_place", "interpreter", "interpreter_name"),
        *_sealed("covered", "told"),
        *_row("conversation", task_id="interview_task", child_id="person", by_id="person"),
        sa.UniqueConstraint("task_id", name=op.f("uq_conversation_task_id")),
    )


def _agreed_action() -> None:
    op.create_table(
        "agreed_action",
        *_ids("conversation_id", "child_id", "by_id"),
        *_sealed("words", "owner"),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        *_once("agreed_action"),
        *_row("agreed_action", conversation_id="conversation", child_id="person", by_id="person",
              done_by_id="person"),
    )  # fmt: skip


def _police_step() -> None:
    op.create_table(
        "police_step",
        *_ids("conversation_id", "child_id", "by_id"),
        *_sealed("needs", "what", "why", "must", "told", "told_words"),
        *_once("police_step"),
        *_row("police_step", conversation_id="conversation", child_id="person", by_id="person"),
    )


def _write_up() -> None:
    op.create_table(
        "write_up",
        *_ids("conversation_id", "child_id", "by_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_sealed("parts"),
        *_instants("sent_at", "opened_at", "said_at", "taken_back_at"),
        *_once("write_up"),
        *_row("write_up", conversation_id="conversation", child_id="person", by_id="person"),
        sa.UniqueConstraint("conversation_id", "number", name=op.f("uq_write_up_conversation_id_number")),
    )


def _meant() -> None:
    op.create_table(
        "meant",
        *_ids("write_up_id", "child_id", "by_id"),
        *_sealed("said", "words", "way"),
        *_once("meant"),
        *_row("meant", write_up_id="write_up", child_id="person", by_id="person"),
    )


def _translation() -> None:
    op.create_table(
        "translation",
        *_ids("voice_id", "person_id", "about_id", "by_id"),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        *_sealed("words", "made_by"),
        sa.Column("checked_by", sa.LargeBinary(), nullable=True),
        *_instants("checked_at"),
        *_once("translation"),
        *_row("translation", voice_id="voice", person_id="person", by_id="person"),
    )
