"""At 18 the links end, at midnight in London, once; the worker is told."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.accounts import eighteen, links
from portal.accounts.models import Link, Person, join_adult
from portal.config import Hub
from portal.db import session
from portal.outbox import OutboxMessage


@pytest.fixture
def chore(hub_file, clock):
    """`chore()`: what the worker process does now and then."""
    return lambda: eighteen.end_links(Hub(hub_file, clock=clock))


@pytest.fixture
def turns(at_work, cast):
    """`turns(day)`: Amara turns 18 on that day."""

    def _turns(day):
        with at_work():
            session.get_one(Person, cast.amara).birthday(day.replace(year=day.year - 18))

    return _turns


def the_link(cast):
    return session.scalars(select(Link).where(Link.child_id == cast.amara)).one()


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2008, 7, 1), "2026-06-30 23:00"),
        (date(2008, 12, 1), "2026-12-01 00:00"),
        (date(2008, 2, 29), "2026-03-01 00:00"),
    ],
)
def test_it_is_midnight_in_london(born, day):
    assert f"{eighteen.is_adult_at(born).astimezone(UTC):%Y-%m-%d %H:%M}" == day


def test_the_end_is_set_before_so_that_it_comes_to_the_minute(turns, chore, at_work, cast, at_door, clock):
    """Seen red with the chore ending links only once the day has come."""
    turns(date(2026, 11, 25))
    chore()
    with at_work():
        link = the_link(cast)
        assert (f"{link.ends_at:%Y-%m-%d %H:%M}", link.ended_because) == ("2026-11-25 00:00", "eighteen")
        told = session.scalars(select(OutboxMessage)).one()
        assert (told.recipient_id, told.due_at) == (cast.sam, datetime(2026, 11, 25, tzinfo=UTC))


def test_done_again_it_changes_nothing(turns, chore, at_work, clock):
    turns(date(2026, 11, 25))
    for _ in range(3):
        chore()
        clock.forward(hours=9)
    with at_work():
        assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_a_worker_that_was_away_ends_it_when_it_is_back(turns, chore, at_work, cast, clock):
    turns(date(2026, 6, 1))
    chore()
    with at_work():
        assert the_link(cast).ends_at == clock()


@pytest.mark.parametrize("day", [date(2026, 11, 27), date(2027, 3, 1)])
def test_who_is_younger_keeps_theirs(turns, chore, at_work, cast, day):
    turns(day)
    chore()
    with at_work():
        assert the_link(cast).ends_at is None


def test_one_that_ends_before_ends_then(turns, chore, at_work, cast, clock):
    turns(date(2026, 11, 26))
    with at_work():
        the_link(cast).end(datetime(2026, 11, 25, tzinfo=UTC), "placement")
    chore()
    chore()
    with at_work():
        assert f"{the_link(cast).ends_at:%d}" == "25"


def test_every_one_of_more_than_a_commit_takes(turns, chore, at_work, cast):
    turns(date(2026, 11, 25))
    with at_work():
        for number in range(60):
            adult = Person.enter("adult", f"Aunt {number}", roles=("parent or carer",)).id
            join_adult(adult, cast.amara, "parent")
    chore()
    with at_work():
        assert set(session.scalars(select(Link.ended_because).where(Link.child_id == cast.amara))) == {
            "eighteen"
        }


def test_nobody_is_linked_to_who_is_18(turns, at_work, cast):
    turns(date(2026, 11, 24))
    with at_work(), pytest.raises(links.IsAdult):
        links.link(session.get_one(Person, cast.amara), cast.carol, "parent", None)


def test_sixteen_and_a_half():
    assert eighteen.told_from(date(2010, 5, 24)) == date(2026, 11, 24)
    assert eighteen.told_from(date(2009, 8, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("born", "over"), [(date(2001, 5, 1), True), (date(2008, 11, 23), True), (date(2008, 11, 25), False)]
)
def test_a_birthday_that_is_learnt_after_it_ends_them_at_once(at_work, cast, clock, born, over):
    """However long ago it was. Seen red with `birthday_learnt` doing nothing."""
    with at_work():
        amara = session.get_one(Person, cast.amara)
        amara.birthday(born)
        eighteen.birthday_learnt(amara)
    with at_work():
        link = the_link(cast)
        assert (link.ends_at, link.ended_because) == ((clock(), "eighteen") if over else (None, None))
        told = session.scalars(select(OutboxMessage.recipient_id)).all()
        assert told == ([cast.sam] if over else [])
