"""Two routes at once: one that refuses, hangs or will never take it neither holds up nor doubles the other."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import outbox
from portal.accounts.models import Person
from portal.db import session
from portal.notify.by_route import ByRoute
from portal.notify.gateways import EMAIL, TEXT, NeverTaken, NotTaken, Outgoing, Patient
from portal.notify.sender import LEASE, LOOK_AGAIN, run_once
from portal.outbox import OutboxMessage


def routes(gateway):
    return sorted(message.route for message in gateway.took)


@pytest.mark.parametrize(("works", "fails"), [(EMAIL, TEXT), (TEXT, EMAIL)])
def test_one_that_refuses_keeps_nothing_from_the_other(waits, sends, gateway, bo, the_message, works, fails):
    waits(to=bo)
    gateway.by_route[fails] = "refuses"
    assert sends() == 1
    assert routes(gateway) == [works]
    assert the_message().delivered_at is not None


def test_what_one_route_took_it_takes_once_while_the_other_is_tried_again(waits, sends, gateway, bo, clock):
    """Seen red with `to_try` handing out every route while `also_by` named one."""
    waits(to=bo)
    gateway.by_route[TEXT] = "refuses"
    for _ in range(6):
        sends()
        clock.forward(minutes=1)
    gateway.by_route[TEXT] = "takes"
    assert sends() == 0, "it had left before"
    sends()
    assert sorted(gateway.asked.values()) == [1, 7]
    assert routes(gateway) == [EMAIL, TEXT]


def test_when_both_have_it_nothing_is_tried_again(waits, sends, gateway, bo, clock, the_message):
    waits(to=bo)
    gateway.by_route[TEXT] = "refuses"
    sends()
    gateway.by_route[TEXT] = "takes"
    clock.forward(minutes=1)
    sends()
    clock.forward(hours=2)
    sends()
    assert gateway.asked.total() == 3
    assert the_message().also_by is None


def test_the_second_route_does_not_move_when_it_left(waits, sends, gateway, bo, clock, the_message):
    waits(to=bo)
    gateway.by_route[EMAIL] = "refuses"
    sends()
    left = clock()
    gateway.by_route[EMAIL] = "takes"
    clock.forward(minutes=1)
    sends()
    assert the_message().delivered_at == left


def test_a_number_that_is_none_is_not_tried_again_where_mail_arrived(waits, sends, gateway, bo, clock):
    waits(to=bo)
    gateway.by_route[TEXT] = "never"
    sends()
    clock.forward(hours=5)
    sends()
    assert gateway.asked.total() == 2


def test_a_number_that_is_none_is_left_out_while_mail_is_tried_again(waits, sends, gateway, bo, clock):
    waits(to=bo)
    gateway.by_route |= {TEXT: "never", EMAIL: "refuses"}
    for _ in range(4):
        sends()
        clock.forward(minutes=1)
    assert sorted(gateway.asked.values()) == [1, 4]


def test_where_nothing_will_ever_take_it_it_is_looked_at_each_hour_and_never_called_sent(
    waits, sends, gateway, bo, clock, the_message
):
    waits(to=bo)
    gateway.mood = "never"
    for _ in range(60):
        sends()
        clock.forward(seconds=30)
    assert gateway.asked.total() == 4, "twice each, then not before the hour is over"
    assert the_message().delivered_at is None
    gateway.mood = "takes"
    clock.forward(seconds=LOOK_AGAIN.total_seconds())
    assert sends() == 1


def test_who_wishes_texts_gets_texts_alone(waits, sends, gateway, bo, at_work):
    with at_work():
        session.get_one(Person, bo).notices_by = TEXT
    waits(to=bo)
    sends()
    assert routes(gateway) == [TEXT]


def test_who_wishes_texts_gets_mail_where_no_text_arrives(waits, sends, gateway, bo, at_work, clock):
    with at_work():
        session.get_one(Person, bo).notices_by = TEXT
    waits(to=bo)
    gateway.by_route[TEXT] = "never"
    sends()
    clock.forward(seconds=5)
    sends()
    assert routes(gateway) == [EMAIL]


def test_a_wish_that_no_address_fits_keeps_nobody_from_being_told(waits, sends, gateway, cast, at_work):
    with at_work():
        session.get_one(Person, cast.sam).notices_by = TEXT
    waits(to=cast.sam)
    sends()
    assert routes(gateway) == [EMAIL]


def test_what_is_seen_to_is_not_sent_on_the_other_route_any_more(waits, sends, gateway, bo, clock, at_work):
    waits(to=bo)
    gateway.by_route[TEXT] = "refuses"
    sends()
    with at_work():
        outbox.withdraw(session.scalars(select(OutboxMessage.object_id)).one())
    gateway.by_route[TEXT] = "takes"
    clock.forward(hours=1)
    sends()
    assert routes(gateway) == [EMAIL]


def test_nothing_goes_to_a_family_by_itself(waits, sends, gateway, cast, at_work):
    """Seen red without the line on `Person.kind` in `_addresses`."""
    with at_work():
        session.get_one(Person, cast.ruth).phone = "07700 900456"
    waits(to=cast.ruth)
    assert sends() == 0
    assert not gateway.asked


def test_a_hanging_route_lets_the_other_go_at_the_same_moment(waits, hub_file, gateway, bo, clock):
    """The text is there while the mail still hangs; seen red with the routes tried one after the other."""
    took, at_once = threading.Event(), []

    class Waits:
        def send(self, message: Outgoing) -> None:
            at_once.append(took.wait(5))
            raise NotTaken("hung")

        def check(self) -> None: ...

    class Takes:
        def send(self, message: Outgoing) -> None:
            took.set()

        def check(self) -> None: ...

    waits(to=bo)
    both = ByRoute({EMAIL: Patient(Waits(), seconds=30), TEXT: Patient(Takes(), seconds=30)})
    assert run_once(hub_file, both, clock) == 1
    assert at_once == [True], "the text waited for the mail"


def test_a_route_without_a_gateway_takes_nothing():
    with pytest.raises(NeverTaken):
        ByRoute({}).send(Outgoing("a", TEXT, "07700 900123", "", ""))


def test_a_message_that_was_claimed_before_says_that_it_is_tried_again(waits, hub_file, clock, cast):
    seen = []

    class Notes:
        def send(self, message: Outgoing) -> None:
            seen.append(message.again)
            raise NotTaken("not yet")

        def check(self) -> None: ...

    waits()
    for _ in range(2):
        run_once(hub_file, Notes(), clock)
        clock.forward(seconds=LEASE.total_seconds())
    assert seen == [False, True]


def test_between_two_tries_of_the_second_route_some_time_passes(
    waits, sends, gateway, bo, clock, the_message
):
    waits(to=bo)
    gateway.by_route[TEXT] = "refuses"
    sends()
    assert the_message().lease_until == clock() + timedelta(seconds=5)
