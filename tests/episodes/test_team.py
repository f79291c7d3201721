"""The team's page: my organisation's returns, whose they are and when they are due; others' children by initials."""

import pytest

from portal.accounts.models import Person
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.episodes.words import OWN_PAGES


@pytest.fixture
def lee(doors, cast):
    return doors.staff.sign_in_as(cast.lee)


@pytest.fixture
def sams(a_return, cast, at_work):
    """A return of Amara's that Sam took."""
    task_id = a_return(of=cast.amara)
    with at_work():
        session.get_one(InterviewTask, task_id).take(cast.sam)
    return task_id


def test_a_colleagues_return_stands_there_by_initials_and_opens_nothing(sams, lee):
    """Seen red with the names of every line shown."""
    page = lee.get("/returns/team")
    assert "A. O." in page.main
    assert "Sam Okoro" in page.main
    assert "Amara" not in page.main
    assert str(sams) not in page.html


def test_ones_own_stand_there_by_name(sams, doors, cast):
    page = doors.staff.sign_in_as(cast.sam).get("/returns/team")
    assert [link.get("href") for link in page.tree.findall(".//tbody//a")] == [f"/returns/{sams}"]


def test_another_organisations_returns_do_not(sams, doors, cast):
    assert (
        "No conversation of your organisation" in doors.staff.sign_in_as(cast.dan).get("/returns/team").main
    )


def test_what_is_proposed_to_the_team_stands_there(a_return, doors, cast):
    a_return(of=cast.jo, living="our child")  # whom Lee of the council holds: the provider takes it
    page = doors.staff.sign_in_as(cast.dan).get("/returns/team")
    assert "J. B." in page.main
    assert "nobody took it yet" in page.main


@pytest.mark.parametrize("did", ["not now", "declined", "form"])
def test_nothing_that_the_child_did_moves_a_colleagues_line(sams, lee, at_work, cast, did):
    """A worker never learns of others' children whether they answered; seen red with `state_words` for every line."""
    before = lee.get("/returns/team").main
    with at_work():
        task = session.get_one(InterviewTask, sams)
        if did == "form":
            task.mark_form_received()
        else:
            task.log(cast.amara, OWN_PAGES, did)
    assert lee.get("/returns/team").main == before


def test_a_conversation_that_was_held_is_gone(sams, lee, at_work, cast):
    with at_work():
        session.get_one(InterviewTask, sams).log(cast.sam, "in person", "held")
    assert "A. O." not in lee.get("/returns/team").main


def test_whoever_works_for_nobody_here_is_told_whom_to_ask(sams, doors, at_work, cast):
    with at_work():
        session.get_one(Person, cast.lee).organisation_id = None
    assert "You belong to no organisation here." in doors.staff.sign_in_as(cast.lee).get("/returns/team").main


@pytest.mark.parametrize("number", [5, 50, 500])
def test_it_costs_the_same_however_many_there_are(many, lee, statements, number):
    many(number)
    with statements() as seen:
        lee.get("/returns/team")
    assert len(seen) <= 8


@pytest.mark.parametrize("who", ["noor", "ade", "aud"])
def test_who_has_no_returns_does_not_find_it(doors, cast, who):
    assert doors.staff.sign_in_as(getattr(cast, who)).get("/returns/team").status == 404
