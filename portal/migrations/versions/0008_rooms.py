"""In the room, neutral cards, custody, and the people and places that a young person names.

A sign-in of the staff can be locked, one of a young person says in whose room it was begun, and a way in has the
key of the form that gave it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("trusted", "place", "custody", "neutral_card", "hand_over")


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("locked_at", INSTANT, nullable=True))
    op.add_column("sign_in", sa.Column("wrong_codes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sign_in", sa.Column("room_of", sa.Uuid(), nullable=True))
    with op.batch_alter_table("way_in") as way_in:
        way_in.add_column(sa.Column("form_key", sa.Uuid(), nullable=True))
        way_in.create_unique_constraint(op.f("uq_way_in_form_key"), ["form_key"])
    _named("trusted", _sealed("name"), _sealed("kind"), _sealed("reach", nullable=True))
    _named("place", _sealed("words"), _sealed("feels"))
    _custody()
    _cards()
    _hand_over()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table("way_in") as way_in:
        way_in.drop_constraint(op.f("uq_way_in_form_key"), type_="unique")
        way_in.drop_column("form_key")
    for column in ("room_of", "wrong_codes", "locked_at"):
        op.drop_column("sign_in", column)


def _sealed(name: str, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _to(table: str, column: str, other: str = "person") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _row(table: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        *parts,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _named(table: str, *said: sa.Column[bytes]) -> None:
    _row(
        table,
        sa.Column("child_id", sa.Uuid(), nullable=False),
        *said,
        _sealed("said_by"),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        _to(table, "child_id"),
        _to(table, "by_id"),
        sa.UniqueConstraint("form_key", name=op.f(f"uq_{table}_form_key")),
    )
    op.create_index(op.f(f"ix_{table}_child_id"), table, ["child_id"], unique=False)


def _custody() -> None:
    _row(
        "custody",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        _sealed("establishment"),
        sa.Column("youth_worker_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        _to("custody", "child_id"),
        _to("custody", "youth_worker_id", "trusted"),
        _to("custody", "by_id"),
    )
    op.create_index(op.f("ix_custody_child_id"), "custody", ["child_id"], unique=False)


def _cards() -> None:
    _row(
        "neutral_card",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(44), nullable=False),
        sa.Column("number_hash", sa.String(44), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=False),
        sa.Column("bound_at", INSTANT, nullable=True),
        sa.Column("bound_by", sa.Uuid(), nullable=True),
        sa.Column("way_in_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        _to("neutral_card", "printed_by"),
        _to("neutral_card", "bound_by"),
        _to("neutral_card", "way_in_id", "way_in"),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_neutral_card_{column}"))
            for column in ("number", "token_hash", "number_hash")
        ),
    )
    op.create_index(op.f("ix_neutral_card_sheet_id"), "neutral_card", ["sheet_id"], unique=False)


def _hand_over() -> None:
    _row(
        "hand_over",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(44), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        _to("hand_over", "child_id"),
        _to("hand_over", "worker_id"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hand_over_token_hash")),
    )
    for column in ("child_id", "worker_id"):
        op.create_index(op.f(f"ix_hand_over_{column}"), "hand_over", [column], unique=False)


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
