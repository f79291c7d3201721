"""`/language`: another language at one press, for as long as the browser is open."""

from __future__ import annotations

import pytest


def test_a_language_is_chosen_by_a_button_and_lasts_as_long_as_the_browser(doors):
    doors.young.get("/in")
    page = doors.young.post("/language", {"l": "dv", "token": ""})
    assert (page.status, page.location) == (303, "/in")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("l=dv;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert doors.young.follow(page).tree.getroot().get("dir") == "rtl"


def test_the_languages_on_offer_are_the_others(doors):
    values = [e.get("value") for e in doors.young.get("/in").tree.iter("button") if e.get("name") == "l"]
    assert values == ["eo", "dv"]


def test_choosing_a_language_loses_no_link(doors, amaras):
    token = amaras.link.rpartition("#")[2]
    doors.young.get("/in")
    assert doors.young.post("/language", {"l": "eo", "token": token}).location == f"/in#{token}"


@pytest.mark.parametrize("token", ["//elsewhere.example", "x\r\nSet-Cookie: a=b", "0" * 31])
def test_choosing_a_language_sends_nobody_elsewhere(doors, token):
    doors.young.get("/in")
    assert doors.young.post("/language", {"l": "eo", "token": token}).location == "/in"


def test_a_language_that_the_hub_does_not_offer_is_not_found(doors):
    doors.young.get("/in")
    assert doors.young.post("/language", {"l": "xx"}).status == 404
