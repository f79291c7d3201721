"""The families' first page: numbers, and nothing that depends on a child."""

import re
from datetime import date

import pytest

from portal.accounts.models import Person
from portal.db import session
from tests.factories import a_draft, a_return, a_voice, an_alert, an_answer_to


@pytest.fixture
def ruths_page(at_door, cast):
    """Amara's mother's page, fetched anew; its whole answer, without what is random in every answer."""

    def fetch(who=cast.ruth):
        page = at_door("family").sign_in_as(who).get("/")
        headers = {k: v for k, v in page.headers.items() if k not in ("Set-Cookie", "Content-Length")}
        html = re.sub(r'name="csrf_token" value="[^"]+"', "", page.html)
        return page.status, headers, html

    return fetch


def does(act, cast):
    """Something that Amara does, in private."""
    match act:
        case "begins":
            a_draft(cast.amara)
        case "sends":
            a_voice(cast.amara)
        case "is not safe":
            an_alert(cast.amara, "not safe")
        case "comes back":
            a_return(cast.amara)
        case "is told in person":
            a_voice(cast.amara).tell_in_person(date(2026, 11, 24), "Sam", "Yes.", cast.sam)
        case "opens an answer":
            voice = an_answer_to(cast.amara, cast.sam)
            voice.opens(voice.replies()[0])
        case "puts it all away":
            session.get_one(Person, cast.amara).put_all_away()


@pytest.mark.parametrize(
    "act",
    [
        "begins", "sends", "is not safe", "comes back", "is told in person", "opens an answer", "puts it all away",
    ],
)  # fmt: skip
def test_ruths_page_is_the_same_whatever_amara_does(act, ruths_page, cast, at_work):
    before = ruths_page()
    with at_work():
        does(act, cast)
    assert ruths_page() == before


def test_a_carer_without_a_child_sees_the_same_page(ruths_page, cast):
    assert ruths_page() == ruths_page(cast.carol)


def test_no_childs_name_stands_on_it(ruths_page):
    assert "Amara" not in ruths_page()[2]


def test_it_says_what_it_is_not_for(at_door, cast):
    page = at_door("family").sign_in_as(cast.carol).get("/")
    assert "This is not where you report a child missing. Ring 999 or 101, and the duty team." in page.main
    assert {link.get("href") for link in page.tree.iterfind(".//main//a")} >= {"tel:999", "tel:101"}


def test_nobody_is_sent_to_the_way_in(doors):
    assert doors.family.get("/").location == "/in"


def test_its_whole_title_is_the_doors_word(at_door, cast):
    assert at_door("family").sign_in_as(cast.ruth).get("/").tree.find(".//title").text == "Planner"
