"""Who works with the hub: a list by name, and those who have left apart."""

import pytest

from portal.accounts.models import Organisation, Person
from portal.admin import people
from portal.db import engines_of, session
from tests.statements import statements_of


def test_it_names_staff_with_their_roles_and_no_family(staff, cast):
    page = staff(cast.ade).get("/people").main
    assert "Sam Okoro Manchester City Council Worker" in page.replace("Council\n", "Council ").replace(
        "  ", " "
    ) or ("Sam Okoro" in page and "Worker" in page)
    for name in ("Amara", "Ruth", "Jo Birch"):
        assert name not in page


def test_homes_staff_stand_in_it(staff, cast):
    assert "Carol Home" in staff(cast.ade).get("/people").main


def test_who_has_left_stands_apart(staff, cast, at_work):
    with at_work():
        people.see_out(session.get_one(Person, cast.lee), cast.ade)
    ade = staff(cast.ade)
    assert "Lee Marsh" not in ade.get("/people").main
    assert "Lee Marsh" in ade.get("/people?show=left").main


@pytest.mark.parametrize("who", ["sam", "cory", "priya", "noor", "aud"])
def test_it_is_the_administrators_alone(staff, cast, who):
    assert staff(getattr(cast, who)).get("/people").status == 404


def test_the_list_asks_as_often_at_any_length(staff, cast, at_work, hub_file):
    """Eight statements at most (speed.md, bar 3)."""
    ade = staff(cast.ade)
    ade.get("/people")
    with statements_of(*engines_of(hub_file)) as few:
        ade.get("/people")
    with at_work():
        council = session.query(Organisation).first()
        for number in range(40):
            people.enter(f"Worker {number}", f"w{number}@hub.example", council.id, ["worker"])
    with statements_of(*engines_of(hub_file)) as many:
        assert "Worker 39" in ade.get("/people").main
    assert len(few) == len(many) <= 8
