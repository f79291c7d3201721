"""A role ends or runs out, and young people are still put down as theirs: somebody who can sign in hears of these."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.cover import Cover
from portal.accounts.holders import holder_and_cover, readers_of, worker_of
from portal.accounts.models import Person, PersonRole
from portal.admin import people
from portal.admin.held_by_nobody import KIND, tell_of_roles_that_ran_out
from portal.alerts.models import Alert
from portal.config import Hub
from portal.db import session
from portal.outbox import OutboxMessage
from tests.factories import a_voice, an_alert


@pytest.fixture
def ends(at_work, cast):
    """`ends(cast.sam)`: the administrator ends the one role that somebody has."""

    def end(person_id):
        with at_work():
            (role,) = people.roles_of([person_id])[person_id]
            people.end_role(session.get_one(Person, person_id), role.id, cast.ade)

    return end


@pytest.fixture
def runs_out(at_work, clock):
    """`runs_out(cast.sam)`: their role had a last day, and it is over."""

    def run(person_id):
        with at_work():
            role = session.scalars(select(PersonRole).where(PersonRole.person_id == person_id)).one()
            role.ends_at = clock() + timedelta(hours=1)
        clock.forward(hours=2)

    return run


@pytest.fixture
def chore(hub_file, clock):
    return lambda: tell_of_roles_that_ran_out(Hub(hub_file, clock=clock))


@pytest.fixture
def told(at_work):
    """`told()`: who hears that somebody holds young people by no role any more."""

    def look():
        with at_work():
            return session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.kind == KIND)).all()

    return look


@pytest.mark.parametrize("how", ["ends", "runs_out"])
def test_whoever_lost_their_role_hears_of_nothing_and_the_duty_workers_do(request, cast, at_work, how):
    """Seen red without `may_hold` in `_holding`: the message went to somebody who cannot sign in."""
    request.getfixturevalue(how)(cast.sam)
    with at_work():
        assert readers_of(cast.amara) == [cast.dee]
        assert worker_of(cast.amara) is None
        alert_id = an_alert(cast.amara).id
    with at_work():
        assert session.get_one(Alert, alert_id).owner_id is None
        heard = session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.object_id == alert_id))
        assert cast.sam not in set(heard)


@pytest.mark.parametrize("how", ["ends", "runs_out"])
def test_the_duty_workers_read_what_is_said(request, staff, cast, at_work, how):
    """Seen red without `may_hold` in `_reached`; on PostgreSQL without the role in `rowan_nobodys`."""
    with at_work():
        voice_id = a_voice(cast.amara).id
    assert staff(cast.dee).get(f"/voices/{voice_id}").status == 404
    request.getfixturevalue(how)(cast.sam)
    assert staff(cast.dee).get(f"/voices/{voice_id}").status == 200


def test_nobody_covers_without_a_role(cast, at_work, ends, clock):
    """Seen red without `may_hold` of whoever covers."""
    with at_work():
        Cover.give(cast.sam, cast.lee, clock(), clock() + timedelta(days=1), by=cast.sam)
    ends(cast.lee)
    with at_work():
        assert holder_and_cover(cast.amara) == [cast.sam]


def test_the_managers_hear_at_once_where_young_people_are_theirs(cast, ends, told):
    """Seen red without `tell_managers` in `end_role`."""
    ends(cast.dan)  # who holds nobody
    assert told() == []
    ends(cast.sam)
    assert told() == [cast.priya]


def test_while_another_role_holds_nobody_is_told(cast, at_work, ends, told):
    with at_work():
        (role,) = people.roles_of([cast.sam])[cast.sam]
        sam = session.get_one(Person, cast.sam)
        people.give_role(sam, "duty worker", None, cast.ade)
        session.flush()
        people.end_role(sam, role.id, cast.ade)
    assert told() == []
    with at_work():
        assert worker_of(cast.amara).id == cast.sam


def test_of_a_role_that_ran_out_the_managers_hear_once(cast, runs_out, chore, told, clock):
    """Seen red with the moment of the round in the key: told at every round."""
    assert chore() == 0
    runs_out(cast.sam)
    chore()
    clock.forward(days=1)
    chore()
    assert told() == [cast.priya]


def test_what_was_told_at_once_the_chore_does_not_tell_again(cast, ends, chore, told):
    ends(cast.sam)
    chore()
    assert told() == [cast.priya]


def test_lost_again_it_is_told_again(cast, at_work, ends, chore, told, clock):
    ends(cast.sam)
    clock.forward(days=1)
    with at_work():
        people.give_role(session.get_one(Person, cast.sam), "worker", None, cast.ade)
    assert chore() == 0
    ends(cast.sam)
    assert told() == [cast.priya, cast.priya]
