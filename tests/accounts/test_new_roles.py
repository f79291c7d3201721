"""`/new-roles`: managers and administrators see which roles were given lately, and who waits for a second person."""

from __future__ import annotations

import pytest

from portal.accounts.invitations import Recovery
from portal.db import engines_of
from tests.statements import statements_of


def test_a_manager_sees_the_role_and_who_gave_it(at_door, cast):
    ade, priya = at_door("staff").sign_in_as(cast.ade), at_door("staff").sign_in_as(cast.priya)
    ade.post(f"/people/{cast.lee}", {"act": "give", "role-role": "manager"})
    rows = [" ".join("".join(row.itertext()).split()) for row in priya.get("/new-roles").tree.iter("tr")]
    assert [said for said in rows if all(one in said for one in ("Lee Marsh", "Manager", "Ade Min"))]


def test_who_waits_stands_there_and_leads_to_the_page(doors, cast, at_work):
    priya = doors.staff.sign_in_as(cast.priya)
    assert "Nobody waits for a sign-in." in priya.get("/new-roles").main
    with at_work():
        Recovery.ask(cast.lee, "I saw him.", cast.ade)
    page = priya.get("/new-roles")
    assert f"/sign-ins/{cast.lee}" in page.html
    assert "I saw him." not in page.html


def test_after_thirty_days_a_role_is_no_news(doors, cast, clock):
    clock.forward(days=30, seconds=1)
    assert "No role was given." in doors.staff.sign_in_as(cast.priya).get("/new-roles").main


@pytest.mark.parametrize("name", ["sam", "dee", "cory", "noor", "aud"])
def test_nobody_else_sees_it(doors, cast, name):
    assert doors.staff.sign_in_as(getattr(cast, name)).get("/new-roles").status == 404


def test_it_takes_few_statements(doors, cast, hub_file):
    priya = doors.staff.sign_in_as(cast.priya)
    with statements_of(*engines_of(hub_file)) as seen:
        priya.get("/new-roles")
    assert len(seen) <= 8
