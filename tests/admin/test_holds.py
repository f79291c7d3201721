"""Every hold with its reason, and the end of one."""

from __future__ import annotations

import pytest

from portal.admin.holds import Hold
from portal.db import engines_of, session
from tests.statements import statements_of


@pytest.fixture
def hold(at_work, cast):
    """Priya holds what is kept about Amara."""
    with at_work():
        return Hold.place(cast.amara, "court", "The family court, FC/1", cast.priya, None).id


def test_it_says_of_whom_why_and_by_whom(doors, cast, hold):
    page = doors.staff.sign_in_as(cast.priya).get("/kept/holds")
    for words in ("Amara Obi", "The family court, FC/1", "Priya Shah"):
        assert words in page.main


def test_nothing_held_is_said(doors, cast):
    assert "Nothing is held." in doors.staff.sign_in_as(cast.priya).get("/kept/holds").main


def test_a_manager_ends_it(doors, cast, hold, at_work):
    priya = doors.staff.sign_in_as(cast.priya)
    priya.get("/kept/holds")
    assert priya.post("/kept/holds", {"go": "end", "hold": str(hold)}).status == 303
    with at_work():
        assert session.get_one(Hold, hold).ended_by_id == cast.priya
    assert "End it" not in priya.get("/kept/holds").main


def test_what_is_no_hold_is_not_found(doors, cast):
    priya = doors.staff.sign_in_as(cast.priya)
    priya.get("/kept/holds")
    assert priya.post("/kept/holds", {"go": "end", "hold": "nonsense"}).status == 404


def test_an_administrator_sees_none(doors, cast, hold):
    assert doors.staff.sign_in_as(cast.ade).get("/kept/holds").status == 404


@pytest.mark.parametrize("number", [1, 50])
def test_it_costs_the_same_however_many_stand(doors, cast, at_work, hub_file, number):
    with at_work():
        for _ in range(number):
            Hold.place(cast.amara, "court", "FC/1", cast.priya, None)
    priya = doors.staff.sign_in_as(cast.priya)
    priya.get("/kept/holds")
    with statements_of(*engines_of(hub_file)) as asked:
        priya.get("/kept/holds")
    assert len(asked) <= 8
