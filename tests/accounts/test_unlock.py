"""`/locked`: only a code of the worker's opens the tablet again, and then what the young person had open is over."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.sign_in import SignIn, drop_what_is_over
from portal.accounts.staff_secret import set_secret
from portal.audit import AuditEvent
from portal.config import Hub
from portal.db import session
from tests.accounts.conftest import wrong


def unlock(tablet, code):
    tablet.staff.get("/locked")
    return tablet.staff.post("/locked", {"code": code})


def test_sams_code_opens_it_at_amaras_page(tablet, sams, cast):
    """By way of the young people's door, where what the browser kept of her pages goes."""
    assert unlock(tablet, sams.code()).location == "http://young.localhost/closed"
    there = tablet.young.get("/closed")
    assert (there.location, there.headers["Clear-Site-Data"]) == (
        "http://staff.localhost/unlocked",
        '"cache"',
    )
    assert tablet.staff.get("/unlocked").location == f"/young-people/{cast.amara}"
    assert "Amara Obi" in tablet.staff.follow().main


def test_after_that_the_tablet_is_nobodys_at_the_young_peoples_door(tablet, sams):
    unlock(tablet, sams.code())
    tablet.young.get("/closed")
    assert tablet.young.get("/now").location == "/in"


def test_nobody_sends_amara_out_of_her_sitting_that_way(tablet):
    """Seen red with the sitting not looked at: a page elsewhere could lead her there."""
    assert tablet.young.get("/closed").location == "/in"
    assert tablet.young.get("/now").status == 200


def test_a_phone_learns_of_no_other_door_there(doors, cast):
    assert doors.young.get("/closed").location == "/in"
    assert doors.young.sign_in_as(cast.amara).get("/closed").location == "/in"


def test_whoever_handed_over_nothing_comes_to_today(doors, cast):
    assert doors.staff.sign_in_as(cast.sam).get("/unlocked").location == "/"


def test_unlocking_ends_what_amara_had_open(tablet, sams):
    """Seen red with her sign-in left there."""
    assert tablet.young.get("/now").status == 200
    unlock(tablet, sams.code())
    assert tablet.young.get("/now").location == "/done"


def test_amaras_own_phone_stays_in(tablet, sams, cast, at_door):
    phone = at_door("young").sign_in_as(cast.amara)
    unlock(tablet, sams.code())
    assert phone.get("/now").status == 200


def test_a_wrong_code_opens_nothing(tablet, sams):
    page = unlock(tablet, wrong(sams.code()))
    assert page.status == 422
    assert "does not open it" in page.main
    assert tablet.staff.get("/").location == "/sign-in"


def test_no_code_says_what_to_do(tablet):
    page = unlock(tablet, "")
    assert page.status == 422
    assert "Enter the code" in page.main


def test_a_code_that_was_used_does_not_open_it(tablet, sams, cast):
    code = sams.code()
    unlock(tablet, code)
    page = tablet.staff.get(f"/young-people/{cast.amara}/in-room")
    tablet.staff.post(f"/young-people/{cast.amara}/in-room", {"token": page.field("token")})
    assert unlock(tablet, code).status == 422


def test_a_colleagues_code_does_not_open_it(tablet, cast, at_work, clock):
    with at_work():
        totp = set_secret(session.get_one(Person, cast.lee), "another long way to the sea")
    assert unlock(tablet, pyotp.TOTP(totp).at(int(clock().timestamp()))).status == 422


def test_a_fifth_wrong_code_leaves_only_a_whole_sign_in(tablet, sams):
    """Seen red without the count."""
    for _ in range(5):
        unlock(tablet, wrong(sams.code()))
    assert tablet.staff.get("/locked").location == "/sign-in"
    assert "E-mail" in tablet.staff.get("/sign-in").main


def test_the_whole_sign_in_then_ends_what_amara_had_open(tablet, sams):
    for _ in range(5):
        unlock(tablet, wrong(sams.code()))
    tablet.staff.get("/sign-in")
    form = {"email": sams.email, "password": sams.password, "code": sams.code()}
    assert tablet.staff.post("/sign-in", form).location == "/"
    assert tablet.young.get("/now").location == "/done"


def test_the_page_of_the_sign_in_leads_to_the_lock(tablet, sams):
    assert tablet.staff.get("/sign-in").location == "/locked"


def test_a_locked_tablet_outlasts_the_idle_half_hour(tablet, sams, clock, hub_file):
    for _ in range(5):
        clock.forward(minutes=14)
        tablet.young.get("/now")
    drop_what_is_over(Hub(hub_file, clock=clock))
    assert unlock(tablet, sams.code()).status == 303
    assert tablet.staff.get("/").status == 200


def test_after_four_hours_only_a_whole_sign_in_helps(tablet, sams, clock):
    clock.forward(hours=4)
    assert tablet.staff.get("/locked").location == "/sign-in"


def test_signing_out_at_the_lock_ends_both(tablet, sams, at_work):
    tablet.staff.get("/locked")
    tablet.staff.post("/sign-out")
    with at_work():
        assert session.scalars(select(SignIn)).all() == []


def test_nobody_who_is_not_locked_has_such_a_page(doors, cast):
    assert doors.staff.get("/locked").location == "/sign-in"
    assert doors.staff.sign_in_as(cast.sam).get("/locked").location == "/sign-in"


def test_what_was_done_at_the_lock_is_recorded(tablet, sams, at_work, cast):
    unlock(tablet, wrong(sams.code()))
    unlock(tablet, sams.code())
    with at_work():
        rows = session.scalars(select(AuditEvent).where(AuditEvent.act.like("sign_in.unlock%"))).all()
    assert sorted((row.act, row.actor_id) for row in rows) == [
        ("sign_in.unlock_refused", cast.sam), ("sign_in.unlocked", cast.sam)]  # fmt: skip


def test_a_lock_cannot_be_guessed_at_for_long(tablet, sams, monkeypatch):
    monkeypatch.setattr("portal.accounts.in_room.WRONG_CODES", 1000)
    answers = [unlock(tablet, wrong(sams.code())).status for _ in range(11)]
    assert answers[-1] == 429


@pytest.mark.parametrize("code", ["", "١٢٣", "\x00", "9" * 5000, "🌈"])
def test_odd_codes_open_nothing(tablet, code):
    assert unlock(tablet, code).status == 422
