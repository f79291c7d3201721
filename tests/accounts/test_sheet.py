"""`/cards/print`: eight cards on A4, with nothing on them that tells what they are for."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from portal.accounts.cards import ON_A_SHEET, NeutralCard
from portal.config import TELLING
from portal.db import session


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def how_many(at_work) -> int:
    with at_work():
        return session.scalar(select(func.count()).select_from(NeutralCard)) or 0


def print_sheet(sam, key=None):
    page = sam.get("/cards")
    return sam.post("/cards/print", {"form_key": key or page.field("form_key")})


def test_a_sheet_has_eight_cards(sam, at_work):
    page = print_sheet(sam)
    assert page.main.count("And the PIN you are told.") == ON_A_SHEET == how_many(at_work)
    assert len(page.tree.findall(".//{http://www.w3.org/2000/svg}svg")) == ON_A_SHEET


def test_each_card_is_another_one(sam):
    page = print_sheet(sam)
    words = [e.text for e in page.tree.iter("strong")]
    assert len(set(words)) == ON_A_SHEET


def test_nothing_on_a_sheet_tells_what_it_is_for(sam):
    said = print_sheet(sam).main.lower().replace("young.localhost", "")
    assert not [word for word in (*TELLING, "manchester", "staff", "worker") if word in said]
    assert "sam" not in re.findall(r"\w+", said)  # "same" may be one of the four words


def test_loading_the_sheet_again_shows_the_same_one(sam, at_work):
    """Seen red with something new drawn each time."""
    key = sam.get("/cards").field("form_key")
    first, second = print_sheet(sam, key), print_sheet(sam, key)
    assert first.main == second.main
    assert how_many(at_work) == ON_A_SHEET


def test_ten_minutes_later_it_is_not_shown_again(sam, at_work, clock):
    key = sam.get("/cards").field("form_key")
    print_sheet(sam, key)
    clock.forward(minutes=10)
    assert print_sheet(sam, key).location == "/cards"
    assert how_many(at_work) == ON_A_SHEET


def test_a_colleague_with_the_same_key_draws_other_cards(sam, cast, at_door, at_work):
    key = sam.get("/cards").field("form_key")
    first = print_sheet(sam, key)
    lee = at_door("staff").sign_in_as(cast.lee)
    lee.get("/cards")
    assert lee.post("/cards/print", {"form_key": key}).main != first.main
    assert how_many(at_work) == 2 * ON_A_SHEET


def test_a_press_without_a_key_makes_a_sheet_all_the_same(sam, at_work):
    sam.post("/cards/print")
    sam.post("/cards/print")
    assert how_many(at_work) == 2 * ON_A_SHEET
