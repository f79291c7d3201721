"""A dead sender is noticed within 120 seconds and a named person told, without the database's help if need be.

Seen red with `SILENT_AFTER` at three minutes.
"""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.config import TELLING, Settings
from portal.db import session
from portal.notify import by_route, watcher
from portal.notify.gateways import EMAIL, TEXT, NoAnswer
from portal.notify.models import THE_WATCHER, SenderBeat
from portal.notify.sender import BEAT_EVERY
from portal.notify.watcher import (
    AWAY,
    LONGEST_LOOK,
    LOOK_EVERY,
    SILENT,
    STUCK,
    WELL,
    Watched,
    watch,
    whom_to_tell,
)
from portal.notify.wording import RUNS_AGAIN, STOPPED
from tests.conftest import START
from tests.notify.conftest import FakeGateway

WHOM = [(EMAIL, "ops@mail.example"), (TEXT, "07700 900999")]


@pytest.fixture
def watched(hub_file, clock, app):
    return Watched(hub_file, clock, clock())


@pytest.fixture
def looks(watched, gateway):
    """`looks()`: the watcher looks once; how the hub is."""
    return lambda: watched.look(gateway, WHOM)


@pytest.fixture
def away(monkeypatch):
    """The database does not answer."""

    def ask(*_):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(Watched, "_ask", ask)


def test_a_sender_that_beats_is_well_and_nobody_is_told(sends, looks, gateway, clock):
    for _ in range(40):
        sends()
        assert looks() == WELL
        clock.forward(seconds=LOOK_EVERY)
    assert gateway.took == []


def test_a_dead_sender_is_noticed_within_120_seconds_of_its_death(sends, looks, gateway, clock):
    """The worst that can be: it dies just before its next beat, and each look just misses the time."""
    sends()
    clock.forward(seconds=BEAT_EVERY.total_seconds() - 0.1)
    died = clock()
    while looks() == WELL:
        clock.forward(seconds=LOOK_EVERY)
        assert clock() - died <= timedelta(seconds=120)
    assert {(one.route, one.to) for one in gateway.took} == set(WHOM)
    assert {one.text for one in gateway.took} == {STOPPED.text}


def test_a_sender_that_never_began_is_noticed_too(looks, clock):
    assert looks() == WELL
    clock.forward(seconds=76)
    assert looks() == SILENT


def test_it_tells_without_the_database(away, looks, gateway, clock):
    assert looks() == WELL, "a database may be started anew"
    clock.forward(seconds=60)
    assert looks() == AWAY
    assert len(gateway.took) == 2


def test_a_database_that_lets_it_wait_for_ever_does_not_answer(looks, clock, monkeypatch):
    never = threading.Event()
    monkeypatch.setattr(watcher, "LONGEST_LOOK", 0.02)
    monkeypatch.setattr(Watched, "_ask", lambda *_: never.wait(30))
    looks()
    clock.forward(seconds=60)
    assert looks() == AWAY
    never.set()


def test_six_hubs_on_a_database_that_hangs_are_all_told_of_within_120_seconds(
    hub_file, settings, clock, monkeypatch
):
    """Seen red with one hub looked at after another, and with as few messages in hand as a sender has."""
    died, told = clock(), []
    looks = threading.Barrier(6, action=lambda: clock.forward(seconds=LONGEST_LOOK))
    tells = threading.Barrier(6)

    def hangs(*_):
        try:
            looks.wait(5)
        except threading.BrokenBarrierError:  # no other hub is looked at meanwhile
            clock.forward(seconds=LONGEST_LOOK)
        raise NoAnswer

    class Takes(FakeGateway):
        def send(self, message):
            with suppress(threading.BrokenBarrierError):
                tells.wait(2)
            told.append((message.reference, clock()))

    class Stop(threading.Event):
        def is_set(self):
            return clock() - died > timedelta(seconds=150)

        def wait(self, timeout=None):
            clock.forward(seconds=timeout or 0)
            return self.is_set()

    monkeypatch.setattr(watcher, "in_time", hangs)
    monkeypatch.setattr(by_route, "_made", lambda *_: Takes())
    files = [hub_file.model_copy(update={"name": f"hub-{number}"}) for number in range(6)]
    watch(files, Settings(**settings, watcher_phone="07700 900999"), Stop(), clock)
    assert len({reference for reference, _ in told}) == len(told) == 6
    (at,) = {at for _, at in told}
    assert at - died <= timedelta(seconds=120)


def test_a_sender_that_lives_and_sends_nothing_is_told_of(waits, sends, looks, gateway, clock):
    waits()
    gateway.by_route[EMAIL] = "refuses"  # Sam has no other way
    states = []
    for _ in range(25):
        sends()
        states.append(looks())
        clock.forward(seconds=15)
    assert states[-1] == STUCK
    assert [one.route for one in gateway.took] == [TEXT], "the route that works"


def test_it_tells_once_and_then_each_half_hour(looks, gateway, clock):
    clock.forward(minutes=2)
    for _ in range(360):
        looks()
        clock.forward(seconds=LOOK_EVERY)
    assert len(gateway.took) == 2
    looks()
    assert len(gateway.took) == 4


def test_what_no_gateway_took_is_tried_at_each_look_and_told_once(looks, gateway, clock):
    clock.forward(minutes=2)
    gateway.mood = "refuses"
    for _ in range(3):
        looks()
        clock.forward(seconds=LOOK_EVERY)
    gateway.mood = "takes"
    for _ in range(3):
        looks()
    assert len(gateway.took) == 2
    assert gateway.asked.total() == 2 * 4


def test_it_says_when_the_sender_runs_again(sends, looks, gateway, clock):
    clock.forward(minutes=2)
    looks()
    sends()
    assert looks() == WELL
    assert [one.text for one in gateway.took[2:]] == [RUNS_AGAIN.text] * 2


def test_what_it_says_tells_nobody_whose_it_is(hub_file):
    words = f"{STOPPED} {RUNS_AGAIN}".lower()
    assert not [word for word in (*TELLING, hub_file.name, "manchester") if word in words]


def test_it_leaves_a_beat_of_its_own(sends, looks, at_work, clock):
    sends()
    looks()
    with at_work():
        assert session.scalar(select(SenderBeat.at).where(SenderBeat.name == THE_WATCHER)) == START


def test_whom_it_tells_stands_in_the_settings(settings):
    own = Settings(**settings, watcher_phone="07700 900999")
    assert whom_to_tell(own) == [(TEXT, "07700 900999")]


def test_it_stops_when_told_to(hub_file, settings, clock):
    stop = threading.Event()
    stop.set()
    watch([hub_file], Settings(**settings, watcher_phone="07700 900999"), stop, clock)
