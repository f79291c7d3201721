"""What waits leaves: once, soon, and not a single message is given up or lost."""

import io
import logging
import threading
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select

from portal import crypto, logs
from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.config import Hub
from portal.db import session, step
from portal.notify import sender
from portal.notify.gateways import EMAIL, TEXT, Folder
from portal.notify.models import SenderBeat
from portal.notify.sender import LEASE, MOST_AT_ONCE, run_once
from portal.outbox import OutboxMessage, put


class Killed(BaseException):
    """The process ends here, as kill -9 ends it: nothing catches this."""


def test_what_waits_leaves_in_neutral_words(waits, sends, gateway, the_message, clock):
    waits()
    assert sends() == 1
    (message,) = gateway.took
    assert (message.to, message.route) == ("sam@hub.example", EMAIL)
    assert message.text == "Something new is waiting for you. Please sign in and look now."
    assert the_message().delivered_at == clock()


def test_what_has_left_does_not_leave_again(waits, sends, gateway, clock):
    waits()
    sends()
    clock.forward(hours=1)
    assert sends() == 0
    assert gateway.asked.total() == 1


def test_it_leaves_on_every_route_the_recipient_has(waits, sends, gateway, bo):
    waits(to=bo)
    sends()
    assert {(message.route, message.to) for message in gateway.took} == {
        (EMAIL, "bo@hub.example"), (TEXT, "07700 900123"),
    }  # fmt: skip


def test_the_address_is_the_one_of_the_moment_of_sending(waits, sends, gateway, at_work, cast):
    waits()
    with at_work():
        session.get_one(Person, cast.sam).email = "sam@new.example"
    sends()
    assert gateway.took[0].to == "sam@new.example"


def test_what_is_not_due_yet_stays(at_work, sends, cast, clock):
    with at_work() as hub:
        put(
            "alert 1 hour",
            object_id=cast.amara,
            recipient=cast.sam,
            key="k",
            due_at=hub.now() + timedelta(hours=1),
        )
    assert sends() == 0
    clock.forward(hours=1)
    assert sends() == 1


@pytest.mark.parametrize("mood", ["refuses", "loses"])
def test_it_is_tried_again_after_5_15_30_60_seconds_and_then_each_minute(waits, sends, gateway, clock, mood):
    waits()
    gateway.mood = mood
    for tries, wait in enumerate([5, 15, 30, 60, 60, 60], start=1):
        sends()
        assert gateway.asked.total() == tries
        clock.forward(seconds=wait - 1)
        sends()
        assert gateway.asked.total() == tries, "too early"
        clock.forward(seconds=1)
    gateway.mood = "takes"
    assert sends() == 1


def test_after_a_day_of_refusals_it_still_leaves(waits, sends, gateway, clock):
    waits()
    gateway.mood = "refuses"
    for _ in range(100):
        sends()
        clock.forward(minutes=15)
    gateway.mood = "takes"
    assert sends() == 1


def test_one_that_is_refused_does_not_hold_up_another(waits, sends, gateway, at_work, cast):
    with at_work():
        session.get_one(Person, cast.sam).email = None
    waits(to=cast.sam)
    waits(to=cast.dee)
    assert sends() == 1
    assert gateway.took[0].to == "dee@hub.example"


def test_a_recipient_whose_key_is_gone_does_not_hold_up_another(waits, sends, gateway, hub_file, cast):
    waits(to=cast.sam)
    waits(to=cast.dee)
    ring = crypto._rings[hub_file.key_store]
    with ring.engine.begin() as store:
        store.execute(crypto._keys.delete().where(crypto._keys.c.subject == str(cast.sam)))
    ring._open.clear()
    assert sends() == 1
    assert gateway.took[0].to == "dee@hub.example"


def test_what_comes_for_who_has_left_is_taken_away_with_an_audit_line(waits, sends, gateway, at_work, cast):
    """Seen red without the look at who has left: it was tried for ever, and every page showed a bar."""
    waits()
    with at_work() as hub:
        session.get_one(Person, cast.sam).ended_at = hub.now()
    assert sends() == 0
    assert gateway.took == []
    with at_work():
        assert session.scalars(select(OutboxMessage)).all() == []
        line = session.scalars(select(AuditEvent).where(AuditEvent.act == "message.withheld")).one()
        assert line.subject_id == cast.sam


def test_nor_does_the_other_route_go_on_for_who_has_left(
    waits, sends, gateway, at_work, bo, the_message, clock
):
    """Seen red with the row deleted whole: that it had left is kept."""
    waits(to=bo)
    gateway.by_route[TEXT] = "refuses"
    sends()
    with at_work() as hub:
        session.get_one(Person, bo).ended_at = hub.now()
    clock.forward(minutes=5)
    sends()
    assert (the_message().delivered_at is None, the_message().also_by) == (False, None)


