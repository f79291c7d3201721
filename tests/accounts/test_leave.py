"""`/leave`: it always works, and leaves nothing behind. In a real browser the journeys show it too."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.accounts.sign_in import SignIn
from portal.audit import AuditEvent
from portal.db import session
from tests.statements import before_each

EXIT = "https://www.bbc.co.uk/weather"


def sign_ins(at_work):
    with at_work():
        return session.scalars(select(SignIn)).all()


@pytest.mark.parametrize("door", ["young", "family", "public"])
def test_leaving_goes_to_an_ordinary_page_elsewhere(at_door, door):
    page = at_door(door).post("/leave", token=False)
    assert (page.status, page.location) == (303, EXIT)


def test_leaving_ends_the_sign_in(doors, cast, at_work):
    """Seen red with only the cookie cleared."""
    doors.young.sign_in_as(cast.amara).post("/leave", token=False)
    assert sign_ins(at_work) == []


def test_leaving_takes_the_cookie_and_the_kept_pages_along(doors, cast):
    page = doors.young.sign_in_as(cast.amara).post("/leave", token=False)
    gone = [
        cookie.split("=")[0]
        for cookie in page.headers.getlist("Set-Cookie")
        if "Expires=Thu, 01 Jan 1970" in cookie
    ]
    assert sorted(gone) == ["l", "s", "x"]
    assert page.headers["Clear-Site-Data"] == '"cache"'
    assert page.headers["Cache-Control"] == "no-store"


def test_after_leaving_a_copy_of_the_cookie_opens_nothing(doors, at_door, cast):
    doors.young.sign_in_as(cast.amara)
    kept = doors.young.client.get_cookie("s", domain="young.localhost")
    doors.young.post("/leave", token=False)
    thief = at_door("young")
    thief.client.set_cookie("s", kept.value, domain="young.localhost")
    assert thief.get("/now").location == "/in"


def test_leaving_is_on_the_record_once(doors, cast, at_work):
    doors.young.sign_in_as(cast.amara)
    for _ in range(2):
        doors.young.post("/leave", token=False)
    with at_work():
        lines = session.scalars(select(AuditEvent).where(AuditEvent.act == "sign_in.ended")).all()
    assert [(line.actor_id, line.subject_id) for line in lines] == [(cast.amara, cast.amara)]


@pytest.mark.parametrize("token", ["", "old and wrong"])
def test_leaving_works_from_a_page_whose_token_is_old(doors, cast, at_work, token):
    page = doors.young.sign_in_as(cast.amara).post("/leave", {"csrf_token": token})
    assert (page.location, sign_ins(at_work)) == (EXIT, [])


@pytest.mark.parametrize("cookie", ["nonsense", "e30.x.y", ""])
def test_leaving_works_with_a_cookie_that_means_nothing(doors, cookie):
    doors.young.client.set_cookie("s", cookie, domain="young.localhost")
    assert doors.young.post("/leave", token=False).location == EXIT


def test_leaving_ends_a_sign_in_that_is_idle_already(doors, cast, clock, at_work):
    doors.young.sign_in_as(cast.amara)
    clock.forward(minutes=20)
    doors.young.post("/leave", token=False)
    assert sign_ins(at_work) == []


def test_leaving_works_while_the_database_is_away(doors, cast, hub_file):
    """Seen red with the person looked up before leaving."""
    doors.young.sign_in_as(cast.amara)

    def away(*_):
        raise OperationalError("SELECT", {}, Exception("away"))

    with before_each(hub_file, away):
        page = doors.young.post("/leave", token=False)
    assert page.location == EXIT
    assert any(cookie.startswith("s=;") for cookie in page.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://family.localhost"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=["another site", "another door", "a frame elsewhere", "a door beside"],
)
def test_nobody_else_can_make_amara_leave(doors, cast, at_work, headers):
    """Seen red without the question where the form was."""
    page = doors.young.sign_in_as(cast.amara).post("/leave", token=False, headers=headers)
    assert page.status == 400
    assert len(sign_ins(at_work)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null"},
        {"Origin": "http://young.localhost"},
    ],
    ids=["an old browser", "Chromium", "a form without a referrer", "the script"],
)
def test_every_way_a_browser_sends_our_own_form_leaves(doors, cast, at_work, headers):
    doors.young.sign_in_as(cast.amara).post("/leave", token=False, headers=headers)
    assert sign_ins(at_work) == []


def test_typing_the_address_of_leaving_ends_nothing(doors, cast, at_work):
    page = doors.young.sign_in_as(cast.amara).get("/leave")
    assert (page.status, page.location) == (303, "/in")
    assert len(sign_ins(at_work)) == 1


def test_the_exit_is_allowed_by_the_policy_of_every_page(doors):
    policy = doors.young.get("/in").headers["Content-Security-Policy"]
    assert f"form-action 'self' {EXIT.removesuffix('/weather')}" in policy


def test_leaving_one_browser_leaves_the_other_signed_in(doors, at_door, cast, at_work):
    at_door("young").sign_in_as(cast.amara)
    doors.young.sign_in_as(cast.amara).post("/leave", token=False)
    assert len(sign_ins(at_work)) == 1


def test_staff_have_no_leave_button_of_the_families(doors):
    assert doors.staff.post("/leave").status == 404


def test_a_browser_that_was_left_while_the_server_was_away_finds_nobody_signed_in(doors, cast):
    doors.young.sign_in_as(cast.amara)
    doors.young.client.set_cookie("x", "1", domain=doors.young.file.host("young"))
    page = doors.young.get("/side")
    assert page.status == 303
    assert page.location == "/in"


def test_whoever_comes_in_again_is_no_longer_somebody_who_left(doors, cast, amaras):
    doors.young.client.set_cookie("x", "1", domain=doors.young.file.host("young"))
    doors.young.get("/in")
    page = doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})
    assert page.status == 303
    assert doors.young.client.get_cookie("x", domain=doors.young.file.host("young")) is None
    assert doors.young.get("/now").status == 200
