"""`/your-sign-in/password`: another password, for whoever knows the one of now."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.db import session
from portal.outbox import OutboxMessage
from tests.accounts.device import Device
from tests.accounts.test_add_passkey import adds
from tests.accounts.test_sign_in import given

PAGE, NEXT = "/your-sign-in/password", "three slow green boats"


@pytest.fixture
def sam(doors, cast, sams):
    return doors.staff.sign_in_as(cast.sam)


def changes(browser, now, then=NEXT):
    return browser.post(PAGE, {"now": now, "password": then})


def test_sam_changes_it_and_only_the_new_one_works(sam, sams, at_door, clock):
    assert changes(sam, sams.password).location == "/your-sign-in?changed=password"
    assert at_door("staff").post("/sign-in", given(sams)).status == 422
    assert at_door("staff").post("/sign-in", given(sams, password=NEXT)).status == 303


def test_whoever_finds_it_open_does_not_change_it(sam, sams, at_door):
    page = changes(sam, "another long way")
    assert page.status == 422
    assert "This is not your password" in page.main
    assert at_door("staff").post("/sign-in", given(sams)).status == 303


def test_every_other_sign_in_ends(sam, sams, at_door, cast):
    other = at_door("staff").sign_in_as(cast.sam)
    changes(sam, sams.password)
    assert (other.get("/").status, sam.get("/").status) == (303, 200)


def test_sam_is_told(sam, sams, at_work, cast):
    changes(sam, sams.password)
    with at_work():
        assert session.scalars(select(OutboxMessage.kind)).all() == ["sign_in.changed"]


def test_the_passkeys_that_remain_are_named(sam, sams):
    """Seen red without the passkeys in the page's words."""
    adds(sam, Device(), "A stranger's phone")
    page = sam.follow(changes(sam, sams.password))
    assert "still open your sign-in: A stranger's phone" in page.main
    assert "still open" not in sam.get("/your-sign-in").main


def test_a_common_one_is_not_taken(sam, sams):
    assert "is not a common one" in changes(sam, sams.password, "Password12345").main


def test_the_code_goes_on_working(sam, sams, at_door):
    code = sams.code()
    changes(sam, sams.password)
    assert at_door("staff").post("/sign-in", given(sams, password=NEXT, code=code)).status == 303


def test_some_minutes_after_signing_in_it_asks_who_it_is(sam, clock):
    clock.forward(minutes=5)
    assert "Is it you?" in sam.get(PAGE).main


def test_whoever_has_no_password_changes_none(doors, cast):
    lee = doors.staff.sign_in_as(cast.lee)
    assert changes(lee, "anything at all").status == 422
