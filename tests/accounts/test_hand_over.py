"""`/begin` at the young people's door: the token of a hand-over works once, for seconds, and only while it is locked."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from portal.accounts.in_room import HandOver
from portal.accounts.models import Person
from portal.accounts.private_phone import let_them_say, phone_is_private
from portal.accounts.sign_in import SignIn
from portal.accounts.ways_in import way_in_of
from portal.audit import AuditEvent
from portal.db import session
from tests.accounts.conftest import handed_over

PATH = "/young-people/{}/in-room"


@pytest.fixture
def token(doors, cast, sams):
    """Of the hand-over that Sam has just begun for Amara."""
    doors.staff.sign_in_as(cast.sam)
    token = doors.staff.get(PATH.format(cast.amara)).field("token")
    doors.staff.post(PATH.format(cast.amara), {"token": token})
    return token


def test_amara_comes_to_her_first_page_without_a_pin(doors, token):
    page = handed_over(doors.young, token)
    assert (page.status, page.location) == (303, "/now")
    assert "Are you safe right now?" in doors.young.get("/now").main


def test_the_token_works_once(doors, token, at_door):
    """Seen red with the token left unused."""
    handed_over(doors.young, token)
    other = at_door("young")
    assert handed_over(other, token).status == 422
    assert other.get("/now").location == "/in"


def test_the_token_works_for_seconds(doors, token, clock):
    """Seen red with thirty minutes for seconds."""
    clock.forward(seconds=30)
    assert handed_over(doors.young, token).status == 422


def test_it_works_just_before(doors, token, clock):
    clock.forward(seconds=29)
    assert handed_over(doors.young, token).status == 303


def test_a_token_dies_with_the_lock(doors, token, sams):
    """Seen red with the lock not looked at."""
    doors.staff.get("/locked")
    doors.staff.post("/locked", {"code": sams.code()})
    assert handed_over(doors.young, token).status == 422


def test_a_token_dies_when_the_worker_is_signed_out(doors, token, at_work):
    with at_work():
        session.execute(delete(SignIn))
    assert handed_over(doors.young, token).status == 422


@pytest.mark.parametrize("typed", ["", "0" * 32, "no", "\x00", "'; --", "x" * 5000])
def test_what_is_no_token_opens_nothing(doors, token, typed):
    page = handed_over(doors.young, typed)
    assert page.status == 422
    assert "This did not open" in page.main


def test_what_did_not_open_names_nobody(doors, token, clock):
    clock.forward(minutes=1)
    page = handed_over(doors.young, token)
    for word in ("Amara", "Sam", "staff.localhost"):
        assert word not in page.html


def test_a_link_to_it_opens_nothing(doors, token):
    assert doors.young.get(f"/begin?token={token}").status == 405
    assert handed_over(doors.young, token).status == 303


def test_it_opens_amaras_door_and_nobody_elses(doors, token, cast, at_work):
    handed_over(doors.young, token)
    with at_work():
        young = session.scalars(select(SignIn).where(SignIn.door == "young")).one()
        staff = session.scalars(select(SignIn).where(SignIn.door == "staff")).one()
    assert (young.person_id, young.room_of) == (cast.amara, staff.id)


def test_it_is_recorded_that_sam_vouched(doors, token, cast, at_work):
    handed_over(doors.young, token)
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "in_room.taken_over")).one()
        assert session.scalars(select(HandOver)).one().used_at is not None
    assert (event.subject_id, str(cast.sam) in event.detail) == (cast.amara, True)


def test_it_makes_and_ends_no_way_in(doors, cast, sams, amaras, at_work):
    doors.staff.sign_in_as(cast.sam)
    token = doors.staff.get(PATH.format(cast.amara)).field("token")
    doors.staff.post(PATH.format(cast.amara), {"token": token})
    handed_over(doors.young, token)
    with at_work():
        assert way_in_of(cast.amara).last_used_at is None


def test_whoever_has_left_the_hub_is_let_in_by_no_token(doors, token, cast, at_work, clock):
    with at_work():
        session.execute(update(Person).where(Person.id == cast.amara).values(ended_at=clock()))
    assert handed_over(doors.young, token).status == 422


def test_the_families_door_takes_no_token(doors, token):
    assert doors.family.post("/begin", {"token": token}, token=False).status == 404


def test_whether_a_phone_is_private_is_not_asked_of_the_workers_tablet(doors, token, cast, at_work):
    """Seen red with the answer taken there."""
    with at_work():
        let_them_say(cast.amara, cast.sam)
    handed_over(doors.young, token)
    assert "private" not in doors.young.get("/").main
    doors.young.post("/private", {"private": "yes"})
    with at_work():
        assert not phone_is_private(cast.amara)
