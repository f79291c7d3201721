"""Whether a phone is private: asked face to face, and it holds only until something could have changed it."""

import pytest

from portal.accounts import private_phone, ways_in
from portal.accounts.private_phone import phone_is_private


def holds(at_work, person_id):
    with at_work():
        return phone_is_private(person_id)


@pytest.fixture
def private(at_work, cast):
    """Amara told Sam that her phone is private."""
    with at_work():
        private_phone.say_private(cast.amara, cast.sam)


def test_until_it_is_said_no_phone_is(at_work, cast):
    assert not holds(at_work, cast.amara)


def test_said_to_the_worker_it_is(at_work, cast, private):
    assert holds(at_work, cast.amara)
    assert not holds(at_work, cast.jo)


def test_said_to_be_so_no_more_it_is_not(at_work, cast, private):
    with at_work():
        private_phone.say_not_private(cast.amara, cast.sam)
    assert not holds(at_work, cast.amara)


def test_another_way_in_may_be_another_phone(at_work, cast, private, clock):
    clock.forward(minutes=1)
    with at_work():
        ways_in.give(cast.amara, cast.sam)
    assert not holds(at_work, cast.amara)


def test_after_thirty_days_it_is_asked_again(at_work, cast, private, clock):
    clock.forward(days=30)
    assert not holds(at_work, cast.amara)


def test_on_the_phone_it_is_said_only_while_the_worker_asks(at_work, cast):
    """Whoever holds the phone alone cannot call it private."""
    with at_work():
        private_phone.answer_on_it(cast.amara, True)
    assert not holds(at_work, cast.amara)


def test_asked_by_the_worker_it_is_said_on_the_phone(at_work, cast):
    with at_work():
        private_phone.let_them_say(cast.amara, cast.sam)
    assert not holds(at_work, cast.amara)
    with at_work():
        private_phone.answer_on_it(cast.amara, True)
    assert holds(at_work, cast.amara)


def test_the_question_waits_a_quarter_of_an_hour(at_work, cast, clock):
    with at_work():
        private_phone.let_them_say(cast.amara, cast.sam)
    clock.forward(minutes=15)
    with at_work():
        assert not private_phone.may_say_now(cast.amara)
        private_phone.answer_on_it(cast.amara, True)
    assert not holds(at_work, cast.amara)


def test_a_no_on_the_phone_ends_the_question(at_work, cast):
    with at_work():
        private_phone.let_them_say(cast.amara, cast.sam)
        private_phone.answer_on_it(cast.amara, False)
        assert not private_phone.may_say_now(cast.amara)
    assert not holds(at_work, cast.amara)
