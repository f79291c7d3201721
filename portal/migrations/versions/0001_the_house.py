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
    "alert",
    "audit_event",
    "audit_turn",
    "organisation",
    "outbox_message",
    "sender_beat",
    "throttle",
    "person",
    "allocation",
    "column_match",
    "interview_task",
    "link",
    "list_import",
    "person_role",
    "safety_answer",
    "sign_in",
    "staff_secret",
    "submission",
    "voice",
    "way_in",
    "answer",
    "attempt",
    "episode",
    "return_form",
    "voice_note",
    "voice_reply",
    "voice_step",
    "list_row",
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
        "alert",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=30), nullable=False),
        sa.Column("source_kind", sa.String(length=30), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("kept_from_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("held_by_id", sa.Uuid(), nullable=True),
        sa.Column("held_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
    )
    op.create_index("ix_alert_child_id_raised_at", "alert", ["child_id", "raised_at"], unique=False)
    op.create_index(op.f("ix_alert_raised_at"), "alert", ["raised_at"], unique=False)
    op.create_index(
        "ix_alert_waiting",
        "alert",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
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
    op.create_index(op.f("ix_outbox_message_object_id"), "outbox_message", ["object_id"], unique=False)
    op.create_index(
        "ix_outbox_message_waiting",
        "outbox_message",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "sender_beat",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sender_beat")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=44), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
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
    op.create_index("ix_person_kind_created_at", "person", ["kind", "created_at", "id"], unique=False)
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
        "column_match",
        sa.Column("signature", sa.String(length=32), nullable=False),
        sa.Column("matches", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_column_match_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_match")),
        sa.UniqueConstraint("signature", name=op.f("uq_column_match_signature")),
    )
    op.create_table(
        "interview_task",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=True),
        sa.Column("team", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("form_at", INSTANT, nullable=True),
        sa.Column("told_authority_at", INSTANT, nullable=True),
        sa.Column("interviewer", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_interview_task_child_id_person")),
        sa.ForeignKeyConstraint(["taker_id"], ["person.id"], name=op.f("fk_interview_task_taker_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_task")),
    )
    op.create_index(op.f("ix_interview_task_child_id"), "interview_task", ["child_id"], unique=False)
    op.create_index(op.f("ix_interview_task_state"), "interview_task", ["state"], unique=False)
    op.create_index("ix_interview_task_state_due_at", "interview_task", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_interview_task_taker_id"), "interview_task", ["taker_id"], unique=False)
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
        "list_import",
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(44), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("sentence", sa.String(length=300), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_list_import_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_import")),
    )
    op.create_index(op.f("ix_list_import_digest"), "list_import", ["digest"], unique=False)
    op.create_index(op.f("ix_list_import_state"), "list_import", ["state"], unique=False)
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
        "safety_answer",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("sitting", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_safety_answer_child_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_answer")),
        sa.UniqueConstraint("form_key", name=op.f("uq_safety_answer_form_key")),
    )
    op.create_index(op.f("ix_safety_answer_sitting"), "safety_answer", ["sitting"], unique=False)
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
        "staff_secret",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=120), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_secret_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_secret")),
        sa.UniqueConstraint("person_id", name=op.f("uq_staff_secret_person_id")),
    )
    op.create_table(
        "submission",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("at", sa.String(length=60), nullable=False),
        sa.Column("sitting", sa.Uuid(), nullable=False),
        sa.Column("deal_version", sa.Integer(), nullable=True),
        sa.Column("deal_agreed_at", INSTANT, nullable=True),
        sa.Column("may_read_draft", sa.Boolean(), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_submission_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("form_key", name=op.f("uq_submission_form_key")),
    )
    op.create_index("ix_submission_person_id_state", "submission", ["person_id", "state"], unique=False)
    op.create_index(
        "ux_submission_one_draft",
        "submission",
        ["person_id", "questionnaire"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "voice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("promised_by", INSTANT, nullable=False),
        sa.Column("tell_how", sa.LargeBinary(), nullable=False),
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
        "way_in",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("door", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.String(44), nullable=False),
        sa.Column("number_hash", sa.String(44), nullable=False),
        sa.Column("pin_hash", sa.String(length=120), nullable=False),
        sa.Column("wrong_pins", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_way_in_given_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_way_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way_in")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_way_in_number_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_way_in_token_hash")),
    )
    op.create_index(
        "uq_way_in_one_that_works",
        "way_in",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "answer",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("choices", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("sitting", sa.Uuid(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_person_id_person")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_answer_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("submission_id", "question", name=op.f("uq_answer_submission_id_question")),
    )
    op.create_table(
        "attempt",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_attempt_by_id_person")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["interview_task.id"], name=op.f("fk_attempt_task_id_interview_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_task_id"), "attempt", ["task_id"], unique=False)
    op.create_table(
        "episode",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("police_number", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.String(44), nullable=True),
        sa.Column("missing_at", INSTANT, nullable=False),
        sa.Column("returned_at", INSTANT, nullable=True),
        sa.Column("reached_us_at", INSTANT, nullable=False),
        sa.Column("living", sa.String(length=20), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_episode_child_id_person")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["interview_task.id"], name=op.f("fk_episode_task_id_interview_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    op.create_index(op.f("ix_episode_child_id"), "episode", ["child_id"], unique=False)
    op.create_index(op.f("ix_episode_number_hash"), "episode", ["number_hash"], unique=False)
    op.create_index(op.f("ix_episode_task_id"), "episode", ["task_id"], unique=False)
    op.create_table(
        "return_form",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("chosen_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_return_form_child_id_person")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_return_form_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["interview_task.id"], name=op.f("fk_return_form_task_id_interview_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_form")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_return_form_submission_id")),
    )
    op.create_index(op.f("ix_return_form_child_id"), "return_form", ["child_id"], unique=False)
    op.create_index(op.f("ix_return_form_task_id"), "return_form", ["task_id"], unique=False)
    op.create_table(
        "voice_note",
        sa.Column("voice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_voice_note_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_voice_note_person_id_person")),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f("fk_voice_note_voice_id_voice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_note")),
        sa.UniqueConstraint("form_key", name=op.f("uq_voice_note_form_key")),
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
        sa.Column("form_key", sa.Uuid(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_voice_reply_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_voice_reply_person_id_person")),
        sa.ForeignKeyConstraint(["voice_id"], ["voice.id"], name=op.f("fk_voice_reply_voice_id_voice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_reply")),
        sa.UniqueConstraint("form_key", name=op.f("uq_voice_reply_form_key")),
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
    op.create_table(
        "list_row",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("row_hash", sa.String(44), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("episode_id", sa.Uuid(), nullable=True),
        sa.Column("decided", sa.String(length=10), nullable=True),
        sa.Column("settled", sa.String(length=10), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["person.id"], name=op.f("fk_list_row_child_id_person")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_list_row_episode_id_episode")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["list_import.id"], name=op.f("fk_list_row_import_id_list_import")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_list_row_settled_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_row")),
    )
    op.create_index("ix_list_row_import_id_line", "list_row", ["import_id", "line"], unique=False)
    op.create_index(op.f("ix_list_row_row_hash"), "list_row", ["row_hash"], unique=False)
    op.create_index("ix_list_row_settled_at", "list_row", ["settled_at"], unique=False)
    op.create_index("ix_list_row_settled_state", "list_row", ["settled", "state"], unique=False)


def _drop_tables() -> None:
    op.drop_index("ix_list_row_settled_state", table_name="list_row")
    op.drop_index("ix_list_row_settled_at", table_name="list_row")
    op.drop_index(op.f("ix_list_row_row_hash"), table_name="list_row")
    op.drop_index("ix_list_row_import_id_line", table_name="list_row")
    op.drop_table("list_row")
    op.drop_index(op.f("ix_voice_step_voice_id"), table_name="voice_step")
    op.drop_table("voice_step")
    op.drop_index(op.f("ix_voice_reply_voice_id"), table_name="voice_reply")
    op.drop_index(op.f("ix_voice_reply_person_id"), table_name="voice_reply")
    op.drop_table("voice_reply")
    op.drop_index(op.f("ix_voice_note_voice_id"), table_name="voice_note")
    op.drop_table("voice_note")
    op.drop_index(op.f("ix_return_form_task_id"), table_name="return_form")
    op.drop_index(op.f("ix_return_form_child_id"), table_name="return_form")
    op.drop_table("return_form")
    op.drop_index(op.f("ix_episode_task_id"), table_name="episode")
    op.drop_index(op.f("ix_episode_number_hash"), table_name="episode")
    op.drop_index(op.f("ix_episode_child_id"), table_name="episode")
    op.drop_table("episode")
    op.drop_index(op.f("ix_attempt_task_id"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_table("answer")
    op.drop_index(
        "uq_way_in_one_that_works",
        table_name="way_in",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("way_in")
    op.drop_index(op.f("ix_voice_person_id"), table_name="voice")
    op.drop_index(
        "ix_voice_open",
        table_name="voice",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("voice")
    op.drop_index(
        "ux_submission_one_draft",
        table_name="submission",
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.drop_index("ix_submission_person_id_state", table_name="submission")
    op.drop_table("submission")
    op.drop_table("staff_secret")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_safety_answer_sitting"), table_name="safety_answer")
    op.drop_table("safety_answer")
    op.drop_index(op.f("ix_person_role_role"), table_name="person_role")
    op.drop_index(op.f("ix_person_role_person_id"), table_name="person_role")
    op.drop_table("person_role")
    op.drop_index(op.f("ix_list_import_state"), table_name="list_import")
    op.drop_index(op.f("ix_list_import_digest"), table_name="list_import")
    op.drop_table("list_import")
    op.drop_index(op.f("ix_link_child_id"), table_name="link")
    op.drop_index(op.f("ix_link_adult_id"), table_name="link")
    op.drop_table("link")
    op.drop_index(op.f("ix_interview_task_taker_id"), table_name="interview_task")
    op.drop_index("ix_interview_task_state_due_at", table_name="interview_task")
    op.drop_index(op.f("ix_interview_task_state"), table_name="interview_task")
    op.drop_index(op.f("ix_interview_task_child_id"), table_name="interview_task")
    op.drop_table("interview_task")
    op.drop_table("column_match")
    op.drop_index("ix_allocation_worker_id_child_id", table_name="allocation")
    op.drop_index(op.f("ix_allocation_child_id"), table_name="allocation")
    op.drop_table("allocation")
    op.drop_index(op.f("ix_person_surname_sound_hash"), table_name="person")
    op.drop_index(op.f("ix_person_phone_hash"), table_name="person")
    op.drop_index(op.f("ix_person_name_birthday_hash"), table_name="person")
    op.drop_index("ix_person_kind_created_at", table_name="person")
    op.drop_index(op.f("ix_person_birthday_hash"), table_name="person")
    op.drop_table("person")
    op.drop_table("throttle")
    op.drop_table("sender_beat")
    op.drop_index(
        "ix_outbox_message_waiting",
        table_name="outbox_message",
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_index(op.f("ix_outbox_message_object_id"), table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_table("organisation")
    op.drop_table("audit_turn")
    op.drop_index("ix_audit_event_subject_id_at", table_name="audit_event")
    op.drop_index("ix_audit_event_actor_id_at", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index(
        "ix_alert_waiting",
        table_name="alert",
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_index(op.f("ix_alert_raised_at"), table_name="alert")
    op.drop_index("ix_alert_child_id_raised_at", table_name="alert")
    op.drop_table("alert")
