"""The second wall on PostgreSQL: what a query of ours forgets, the database does not show.

The first wall is switched off (`_reached` hands out `true()`, nobody is paused), and whoever the rows do not belong to
is still shown none. Seen red with the line of `answer` made OPEN (each of the first three claims about rows), and with the
policies permissive instead of restrictive.
"""

import importlib
import re
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import UniqueConstraint, Uuid, create_engine, false, select, text, true

from portal import access
from portal.access import EVERYBODY, POLICY, Can
from portal.accounts import models
from portal.accounts.break_glass import BreakGlass
from portal.accounts.models import Link, Person
from portal.accounts.pauses import Pause
from portal.db import Base, engines_of, session
from portal.migrations import second_wall_0020
from portal.migrations.second_wall_0020 import ABOUT, OPEN, THROUGH
from tests.proofs.filled import FIRST, SECOND, fill
from tests.proofs.ground import Ground
from tests.proofs.standing import Asker, enter_everyone, sign_everyone_in, views


def _migrations():
    names = sorted(path.stem for path in (Path(second_wall_0020.__file__).parent / "versions").glob("0*.py"))
    loaded = [importlib.import_module(f"portal.migrations.versions.{name}") for name in names]
    return [module for module in loaded if hasattr(module, "WALL")]


LINES = {line.table: line for module in _migrations() for line in module.WALL}
REACH = _migrations()[0].REACH
# What somebody said; looked at below whatever its line calls it.
WORDS = ("answer", "voice", "alert", "write_up", "voice_note", "safety_answer")
WALLED = sorted({table for table, line in LINES.items() if line.kind in (ABOUT, THROUGH)} | set(WORDS))


@pytest.mark.parametrize(
    "line", [line for line in LINES.values() if line.kind == OPEN], ids=lambda line: line.table
)
def test_what_is_open_has_no_words_and_names_no_young_person(line):
    columns = Base.metadata.tables[line.table].columns
    assert not [column.name for column in columns if type(column.type).__name__ == "EncryptedText"]
    assert not {"child_id", "subject_id", "about_id"} & set(columns.keys())


# The abilities that read what is in a group's tables; of a role's relations to them the wall knows the widest.
READ_BY = {
    "words": {Can.READ_VOICE, Can.SEE_TRAIL, Can.WRITE_UP, Can.ANSWER_VOICE, Can.NAME_TRUSTED, Can.SHARE_WORDS},
    "returns": {Can.SEE_RETURNS, Can.TAKE_RETURN, Can.HEAR_CHOICE, Can.OFFER_CONVERSATION},
    "alerts": {Can.SEE_ALERTS},
    "contact": {Can.OFFER_CONVERSATION},
    "about staff": {Can.SEE_ALERTS_ABOUT_STAFF, Can.READ_TO_MANAGER},
}  # fmt: skip


@pytest.mark.parametrize("group", READ_BY)
def test_the_wall_is_as_wide_as_the_policy_and_no_wider(group):
    for role, abilities in POLICY.items():
        if access.DOOR_OF[role] != access.STAFF:
            continue
        reach = frozenset().union(*(abilities.get(can, frozenset()) for can in READ_BY[group]))
        expected = {"everybody"} if reach >= EVERYBODY else reach & {"allocated", "nobody's"}
        assert set(REACH[group].get(role, ())) == expected, role


def test_nothing_reaches_beyond_the_wall_but_what_stands_here():
    beyond = {
        str(path.relative_to(Path(access.__file__).parent))
        for path in Path(access.__file__).parent.rglob("*.py")
        if re.search(r"with (db\.)?beyond_the_wall\(\)", path.read_text())
    }
    assert (
        beyond
        == {
            "accounts/single_sign_on.py",  # whether an account at the provider opens somebody else's sign-in already
            "accounts/glass_views.py",  # whether there is such a young person, and who is told, for break-glass
            "admin/sample_views.py",  # a sample that was named for an auditor
            "alerts/bars.py",  # the bar on every staff page: that something waits, and nothing of it
            "alerts/models.py",  # raising an alert: who hears of it
            "alerts/sources.py",  # the words behind an alert, for whoever is on duty
            "contact/text_views.py",  # a text that comes in, with nobody signed in
            "episodes/due_list.py",  # initials of whom somebody does not hold
            "voices/opened.py",  # what a list of who opened a record leaves out
        }
    )


# --- rows -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(app, at_work):
    """Two young people about whom every table holds something, each with a worker and a parent of their own."""
    with at_work():
        fill(FIRST)
        fill(SECOND)
        session.flush()
        found = {}
        for canaries in (FIRST, SECOND):
            # Whose e-mail is whose is sealed: the worker is found by whom they hold.
            child = next(
                one for one in session.scalars(select(Person).where(Person.kind == "child"))
                if one.name == canaries["person.name"]
            )  # fmt: skip
            worker = session.scalar(
                select(models.Allocation.worker_id).where(models.Allocation.child_id == child.id).limit(1)
            )
            parent = session.scalar(select(Link.adult_id).where(Link.child_id == child.id).limit(1))
            if parent is None:
                parent = Person.enter("adult", f"Parent {canaries.name}", roles=("parent or carer",)).id
                models.join_adult(parent, child.id, "parent")
            found[canaries.name] = {"child": child.id, "worker": worker, "parent": parent}
    return found


