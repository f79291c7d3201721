"""A home that keeps shifts: its staff reach its forms while they are on duty, and at no other hour."""

from datetime import timedelta

import pytest

from portal.accounts.models import Organisation, Person
from portal.accounts.shifts import Shift
from portal.db import session
from tests.factories import a_return, safe_home


@pytest.fixture
def oak(at_work, cast, clock):
    """Oak House, where Carol works and Amara lives; a form about her last return stands at Carol's door."""
    with at_work():
        home = Organisation(name="Oak House", kind="home")
        session.add(home)
        session.flush()
        session.get_one(Person, cast.carol).organisation_id = home.id
        a_return(cast.amara, hours_ago=30)
        safe_home(cast.carol, cast.amara, cast.sam, "residential").home_safe_at = clock() - timedelta(days=2)
        return home.id


def stands(at_door, cast):
    return "Amara" in at_door("family").sign_in_as(cast.carol).get("/").main


def test_without_shifts_it_stands_at_any_hour(oak, at_door, cast):
    assert stands(at_door, cast)


def test_with_shifts_only_while_on_duty(oak, staff, at_door, at_work, cast, clock):
    """Seen red without `_in_their_shift` in `Link.visible_to`."""
    ade = staff(cast.ade)
    ade.get(f"/organisations/{oak}")
    ade.post(f"/organisations/{oak}", {"act": "keep"})
    assert not stands(at_door, cast)
    shift = {
        "act": "shift",
        "who": str(cast.carol),
        "day": f"{clock().date()}",
        "begins": "09:00",
        "ends": "17:00",
    }
    assert ade.post(f"/organisations/{oak}", shift).status == 303
    assert stands(at_door, cast)
    clock.forward(hours=7)
    assert not stands(at_door, cast)


def test_a_night_ends_the_next_morning(oak, staff, at_work, cast, clock):
    ade = staff(cast.ade)
    ade.get(f"/organisations/{oak}")
    night = {"act": "shift", "who": str(cast.carol), "day": "2026-11-24", "begins": "21:00", "ends": "07:30"}
    for _ in range(2):  # sent twice is once
        ade.post(f"/organisations/{oak}", night)
    with at_work():
        (shift,) = session.query(Shift).all()
        assert (f"{shift.starts_at:%d %H:%M}", f"{shift.ends_at:%d %H:%M}") == ("24 21:00", "25 07:30")


def test_a_shift_is_ended(oak, staff, at_door, at_work, cast, clock):
    with at_work():
        session.get_one(Organisation, oak).keeps_shifts = True
        shift = Shift.enter(cast.carol, clock(), clock() + timedelta(hours=8), cast.ade).id
    assert stands(at_door, cast)
    ade = staff(cast.ade)
    ade.get(f"/organisations/{oak}")
    ade.post(f"/organisations/{oak}", {"act": "end", "shift": str(shift)})
    assert not stands(at_door, cast)


def test_a_foster_carer_is_let_in_whatever_homes_keep(at_door, at_work, cast, clock):
    with at_work():
        a_return(cast.amara, hours_ago=30)
        safe_home(cast.ruth, cast.amara, cast.sam).home_safe_at = clock() - timedelta(days=2)
    assert "Amara" in at_door("family").sign_in_as(cast.ruth).get("/").main


def test_what_is_missing_is_said(oak, staff, cast):
    page = staff(cast.ade).post(f"/organisations/{oak}", {"act": "shift", "who": str(cast.sam)})
    assert page.status == 422
    assert "Enter the day" in page.main


def test_a_council_has_no_such_page(staff, cast, at_work):
    with at_work():
        council = session.query(Organisation).filter_by(kind="council").one().id
    assert staff(cast.ade).get(f"/organisations/{council}").status == 404
