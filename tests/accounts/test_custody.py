"""`/young-people/…/custody`: Amara's digital way in is closed, and her return goes with the youth justice worker."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.accounts.custody import Custody, custody_of
from portal.accounts.trusted import YOUTH_JUSTICE, Trusted
from portal.accounts.ways_in import InCustody, give, way_in_of
from portal.db import session
from tests.factories import a_return

INTO = {"establishment": "The centre at Far Hill", "from_on": "2026-11-20", "worker_name": "Yaw Justice",
        "worker_reach": "0161 496 0123"}  # fmt: skip


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def of(child) -> str:
    return f"/young-people/{child}/custody"


@pytest.fixture
def inside(sam, cast):
    """Sam has put down that Amara is in custody."""
    sam.get(of(cast.amara))
    return sam.post(of(cast.amara), INTO)


def test_the_page_says_where_since_when_and_with_whom(inside, sam, cast):
    page = sam.follow(inside)
    for words in ("The centre at Far Hill", "Friday 20 November", "Yaw Justice", "0161 496 0123"):
        assert words in page.main


def test_the_way_in_ends_and_the_phone_is_out(sam, cast, doors, amaras, at_work):
    """Seen red with the way in left working."""
    phone = doors.young.sign_in_as(cast.amara)
    sam.get(of(cast.amara))
    sam.post(of(cast.amara), INTO)
    assert phone.get("/now").location == "/in"
    with at_work():
        assert way_in_of(cast.amara) is None


def test_no_way_in_is_given_meanwhile(inside, sam, cast, at_work):
    page = sam.get(f"/young-people/{cast.amara}/way-in")
    assert "no way in is given meanwhile" in page.main
    assert "Give a new way in" not in page.main
    assert sam.post(f"/young-people/{cast.amara}/way-in", {"act": "give"}).status == 422
    with pytest.raises(InCustody), at_work():
        give(cast.amara, cast.sam)


def test_her_mother_keeps_hers(inside, sam, cast):
    page = sam.post(f"/young-people/{cast.amara}/way-in/{cast.ruth}", {"act": "give"})
    assert "A new way in for Ruth" in page.main


def test_the_young_persons_page_says_with_whom_a_return_goes(inside, sam, cast):
    assert "A return goes with Yaw Justice" in sam.get(f"/young-people/{cast.amara}").main


def test_from_the_day_she_is_out_a_way_in_can_be_given(inside, sam, cast, clock, at_work):
    sam.get(of(cast.amara))
    assert sam.post(of(cast.amara), {"act": "out", "to_on": "2026-11-26"}).status == 303
    with at_work():
        assert custody_of(cast.amara) is not None
    clock.forward(days=2)
    with at_work():
        assert custody_of(cast.amara) is None
        give(cast.amara, cast.sam)


@pytest.mark.parametrize("day", ["", "2026-11-19", "soon", "2026-02-30"])
def test_a_day_that_cannot_be_comes_back(inside, sam, cast, day, at_work):
    sam.get(of(cast.amara))
    page = sam.post(of(cast.amara), {"act": "out", "to_on": day})
    assert page.status == 422
    assert "Enter the day they come out" in page.main


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("establishment", "", "Enter where they are held"),
        ("from_on", "", "Enter the day they went in"),
        ("from_on", "2026-11-25", "Enter a day that has been, or today"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(sam, cast, name, value, sentence):
    sam.get(of(cast.amara))
    page = sam.post(of(cast.amara), INTO | {name: value})
    assert page.status == 422
    assert sentence in page.main
    assert page.field("worker_name") == "Yaw Justice"


def test_another_youth_justice_worker_can_be_named(inside, sam, cast):
    sam.get(of(cast.amara))
    sam.post(of(cast.amara), {"act": "worker", "worker_name": "Zoe Next"})
    assert "A return goes with Zoe Next" in sam.get(of(cast.amara)).main.replace(
        "goes withZoe", "goes with Zoe"
    )


def test_pressed_twice_there_is_one_custody_and_one_worker(inside, sam, cast, at_work):
    sam.post(of(cast.amara), INTO)
    with at_work():
        assert len(session.scalars(select(Custody)).all()) == 1
        assert len(session.scalars(select(Trusted)).all()) == 1


def test_the_youth_justice_worker_stands_among_the_people_she_has(inside, sam, cast):
    assert "Youth justice worker" in sam.get(f"/young-people/{cast.amara}/people").main


def test_a_custody_that_was_is_told_below(sam, cast, at_work):
    with at_work():
        Custody.begin(cast.amara, date(2026, 1, 5), "Old Hill", None, cast.sam).end(date(2026, 2, 5))
    assert "Old Hill, Monday 5 January 2026 to Thursday 5 February 2026" in sam.get(of(cast.amara)).main


@pytest.mark.parametrize("who", ["lee", "cory", "dan", "noor"])
def test_nobody_else_learns_of_it(inside, at_door, cast, who):
    assert at_door("staff").sign_in_as(getattr(cast, who)).get(of(cast.amara)).status == 404


@pytest.mark.parametrize(("who", "named"), [("sam", True), ("cory", False)])
def test_the_page_of_the_return_says_with_whom_it_goes(at_door, cast, at_work, who, named):
    """The coordinator, who gives it out, learns that it goes with them; not their name, nor where."""
    with at_work():
        task = a_return(cast.amara).id
        yaw = Trusted.enter(cast.amara, "Yaw Justice", YOUTH_JUSTICE, cast.sam)
        Custody.begin(cast.amara, date(2026, 11, 20), "Far Hill", yaw.id, cast.sam)
    main = at_door("staff").sign_in_as(getattr(cast, who)).get(f"/returns/{task}").main
    assert "is in custody: this return goes with" in main
    assert ("Yaw Justice" in main) is named
    assert "Far Hill" not in main
