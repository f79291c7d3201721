"""One person who works here: roles given and ended, a move, and leaving; never one's own."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import STAFF
from portal.accounts.cover import Cover
from portal.accounts.models import Organisation, Person, PersonRole
from portal.accounts.sign_in import SignIn, roles_at
from portal.accounts.ways_in import give, way_in_of
from portal.admin import people
from portal.audit import AuditEvent
from portal.db import session
from portal.notify.wording import wording_of
from portal.outbox import OutboxMessage, put


@pytest.fixture
def ade(staff, cast):
    return staff(cast.ade)


def does(ade, person_id, act, **more):
    ade.get(f"/people/{person_id}")
    return ade.post(f"/people/{person_id}", {"act": act, **more})


def test_a_role_is_given(ade, cast, at_work):
    does(ade, cast.lee, "give", **{"role-role": "duty worker"})
    with at_work():
        assert roles_at(cast.lee, STAFF) == {"worker", "duty worker"}
        note = session.scalars(select(AuditEvent).where(AuditEvent.act == "person.role_given")).all()[-1]
        assert (note.actor_id, note.object_id) == (cast.ade, cast.lee)


def test_a_role_is_ended_and_they_are_out_with_the_next_press(ade, cast, at_work, staff):
    lee = staff(cast.lee)
    with at_work():
        role = session.scalar(select(PersonRole.id).where(PersonRole.person_id == cast.lee))
    does(ade, cast.lee, "end", which=str(role))
    assert lee.get("/").status != 200


def test_given_twice_it_is_one_role(ade, cast, at_work):
    for _ in range(2):
        does(ade, cast.lee, "give", **{"role-role": "duty worker"})
    with at_work():
        assert len(people.roles_of([cast.lee])[cast.lee]) == 2


def test_every_manager_and_administrator_is_told_of_a_role_and_of_its_new_end(ade, cast, at_work):
    """Seen red without `tell_of_roles` in `give_role`."""
    for more in ({}, {}, {"role-ends": "2027-01-01"}):
        does(ade, cast.lee, "give", **{"role-role": "manager"}, **more)
    with at_work():
        told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient_id)).all()
        kinds, whom = {kind for kind, _ in told}, [one for _, one in told]
        assert (kinds, len(whom), set(whom)) == ({"person.role_given"}, 4, {cast.ade, cast.priya})
    assert "role" not in wording_of("person.role_given").text


def test_nobody_gives_themselves_a_role(ade, cast, at_work):
    """Seen red without the question whose role it is in `give_role`."""
    page = does(ade, cast.ade, "give", **{"role-role": "manager"})
    assert (page.status, "Nobody changes what they may do themselves" in page.main) == (422, True)
    with at_work():
        assert roles_at(cast.ade, STAFF) == {"administrator"}


@pytest.mark.parametrize("act", ["out", "move", "back"])
def test_nor_anything_else_of_their_own(ade, cast, at_work, act):
    with at_work():
        other = session.scalar(select(Organisation.id).where(Organisation.kind == "provider"))
    assert does(ade, cast.ade, act, **{"move-organisation": str(other)}).status == 422
    assert ade.get("/people").status == 200


def test_a_home_staffs_role_is_no_staffs(ade, cast):
    page = does(ade, cast.lee, "give", **{"role-role": "residential carer"})
    assert (page.status, "comes in by another door" in page.main) == (422, True)


def test_a_move_is_put_down(ade, cast, at_work):
    with at_work():
        other = session.scalar(select(Organisation.id).where(Organisation.kind == "provider"))
    does(ade, cast.lee, "move", **{"move-organisation": str(other)})
    assert "Open Door" in ade.get(f"/people/{cast.lee}").main


def test_who_leaves_is_out_at_once_at_every_door(ade, cast, at_door, at_work):
    """Seen red without ending the roles, and without `end_way_in`."""
    lee, tablet = at_door("staff").sign_in_as(cast.lee), at_door("staff").sign_in_as(cast.lee)
    does(ade, cast.lee, "out")
    assert [browser.get("/").status for browser in (lee, tablet)] == [303, 303]
    with at_work():
        assert session.scalars(select(SignIn).where(SignIn.person_id == cast.lee)).all() == []
        assert roles_at(cast.lee, STAFF) == frozenset()
        assert session.scalars(select(AuditEvent.act).where(AuditEvent.act == "person.left")).all()


def test_what_waits_for_who_leaves_is_taken_back(ade, cast, at_work):
    """Seen red without `withdraw_for`: every page said that messages do not leave."""
    with at_work():
        kept = [
            put("alert 1 hour", object_id=cast.amara, recipient=who, key=str(who))
            for who in (cast.lee, cast.sam)
        ]
        left = put("alert 1 hour", object_id=cast.amara, recipient=cast.lee, key="left")
        left.delivered_at, left.also_by = left.due_at, "text"
        ids = {message.id for message in (kept[1], left)}
    does(ade, cast.lee, "out")
    with at_work():
        rest = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "alert 1 hour")).all()
        assert ({message.id for message in rest}, {message.also_by for message in rest}) == (ids, {None})
        line = session.scalars(select(AuditEvent).where(AuditEvent.act == "person.left")).one()
        assert line.detail == '{"withdrawn": 1}'


def test_the_managers_hear_that_somebody_is_still_theirs(ade, cast, at_work):
    does(ade, cast.lee, "out")
    does(ade, cast.dan, "out")  # who holds nobody
    with at_work():
        told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient_id)).all()
        assert [tuple(one) for one in told] == [("person.left", cast.priya)]


def test_a_way_in_of_a_homes_staff_ends(ade, cast, at_work):
    with at_work():
        give(cast.carol, cast.sam)
    does(ade, cast.carol, "out")
    with at_work():
        assert way_in_of(cast.carol) is None


def test_cover_that_they_gave_to_others_by_standing_in_ends(ade, cast, at_work, clock):

    with at_work():
        cover_id = Cover.give(cast.sam, cast.lee, clock(), clock() + timedelta(days=2), by=cast.sam).id
    does(ade, cast.lee, "out")
    with at_work():
        assert session.get_one(Cover, cover_id).ends_at == clock()


def test_who_comes_back_has_no_role_until_one_is_given(ade, cast, at_work):
    does(ade, cast.lee, "out")
    does(ade, cast.lee, "back")
    with at_work():
        assert session.get_one(Person, cast.lee).ended_at is None
        assert roles_at(cast.lee, STAFF) == frozenset()


@pytest.mark.parametrize("who", ["amara", "ruth"])
def test_a_young_person_or_a_parent_is_not_found(ade, cast, who):
    assert ade.get(f"/people/{getattr(cast, who)}").status == 404


def test_it_asks_who_it_is_before(ade, cast, clock, at_work):
    clock.forward(minutes=6)
    assert does(ade, cast.lee, "give", **{"role-role": "manager"}).status == 403
    with at_work():
        assert roles_at(cast.lee, STAFF) == {"worker"}
