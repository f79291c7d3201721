"""`/in`: how Amara and Ruth come in, at two doors by one form."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.accounts.sign_in import SignIn
from portal.accounts.ways_in import WayIn
from portal.db import session


def signed_in(at_work) -> int:
    with at_work():
        return session.scalar(select(func.count()).select_from(SignIn)) or 0


def test_amara_comes_in_with_her_words_and_her_pin(doors, amaras):
    page = doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})
    assert (page.status, page.location) == (303, "/now")


def test_where_all_is_put_away_the_pin_opens_an_empty_page(doors, amaras, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).put_all_away()
    doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})

    assert doors.young.follow().status == 200
    assert "Nothing here" in doors.young.page.main


def test_amara_comes_in_with_her_numbers(doors, amaras):
    assert doors.young.post("/in", {"words": amaras.digits, "pin": amaras.pin}).status == 303


def test_amara_comes_in_with_her_link_which_the_script_put_in_the_form(doors, amaras):
    token = amaras.link.rpartition("#")[2]
    assert doors.young.post("/in", {"token": token, "words": "", "pin": amaras.pin}).status == 303


def test_without_a_script_the_whole_link_can_be_pasted(doors, amaras):
    assert doors.young.post("/in", {"words": amaras.link, "pin": amaras.pin}).status == 303


def test_typed_words_count_more_than_an_old_link(doors, amaras):
    answer = doors.young.post("/in", {"token": "0" * 32, "words": amaras.words, "pin": amaras.pin})
    assert answer.status == 303


def test_a_pin_may_be_typed_with_a_gap(doors, amaras):
    pin = f"{amaras.pin[:3]} {amaras.pin[3:]}"
    assert doors.young.post("/in", {"words": amaras.words, "pin": pin}).status == 303


def test_ruth_comes_in_at_her_own_door_and_not_at_the_young_peoples(doors, ruths):
    """Seen red with the door left out of the look-up."""
    assert doors.young.post("/in", {"words": ruths.words, "pin": ruths.pin}).status == 422
    page = doors.family.post("/in", {"words": ruths.words, "pin": ruths.pin})
    assert (page.status, page.location) == (303, "/")


def test_opening_the_page_uses_nothing_up(doors, amaras, at_work):
    for method in ("GET", "HEAD"):
        doors.young._send(method, "/in")
    with at_work():
        row = session.scalars(select(WayIn)).one()
    assert (row.last_used_at, row.wrong_pins) == (None, 0)


def test_a_scanner_that_presses_the_button_uses_nothing_up(doors, amaras, at_work):
    doors.young.get("/in")
    for _ in range(8):
        doors.young.post("/in", {"token": amaras.link.rpartition("#")[2], "words": "", "pin": ""})
    with at_work():
        assert session.scalars(select(WayIn)).one().works


def test_somebody_signed_in_sees_the_same_page_and_nothing_of_theirs(doors, at_door, cast):
    doors.young.sign_in_as(cast.amara)
    assert doors.young.get("/in").main == at_door("young").get("/in").main


def test_coming_in_again_ends_the_earlier_sign_in_of_this_browser(doors, amaras, at_work):
    for _ in range(2):
        doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})
    assert signed_in(at_work) == 1


def test_the_cookie_of_a_sign_in_carries_nothing_but_its_id_and_the_token_of_forms(app, doors, amaras):
    """Seen red with the print of the browser that Flask-Login takes and nobody compares."""
    doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})
    cookie = doors.young.client.get_cookie("s", domain="young.localhost").value
    said = app.session_interface.get_signing_serializer(app).loads(cookie)
    assert {"_user_id"} <= set(said) <= {"_user_id", "t", "s"}


def test_the_form_asks_no_browser_to_remember_anything(doors):
    page = doors.young.get("/in")
    fields = [e for e in page.tree.iter("input") if e.get("type") != "hidden"]
    assert [e.get("autocomplete") for e in fields] == ["off", "off"]
    assert not [e for e in fields if e.get("type") == "password"]


def test_the_help_numbers_are_one_tap_away(doors):
    links = [e.get("href") for e in doors.young.get("/in").tree.iter("a")]
    assert "/help" in links


def test_the_page_names_nobody_and_nothing_that_tells(doors, cast):
    for door in (doors.young, doors.family):
        text = door.get("/in").html.casefold()
        for telling in (
            "manchester",
            "council",
            "safeguard",
            "missing",
            "police",
            "interview",
            "social",
            "rowan",
        ):
            assert telling not in text


def test_the_page_loads_no_htmx(doors):
    assert "htmx" not in doors.young.get("/in").html


def _bytes_of(browser, address):
    with browser.client.get(
        address, base_url=browser.file.origin(browser.door), headers={"Accept-Encoding": "gzip"}
    ) as answer:
        return len(answer.data) + len(str(answer.headers))


@pytest.mark.parametrize("door", ["young", "family"])
@pytest.mark.parametrize("language", ["en_GB", "eo", "dv"])
def test_the_page_costs_a_phone_less_than_seven_thousand_bytes_to_paint(at_door, door, language):
    def cold():
        browser = at_door(door)
        browser.client.set_cookie("l", language, domain=browser.file.host(door))
        return browser

    page = cold().get("/in")
    files = list(page.tree.iter("script", "link"))
    later = [e for e in files if e.get("defer") is not None or e.get("media") == "print"]
    sizes = {e: _bytes_of(cold(), e.get("src") or e.get("href")) for e in files}
    html = _bytes_of(cold(), "/in")
    assert html + sum(sizes[e] for e in files if e not in later) < 7000
    assert html + sum(sizes.values()) < 9000
