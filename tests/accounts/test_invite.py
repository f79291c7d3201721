"""`/sign-ins/<id>/invitation`: an administrator invites a colleague who has no sign-in yet."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.invitations import Invitation
from portal.db import session


@pytest.fixture
def ade(doors, cast):
    return doors.staff.sign_in_as(cast.ade)


def invites(browser, staff_id, key="a key of this form"):
    return browser.post(f"/sign-ins/{staff_id}/invitation", {"form_key": key})


def code_on(page):
    """The code of the invitation that the page shows."""
    (found,) = [
        dd.text
        for dt, dd in zip(page.tree.iter("dt"), page.tree.iter("dd"), strict=True)
        if "code" in dt.text
    ]
    return found


def test_it_is_shown_once_as_link_picture_and_code(ade, cast):
    page = invites(ade, cast.lee)
    assert f"http://staff.localhost/welcome#{code_on(page)}" in page.main
    assert 'class="qr"' in page.html
    assert code_on(page) not in ade.get(f"/sign-ins/{cast.lee}").main


def test_the_same_form_twice_shows_the_same(ade, cast, at_work):
    assert code_on(invites(ade, cast.lee)) == code_on(invites(ade, cast.lee))
    with at_work():
        assert len(session.scalars(select(Invitation)).all()) == 1


def test_a_new_one_ends_the_earlier(ade, cast, at_work):
    invites(ade, cast.lee)
    invites(ade, cast.lee, "another key")
    with at_work():
        assert len(session.scalars(Invitation.open_of(cast.lee)).all()) == 1


def test_of_the_code_only_a_hash_is_kept(ade, cast, at_work):
    code = code_on(invites(ade, cast.lee))
    with at_work():
        row = session.execute(select(Invitation.__table__)).mappings().one()
        assert code not in str(dict(row))


def test_whoever_signs_in_already_is_not_invited_by_one_alone(ade, sams, cast, at_work):
    assert invites(ade, cast.sam).location == f"/sign-ins/{cast.sam}"
    with at_work():
        assert session.scalars(select(Invitation)).all() == []


def test_some_minutes_after_signing_in_it_asks_who_it_is(ade, cast, clock):
    clock.forward(minutes=5)
    assert "Is it you?" in invites(ade, cast.lee).main


def test_a_worker_invites_nobody(doors, cast):
    assert invites(doors.staff.sign_in_as(cast.sam), cast.lee).status == 404
