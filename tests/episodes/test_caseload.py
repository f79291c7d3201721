"""Everybody whose conversation is still to be held, by the time it is due."""

import pytest

from portal.accounts.models import Person
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask


@pytest.fixture
def names(doors):
    """`names(person)`: who stands on that person's page, in its order."""

    def _names(person):
        page = doors.staff.sign_in_as(person).get("/returns")
        return [link.text for link in page.tree.findall(".//tbody/tr/th/a")]

    return _names


def test_the_first_due_stands_first(a_return, names, cast):
    a_return(of=cast.jo, hours_ago=10)
    a_return(of=cast.amara, hours_ago=20)
    assert names(cast.cory) == ["Amara Obi", "Jo Birch"]


def test_what_is_due_says_so_in_words(a_return, doors, cast):
    a_return(of=cast.amara, hours_ago=67)
    a_return(of=cast.jo, hours_ago=100)
    page = doors.staff.sign_in_as(cast.cory).get("/returns")
    assert "due in 5 hours" in page.main
    assert "late since yesterday" in page.main
    assert len(page.tree.findall(".//time[@class='due due-late']")) == 1


def test_a_worker_sees_those_they_hold(a_return, names, cast):
    a_return(of=cast.jo)
    a_return(of=cast.amara)
    assert names(cast.sam) == ["Amara Obi"]


def test_who_took_it_stands_beside(a_return, doors, cast, at_work):
    task_id = a_return(of=cast.amara)
    assert "Missing from Home Team" in doors.staff.sign_in_as(cast.cory).get("/returns").main
    with at_work():
        session.get_one(InterviewTask, task_id).take(cast.sam)
    assert "Sam Okoro" in doors.staff.get("/returns").main


def test_dan_sees_nobody(a_return, doors, cast):
    a_return(of=cast.amara)
    assert "No conversation is waiting" in doors.staff.sign_in_as(cast.dan).get("/returns").main


@pytest.mark.parametrize("outcome", ["held", "declined"])
def test_what_is_done_is_gone(a_return, names, cast, at_work, outcome):
    task_id = a_return(of=cast.amara)
    with at_work():
        session.get_one(InterviewTask, task_id).log(cast.sam, "phone", outcome)
    assert names(cast.sam) == []


def test_a_form_alone_keeps_it_there(a_return, doors, cast, at_work):
    task_id = a_return(of=cast.amara)
    with at_work():
        session.get_one(InterviewTask, task_id).mark_form_received()
    assert "form only" in doors.staff.sign_in_as(cast.sam).get("/returns").main


def test_another_authoritys_children_are_counted_apart(a_return, doors, cast):
    a_return(of=cast.jo, living="other authority")
    page = doors.staff.sign_in_as(cast.cory).get("/returns")
    assert "Counted apart" in page.main
    assert "No conversation is waiting" in page.main


def test_a_long_list_comes_fifty_at_a_time(many, doors, cast):
    many(60)
    page = doors.staff.sign_in_as(cast.cory).get("/returns")
    rest = doors.staff.get(page.tree.xpath("//a[.='Those due later']/@href")[0])
    seen = [link.text for p in (page, rest) for link in p.tree.findall(".//tbody/tr/th/a")]
    assert (len(seen), len(set(seen))) == (60, 60)


def test_htmx_is_given_the_rows_alone(a_return, doors, cast):
    a_return(of=cast.amara)
    page = doors.staff.sign_in_as(cast.cory).get("/returns", headers={"HX-Request": "true"})
    assert page.tree is None
    assert "Amara Obi" in page.html


def test_an_address_that_somebody_bent_shows_the_beginning(a_return, doors, cast):
    a_return(of=cast.amara)
    assert "Amara Obi" in doors.staff.sign_in_as(cast.cory).get("/returns?after=nonsense_x").main


def test_what_reached_the_hub_late_says_how_much_of_the_72_hours_was_gone(a_return, doors, cast):
    a_return(of=cast.amara, hours_ago=30)
    a_return(of=cast.jo, hours_ago=20)
    page = doors.staff.sign_in_as(cast.cory).get("/returns")
    assert page.main.count("Late when it reached us") == 1
    assert "30 of the 72 hours were gone" in page.main


def test_it_is_the_first_return_that_was_late_by_which_the_clock_runs(a_return, doors, cast, clock):
    a_return(of=cast.amara, hours_ago=2)
    clock.forward(hours=10)
    a_return(of=cast.amara, hours_ago=1)
    assert "Late when" not in doors.staff.sign_in_as(cast.cory).get("/returns").main


def test_those_counted_apart_have_a_next_page_of_their_own(at_work, clock, doors, cast):
    with at_work():
        for n in range(60):
            child = Person.enter("child", f"Child {n:03}", roles=("young person",), living="other authority")
            Episode.enter(child, number=f"N{n}", missing_at=clock(), returned_at=clock(),
                          living="other authority", details={})  # fmt: skip
    page = doors.staff.sign_in_as(cast.cory).get("/returns")
    rest = doors.staff.get(page.tree.xpath("//a[.='Those of other authorities due later']/@href")[0])
    seen = [link.text for p in (page, rest) for link in p.tree.findall(".//tbody/tr/th/a")]
    assert (len(seen), len(set(seen))) == (60, 60)


def test_those_who_coordinate_find_the_clocks_and_every_holder_their_team(doors, cast):
    for who, links in (("cory", 2), ("sam", 1), ("priya", 2)):
        page = doors.staff.sign_in_as(getattr(cast, who)).get("/returns")
        assert len(page.tree.xpath("//a[@href='/returns/clocks' or @href='/returns/team']")) == links, who
