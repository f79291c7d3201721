"""A text to a parent whose form has come: by the hour after the return, if they turned it on, whatever the child does."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Link, Person, join_adult
from portal.config import Hub
from portal.db import session
from portal.outbox import OutboxMessage
from portal.returns import family_told
from portal.returns.family_told import tell_who_asked
from tests.factories import a_card, a_return, a_voice, safe_home


@pytest.fixture
def home(at_work, cast):
    """Ruth may be contacted and turned texts on; Amara came back 23 hours ago."""
    with at_work():
        safe_home(cast.ruth, cast.amara, cast.sam)
        a_card(cast.ruth, cast.sam)
        a_return(cast.amara, hours_ago=23)


@pytest.fixture
def told(hub_file, clock, at_work, cast):
    """`told()`: how many texts wait for Ruth after a round of the chore."""

    def go():
        tell_who_asked(Hub(hub_file, clock=clock))
        with at_work():
            found = select(OutboxMessage).where(OutboxMessage.recipient_id == cast.ruth)
            return len(list(session.scalars(found)))

    return go


def test_it_waits_for_the_hour_and_is_told_once(home, told, clock):
    assert told() == 0
    clock.forward(hours=1)
    assert told() == 1
    clock.forward(hours=1)
    assert told() == 1


def test_what_the_child_does_changes_nothing(home, told, clock, at_work, cast):
    with at_work():
        a_card(cast.amara, cast.sam, never="Never my mother", ways=())
        a_voice(cast.amara)
    clock.forward(hours=1)
    assert told() == 1


def test_who_did_not_turn_it_on_is_not_told(home, told, clock, at_work, cast):
    with at_work():
        a_card(cast.ruth, cast.sam, new_here=False)
    clock.forward(hours=1)
    assert told() == 0


def test_those_who_did_not_turn_it_on_stand_in_nobodys_way(home, told, clock, at_work, cast, monkeypatch):
    """Seen red with the first so many cut off before anybody asked what they had turned on."""
    monkeypatch.setattr(family_told, "MOST_AT_ONCE", 1)
    with at_work():
        a_return(cast.jo, hours_ago=24)
        for number in range(2):
            quiet = Person.enter("adult", f"Quiet {number}", roles=("parent or carer",)).id
            join_adult(quiet, cast.jo, "parent")
            safe_home(quiet, cast.jo, cast.lee)
            a_card(quiet, cast.lee, new_here=False)
    clock.forward(hours=1)
    assert told() == 1


def test_those_whose_card_lets_nothing_leave_stand_in_nobodys_way(
    home, told, clock, at_work, cast, monkeypatch
):
    """Seen red with a text counted that was not put."""
    monkeypatch.setattr(family_told, "MOST_AT_ONCE", 1)
    with at_work():
        a_return(cast.jo, hours_ago=24)
        away = Person.enter("adult", "Away", roles=("parent or carer",))
        join_adult(away.id, cast.jo, "parent")
        safe_home(away.id, cast.jo, cast.lee)
        a_card(away.id, cast.lee)
        away.put_all_away()
    clock.forward(hours=1)
    assert told() == 1


def test_who_is_not_safe_to_contact_is_not_told(home, told, clock, at_work):
    with at_work():
        for link in session.scalars(select(Link)):
            link.home_safe_at = None
    clock.forward(hours=1)
    assert told() == 0


def test_an_old_return_is_not_told_of(home, told, clock):
    clock.forward(days=5)
    assert told() == 0


def test_whose_link_has_ended_is_not_told(home, told, clock, at_work):
    with at_work():
        for link in session.scalars(select(Link)):
            link.ends_at = clock()
    clock.forward(hours=1)
    assert told() == 0
