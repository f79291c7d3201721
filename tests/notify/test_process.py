"""The sender as a process of its own: it sends, stops when told to, and a kill loses nothing."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from portal.config import Settings, utc_now
from portal.db import session
from portal.outbox import OutboxMessage, put

LONGEST = 60  # seconds


@pytest.fixture
def start(settings, app):
    """`start()`: a `portal worker` that runs; whatever is left of it is gone after the test."""
    running = []

    def begin():
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.commands", "worker"],
            env=os.environ | Settings(**settings).as_environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def many_wait(at_work, cast):
    """More messages than one round takes, due by the machine's own clock."""
    with at_work():
        for number in range(120):
            put("alert 1 hour", object_id=cast.amara, recipient=cast.sam, key=str(number),
                due_at=utc_now() - timedelta(minutes=1))  # fmt: skip


def until(true):
    """Look again until it is true, or fail."""
    pause = threading.Event()
    for _ in range(LONGEST * 20):
        if true():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come true")


def files(settings):
    return list(Path(settings["messages"]).glob("*.json"))


def test_it_sends_and_told_to_stop_it_ends_well(start, settings, many_wait):
    process = start()
    until(lambda: len(files(settings)) == 120)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=LONGEST)
    assert process.returncode == 0
    assert "event=stopped" in said


def test_killed_in_the_middle_the_next_one_sends_the_rest_and_nothing_twice(
    start, settings, many_wait, at_work
):
    first = start()
    until(lambda: files(settings))
    first.kill()
    first.wait()
    with at_work():  # half a minute passes, and its lease with it
        session.execute(update(OutboxMessage).values(lease_until=None))
    start()
    waiting = select(func.count()).where(OutboxMessage.delivered_at.is_(None))

    def all_marked():
        with at_work():
            return session.scalar(waiting) == 0

    until(all_marked)
    assert len(files(settings)) == 120