@pytest.fixture
def sees(hub_file, filled):
    """`sees("answer", actor, door)`: the ids of the rows that the database shows, by plain SQL of the login role."""
    with engines_of(hub_file).reading.connect() as connection:

        def ask(table, actor, door):
            connection.rollback()
            for setting in (f"actor = '{actor}'", f"door = '{door}'", "now = '2026-11-24T10:00:00+00:00'"):
                connection.exec_driver_sql(f"SET LOCAL rowan.{setting}")
            return {row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {table}")}

        yield ask


@pytest.fixture
def of_first(sees, filled, hub_file):
    """`of_first("answer")`: the ids of the rows that are the first young person's, seen from a step."""

    def ask(table):
        line = LINES[table]
        whose = line.own or ((line.about,) if line.about else ())
        every = sees(table, "nobody", "step")
        child = filled["first"]["child"]
        if not whose:  # an attempt: of the return that it belongs to
            column, parent = line.parent
            wanted = f"{column} IN (SELECT id FROM {parent} WHERE child_id = '{child}')"
        else:
            wanted = " OR ".join(f"{column} = '{child}'" for column in whose)
        with engines_of(hub_file).reading.connect() as connection:
            connection.exec_driver_sql("SET LOCAL rowan.actor = 'nobody'")
            connection.exec_driver_sql("SET LOCAL rowan.door = 'step'")
            rows = connection.exec_driver_sql(f"SELECT id FROM {table} WHERE {wanted}")
            return every & {row[0] for row in rows}

    return ask


# Any worker may take any return: of these they see that it is there and when it is due.
_TIMES = {"interview_task", "episode", "attempt", "custody", "talk_wish", "return_form"}


@pytest.mark.postgresql
def test_another_worker_is_shown_no_row(sees, of_first, filled):
    other = filled["second"]["worker"]
    assert not [t for t in WALLED if t not in _TIMES and of_first(t) & sees(t, other, "staff")]


@pytest.mark.postgresql
def test_another_child_is_shown_no_row(sees, of_first, filled):
    other = filled["second"]["child"]
    assert not [table for table in WALLED if of_first(table) & sees(table, other, "young")]


@pytest.mark.postgresql
def test_a_parent_is_shown_no_row_of_their_child(sees, of_first, filled):
    parent = filled["first"]["parent"]
    shown = {table for table in WALLED if of_first(table) & sees(table, parent, "family")}
    assert shown <= {"person", "episode"}  # their name, and when they came back


@pytest.mark.postgresql
def test_their_own_worker_is_shown_what_is_there(sees, of_first, filled):
    worker = filled["first"]["worker"]
    hidden = {
        table for table in WALLED if of_first(table) and not of_first(table) & sees(table, worker, "staff")
    }
    assert not hidden
    # What may be about themselves is the managers' alone.
    in_part = {table for table in WALLED if of_first(table) - sees(table, worker, "staff")}
    assert in_part <= {"voice", "voice_step", "alert", "alert_step"}
    assert all(of_first(table) for table in ("answer", "voice", "voice_note", "write_up", "alert", "trusted"))


@pytest.mark.postgresql
def test_nobody_who_is_still_to_come_in_is_shown_what_was_said(sees):
    assert [table for table in WALLED if sees(table, "nobody", "young")] == ["person"]


@pytest.mark.postgresql
def test_broken_glass_shows_no_card_to_whom_something_may_be_about(sees, of_first, filled, at_work):
    """Seen red with a card shown through it whatever a pause leaves."""
    child, other = filled["first"]["child"], filled["second"]["worker"]
    with at_work():
        told = [filled["first"]["worker"], filled["first"]["parent"]]
        BreakGlass.begin(other, child, "Somebody rings.", told=told, managers=[])
    assert of_first("safe_contact") & sees("safe_contact", other, "staff")
    with at_work():
        Pause.begin(child, other, uuid4())
    assert not of_first("safe_contact") & sees("safe_contact", other, "staff")


@pytest.mark.postgresql
def test_a_role_without_the_words_is_shown_none(sees, at_work, filled):
    with at_work():
        actors = [
            Person.enter("staff", "No Words", roles=(role,)).id
            for role in ("participation lead", "administrator", "coordinator")
        ]
    assert not [table for table in WORDS for actor in actors if sees(table, actor, "staff")]


@pytest.mark.postgresql
def test_a_row_that_is_not_shown_is_neither_changed_nor_dropped(hub_file, filled, sees):
    with engines_of(hub_file).writing.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL rowan.actor = '{filled['second']['worker']}'")
        connection.exec_driver_sql("SET LOCAL rowan.door = 'staff'")
        connection.exec_driver_sql("SET LOCAL rowan.now = '2026-11-24T10:00:00+00:00'")
        mine = connection.exec_driver_sql("UPDATE voice SET state = state").rowcount
        assert connection.exec_driver_sql("DELETE FROM trusted").rowcount == 1
    assert 0 < mine < len(sees("voice", "nobody", "step"))


# --- pages, with the first wall switched off --------------------------------------------------------------------------


@pytest.fixture
def no_first_wall(monkeypatch):
    monkeypatch.setattr(models, "_reached", lambda *_: true())
    monkeypatch.setattr(models, "paused", lambda *_: false())


@pytest.fixture
def asker(hub_folder, hub_file, app, clock):
    ground = Ground(hub_folder, hub_file, app, clock)
    with ground.at_work():
        who = enter_everyone()
    sign_everyone_in(ground, who)
    asker = Asker(ground, who)
    yield asker
    asker.close()


@pytest.mark.postgresql
def test_without_the_first_wall_no_page_of_another_opens(asker, no_first_wall):
    strangers = (("staff", "worker", access.OTHER), ("staff", "worker", access.ENDED),
                 ("young", "young person", access.OTHER), ("family", "parent or carer", access.ALLOCATED))  # fmt: skip
    opened = [
        f"{role}, {relation}: {view}"
        for door, role, relation in strangers
        for view in views(asker.ground.app)
        if view.door == door and view.rule.of and "GET" in view.methods and view.rule.can != Can.TAKE_RETURN
        if asker.ask(view, "GET", role, asker.who.thing(role, relation)).status_code < 400
    ]
    assert not opened


# --- the ways round it (`safety.md`, fact 7) ----------------------------------------------------------------------------


@pytest.fixture
def as_owner(hub_file, filled):
    engine = create_engine(hub_file.owner_database)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.postgresql
def test_the_owner_of_a_table_is_shown_nothing(as_owner):
    as_owner.exec_driver_sql("SET LOCAL rowan.actor = 'nobody'")
    as_owner.exec_driver_sql("SET LOCAL rowan.door = 'step'")
    counts = {table: as_owner.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in WALLED}
    assert not any(counts.values()), counts


@pytest.mark.postgresql
def test_a_view_of_the_owners_opens_nothing(as_owner, hub_file, filled):
    as_owner.exec_driver_sql("CREATE VIEW everything AS SELECT * FROM answer")
    as_owner.exec_driver_sql("GRANT SELECT ON everything TO rowan_app")
    as_owner.commit()
    with engines_of(hub_file).reading.connect() as connection:
        connection.exec_driver_sql(f"SET LOCAL rowan.actor = '{filled['second']['worker']}'")
        assert connection.exec_driver_sql("SELECT count(*) FROM everything").scalar() == 0


@pytest.mark.postgresql
def test_the_schema_has_no_view_and_no_function_with_its_makers_rights(as_owner):
    views = (
        "SELECT count(*) FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
    )
    rights = "SELECT count(*) FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    assert as_owner.exec_driver_sql(views).scalar() == 0
    assert as_owner.exec_driver_sql(rights).scalar() == 0


# What a UNIQUE error would tell somebody who guesses: keys that nobody can guess, or the ids of rows they were given.
_TELLS_NOTHING = re.compile(
    r"(^|_)(id|key|hash|number|part|version|kind|line|day|question|figure|period|step|questionnaire)$|^name$|^signature$"
)


def test_no_unique_error_tells_what_somebody_could_guess():
    unique = [
        (table.name, columns)
        for table in Base.metadata.tables.values()
        for columns in [
            *(one.columns for one in table.constraints if isinstance(one, UniqueConstraint)),
            *(one.columns for one in table.indexes if one.unique),
        ]
    ]
    told = [
        f"{table}.{column.name}"
        for table, columns in unique
        for column in columns
        if not _TELLS_NOTHING.search(column.name) and not isinstance(column.type, Uuid)
    ]
    assert not told


def test_no_setting_outlives_its_transaction():
    for path in Path(access.__file__).parent.rglob("*.py"):
        assert not re.search(r"SET (SESSION )?rowan\.|set_config\(", path.read_text()), path


@pytest.mark.postgresql
def test_a_connection_comes_back_to_the_pool_as_nobodys(at_work, cast, hub_file):
    with at_work():
        session.scalar(select(Person.id).limit(1))
    with engines_of(hub_file).reading.connect() as connection:
        settings = text(
            "SELECT coalesce(current_setting('rowan.actor', true), '') || coalesce(current_setting('rowan.door', true), '')"
        )
        assert connection.execute(settings).scalar() == ""
