"""What a worker reads of a young person who turns 18."""

from datetime import date

from portal.accounts.models import Person
from portal.db import session


def test_it_says_when_and_what_ends(doors, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).birthday(date(2009, 3, 4))
    sam = doors.staff.sign_in_as(cast.sam)
    assert "turns 18" in sam.get(f"/young-people/{cast.amara}").main
    page = sam.get(f"/young-people/{cast.amara}/eighteen").main
    assert "Amara turns 18 on Thursday 4 March 2027." in page
    assert "Ruth Obi" in page


def test_without_a_day_of_birth_it_says_so(doors, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).birthday(None)
    assert (
        "No day of birth is known"
        in doors.staff.sign_in_as(cast.sam).get(f"/young-people/{cast.amara}/eighteen").main
    )


def test_another_worker_finds_nothing(doors, cast):
    assert doors.staff.sign_in_as(cast.lee).get(f"/young-people/{cast.amara}/eighteen").status == 404
