"""The list of young people: whose, sorted by name, a page at a time."""

from portal.accounts.models import Person, end_allocation
from portal.db import session


def names(page):
    return [link.text for link in page.tree.iterfind(".//tbody/tr/th/a")]


def test_sam_sees_amara_and_nobody_elses(staff, cast):
    assert names(staff(cast.sam).get("/young-people")) == ["Amara Obi"]


def test_an_allocation_that_ended_shows_nothing_any_more(staff, cast, at_work):
    with at_work():
        end_allocation(cast.amara)
    assert "No young person is with you today." in staff(cast.sam).get("/young-people").main


def test_the_coordinator_and_the_manager_see_everybody_by_name(staff, cast):
    for who in (cast.cory, cast.priya):
        assert names(staff(who).get("/young-people")) == ["Amara Obi", "Jo Birch"]


def test_it_says_who_works_with_them_and_for_whom(staff, cast):
    assert "Sam Okoro (Manchester City Council)" in staff(cast.cory).get("/young-people").main


def test_who_has_nobody_says_so(staff, cast, at_work):
    with at_work():
        end_allocation(cast.jo)
    assert "Nobody yet" in staff(cast.cory).get("/young-people").main


def test_a_page_that_was_put_away_says_so(staff, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).put_all_away()
    assert "Put away" in staff(cast.sam).get("/young-people").main


def test_whoever_may_not_see_them_finds_no_such_page(staff, cast):
    for who in (cast.noor, cast.ade, cast.aud):
        assert staff(who).get("/young-people").status == 404


def test_everybody_is_on_one_of_the_pages(staff, cast, at_work):
    with at_work():
        for number in range(60):
            Person.enter("child", f"Child {number:03}", roles=("young person",))
    browser, address, seen = staff(cast.cory), "/young-people", []
    for _page in range(3):
        page = browser.get(address)
        seen += names(page)
        onward = page.tree.find(".//tr[@id='more']//a")
        address = "" if onward is None else onward.get("href")
    assert (len(seen), len(set(seen)), address) == (62, 62, "")
