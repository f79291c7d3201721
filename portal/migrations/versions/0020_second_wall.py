"""The second wall: on PostgreSQL each row shows itself only to those it belongs to.

Whoever adds a table adds a line to WALL, here or in a migration of its own; a test asks for each. The reach of each
role is held against `access.py` by another.
"""

from alembic import op

from portal.migrations.second_wall_0020 import (
    ABOUT,
    ALLOCATED,
    EVERYBODY,
    JOINS,
    NOBODYS,
    OPEN,
    SECRET,
    STAFF,
    THROUGH,
    Line,
    Reach,
    build,
    drop_functions,
    make_functions,
    take_down,
)

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_HOLDERS: dict[str, tuple[str, ...]] = {
    "worker": (ALLOCATED,),
    "duty worker": (ALLOCATED, NOBODYS),
    "manager": (EVERYBODY,),
}
REACH: Reach = {
    # What a young person, parent or carer said, and what was written of it.
    "words": _HOLDERS,
    # Which returns there are and when they are due: any worker may take one, a coordinator gives them out.
    "returns": dict.fromkeys(("worker", "duty worker", "coordinator", "manager"), (EVERYBODY,)),
    "alerts": _HOLDERS | {"duty worker": (EVERYBODY,)},
    "about staff": {"manager": (EVERYBODY,)},
    # How somebody may be reached safely; who is paused still offers a conversation.
    "contact": _HOLDERS,
    # Who somebody is. Duty workers and coordinators bring in the list, which names anybody.
    "people": {"worker": (ALLOCATED,)}
    | dict.fromkeys(("duty worker", "coordinator", "manager", "administrator"), (EVERYBODY,)),
    # Parents and carers by name: whether a worker is independent of a young person's care is seen from these.
    "adults": dict.fromkeys(
        ("worker", "duty worker", "coordinator", "manager", "administrator"), (EVERYBODY,)
    ),
    "list": dict.fromkeys(("duty worker", "coordinator", "manager"), (EVERYBODY,)),
    "texts": dict.fromkeys(("duty worker", "manager"), (EVERYBODY,)),
    # What staff sign in with: a manager may be the second of two who make a sign-in.
    "accounts": dict.fromkeys(("manager", "administrator"), (EVERYBODY,)),
    "audit": _HOLDERS | dict.fromkeys(("manager", "administrator"), (EVERYBODY,)),
}
# Whoever vanished from somebody's list would be betrayed by it: a pause leaves these.
KEPT_WHILE_PAUSED = ("contact", "texts", "returns", "people", "adults", "list", "accounts", "audit")

_TO_MANAGER = "kind NOT IN ('ask manager', 'about staff') OR (SELECT rowan_has('about staff', 'everybody'))"
_NOT_ABOUT_ME = (
    "(rule <> 'about a worker' OR (SELECT rowan_has('about staff', 'everybody'))) "
    "AND kept_from_id IS DISTINCT FROM (SELECT rowan_actor())"
)
# What a parent or carer has said that worries them is an alert about the young person, and its receipt theirs.
_MY_WORRY = "rule = 'adult worry' AND source_id IN (SELECT s.id FROM submission s WHERE s.person_id = (SELECT rowan_actor()))"
# A parent's or carer's card: whoever may contact a young person whom they are linked to.
_ADULT_REACHED = (
    "person_id IN (SELECT l.adult_id FROM link l WHERE l.child_id IN (SELECT rowan_reached('contact')))"
)
_TEXT_OF_VOICE = "(SELECT rowan_step()) OR EXISTS (SELECT 1 FROM voice v WHERE v.kind = 'text message' AND v.source_id = incoming_text.id)"
# An auditor: the young people of a sample that was named for them.
_SAMPLED = "(SELECT rowan_sampled())"
_PEOPLE = (
    "(SELECT rowan_coming_in()) OR kind = 'staff' OR kind = 'adult' AND (SELECT rowan_has('adults', 'everybody')) "
    f"OR id IN {_SAMPLED}"
)


def _words(table: str, column: str = "child_id") -> Line:
    return Line(table, ABOUT, own=(column,), about=column, group="words")


def _of_staff(table: str, column: str = "child_id") -> Line:
    return Line(table, ABOUT, about=column, group="words")


def _contact(table: str) -> Line:
    return Line(table, ABOUT, own=("person_id",), about="person_id", group="contact", also=_ADULT_REACHED)


def _of_voice(table: str) -> Line:
    return Line(table, THROUGH, own=("person_id",), parent=("voice_id", "voice"))


