"""The process that sends: it goes on through a database that is away, does its chores, and stops when told to."""

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal import crypto, db
from portal.config import Hub, Settings
from portal.notify import worker
from portal.notify.worker import LONGEST_PAUSE, NOTE_THE_TRAIL, AtOneHub, Chore, run


@pytest.fixture
def at_one_hub(hub_file, clock):
    return AtOneHub(hub_file, clock, ())


class StopAfter(threading.Event):
    """Told to stop once the worker has waited so many times; no second passes."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.rounds = rounds

    def wait(self, timeout=None):
        self.rounds -= 1
        if self.rounds <= 0:
            self.set()
        return self.is_set()


def test_the_worker_sends_to_the_folder_of_the_settings(waits, hub_file, settings, clock, app):
    waits()
    run([hub_file], Settings(**settings), StopAfter(1), clock=clock)
    assert len(list(Path(settings["messages"]).glob("*.json"))) == 1


def test_a_full_round_is_followed_by_another_without_a_pause(waits, hub_file, settings, clock, monkeypatch):
    monkeypatch.setattr(worker, "MOST_AT_ONCE", 2)
    monkeypatch.setattr("portal.notify.sender.MOST_AT_ONCE", 2)
    for _ in range(5):
        waits()
    run([hub_file], Settings(**settings), StopAfter(1), clock=clock)
    assert len(list(Path(settings["messages"]).glob("*.json"))) == 5


def test_told_to_stop_before_it_begins_it_sends_nothing(waits, hub_file, settings, clock):
    waits()
    stop = threading.Event()
    stop.set()
    run([hub_file], Settings(**settings), stop, clock=clock)
    assert not Path(settings["messages"]).exists()


def test_a_database_that_is_away_is_asked_again_less_and_less_often(at_one_hub, gateway, monkeypatch):
    asked = []

    def away(*_):
        asked.append(1)
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(worker, "run_once", away)
    for _ in range(200):
        assert at_one_hub.go_round(gateway) is False
    assert at_one_hub.pause == LONGEST_PAUSE
    assert 8 <= len(asked) <= 20


@pytest.mark.sqlite_file
def test_when_the_database_is_back_what_waited_leaves(at_one_hub, gateway, waits, hub_file, hub_folder):
    waits()
    database = hub_folder / "data" / "hub.db"
    db.close_engine(hub_file)
    kept = hub_folder / "kept.db"
    for end in ("", "-wal", "-shm"):
        if (part := Path(f"{database}{end}")).exists():
            shutil.move(part, f"{kept}{end}")
    at_one_hub.go_round(gateway)
    assert gateway.took == []
    db.close_engine(hub_file)
    database.unlink(missing_ok=True)
    for end in ("", "-wal", "-shm"):
        Path(f"{database}{end}").unlink(missing_ok=True)
        if (part := Path(f"{kept}{end}")).exists():
            shutil.move(part, f"{database}{end}")
    at_one_hub.go_round(gateway)
    at_one_hub.go_round(gateway)
    assert len(gateway.took) == 1


@pytest.mark.postgresql
def test_connections_that_a_restart_cut_are_made_anew(at_one_hub, gateway, waits, hub_file):
    at_one_hub.go_round(gateway)
    waits()
    with db.engines_of(hub_file).reading.connect() as one, Hub(hub_file).entered():
        one.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                         "WHERE pid <> pg_backend_pid() AND usename = current_user "
                         "AND datname = current_database()"))  # fmt: skip
    for _ in range(3):
        at_one_hub.go_round(gateway)
    assert len(gateway.took) == 1


def test_a_chore_is_done_at_once_and_then_each_time_it_is_due(hub_file, gateway, clock):
    done = []
    hub = AtOneHub(
        hub_file, clock, (Chore("count", timedelta(minutes=10), lambda hub: done.append(hub.now())),)
    )
    for _ in range(4):
        hub.go_round(gateway)
        clock.forward(minutes=5)
    assert len(done) == 2


def test_how_far_the_trail_has_come_is_noted_beside_the_keys(hub_file, gateway, clock, cast):
    AtOneHub(hub_file, clock, (NOTE_THE_TRAIL,)).go_round(gateway)
    number, _, _ = (crypto._rings[hub_file.key_store].mark("audit") or "").partition(":")
    assert int(number) > 0


def test_nothing_that_is_to_leave_waits_for_a_long_chore(waits, hub_file, settings, clock, app):
    """Seen red with the chore done in the thread that sends."""
    stop, left = threading.Event(), threading.Event()
    folder = Path(settings["messages"])

    def goes_on(_):
        waits()  # somebody says something while the chore is under way
        for _ in range(200):
            if any(folder.glob("*.json")):
                left.set()
                break
            stop.wait(0.05)
        stop.set()

    run(
        [hub_file],
        Settings(**settings),
        stop,
        [Chore("long", timedelta(hours=1), goes_on, beside=True)],
        clock,
    )
    assert left.is_set()


def test_a_chore_that_fails_ends_nothing(waits, hub_file, settings, clock, app):
    def fails(_):
        raise ValueError("a mistake of ours")

    waits()
    run(
        [hub_file],
        Settings(**settings),
        StopAfter(1),
        [Chore("fails", timedelta(hours=1), fails)],
        clock=clock,
    )
    assert len(list(Path(settings["messages"]).glob("*.json"))) == 1