def test_at_most_fifty_are_claimed_at_once(at_work, sends, gateway, cast):
    with at_work():
        for number in range(MOST_AT_ONCE + 5):
            put("alert 1 hour", object_id=cast.amara, recipient=cast.sam, key=str(number))
    assert sends() == MOST_AT_ONCE
    assert sends() == 5
    assert len({message.reference for message in gateway.took}) == MOST_AT_ONCE + 5


# --- killed, and several at once ----------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["_send_all", "_mark"])
def test_killed_between_two_steps_nothing_is_lost_and_nothing_doubled(
    hub_file, settings, waits, clock, the_message, monkeypatch, where
):
    waits()
    folder = Folder(settings["messages"])
    with monkeypatch.context() as patch:
        patch.setattr(sender, where, lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            run_once(hub_file, folder, clock)
    assert the_message().delivered_at is None
    assert run_once(hub_file, folder, clock) == 0, "its lease still holds"
    clock.forward(seconds=LEASE.total_seconds())
    assert run_once(hub_file, folder, clock) == 1
    assert len(list(settings["messages"].glob("*.json"))) == 1


def test_two_senders_at_once_send_each_message_once(hub_file, at_work, gateway, clock, cast):
    with at_work():
        for number in range(120):
            put("alert 1 hour", object_id=cast.amara, recipient=cast.sam, key=str(number))
    ready, sent = threading.Barrier(4), []

    def one() -> None:
        ready.wait()
        while (count := run_once(hub_file, gateway, clock)) > 0:
            sent.append(count)

    senders = [threading.Thread(target=one) for _ in range(4)]
    for each in senders:
        each.start()
    for each in senders:
        each.join(60)
    assert sum(sent) == 120
    assert set(gateway.asked.values()) == {1}


@pytest.mark.postgresql
def test_a_message_that_another_sender_is_claiming_is_passed_over_not_waited_for(
    hub_file, waits, clock, gateway, cast
):
    held, free = waits(to=cast.sam), waits(to=cast.dee)
    with step(Hub(hub_file, clock=clock)):
        session.scalars(select(OutboxMessage).where(OutboxMessage.id == held).with_for_update()).one()
        done = []
        other = threading.Thread(target=lambda: done.append(run_once(hub_file, gateway, clock)))
        other.start()
        other.join(10)
        assert done == [1]
    assert gateway.took[0].to == "dee@hub.example"
    assert free


@pytest.fixture
def slow(gateway, clock):
    """A gateway that takes, but so slowly that a round has time for one message."""

    class Slow:
        def send(self, message):
            clock.forward(seconds=21)
            gateway.send(message)

        def check(self):
            pass

    return Slow()


def test_what_a_hanging_gateway_left_no_time_for_goes_back_at_once(
    waits, sends, hub_file, slow, clock, at_work
):
    for _ in range(3):
        waits()
    assert run_once(hub_file, slow, clock) == 1
    with at_work():
        rest = session.scalars(select(OutboxMessage).where(OutboxMessage.delivered_at.is_(None))).all()
        assert [message.attempts for message in rest] == [0, 0]
    assert sends() == 2


def test_what_was_perhaps_taken_is_asked_for_though_a_round_had_no_time_for_it(
    waits, sends, hub_file, gateway, slow, said_again, clock
):
    """Seen red with the lease taken off what was not begun: sent again, and the gateway was not asked."""
    waits(key="perhaps taken")
    gateway.mood = "loses"
    sends()
    gateway.mood = "takes"
    clock.forward(seconds=5)
    waits(key="new, and so before it")
    assert run_once(hub_file, slow, clock) == 1
    assert said_again == [False, False]
    assert sends() == 1
    assert said_again == [False, False, True]


# --- the beat -----------------------------------------------------------------------------------------------------


def test_going_round_is_noted_even_when_nothing_waits(sends, at_work, clock):
    sends()
    with at_work():
        assert session.scalar(select(SenderBeat.at)) == clock()


def test_the_beat_is_not_written_each_second(sends, at_work, clock):
    sends()
    first = clock()
    clock.forward(seconds=5)
    sends()
    with at_work():
        assert session.scalar(select(SenderBeat.at)) == first


def test_no_beat_without_the_database(hub_file, gateway, clock, sends, at_work, monkeypatch):
    monkeypatch.setattr(sender, "_mark", lambda *_: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        sends()
    with at_work():
        assert session.scalar(select(SenderBeat.at)) is None


# --- what a log may hold ------------------------------------------------------------------------------------------


@pytest.fixture
def log():
    """What the process writes to its log, as `portal worker` sets it up."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    logs.begin(written)
    yield written
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_the_log_of_a_refusal_names_ids_and_nobody(waits, sends, gateway, log):
    message = waits()
    gateway.mood = "refuses"
    sends()
    text = log.getvalue()
    assert str(message) in text
    for private in ("sam", "Sam", "@", "not today", "waiting for you"):
        assert private not in text
