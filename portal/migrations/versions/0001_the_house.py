"""The house: every table of the first thread, the guards of the audit trail, and what the login role may do.

On PostgreSQL the role of the web process owns nothing: it is granted exactly what it needs, sees no row of a
table while no actor is set, and may add to the audit trail but neither change nor shorten it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
TABLES = (
    "audit_event",
    "audit_turn",
    "organisation",
    "outbox_message",
    "person",
    "allocation",
    "link",
    "person_role",
    "sign_in",
    "voice",
    "voice_note",
    "voice_reply",
    "voice_step",
)
ADD_ONLY = ("audit_event",)


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_event_stays ON audit_event")
        op.execute("DROP FUNCTION audit_event_stays")
    else:
        op.execute("DROP TRIGGER audit_event_no_update")
        op.execute("DROP TRIGGER audit_event_no_delete")
    _drop_tables()


def _guard_sqlite() -> None:
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER audit_event_no_{act} BEFORE {act.upper()} ON audit_event "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stays()"
    )
    op.execute(f"GRANT USAGE ON SCHEMA public TO {LOGIN_ROLE}")
    for table in TABLES:
        may = "SELECT, INSERT" if table in ADD_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {may} ON {table} TO {LOGIN_ROLE}")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_needs_an_actor ON {table} TO {LOGIN_ROLE} "
            "USING (coalesce(current_setting('rowan.actor', true), '') <> '') "
            "WITH CHECK (coalesce(current_setting('rowan.actor', true), '') <> '')"
        )


def _tables() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("door", sa.String(length=10), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.String(length=2000), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_event_number")),
    )
    op.create_index("ix_audit_event_actor_id_at", "audit_event", ["actor_id", "at"], unique=False)
    op.create_index("ix_audit_event_subject_id_at", "audit_event", ["subject_id", "at"], unique=False)
    op.create_table(
        "audit_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_turn")),
    )
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    op.create_index(
        "ix_outbox_message_waiting",
        "outbox_message",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "person",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("known_as", sa.LargeBinary(), nullable=False),
        sa.Column("born_on", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("email_hash", sa.String(44), nullable=True),
        sa.Column("phone_hash", sa.String(44), nullable=True),
        sa.Column("name_birthday_hash", sa.String(44), nullable=True),
        sa.Column("birthday_hash", sa.String(44), nullable=True),
        sa.Column("surname_sound_hash", sa.String(44), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("living", sa.String(length=20), nullable=True),
        sa.Column("put_away_at", INSTANT, nullable=True),
        sa.Column("held_because", sa.String(length=40), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_person_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_hash", name=op.f("uq_person_email_hash")),
    )
    op.create_index(op.f("ix_person_birthday_hash"), "person", ["birthday_hash"], unique=False)
    op.create_index(op.f("ix_person_name_birthday_hash"), "person", ["name_birthday_hash"], unique=False)
    op.create_index(op.f("ix_person_phone_hash"), "person", ["phone_hash"], unique=False)
    op.create_index(op.f("ix_person_surname_sound_hash"), "person", ["surname_sound_hash"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_allocation_child_id_person")),
        sa.ForeignKeyConstraint(["worker_id"], ["person.id"], name=op.f("fk_allocation_worker_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index(op.f("ix_allocation_child_id"), "allocation", ["child_id"], unique=False)
    op.create_index("ix_allocation_worker_id_child_id", "allocation", ["worker_id", "child_id"], unique=False)
    op.create_table(
        "link",
        sa.Column("adult_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["adult_id"], ["person.id"], name=op.f("fk_link_adult_id_person")),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_link_child_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    op.create_index(op.f("ix_link_adult_id"), "link", ["adult_id"], unique=False)
    op.create_index(op.f("ix_link_child_id"), "link", ["child_id"], unique=False)
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_role")),
    )
    op.create_index(op.f("ix_person_role_person_id"), "person_role", ["person_id"], unique=False)
    op.create_index(op.f("ix_person_role_role"), "person_role", ["role"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("door", sa.String(length=10), nullable=False),
        sa.Column("touched_at", INSTANT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "voice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("promised_by", INSTANT, nullable=False),
        sa.Column("tell_how", sa.LargeBinary(), nullable=False),
        sa.Column("managers_only", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("reached_at", INSTANT, nullable=True),
        sa.Column("not_safe_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("on_record_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "closed_at IS NULL OR reached_at IS NOT NULL OR not_safe_at IS NOT NULL",
            name=op.f("ck_voice_answered_if_closed"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_voice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice")),
        sa.UniqueConstraint("kind", "source_id", name=op.f("uq_voice_kind_source_id")),
    )
    op.create_index(
        "ix_voice_open",
        "voice",
        ["promised_by", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_voice_person_id"), "voice", ["person_id"], unique=False)
    op.create_table(
        "voice_note",
        sa.Column("voice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_voice_note_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_voice_note_person_id_person")),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f("fk_voice_note_voice_id_voice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_note")),
    )
    op.create_index(op.f("ix_voice_note_voice_id"), "voice_note", ["voice_id"], unique=False)
    op.create_table(
        "voice_reply",
        sa.Column("voice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_by", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_voice_reply_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_voice_reply_person_id_person")),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f("fk_voice_reply_voice_id_voice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_reply")),
    )
    op.create_index(op.f("ix_voice_reply_person_id"), "voice_reply", ["person_id"], unique=False)
    op.create_index(op.f("ix_voice_reply_voice_id"), "voice_reply", ["voice_id"], unique=False)
    op.create_table(
        "voice_step",
        sa.Column("voice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_voice_step_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_voice_step_person_id_person")),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f("fk_voice_step_voice_id_voice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_step")),
    )
    op.create_index(op.f("ix_voice_step_voice_id"), "voice_step", ["voice_id"], unique=False)


def _drop_tables() -> None:
    op.drop_index(op.f("ix_voice_step_voice_id"), table_name="voice_step")
    op.drop_table("voice_step")
    op.drop_index(op.f("ix_voice_reply_voice_id"), table_name="voice_reply")
    op.drop_index(op.f("ix_voice_reply_person_id"), table_name="voice_reply")
    op.drop_table("voice_reply")
    op.drop_index(op.f("ix_voice_note_voice_id"), table_name="voice_note")
    op.drop_table("voice_note")
    op.drop_index(op.f("ix_voice_person_id"), table_name="voice")
    op.drop_index(
        "ix_voice_open",
        table_name="voice",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("voice")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_person_role_role"), table_name="person_role")
    op.drop_index(op.f("ix_person_role_person_id"), table_name="person_role")
    op.drop_table("person_role")
    op.drop_index(op.f("ix_link_child_id"), table_name="link")
    op.drop_index(op.f("ix_link_adult_id"), table_name="link")
    op.drop_table("link")
    op.drop_index("ix_allocation_worker_id_child_id", table_name="allocation")
    op.drop_index(op.f("ix_allocation_child_id"), table_name="allocation")
    op.drop_table("allocation")
    op.drop_index(op.f("ix_person_surname_sound_hash"), table_name="person")
    op.drop_index(op.f("ix_person_phone_hash"), table_name="person")
    op.drop_index(op.f("ix_person_name_birthday_hash"), table_name="person")
    op.drop_index(op.f("ix_person_birthday_hash"), table_name="person")
    op.drop_table("person")
    op.drop_index(
        "ix_outbox_message_waiting",
        table_name="outbox_message",
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_table("outbox_message")
    op.drop_table("organisation")
    op.drop_table("audit_turn")
    op.drop_index("ix_audit_event_subject_id_at", table_name="audit_event")
    op.drop_index("ix_audit_event_actor_id_at", table_name="audit_event")
    op.drop_table("audit_event")
