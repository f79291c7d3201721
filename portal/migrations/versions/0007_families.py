"""Parents and carers: whom something is about, whether contacting home is safe, and their forms after a return.

What a parent or carer says is theirs: their own voice, under their own key, about a young person. What is there
already was said by young people, about themselves.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
LOGIN_ROLE = "rowan_app"
DRAFT = sa.text("state = 'draft'")
OWN_DRAFT = sa.text("state = 'draft' AND about_id IS NULL")
DRAFT_ABOUT = sa.text("state = 'draft' AND about_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("link") as link:
        link.add_column(sa.Column("home_safe_at", INSTANT, nullable=True))
        link.add_column(sa.Column("home_safe_by_id", sa.Uuid(), nullable=True))
        link.create_foreign_key(op.f("fk_link_home_safe_by_id_person"), "person", ["home_safe_by_id"], ["id"])
    op.drop_index("ux_submission_one_draft", table_name="submission")
    with op.batch_alter_table("submission") as submission:
        submission.add_column(sa.Column("about_id", sa.Uuid(), nullable=True))
        submission.create_foreign_key(op.f("fk_submission_about_id_person"), "person", ["about_id"], ["id"])
    _one_draft("ux_submission_one_draft", ["person_id", "questionnaire"], OWN_DRAFT)
    _one_draft("ux_submission_one_draft_about", ["person_id", "about_id", "questionnaire"], DRAFT_ABOUT)
    _whom_voices_are_about()
    _family_form()


def downgrade() -> None:
    op.drop_index(op.f("ix_family_form_child_id"), table_name="family_form")
    op.drop_index(op.f("ix_family_form_adult_id"), table_name="family_form")
    op.drop_table("family_form")
    op.drop_index(op.f("ix_voice_about_id"), table_name="voice")
    with op.batch_alter_table("voice") as voice:
        voice.drop_constraint(op.f("fk_voice_about_id_person"), type_="foreignkey")
        voice.drop_column("about_id")
    op.drop_index("ux_submission_one_draft_about", table_name="submission")
    op.drop_index("ux_submission_one_draft", table_name="submission")
    with op.batch_alter_table("submission") as submission:
        submission.drop_constraint(op.f("fk_submission_about_id_person"), type_="foreignkey")
        submission.drop_column("about_id")
    _one_draft("ux_submission_one_draft", ["person_id", "questionnaire"], DRAFT)
    with op.batch_alter_table("link") as link:
        link.drop_constraint(op.f("fk_link_home_safe_by_id_person"), type_="foreignkey")
        link.drop_column("home_safe_by_id")
        link.drop_column("home_safe_at")


def _one_draft(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "submission", columns, unique=True, sqlite_where=where, postgresql_where=where)


def _whom_voices_are_about() -> None:
    op.add_column("voice", sa.Column("about_id", sa.Uuid(), nullable=True))
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    # The owner of a table under forced row-level security sees no row of it.
    if on_postgresql:
        op.execute("ALTER TABLE voice NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE voice SET about_id = person_id")
    if on_postgresql:
        op.execute("ALTER TABLE voice FORCE ROW LEVEL SECURITY")
    with op.batch_alter_table("voice") as voice:
        voice.alter_column("about_id", existing_type=sa.Uuid(), nullable=False)
        voice.create_foreign_key(op.f("fk_voice_about_id_person"), "person", ["about_id"], ["id"])
    op.create_index(op.f("ix_voice_about_id"), "voice", ["about_id"], unique=False)


def _family_form() -> None:
    op.create_table(
        "family_form",
        sa.Column("adult_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("not_to_speak_to", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_family_form_{column}_{table}"))
            for column, table in (
                ("adult_id", "person"),
                ("child_id", "person"),
                ("episode_id", "episode"),
                ("submission_id", "submission"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_form")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_family_form_submission_id")),
    )
    op.create_index(op.f("ix_family_form_adult_id"), "family_form", ["adult_id"], unique=False)
    op.create_index(op.f("ix_family_form_child_id"), "family_form", ["child_id"], unique=False)
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON family_form TO {LOGIN_ROLE}")
    op.execute("ALTER TABLE family_form ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE family_form FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY family_form_needs_an_actor ON family_form TO {LOGIN_ROLE} "
        "USING (coalesce(current_setting('rowan.actor', true), '') <> '') "
        "WITH CHECK (coalesce(current_setting('rowan.actor', true), '') <> '')"
    )
