"""`/young-people/…/card`: a card that was handed over becomes Amara's way in, with a PIN that Sam says aloud."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.accounts.custody import Custody
from portal.accounts.ways_in import WayIn, way_in_of
from portal.db import session
from tests.accounts.conftest import a_sheet


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


@pytest.fixture
def cards(at_work, cast):
    """A sheet that Sam has printed."""
    with at_work():
        return a_sheet(cast.sam)


def bind(browser, child, number, key=None):
    page = browser.get(f"/young-people/{child}/card")
    key = key or page.field("form_key")
    return browser.post(f"/young-people/{child}/card", {"act": "bind", "number": number, "form_key": key})


def pin_of(page) -> str:
    shown = next(e.text for e in page.tree.iter("strong") if e.get("class") == "pin")
    return str(shown).replace(" ", "")


def test_a_card_opens_once_it_is_amaras(sam, cast, cards, doors):
    pin = pin_of(bind(sam, cast.amara, cards[0].number))
    doors.young.get("/in")
    assert doors.young.post("/in", {"words": cards[0].words, "pin": pin}).location == "/now"


@pytest.mark.parametrize("written", ["number", "words", "digits"])
def test_the_number_the_words_or_the_long_number_name_the_card(sam, cast, cards, written, at_work):
    bind(sam, cast.amara, getattr(cards[3], written))
    with at_work():
        assert way_in_of(cast.amara) is not None


def test_an_unbound_card_looks_like_any_that_does_not_open(doors, cards):
    doors.young.get("/in")
    unbound = doors.young.post("/in", {"words": cards[0].words, "pin": "123456"})
    doors.young.get("/in")
    unknown = doors.young.post("/in", {"words": cards[0].words[::-1], "pin": "123456"})
    assert (unbound.status, unbound.main) == (unknown.status, unknown.main)
    assert unbound.status == 422


def test_what_the_door_says_to_a_card_is_only_what_is_safe(doors, cards):
    page = doors.young.get("/in")
    assert "A card opens when you have been told a PIN." in page.main
    assert "Help numbers" in page.main


def test_an_unbound_card_tells_no_worker_of_wrong_pins(doors, cards, at_work):
    for _ in range(6):
        doors.young.get("/in")
        doors.young.post("/in", {"words": cards[0].words, "pin": "123456"})
    with at_work():
        assert session.scalars(select(WayIn)).all() == []


def test_the_card_ends_the_way_in_that_amara_had(sam, cast, cards, amaras, doors):
    bind(sam, cast.amara, cards[0].number)
    doors.young.get("/in")
    assert doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin}).status == 422


def test_a_card_is_one_persons(sam, cast, cards, doors, at_door):
    """Seen red with the card's state not asked for."""
    bind(sam, cast.amara, cards[0].number)
    lee = at_door("staff").sign_in_as(cast.lee)
    page = bind(lee, cast.jo, cards[0].number)
    assert page.status == 422
    assert "somebody's already" in page.main
    assert "Amara" not in page.html


def test_a_card_that_is_over_is_refused(sam, cast, cards, clock):
    clock.forward(days=91)
    page = bind(sam_again(sam, cast), cast.amara, cards[0].number)
    assert "This card is over" in page.main


def sam_again(sam, cast):
    return sam.sign_in_as(cast.sam)


@pytest.mark.parametrize(
    "typed", ["", "123", "no such card at all", "\u0664" * 7, "🌈" * 100, "1" * 5000, "’; --"]
)
def test_what_is_no_card_comes_back_with_what_was_typed(sam, cast, cards, typed):
    page = bind(sam, cast.amara, typed)
    assert page.status == 422
    assert page.field("number") == typed


def test_loading_the_page_of_the_pin_again_shows_the_same_pin(sam, cast, cards, at_work):
    key = sam.get(f"/young-people/{cast.amara}/card").field("form_key")
    first = bind(sam, cast.amara, cards[0].number, key)
    second = bind(sam, cast.amara, cards[0].number, key)
    assert pin_of(first) == pin_of(second)
    with at_work():
        assert len(session.scalars(select(WayIn)).all()) == 1


def test_in_custody_no_card_is_joined(sam, cast, cards, at_work):
    with at_work():
        Custody.begin(cast.amara, date(2026, 11, 1), "Far away", None, cast.sam)
    page = sam.post(f"/young-people/{cast.amara}/card", {"act": "bind", "number": cards[0].number})
    assert page.status == 422
    assert "in custody" in page.main
    with at_work():
        assert way_in_of(cast.amara) is None


def test_lee_joins_no_card_to_amara(doors, cast, cards):
    lee = doors.staff.sign_in_as(cast.lee)
    assert (
        lee.post(f"/young-people/{cast.amara}/card", {"act": "bind", "number": cards[0].number}).status == 404
    )
