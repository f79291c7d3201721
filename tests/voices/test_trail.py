"""Amara's trail on Sam's screen, for reading together: all of it, what is in person only too."""

from datetime import date

import pytest

from portal.accounts import private_phone
from portal.db import engines_of, session
from portal.trail import shares
from portal.trail.models import Voice
from tests.factories import a_voice
from tests.statements import statements_of
from tests.voices.conftest import CAME_BACK


@pytest.fixture
def trail_of(staff, cast):
    """`trail_of(cast.sam)`: Amara's trail, as that person sees it."""
    return lambda who, after="": staff(who).get(f"/young-people/{cast.amara}/trail{after}")


def test_it_tells_where_it_went_in_the_words_that_she_reads(trail_of, cast, answered):
    page = trail_of(cast.sam).main
    assert "What you said on Tuesday 24 November" in page
    assert "Sam Okoro (Manchester City Council) answered you." in page
    assert CAME_BACK in page


def test_what_is_in_person_only_stands_here(trail_of, cast, said, at_work):
    with at_work():
        voice = session.get_one(Voice, said)
        voice.tell_in_person(date(2026, 11, 24), "Sam", "The police rang.", cast.sam)
        shares.must_share(voice, "police", cast.sam, "badly hurt", True, words="The address.")
    page = trail_of(cast.sam).main
    assert "In person onlyThe police rang." in page
    assert "had to share it. With: The police. Why: Someone might get badly hurt." in page


def test_whoever_has_not_been_told_is_to_be_told(trail_of, cast, said, at_work):
    with at_work():
        shares.must_share(
            session.get_one(Voice, said), "health", cast.sam, "court", False, not_told_because="x"
        )
    page = trail_of(cast.sam)
    assert "They do not know yet that it was shared with health." in page.main
    assert page.tree.find(f".//a[@href='/voices/{said}/sharing']") is not None


def test_who_opened_the_record_stands_below(trail_of, cast, staff, said):
    staff(cast.priya).get(f"/voices/{said}")
    assert "Priya Shah, Manchester City Council: read what you said." in trail_of(cast.sam).main


def test_looking_at_it_is_an_opening_too(trail_of, cast, said):
    trail_of(cast.sam)
    assert "Sam Okoro, Manchester City Council: opened this list." in trail_of(cast.sam).main


def test_with_nothing_it_says_so(trail_of, cast):
    assert "There is nothing here that you may read." in trail_of(cast.sam).main


def test_it_says_whether_she_can_read_it_on_her_phone(trail_of, cast, at_work):
    assert "On their phone it does not show." in trail_of(cast.sam).main
    with at_work():
        private_phone.say_private(cast.amara, cast.sam)
    assert "Amara said that their phone is private" in trail_of(cast.sam).main


@pytest.mark.parametrize("who", ["lee", "cory", "noor", "ade", "aud", "dan"])
def test_to_others_it_is_not_there(who, trail_of, cast, said):
    assert trail_of(getattr(cast, who)).status == 404


def test_older_ones_stand_a_page_further(trail_of, cast, at_work, clock):
    for _ in range(11):
        clock.forward(minutes=1)
        with at_work():
            a_voice(cast.amara)
    first = trail_of(cast.sam)
    older = first.tree.find(".//main//a[@class='skip-button']").get("href")
    assert len(first.tree.findall(".//main//section")) == 10
    assert len(trail_of(cast.sam, older[older.index("?") :]).tree.findall(".//main//section")) == 1


def test_it_costs_the_same_for_ten_as_for_one(hub_file, trail_of, cast, at_work, clock):
    def cost():
        with statements_of(*engines_of(hub_file)) as statements:
            trail_of(cast.sam)
        return len(statements)

    with at_work():
        a_voice(cast.amara)
    one = cost()
    for _ in range(8):
        clock.forward(minutes=1)
        with at_work():
            a_voice(cast.amara)
    assert cost() == one


def test_it_is_on_her_page(staff, cast):
    page = staff(cast.sam).get(f"/young-people/{cast.amara}")
    assert page.tree.find(f".//a[@href='/young-people/{cast.amara}/trail']") is not None
