"""Somebody begins here: entered by an administrator, with roles and if need be a last day."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.access import STAFF
from portal.accounts.models import Organisation, Person
from portal.accounts.sign_in import roles_at
from portal.db import session
from portal.outbox import OutboxMessage


@pytest.fixture
def ade(staff, cast):
    return staff(cast.ade)


@pytest.fixture
def council(at_work, cast):
    with at_work():
        return session.scalar(select(Organisation.id).where(Organisation.kind == "council"))


def new(council, **more):
    return {
        "name": "Bea Newton", "email": "bea@hub.example", "organisation": str(council), "roles": ["worker"], **more,
    }  # fmt: skip


def enter(ade, data):
    ade.get("/people/new")
    return ade.post("/people/new", data)


def test_somebody_is_entered_with_a_role(ade, council, at_work):
    page = ade.follow(enter(ade, new(council)))
    assert ("Bea Newton" in page.main, "Worker" in page.main) == (True, True)
    with at_work():
        bea = session.scalars(select(Person).where(Person.organisation_id == council)).all()[-1]
        found = [one for one in session.scalars(select(Person)) if one.name == "Bea Newton"]
        assert bea is not None
        assert roles_at(found[0].id, STAFF) == {"worker"}


def test_every_manager_and_administrator_is_told(ade, council, at_work, cast):
    """Seen red without `tell_of_roles` in `enter`."""
    enter(ade, new(council, roles=["manager", "worker"]))
    with at_work():
        told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient_id)).all()
        assert {tuple(one) for one in told} == {("person.role_given", one) for one in (cast.ade, cast.priya)}


def test_a_role_ends_after_its_last_day(ade, council, at_work, clock):
    location = enter(ade, new(council, ends=f"{clock().date()}")).location
    clock.forward(hours=20)
    with at_work():
        assert roles_at(UUID(location.rsplit("/", 1)[1]), STAFF) == frozenset()


def test_the_same_address_is_entered_once(ade, council):
    enter(ade, new(council))
    page = enter(ade, new(council, name="Bea Again"))
    assert (page.status, page.field("name")) == (422, "Bea Again")
    assert "entered already" in page.main


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter their name"),
        ({"email": "bea"}, "Enter a whole e-mail address"),
        ({"organisation": "nobody"}, "Choose for whom they work"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["worker", "residential carer"]}, "A residential carer has no other role"),
        ({"ends": "2020-01-01"}, "Enter today or a later day"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(ade, council, wrong, said):
    page = enter(ade, new(council, **wrong))
    assert (page.status, said in page.main) == (422, True)


def test_a_homes_staff_come_in_by_the_families_door(ade, council, at_work):
    enter(ade, new(council, roles=["residential carer"]))
    with at_work():
        (bea,) = [one for one in session.scalars(select(Person)) if one.name == "Bea Newton"]
        assert bea.kind == "adult"
        assert roles_at(bea.id, "family") == {"residential carer"}


def test_it_asks_who_it_is_before_and_keeps_what_was_typed(ade, council, clock):
    clock.forward(minutes=6)
    page = enter(ade, new(council))
    assert page.status == 403
    assert page.field("name") == "Bea Newton"


def test_no_role_of_a_family_can_be_given_here(ade, council):
    assert enter(ade, new(council, roles=["young person"])).status == 422


def test_whoever_was_entered_until_then_is_out_after(ade, council, at_door, at_work, clock):
    day = clock().date() + timedelta(days=1)
    location = enter(ade, new(council, ends=f"{day}")).location

    clock.forward(days=1)
    browser = at_door("staff").sign_in_as(UUID(location.rsplit("/", 1)[1]))
    assert browser.get("/").status == 200
    clock.forward(hours=14, minutes=0)
    assert browser.get("/").status != 200
