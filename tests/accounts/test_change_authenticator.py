"""`/your-sign-in/authenticator`: another authenticator, once a code shows that it works."""

from __future__ import annotations

import pyotp
import pytest

from tests.accounts.test_sign_in import given

PAGE = "/your-sign-in/authenticator"


@pytest.fixture
def sam(doors, cast, sams):
    return doors.staff.sign_in_as(cast.sam)


def code_of(page, clock):
    """What an authenticator shows that was set up by this page."""
    secret = page.tree.find(".//dd").text.replace(" ", "")
    return pyotp.TOTP(secret).at(int(clock().timestamp()))


def test_sam_sets_up_another_and_only_it_works(sam, sams, clock, at_door):
    page = sam.get(PAGE)
    answer = sam.post(PAGE, {"form_key": page.field("form_key"), "code": code_of(page, clock)})
    assert answer.location == "/your-sign-in"
    clock.forward(seconds=30)
    assert at_door("staff").post("/sign-in", given(sams)).status == 422
    assert at_door("staff").post("/sign-in", given(sams, code=code_of(page, clock))).status == 303


def test_a_wrong_code_shows_the_same_picture_again(sam, sams, at_door):
    page = sam.get(PAGE)
    again = sam.post(PAGE, {"form_key": page.field("form_key"), "code": "000000"})
    assert again.status == 422
    assert again.tree.find(".//dd").text == page.tree.find(".//dd").text
    assert at_door("staff").post("/sign-in", given(sams)).status == 303


def test_every_other_sign_in_ends(sam, at_door, cast, clock):
    other = at_door("staff").sign_in_as(cast.sam)
    page = sam.get(PAGE)
    sam.post(PAGE, {"form_key": page.field("form_key"), "code": code_of(page, clock)})
    assert (other.get("/").status, sam.get("/").status) == (303, 200)


def test_its_code_works_once(sam, sams, clock, at_door):
    page = sam.get(PAGE)
    code = code_of(page, clock)
    sam.post(PAGE, {"form_key": page.field("form_key"), "code": code})
    assert at_door("staff").post("/sign-in", given(sams, code=code)).status == 422


def test_some_minutes_after_signing_in_it_asks_who_it_is(sam, clock):
    clock.forward(minutes=5)
    assert "Is it you?" in sam.get(PAGE).main
