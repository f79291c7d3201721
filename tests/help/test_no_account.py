"""The police have no account here."""

import pytest

from portal.access import POLICY


@pytest.mark.parametrize("door", ["young", "family", "staff", "public"])
def test_every_door_says_that_the_police_have_no_account(at_door, door):
    page = at_door(door).get("/help/no-account")
    assert page.tree.findtext(".//h1") == "The police have no account here"


def test_it_is_true_no_role_is_the_polices():
    assert not [role for role in POLICY if "police" in role or "panel" in role]


def test_it_does_not_hide_that_officers_work_in_the_team(doors):
    assert "Some police officers do work in the same team" in doors.young.get("/help/no-account").main
