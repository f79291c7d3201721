"""The numbers for one need."""

import pytest

from portal.help import numbers


def test_who_wants_to_text_finds_the_number_in_plain_sight(doors):
    page = doors.young.get("/help/for/talk")
    assert page.tree.find(".//a[@href='sms:85258?body=SHOUT']").find("bdi").text == "Text SHOUT to 85258"


def test_the_teams_numbers_are_the_hubs_own(doors):
    page = doors.young.get("/help/for/team")
    assert "The duty team" in page.main
    assert "0161 496 0102" in page.main


def test_a_number_that_nobody_has_checked_is_not_shown(doors):
    page = doors.family.get("/help/for/parent")
    assert "Family Lives" not in page.main
    assert "116 123" in page.main


def test_a_need_of_another_door_is_not_found(doors):
    assert doors.young.get("/help/for/worry").status == 404


@pytest.mark.parametrize("door", ["young", "family", "staff", "public"])
def test_no_need_shows_more_than_three_numbers_or_none(at_door, door):
    for need in numbers.needs_at(door):
        page = at_door(door).get(f"/help/for/{need.slug}")
        assert 1 <= len(page.tree.findall(".//ul[@class='numbers-list']/li")) <= 3


def test_a_number_says_its_cost_and_its_hours(doors):
    hint = doors.young.get("/help/for/talk").tree.find(".//ul[@class='numbers-list']/li/span").text
    assert hint == "Free. Not on the bill. Day and night."


def test_a_number_keeps_its_order_on_a_page_that_runs_right_to_left(doors):
    page = doors.young.get("/help/for/talk", headers={"Accept-Language": "dv"})
    assert page.tree.find(".//a[@href='tel:08001111']/bdi").text == "0800 1111"


def test_the_fixed_words_are_translated_and_the_hubs_own_are_not(hub_file, doors):
    page = doors.young.get("/help/for/team", headers={"Accept-Language": "eo"})
    assert hub_file.numbers.duty_team.name in page.main
    assert "More numbers" not in page.main
