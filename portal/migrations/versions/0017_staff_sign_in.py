"""How staff sign in: passkeys, invitations, a lost sign-in made anew; when they last proved that it is they."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = ("passkey", "used_challenge", "sign_in_invitation", "sign_in_recovery", "staff_identity")


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("proved_at", INSTANT, nullable=True))
    op.add_column("sign_in", sa.Column("proved_for", sa.String(length=40), nullable=True))
    op.add_column("sign_in", sa.Column("browser", sa.String(length=40), nullable=True))
    _passkeys()
    _invitations()
    _single_sign_on()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("sign_in", "browser")
    op.drop_column("sign_in", "proved_for")
    op.drop_column("sign_in", "proved_at")


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


def _of(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        _of("passkey", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"], unique=False)
    op.create_table(
        "used_challenge",
        sa.Column("key", sa.String(length=44), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_used_challenge")),
    )


def _invitations() -> None:
    op.create_table(
        "sign_in_invitation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=44), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        _of("sign_in_invitation", "person_id"),
        _of("sign_in_invitation", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_sign_in_invitation_code_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_invitation_person_id"), "sign_in_invitation", ["person_id"], unique=False
    )
    op.create_table(
        "sign_in_recovery",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_sure", sa.LargeBinary(), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        _of("sign_in_recovery", "person_id"),
        _of("sign_in_recovery", "asked_by_id"),
        _of("sign_in_recovery", "approved_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_recovery")),
    )
    op.create_index(op.f("ix_sign_in_recovery_person_id"), "sign_in_recovery", ["person_id"], unique=False)


def _single_sign_on() -> None:
    op.create_table(
        "staff_identity",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("who_hash", sa.String(length=44), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        _of("staff_identity", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_identity")),
        sa.UniqueConstraint("person_id", name=op.f("uq_staff_identity_person_id")),
        sa.UniqueConstraint("who_hash", name=op.f("uq_staff_identity_who_hash")),
    )
