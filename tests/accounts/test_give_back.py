"""`/done`: leaving, putting everything away or being idle on a handed-over tablet leads to giving it back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.sign_in import SignIn
from portal.db import session


def young_sign_ins(at_work) -> int:
    with at_work():
        return len(session.scalars(select(SignIn).where(SignIn.door == "young")).all())


def test_leaving_asks_for_the_tablet_back(tablet, at_work):
    page = tablet.young.post("/leave", token=False)
    assert (page.status, page.location) == (303, "/done")
    assert "Please give the tablet back" in tablet.young.follow().main
    assert young_sign_ins(at_work) == 0


def test_putting_everything_away_asks_for_the_tablet_back(tablet, at_work, cast):
    """Seen red with the young person left signed in."""
    tablet.young.get("/")
    page = tablet.young.post("/away")
    assert page.location == "/done"
    assert young_sign_ins(at_work) == 0
    with at_work():
        assert session.get_one(Person, cast.amara).put_away_at is not None


def test_an_idle_tablet_asks_to_be_given_back(tablet, clock):
    clock.forward(minutes=15)
    assert tablet.young.get("/side").location == "/done"


@pytest.mark.parametrize("path", ["/", "/now", "/side"])
def test_after_that_back_shows_nothing_of_amaras(tablet, path):
    tablet.young.post("/leave", token=False)
    assert tablet.young.get(path).location == "/done"


def test_the_script_leaves_to_the_same_page(tablet):
    assert 'data-exit="/done"' in tablet.young.get("/now").html


def test_the_page_says_nothing_of_who_had_it(tablet):
    tablet.young.post("/leave", token=False)
    html = tablet.young.get("/done").html
    for word in ("Amara", "Sam", "Rowan"):
        assert word not in html


def test_the_page_speaks_the_language_of_whoever_had_it(tablet, cast, at_work, at_door):
    with at_work():
        session.get_one(Person, cast.amara).language = "eo"
    tablet.young.client.set_cookie("l", "eo", domain="young.localhost")
    tablet.young.post("/leave", token=False)
    assert "Please give the tablet back" not in tablet.young.get("/done").main


def test_nobody_else_learns_that_there_is_another_door(doors, cast):
    """Seen red with the page open to everybody."""
    page = doors.young.sign_in_as(cast.amara).get("/done")
    assert (page.status, page.location) == (303, "/in")
    assert "staff.localhost" not in page.html


def test_a_phone_leaves_to_elsewhere_as_ever(doors, cast):
    doors.young.sign_in_as(cast.amara)
    assert "/done" not in doors.young.get("/now").html
    assert doors.young.post("/leave", token=False).location == "https://www.bbc.co.uk/weather"


def test_whoever_comes_in_by_a_pin_next_is_on_a_phone_again(tablet, at_work, cast, amaras):
    tablet.young.post("/leave", token=False)
    tablet.young.get("/in")
    tablet.young.post("/in", {"words": amaras.words, "pin": amaras.pin})
    assert "/done" not in tablet.young.get("/now").html