WALL = (
    # Nothing about anybody: names of organisations, counters under a hash, the beat, an empty table.
    Line("organisation", OPEN),
    Line("throttle", OPEN),
    Line("sender_beat", OPEN),
    Line("audit_turn", OPEN),
    # Ids of messages that have to leave; every door's words about what is true ask how old the oldest is.
    Line("outbox_message", OPEN),
    # When staff are away: ids and times, by which a young person is told who covers.
    Line("cover", OPEN),
    Line("duty_turn", OPEN),
    # Who is who: by the role a page finds the duty workers and the managers.
    Line("person_role", OPEN),
    Line("person", ABOUT, own=("id",), about="id", group="people", home="id", also=_PEOPLE),
    Line("allocation", JOINS, own=("child_id",), home="child_id"),
    Line("link", JOINS, own=("adult_id", "child_id")),
    Line("pause", JOINS, own=("child_id",), home="child_id"),
    # Asked by the reach itself, so that no policy may ask for the reach.
    Line("break_glass", JOINS, own=("worker_id",)),
    # An adult's own link shows nothing while one of these runs: their door asks for it.
    Line("no_contact", JOINS, own=("adult_id",)),
    Line("shift", JOINS, own=("person_id",)),
    Line("audit_sample", JOINS),
    Line("sampled", JOINS),
    Line("sign_in", JOINS, own=("person_id",)),
    Line("way_in", JOINS, own=("person_id",)),
    Line("hand_over", JOINS, own=("child_id",)),
    Line("neutral_card", JOINS),
    Line("private_phone", JOINS, own=("person_id",)),
    Line("staff_secret", SECRET, own=("person_id",)),
    Line("sign_in_invitation", SECRET, own=("person_id",)),
    Line("sign_in_recovery", SECRET, own=("person_id",)),
    Line("passkey", SECRET, own=("person_id",)),
    Line("staff_identity", SECRET, own=("person_id",)),
    Line("used_challenge", OPEN),
    # Counts without a person.
    Line("kept_count", OPEN),
    _of_staff("hold", "person_id"),
    _of_staff("correction"),
    _of_staff("file_request"),
    _of_staff("file_request_step"),
    Line("column_match", STAFF, group="list"),
    Line("list_import", STAFF, group="list"),
    Line("list_row", STAFF, group="list"),
    Line(
        "alert",
        ABOUT,
        own=("child_id",),
        about="child_id",
        group="alerts",
        besides=_NOT_ABOUT_ME,
        also=_MY_WORRY,
    ),
    Line(
        "audit_event",
        ABOUT,
        own=("subject_id", "actor_id"),
        about="subject_id",
        group="audit",
        also=f"subject_id IN {_SAMPLED}",
    ),
    Line("alert_step", THROUGH, parent=("alert_id", "alert")),
    Line("alert_entry", THROUGH, parent=("alert_id", "alert")),
    # Returns: clear times and states, whose turn it is.
    Line("interview_task", ABOUT, own=("child_id",), about="child_id", group="returns"),
    Line("episode", ABOUT, own=("child_id",), about="child_id", group="returns", home="child_id"),
    Line("attempt", THROUGH, parent=("task_id", "interview_task")),
    Line("custody", ABOUT, own=("child_id",), about="child_id", group="returns"),
    Line("talk_wish", ABOUT, own=("child_id",), about="child_id", group="returns"),
    Line("return_form", ABOUT, own=("child_id",), about="child_id", group="returns"),
    _contact("safe_contact"),
    _contact("safe_contact_asked"),
    _contact("reminder"),
    # What somebody said.
    Line("submission", ABOUT, own=("person_id",), about="coalesce(about_id, person_id)", group="words"),
    Line("answer", THROUGH, own=("person_id",), parent=("submission_id", "submission")),
    _words("safety_answer"),
    _words("about_worker"),
    _words("ask", "person_id"),
    Line("voice", ABOUT, own=("person_id",), about="about_id", group="words", besides=_TO_MANAGER),
    _of_voice("voice_step"),
    _of_voice("voice_note"),
    _of_voice("voice_reply"),
    _of_voice("trail_wish"),
    _of_voice("trail_share"),
    _of_voice("translation"),
    # A text from a number that nobody knows is nobody's; any other belongs to the voice that it became.
    Line(
        "incoming_text",
        STAFF,
        own=("person_id",),
        group="texts",
        besides="person_id IS NULL",
        also=_TEXT_OF_VOICE,
    ),
    Line("family_form", ABOUT, own=("adult_id",), about="child_id", group="words"),
    # What is written of a conversation, and what a young person keeps.
    _words("conversation"),
    _words("write_up"),
    _words("meant"),
    _words("agreed_action"),
    _words("police_step"),
    _words("safer_plan"),
    _words("trusted"),
    _words("place"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        make_functions(op, REACH, KEPT_WHILE_PAUSED)
        build(op, WALL)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        take_down(op, WALL)
        drop_functions(op)
