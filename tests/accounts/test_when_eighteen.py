"""From sixteen and a half a page at the young person's own door says what will change; it knows of no other door."""

from datetime import date

import pytest

from portal.accounts.models import Person
from portal.db import session


def born(at_work, cast, day):
    with at_work():
        session.get_one(Person, cast.amara).birthday(day)


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2010, 5, 25), False),
        (date(2010, 5, 24), True),
        (date(2008, 11, 25), True),
        (date(2008, 11, 24), False),
    ],
)
def test_it_stands_there_from_sixteen_and_a_half_to_eighteen(doors, cast, at_work, day, there):
    """Seen red with the first page asking nobody's age."""
    born(at_work, cast, day)
    amara = doors.young.sign_in_as(cast.amara)
    assert ("When you turn 18" in amara.get("/").main) is there


def test_without_a_day_of_birth_nothing_leads_there(doors, cast, at_work):
    born(at_work, cast, None)
    assert "When you turn 18" not in doors.young.sign_in_as(cast.amara).get("/").main


def test_it_tells_of_no_page_of_a_parents(doors, cast, at_work):
    born(at_work, cast, date(2009, 1, 1))
    page = doors.young.sign_in_as(cast.amara).get("/eighteen").main
    assert "page" not in page.replace("Go to the first page", "")
