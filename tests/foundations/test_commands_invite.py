"""`portal invite`: a hub's first administrators, and one who lost what they sign in with; never quietly.

Seen red with an invitation for whoever has the address, whatever they may do, and with nobody told.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import crypto, db
from portal.accounts.given_roles import given_lately
from portal.accounts.invitations import Invitation, brought_in, signs_in
from portal.accounts.models import Person
from portal.accounts.sign_in import SignIn
from portal.accounts.staff_secret import set_secret
from portal.audit import AuditEvent
from portal.config import Hub, HubFile
from portal.db import session
from portal.outbox import OutboxMessage

ADA = ("ada@hub.example", "--name", "Ada Byron", "--organisation", "The council")


@pytest.fixture
def at_hub(at_the_hub, hub_file: HubFile):
    """`with at_hub():` one committed step on the machine's own clock, which commands have."""

    def step():
        crypto.open_ring(hub_file, at_the_hub.keys)  # each command closes it when it ends
        return db.step(Hub(hub_file))

    return step


def entered(role, email="sam@hub.example", password=""):
    """Somebody of the staff with that role, who signs in with *password*."""
    person = Person.enter("staff", "Sam Reed", roles=(role,), email=email)
    if password:
        set_secret(person, password)
        session.add(SignIn(person_id=person.id, door="staff", touched_at=person.created_at))
    session.flush()
    return person.id


def test_an_empty_hub_gets_its_first_administrator(run, at_hub):
    ended = run("invite", *ADA)
    assert ended.status == 0
    link, code = ended.out.split()
    assert link.endswith(f"/welcome#{code}")
    with at_hub():
        opened = Invitation.of(code)
        whose = session.get_one(Person, opened.person_id)
        assert (whose.name, whose.email, whose.kind) == ("Ada Byron", "ada@hub.example", "staff")
        assert session.scalar(select(AuditEvent.id).where(AuditEvent.act == "sign_in.from_machine"))


def test_two_of_them_are_not_tied_to_each_other(run, at_hub):
    """So that the one can ask and the other approve from then on."""
    run("invite", *ADA)
    run("invite", "bo@hub.example", "--name", "Bo Lund", "--organisation", "the Council")
    with at_hub():
        one, other = session.scalars(select(Person.id))
        assert not brought_in(one, other)
        assert len({row.organisation_id for row in session.scalars(select(Person))}) == 1


def test_a_new_one_without_a_name_is_not_entered(run, at_hub):
    assert "--name and --organisation" in run("invite", "ada@hub.example").sentence
    with at_hub():
        assert session.scalars(select(Person)).all() == []


def test_what_is_no_address_is_refused(run, at_hub):
    assert "is no e-mail address" in run("invite", "ada", *ADA[1:]).sentence


def test_what_a_known_one_signed_in_with_is_over(run, at_hub):
    with at_hub():
        ada = entered("administrator", password="a password that is long")
    _, code = run("invite", "sam@hub.example").out.split()
    with at_hub():
        assert not signs_in(ada)
        assert session.scalars(select(SignIn)).all() == []
        assert Invitation.of(code).person_id == ada
        told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient_id)).all()
        assert [tuple(one) for one in told] == [("sign_in.changed", ada)]


def test_every_manager_and_administrator_is_told_and_can_read_it(run, at_hub):
    with at_hub():
        manager = entered("manager", "mo@hub.example")
        ada = entered("administrator")
    run("invite", "sam@hub.example")
    with at_hub():
        told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient_id)).all()
        assert ("person.role_given", manager) in [tuple(one) for one in told]
        assert ada not in [one.recipient_id for one in told]
        first = given_lately()[0]
        assert (first.who, first.role, first.by) == ("Sam Reed", "a new sign-in", "Whoever runs the machine")


@pytest.mark.parametrize("role", ["worker", "manager", "auditor"])
def test_nobody_but_an_administrator_is_invited_so(run, at_hub, role):
    with at_hub():
        other = entered(role, password="a password that is long")
    assert "is no administrator here" in run("invite", "sam@hub.example").sentence
    with at_hub():
        assert signs_in(other)


@pytest.mark.parametrize("more", ["worker", "manager", "auditor", "residential carer"])
def test_an_administrator_who_is_more_than_that_is_invited_only_where_it_reads_no_words(run, at_hub, more):
    """A home's staff come in by another door. Seen red with "administrator" looked for among the roles."""
    with at_hub():
        both = entered("administrator", password="a password that is long")
        session.get_one(Person, both).take_role(more)
    ended = run("invite", "sam@hub.example")
    if more == "residential carer":
        assert ended.status == 0
        return
    assert "is more than an administrator here" in ended.sentence
    with at_hub():
        assert signs_in(both)
        assert session.scalars(select(Invitation)).all() == []


def test_whoever_left_is_not_invited(run, at_hub):
    with at_hub() as hub:
        session.get_one(Person, entered("administrator")).ended_at = hub.now()
    assert "is no administrator here" in run("invite", "sam@hub.example").sentence
