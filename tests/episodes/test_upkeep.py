"""Long work is done a few rows at a time, and a list that was left in the middle is gone on with."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event, func, select

from portal import commands
from portal.config import Hub
from portal.db import session, step
from portal.episodes import preview, upkeep
from portal.episodes.episode import Episode
from portal.episodes.from_file import import_file
from portal.episodes.imports import ListImport
from portal.episodes.list_row import ListRow
from portal.episodes.reading import NotAList
from portal.episodes.taking import take_next
from portal.episodes.words import WORKING
from portal.notify import worker
from tests.episodes.conftest import AMARA, a_list, many_rows

AT_MOST = 50


@pytest.fixture
def hub(hub_file, clock):
    return Hub(hub_file, clock=clock)


@pytest.fixture
def looks(hub, app):
    """`looks()`: for which lists the worker starts a process now."""
    return lambda: upkeep.go_on(hub, app.extensions["rowan"])


@contextmanager
def rows_of_commits():
    """How many rows of lists each commit changes while the block runs."""
    commits = [0]

    def count(_, cursor, statement, parameters, __, many):
        if "list_row" in statement.partition("WHERE")[0] and not statement.startswith("SELECT"):
            commits[-1] += len(parameters) if many else max(cursor.rowcount, 0)

    def committed(_):
        commits.append(0)

    event.listen(Engine, "after_cursor_execute", count)
    event.listen(Engine, "commit", committed)
    try:
        yield commits
    finally:
        event.remove(Engine, "after_cursor_execute", count)
        event.remove(Engine, "commit", committed)


def _long():
    return a_list(*many_rows(120))


def _rows(at_work):
    with at_work():
        return session.scalar(select(func.count()).select_from(ListRow))


def _episodes(at_work):
    with at_work():
        return session.scalar(select(func.count()).select_from(Episode))


def _state(at_work, import_id):
    with at_work():
        return session.get_one(ListImport, import_id).state


# --- a few rows at a time -----------------------------------------------------------------------------------------


def test_a_long_list_is_looked_at_fifty_rows_at_a_time(bring):
    with rows_of_commits() as commits:
        bring(_long())
    assert sum(commits) == 120
    assert max(commits) <= AT_MOST


def test_a_long_list_that_brings_nothing_new_is_put_away_fifty_rows_at_a_time(bring, take, at_work):
    import_id = bring(a_list(*[AMARA] * 120))
    with rows_of_commits() as commits:
        take(import_id)
    assert max(commits) <= AT_MOST
    assert _state(at_work, import_id) == "taken"
    with at_work():
        assert session.scalar(select(func.count()).where(ListRow.words.is_not(None))) == 0


def test_an_old_preview_is_let_go_fifty_rows_at_a_time(bring, hub, clock, looks, started, at_work):
    import_id = bring(_long())
    clock.forward(hours=25)
    with rows_of_commits() as commits:
        assert upkeep.drop_old_previews(hub) == 1
        clock.forward(minutes=1)
        assert looks() == started == [import_id]
        preview.clear_away(hub, import_id)
    assert max(commits) <= AT_MOST
    assert _rows(at_work) == 0
    clock.forward(minutes=5)
    assert looks() == []


def test_a_long_list_that_somebody_drops_is_gone_from_sight_and_then_altogether(
    bring, doors, cast, started, hub, at_work
):
    import_id = bring(_long())
    cory = doors.staff.sign_in_as(cast.cory)
    with rows_of_commits() as commits:
        cory.post(f"/list/{import_id}", {"go": "drop"})
        assert cory.get(f"/list/{import_id}").status == 404
        assert started == [import_id]
        preview.clear_away(hub, import_id)
    assert max(commits) <= AT_MOST
    assert _rows(at_work) == 0


def test_a_list_that_is_worked_out_again_loses_its_rows_fifty_at_a_time(bring, hub, at_work):
    import_id = bring(_long())
    with rows_of_commits() as commits:
        with at_work():
            session.get_one(ListImport, import_id).work_again()
        preview.work_out(hub, import_id)
    assert max(commits) <= AT_MOST
    assert _rows(at_work) == 120
    assert _state(at_work, import_id) == "ready"


# --- gone on with -------------------------------------------------------------------------------------------------


def test_a_list_whose_taking_was_killed_is_gone_on_with_and_nothing_is_lost(
    bring, hub, looks, clock, started, at_work, monkeypatch
):
    import_id = bring(a_list(*many_rows(30)))
    with at_work():
        session.get_one(ListImport, import_id).take()

    def killed(brought, rows):
        if brought.done >= 10:
            raise KeyboardInterrupt
        return take_next(brought, rows)

    monkeypatch.setattr(preview, "take_next", killed)
    with pytest.raises(KeyboardInterrupt):
        preview.take_all(hub, import_id)
    assert looks() == []  # it was heard of a moment ago
    clock.forward(minutes=1)
    assert looks() == [import_id]
    monkeypatch.undo()
    preview.take_all(hub, import_id)
    assert _state(at_work, import_id) == "taken"
    assert _episodes(at_work) == 30


def test_a_list_whose_looking_at_was_killed_is_gone_on_with(at_work, looks, clock, started):
    with at_work():
        import_id = ListImport.bring(_long(), "list.csv", None).id
    assert looks() == []
    clock.forward(minutes=1)
    assert looks() == started == [import_id]


def test_what_stops_every_process_is_tried_less_and_less(at_work, looks, clock, started):
    with at_work():
        brought = ListImport.bring(_long(), "list.csv", None)
        brought.turn = 30
    clock.forward(minutes=9)
    assert looks() == []
    clock.forward(minutes=2)
    assert looks() == [brought.id]


def test_a_process_that_was_only_slow_does_no_more_once_another_began(bring, hub, at_work, monkeypatch):
    with at_work():
        import_id = ListImport.bring(_long(), "list.csv", None).id
    keep = preview.keep
    overtaken: list[bool] = []

    def keep_slowly(*about):
        if not overtaken:
            overtaken.append(True)
            preview.work_out(hub, import_id)
        return keep(*about)

    monkeypatch.setattr(preview, "keep", keep_slowly)
    preview.work_out(hub, import_id)
    assert overtaken
    assert _rows(at_work) == 120
    assert _state(at_work, import_id) == "ready"


def test_a_command_whose_list_was_dropped_says_so_and_takes_nothing(hub, at_work):
    def somebody_drops_it(done, total):
        if done == AT_MOST:
            with step(hub):
                session.scalars(select(ListImport).where(ListImport.state == WORKING)).one().drop()

    with pytest.raises(NotAList, match="Somebody dropped this list"):
        import_file(hub, _long(), progress=somebody_drops_it)
    assert _episodes(at_work) == 0


def test_the_worker_looks_after_the_lists_of_each_hub(
    app, settings, hub, bring, at_work, clock, started, monkeypatch
):
    with at_work():
        import_id = ListImport.bring(_long(), "list.csv", None).id
    clock.forward(minutes=1)
    chores = []
    monkeypatch.setattr(worker, "run", lambda _, __, ___, given: chores.extend(given))
    environment = {f"ROWAN_{name.upper()}": str(value) for name, value in settings.items()}
    CliRunner().invoke(commands.portal, ["worker"], env=environment, catch_exceptions=False)
    for chore in chores:
        if chore.every <= timedelta(minutes=1):
            chore.work(hub)
    assert started == [import_id]
