"""A first sign-in: an administrator asks for it, a second person approves and is shown the invitation."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.draw import Draw
from portal.accounts.invitations import Invitation
from portal.accounts.models import Organisation, Person
from portal.db import session
from portal.outbox import OutboxMessage
from tests.accounts.device import Device
from tests.accounts.test_add_passkey import adds

SURE = "I rang her desk and she told me what we worked on."


@pytest.fixture
def ade(doors, cast):
    return doors.staff.sign_in_as(cast.ade)


@pytest.fixture
def priya(at_door, cast):
    return at_door("staff").sign_in_as(cast.priya)


def asks(browser, staff_id, words=SURE):
    return browser.post(f"/sign-ins/{staff_id}/recovery", {"act": "ask", "made_sure": words})


def does(browser, staff_id, act, key="this form"):
    return browser.post(f"/sign-ins/{staff_id}/recovery", {"act": act, "form_key": key})


def code_on(page):
    """The code of the invitation that the page shows."""
    (found,) = [
        dd.text
        for dt, dd in zip(page.tree.iter("dt"), page.tree.iter("dd"), strict=True)
        if "code" in dt.text
    ]
    return found


@pytest.fixture
def enters(ade, at_work):
    """`enters("administrator")`: Ade enters somebody with this role; their id."""

    def enter(role):
        with at_work():
            council = session.scalar(select(Organisation.id).where(Organisation.kind == "council"))
        told = {
            "name": "Bea Newton",
            "email": "bea@hub.example",
            "organisation": str(council),
            "roles": [role],
        }
        assert ade.post("/people/new", told).status == 303
        with at_work():
            (found,) = [one.id for one in session.scalars(select(Person)) if one.name == "Bea Newton"]
            return found

    return enter


def invitations(at_work):
    with at_work():
        return session.scalars(select(Invitation.by_id)).all()


@pytest.mark.parametrize("role", ["manager", "administrator", "participation lead"])
def test_one_administrator_alone_makes_nobody_who_signs_in(ade, enters, at_work, role):
    """Seen red with `TwoPeople` not raised: invented, invited and signed in as, by one person."""
    bea = enters(role)
    asks(ade, bea)
    assert does(ade, bea, "approve").status == 422
    assert ade.post(f"/sign-ins/{bea}/invitation", {"form_key": "a key"}).status == 404
    assert invitations(at_work) == []


def test_a_manager_approves_and_is_shown_it_once_as_link_picture_and_code(ade, priya, cast):
    asks(ade, cast.lee)
    assert SURE in priya.get(f"/sign-ins/{cast.lee}").main
    page = does(priya, cast.lee, "approve")
    assert f"http://staff.localhost/welcome#{code_on(page)}" in page.main
    assert 'class="qr"' in page.html
    assert code_on(page) not in priya.get(f"/sign-ins/{cast.lee}").main


def test_whom_the_asker_entered_is_not_the_second(ade, enters, at_door, cast, at_work):
    """Seen red without `brought_in`: an administrator who was invented for it approved."""
    bea = at_door("staff").sign_in_as(enters("administrator"))
    asks(ade, cast.lee)
    assert does(bea, cast.lee, "approve").status == 422
    assert invitations(at_work) == []


def test_nor_is_who_entered_the_asker(ade, enters, at_door, cast, at_work):
    """Seen red with `brought_in` asking one way only."""
    asks(at_door("staff").sign_in_as(enters("administrator")), cast.lee)
    assert does(ade, cast.lee, "approve").status == 422
    assert invitations(at_work) == []


def test_nor_is_whom_the_asker_invited(ade, priya, cast, at_work):
    """Seen red without the invitations in `brought_in`."""
    with at_work():
        Invitation.make(cast.priya, cast.ade, Draw.of(cast.ade, "a form"))
        session.flush()
        session.scalars(Invitation.open_of(cast.priya)).one().use()
    asks(ade, cast.lee)
    assert does(priya, cast.lee, "approve").status == 422


def test_somebody_whom_another_entered_is(ade, enters, priya, at_door, cast):
    asks(at_door("staff").sign_in_as(enters("administrator")), cast.lee)
    assert code_on(does(priya, cast.lee, "approve"))


def test_a_manager_asks_for_nobody(priya, cast):
    page = asks(priya, cast.lee)
    assert (page.status, "an administrator asks" in page.main) == (422, True)


def test_a_manager_sees_nobodys_places_and_ends_none(priya, ade, at_door, cast):
    lee = at_door("staff").sign_in_as(cast.lee)
    assert "is signed in" not in priya.get(f"/sign-ins/{cast.lee}").main
    assert priya.post(f"/sign-ins/{cast.lee}", {"act": "all"}).status == 404
    assert lee.get("/").status == 200


def test_who_may_be_the_second_hears_of_it_until_it_is_done(ade, priya, cast, at_work):
    asks(ade, cast.lee)
    with at_work():
        told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient_id)).all()
        assert [tuple(one) for one in told] == [("sign_in.asked", cast.priya)]
    does(priya, cast.lee, "approve")
    with at_work():
        assert session.scalars(select(OutboxMessage)).all() == []


def test_the_same_form_twice_shows_the_same(ade, priya, cast, at_work):
    asks(ade, cast.lee)
    assert code_on(does(priya, cast.lee, "approve")) == code_on(does(priya, cast.lee, "approve"))
    assert len(invitations(at_work)) == 1


def test_a_new_one_ends_the_earlier(ade, priya, cast, at_work):
    asks(ade, cast.lee)
    does(priya, cast.lee, "approve")
    does(priya, cast.lee, "approve", "another key")
    with at_work():
        assert len(session.scalars(Invitation.open_of(cast.lee)).all()) == 1


def test_of_the_code_only_a_hash_is_kept(ade, priya, cast, at_work):
    asks(ade, cast.lee)
    code = code_on(does(priya, cast.lee, "approve"))
    with at_work():
        row = session.execute(select(Invitation.__table__)).mappings().one()
        assert code not in str(dict(row))


def test_whoever_signs_in_already_loses_that_by_two_alone(ade, cast, at_door, at_work):
    adds(at_door("staff").sign_in_as(cast.sam), Device())
    asks(ade, cast.sam)
    assert does(ade, cast.sam, "approve").status == 422
    assert invitations(at_work) == []


def test_some_minutes_after_signing_in_it_asks_who_it_is(ade, priya, cast, clock):
    asks(ade, cast.lee)
    clock.forward(minutes=5)
    assert "Is it you?" in does(priya, cast.lee, "approve").main


def test_a_worker_invites_nobody(doors, cast):
    assert asks(doors.staff.sign_in_as(cast.sam), cast.lee).status == 404
