"""The numbers that answer, at each door, whatever else is broken."""

import pytest
from sqlalchemy.exc import OperationalError

DOORS = ("young", "family", "staff", "public")


@pytest.mark.parametrize("door", DOORS)
def test_help_stands_at_every_door_without_signing_in(at_door, door):
    page = at_door(door).get("/help")
    assert page.status == 200
    assert "999" in page.main


@pytest.mark.parametrize("door", DOORS)
def test_help_shows_at_most_three_numbers(at_door, door):
    page = at_door(door).get("/help")
    assert len(page.tree.findall(".//ul[@class='numbers-list']/li")) == 3


def test_a_young_person_finds_childline_first_and_can_tap_it(doors):
    page = doors.young.get("/help")
    assert "0800 1111" in page.main
    assert page.tree.find(".//a[@href='tel:08001111']") is not None


def test_a_family_is_told_that_this_is_not_where_to_report_a_child(doors):
    page = doors.family.get("/help")
    assert "You can't report it on these pages." in page.main
    assert "101" in page.main
    assert "0161 496 0101" in page.main


def test_it_says_that_a_call_still_shows_on_the_phone(doors):
    assert "It still shows in the phone's list of calls or texts." in doors.young.get("/help").main


def test_it_promises_nobody_at_night(doors):
    assert "Nobody watches these pages at night." in doors.young.get("/help").main


def test_its_title_is_the_doors_word_alone(doors):
    assert doors.young.get("/help").tree.findtext(".//title") == "Notes"
    assert doors.family.get("/help").tree.findtext(".//title") == "Planner"


def test_every_link_on_it_leads_to_a_page(at_door):
    for door in DOORS:
        browser = at_door(door)
        links = browser.get("/help").tree.findall(".//main//ul[@class='link-list']//a")
        assert links
        for link in links:
            assert browser.get(link.get("href")).status == 200


def test_its_addresses_give_nothing_away(doors):
    links = [a.get("href") for a in doors.young.get("/help").tree.findall(".//main//a")]
    told = ("missing", "police", "interview", "social", "council", "harm", "abuse")
    assert not [link for link in links for word in told if word in link]


def test_help_needs_no_database_whoever_asks(doors, cast, monkeypatch):
    doors.young.sign_in_as(cast.amara)

    def no_database(*_args, **_kwargs):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.Engine.connect", no_database)
    assert doors.young.get("/help").status == 200
    assert doors.young.get("/help/for/talk").status == 200
    assert doors.young.get("/elsewhere").status == 503


def test_help_is_the_same_for_whoever_is_signed_in(doors, cast):
    before = doors.young.get("/help").html
    assert doors.young.sign_in_as(cast.amara).get("/help").html == before


def test_help_speaks_the_language_that_the_browser_asks_for(doors):
    page = doors.young.get("/help", headers={"Accept-Language": "dv"})
    assert page.tree.getroot().get("dir") == "rtl"
    assert "Help numbers" not in page.main


def test_help_speaks_the_language_that_was_chosen_before(doors):
    doors.young.client.set_cookie("l", "eo", domain="young.localhost")
    assert doors.young.get("/help").tree.getroot().get("lang") == "eo"


def test_staff_read_it_in_english(doors):
    page = doors.staff.get("/help", headers={"Accept-Language": "dv"})
    assert page.tree.getroot().get("lang") == "en"


def test_asking_for_its_head_sends_no_body(doors):
    answer = doors.young.client.open("/help", method="HEAD", base_url="http://young.localhost")
    assert (answer.status_code, answer.data) == (200, b"")


def test_it_comes_packed_for_a_browser_that_unpacks(doors):
    page = doors.young.client.get(
        "/help", base_url="http://young.localhost", headers={"Accept-Encoding": "br"}
    )
    assert page.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in page.headers["Vary"]


def test_it_sets_no_cookie(at_door):
    for door in DOORS:
        assert "Set-Cookie" not in at_door(door).get("/help").headers


def test_it_carries_the_headers_of_every_page(doors):
    headers = doors.young.get("/help").headers
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_an_unknown_page_below_it_is_not_found(doors):
    assert doors.young.get("/help/nothing").status == 404


def test_the_public_door_opens_on_help(doors):
    page = doors.public.get("/")
    assert (page.status, page.location) == (303, "/help")
