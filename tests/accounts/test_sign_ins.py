"""`/sign-ins`: the administrator's list of who signs in, and with what."""

from __future__ import annotations

import pytest

from portal.accounts.draw import Draw
from portal.accounts.invitations import Invitation, Recovery
from portal.accounts.models import Person
from portal.db import engines_of, session
from tests.accounts.device import Device
from tests.accounts.test_add_passkey import adds
from tests.statements import statements_of


@pytest.fixture
def ade(doors, cast):
    return doors.staff.sign_in_as(cast.ade)


def line_of(page, name):
    (found,) = [row for row in page.tree.iter("tr") if name in "".join(row.itertext())]
    return " ".join("".join(found.itertext()).split())


def test_each_stands_there_with_what_they_sign_in_with(ade, sams, at_door, cast):
    adds(at_door("staff").sign_in_as(cast.sam), Device())
    page = ade.get("/sign-ins")
    assert "password and code, a passkey" in line_of(page, "Sam Okoro")
    assert "in one place" in line_of(page, "Sam Okoro")
    assert "not yet" in line_of(page, "Lee Marsh")


def test_what_is_under_way_is_said(ade, at_work, cast):
    with at_work():
        Invitation.make(cast.lee, cast.ade, Draw.of(cast.ade, "a form"))
        Recovery.ask(cast.sam, "I saw him.", cast.ade)
    page = ade.get("/sign-ins")
    assert "invited" in line_of(page, "Lee Marsh")
    assert "a new one is asked for" in line_of(page, "Sam Okoro")


def test_no_young_person_and_no_parent_is_there(ade):
    page = ade.get("/sign-ins")
    assert "Amara" not in page.main
    assert "Ruth" not in page.main


def test_who_has_left_is_not_there(ade, at_work, cast, clock):
    with at_work():
        session.get_one(Person, cast.lee).ended_at = clock()
    assert "Lee Marsh" not in ade.get("/sign-ins").main


@pytest.mark.parametrize("name", ["sam", "priya", "noor", "aud", "cory", "dee"])
def test_nobody_but_an_administrator_sees_it(doors, cast, name):
    assert doors.staff.sign_in_as(getattr(cast, name)).get("/sign-ins").status == 404


@pytest.mark.parametrize("many", [5, 50])
def test_it_takes_as_many_statements_for_fifty_as_for_five(ade, at_work, hub_file, many):
    with at_work():
        for number in range(many):
            Person.enter("staff", f"Worker {number}", roles=("worker",))
    with statements_of(*engines_of(hub_file)) as seen:
        ade.get("/sign-ins")
    assert len(seen) <= 5
