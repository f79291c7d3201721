"""A reminder of what was arranged: a worker puts in a day and a part of it, and can take it back."""

import pytest
from sqlalchemy import select

from portal.accounts.reminders import Reminder
from portal.db import session
from portal.outbox import OutboxMessage
from tests.factories import a_card

THURSDAY = {"on_day": "2026-11-26", "part": "afternoon"}


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


@pytest.fixture
def carded(at_work, cast):
    with at_work():
        a_card(cast.amara, cast.sam)


@pytest.fixture
def asks(sam, cast):
    """`asks(**form)`: Sam sends the form of a reminder; the answer."""

    def send(**form):
        sam.get(f"/young-people/{cast.amara}/contact")
        return sam.post(f"/young-people/{cast.amara}/contact/reminders", form)

    return send


def waiting(at_work):
    with at_work():
        return list(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "reminder")))


def test_it_waits_for_the_day_before(asks, sam, carded, at_work):
    assert asks(**THURSDAY).status == 303
    assert "It leaves from Wed 25 Nov 2026, 15:00" in sam.follow().main
    assert len(waiting(at_work)) == 1


def test_the_same_form_sent_twice_reminds_once(asks, carded, at_work):
    for _ in range(2):
        asks(**THURSDAY, form_key="one")
    assert len(waiting(at_work)) == 1


def test_taken_back_nothing_waits(asks, carded, at_work, sam):
    asks(**THURSDAY)
    with at_work():
        off = session.scalars(select(Reminder.id)).one()
    asks(off=str(off))
    assert waiting(at_work) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"on_day": ""}, "Enter the day"),
        ({"on_day": "2026-11-20"}, "Enter a day from today on"),
        ({"on_day": "9999-12-31"}, "Enter a day from today on"),
        ({"on_day": "2026-11-24", "part": "morning"}, "No time that is safe lies between"),
        ({"part": "midnight"}, "Choose the time"),
    ],
)
def test_what_cannot_be_comes_back(asks, carded, at_work, typed, words):
    page = asks(**THURSDAY | typed)
    assert page.status == 422
    assert words in page.main
    assert waiting(at_work) == []


def test_without_it_turned_on_there_is_no_such_form(sam, cast, at_work):
    with at_work():
        a_card(cast.amara, cast.sam, reminders=False)
    assert "Remind them" not in sam.get(f"/young-people/{cast.amara}/contact").main


def test_anothers_reminder_cannot_be_taken_back(at_door, cast, carded, asks, at_work):
    asks(**THURSDAY)
    with at_work():
        off = session.scalars(select(Reminder.id)).one()
    lee = at_door("staff").sign_in_as(cast.lee)
    lee.get(f"/young-people/{cast.jo}/contact")
    lee.post(f"/young-people/{cast.jo}/contact/reminders", {"off": str(off)})
    assert len(waiting(at_work)) == 1
