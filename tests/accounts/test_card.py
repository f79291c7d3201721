"""`/young-people/…/way-in/card`: paper that anybody may find in a pocket."""

from __future__ import annotations

import re

import pytest

from portal.accounts.ways_in import give


def card_of(person_id) -> str:
    return f"/young-people/{person_id}/way-in/card"


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def test_the_card_has_address_words_and_numbers(sam, cast, amaras):
    page = sam.post(card_of(cast.amara), {"digits": amaras.digits})
    for part in ("young.localhost/in", amaras.words, amaras.digits):
        assert part in page.main


def test_the_card_says_no_name_no_pin_and_nothing_that_tells(sam, cast, amaras):
    page = sam.post(card_of(cast.amara), {"digits": amaras.digits})
    assert amaras.pin not in page.html
    assert page.tree.find(".//title").text == "Notes"
    # The demonstration's address has "young" in it; a hub's own address may not.
    text = page.html.replace("young.localhost", "").casefold()
    # Whole words: one of the four may be "sample", which names nobody.
    said = set(re.findall(r"[a-z]+", text))
    assert not said & {"amara", "obi", "sam", "rowan", "manchester", "council", "worker", "missing", "police"}


def test_ruths_card_leads_to_her_own_door(sam, cast, ruths):
    page = sam.post(card_of(cast.amara), {"digits": ruths.digits})
    assert "family.localhost/in" in page.main
    assert page.tree.find(".//title").text == "Planner"


def test_no_card_of_somebody_elses(sam, cast, at_work):
    """Seen red with the digits alone asked for."""
    with at_work():
        jos = give(cast.jo, cast.lee)
    assert sam.post(card_of(cast.amara), {"digits": jos.digits}).status == 404


def test_no_card_by_who_does_not_hold_the_young_person(at_door, cast, amaras):
    lee = at_door("staff").sign_in_as(cast.lee)
    assert lee.post(card_of(cast.amara), {"digits": amaras.digits}).status == 404


@pytest.mark.parametrize("digits", ["", "123", "000 000 000 000", "x" * 5000])
def test_no_card_of_what_is_no_way_in(sam, cast, amaras, digits):
    assert sam.post(card_of(cast.amara), {"digits": digits}).status == 404


def test_no_card_of_an_earlier_way_in(sam, cast, amaras, at_work):
    with at_work():
        give(cast.amara, cast.sam)
    assert sam.post(card_of(cast.amara), {"digits": amaras.digits}).status == 404
