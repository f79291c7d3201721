"""With whom young people are open: who has left stands first."""

import pytest

from portal.accounts.models import Person
from portal.admin import people
from portal.db import session


def test_who_has_left_stands_first(staff, cast, at_work):
    with at_work():
        people.see_out(session.get_one(Person, cast.sam), cast.ade)
    rows = staff(cast.priya).get("/handover").tree.findall(".//tbody/tr")
    words = ["".join(row.itertext()) for row in rows]
    assert ("Sam Okoro has left" in words[0], "Lee Marsh" in words[1]) == (True, True)


def test_who_holds_nobody_is_not_in_it(staff, cast):
    assert "Dan Far" not in staff(cast.priya).get("/handover").main


@pytest.mark.parametrize("who", ["sam", "dee", "cory", "noor", "ade", "aud"])
def test_it_is_the_managers_alone(staff, cast, who):
    assert staff(getattr(cast, who)).get("/handover").status == 404


def test_who_has_no_role_for_it_stands_first_too(staff, cast, at_work):
    with at_work():
        (role,) = people.roles_of([cast.sam])[cast.sam]
        people.end_role(session.get_one(Person, cast.sam), role.id, cast.ade)
    rows = staff(cast.priya).get("/handover").tree.findall(".//tbody/tr")
    assert "Sam Okoro has no role for it" in "".join(rows[0].itertext())
