"""The safe-contact card: filled with whoever it is about, in versions, asked again at each contact."""

from dataclasses import asdict

import pytest
from sqlalchemy import select

from portal.accounts.models import Allocation, Person, join_adult
from portal.accounts.safe_contact import (
    ON_PHONE,
    ChangedMeanwhile,
    Lines,
    SafeContact,
    say_still_so,
    standing_of,
    stop_phone,
    whose_number,
)
from portal.db import session
from tests.factories import a_return, a_voice, an_alert, safe_home

SAID = {
    "ways": ["text", "in person"], "number": "07700 900123", "days": ["thursday"], "parts": ["afternoon"],
    "never": "Never the house phone", "languages": "English", "door_word": "",
}  # fmt: skip
A_CARD = Lines(("text",), number="07700 900123", days=("thursday",), parts=("afternoon",))


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


@pytest.fixture
def filled(at_work, cast):
    """Sam filled Amara's card with her."""
    with at_work():
        SafeContact.fill(cast.amara, A_CARD, cast.sam)


@pytest.fixture
def lines_of(at_work):
    def look(person_id):
        with at_work():
            card = SafeContact.standing(person_id)
            return card.lines if card else None

    return look


def address(cast, adult=None):
    return f"/young-people/{cast.amara}/contact" + (f"/{adult}" if adult else "")


def test_what_she_says_is_kept_and_shown(sam, cast, lines_of):
    sam.get(address(cast))
    sam.post(address(cast), SAID)
    page = sam.follow().main
    assert "Never: Never the house phone" in page
    assert "Thursday: afternoon, 12 to 4" in page
    assert lines_of(cast.amara).ways == ("text", "in person")


def test_a_change_is_a_version_and_the_earlier_one_stays(sam, cast, filled):
    seen = sam.get(address(cast)).field("seen")
    sam.post(address(cast), SAID | {"seen": seen, "number": "07700 900456"})
    page = sam.follow()
    assert "07700 900456" in page.main
    assert "07700 900123" in "".join(page.tree.find(".//main//details").itertext())


def test_the_same_form_sent_twice_makes_one_version(sam, cast, at_work):
    sam.get(address(cast))
    for _ in range(2):
        sam.post(address(cast), SAID | {"form_key": "abc", "seen": "0"})
    with at_work():
        assert len(SafeContact.versions_of(cast.amara)) == 1


def test_of_two_at_once_the_second_sees_first_what_stands(sam, cast, filled, lines_of):
    page = sam.post(address(cast), SAID | {"seen": "0", "never": "Never on Fridays"})
    assert page.status == 422
    assert "Somebody else filled it meanwhile" in page.main
    assert "Never on Fridays" in page.source()
    assert lines_of(cast.amara) == A_CARD


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": ""}, "Enter the number that is safe"),
        ({"number": "nan's"}, "Enter a telephone number"),
        ({"days": []}, "Tick the days"),
        ({"parts": []}, "Tick the times"),
        ({"ways": ["pigeon"]}, "Tick the ways"),
        ({"ways": ["in person"], "reminders": "y"}, "Tick “A text” among the safe ways first"),
        ({"ways": ["through"]}, "Enter through whom"),
        ({"words": "Police on Thursday"}, "Leave out “police”"),
        ({"words": "Look at www.example.org"}, "Leave out the link"),
        ({"words": "x" * 61}, "At most 60 characters"),
        ({"never": "x" * 1001}, "Make it shorter"),
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(sam, cast, lines_of, typed, words):
    page = sam.post(address(cast), SAID | {"times_more": "after the bus"} | typed)
    assert page.status == 422
    assert words in page.main
    assert "after the bus" in page.source()
    assert lines_of(cast.amara) is None


def test_an_empty_card_says_that_no_way_is_safe(sam, cast):
    sam.post(address(cast), {"never": "Do not get in touch at all"})
    assert "None: get in touch by no way" in sam.follow().main


# --- asked again ----------------------------------------------------------------------------------------------------


def asked(browser, cast, at_work, **more):
    with at_work():
        card = str(SafeContact.standing(cast.amara).id)
    return browser.post(address(cast) + "/asked", {"card": card, "whose": str(cast.amara)} | more)


def test_where_an_attempt_is_logged_the_card_stands(sam, cast, filled, at_work):
    with at_work():
        task_id = a_return(cast.amara).id
    page = sam.get(f"/returns/{task_id}").main
    assert "Safe contact: Amara" in page
    assert "Last asked" in page


def test_there_a_way_that_is_not_on_it_says_so(sam, cast, filled, at_work):
    with at_work():
        task_id = a_return(cast.amara).id
    marks = ["".join(label.itertext()) for label in sam.get(f"/returns/{task_id}").tree.findall(".//label")]
    assert "Phone (not on their card)" in marks
    assert "Text" in marks


def test_without_a_card_the_page_says_to_ask_first(sam, cast, at_work):
    with at_work():
        task_id = a_return(cast.amara).id
    assert "There is no card yet." in sam.get(f"/returns/{task_id}").main


def test_one_tap_says_that_it_is_still_so_and_goes_back(sam, cast, filled, at_work, clock):
    clock.forward(days=2)
    sam.sign_in_as(cast.sam)
    with at_work():
        back = f"/returns/{a_return(cast.amara).id}"
    sam.get(back)
    answer = asked(sam, cast, at_work, back=back)
    assert answer.location == back
    with at_work():
        assert standing_of([cast.amara])[cast.amara].asked_at == clock()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "/sign-out"])
def test_the_tap_leads_nowhere_else(sam, cast, filled, at_work, back):
    sam.get(address(cast))
    assert asked(sam, cast, at_work, back=back).location == address(cast)


def test_a_tap_on_a_version_that_was_replaced_says_nothing(sam, cast, filled, at_work, clock):
    sam.get(address(cast))
    with at_work():
        old = str(SafeContact.standing(cast.amara).id)
        then = standing_of([cast.amara])[cast.amara].asked_at
    clock.forward(minutes=1)
    with at_work():
        stop_phone(cast.amara)
    sam.post(address(cast) + "/asked", {"card": old, "whose": str(cast.amara)})
    with at_work():
        assert standing_of([cast.amara])[cast.amara].asked_at == then


def test_after_thirty_days_it_says_that_it_must_be_asked_again(sam, cast, filled, clock):
    assert "Ask again before you trust it" not in sam.get(address(cast)).main
    clock.forward(days=31)
    sam.sign_in_as(cast.sam)
    assert "Last asked 31 days ago. Ask again before you trust it." in sam.get(address(cast)).main


def test_what_came_from_their_own_phone_waits_to_be_asked_about(sam, cast, filled, at_work, clock):
    clock.forward(minutes=1)
    with at_work():
        stop_phone(cast.amara)
    assert "Changed on their own phone" in sam.get(address(cast)).main
    clock.forward(minutes=1)
    with at_work():
        card = SafeContact.standing(cast.amara)
        assert card is not None
        say_still_so(card, cast.sam)
    assert "Changed on their own phone" not in sam.get(address(cast)).main


def test_on_the_young_persons_page_it_stands_too(sam, cast, filled):
    assert "Safe contact: Amara" in sam.get(f"/young-people/{cast.amara}").main


# --- whose it is ----------------------------------------------------------------------------------------------------


def test_a_parents_card_is_another(sam, cast, filled, lines_of):
    assert "07700 900123" not in sam.get(address(cast, cast.ruth)).source()
    sam.post(address(cast, cast.ruth), SAID | {"number": "07700 900999"})
    assert lines_of(cast.ruth).number == "07700 900999"
    assert lines_of(cast.amara) == A_CARD


def test_of_a_parent_who_has_another_child_no_colleague_is_named(at_door, cast, at_work):
    with at_work():
        join_adult(cast.ruth, cast.jo, "parent")
        SafeContact.fill(cast.ruth, A_CARD, cast.lee)
    page = at_door("staff").sign_in_as(cast.sam).get(address(cast, cast.ruth)).main
    assert "by a colleague" in page
    assert "Lee" not in page


@pytest.mark.parametrize("who", ["lee", "cory", "noor", "ade", "aud", "dan"])
def test_to_others_it_is_not_there(at_door, cast, filled, who):
    browser = at_door("staff").sign_in_as(getattr(cast, who))
    assert browser.get(address(cast)).status == 404


def test_an_adult_who_is_not_linked_is_not_found(sam, cast):
    assert sam.get(address(cast, cast.carol)).status == 404
    assert sam.post(address(cast) + "/asked", {"whose": str(cast.carol)}).status == 404


def test_when_the_allocation_ends_so_does_the_card(sam, cast, filled, at_work, clock):
    with at_work():
        for one in session.scalars(select(Allocation)):
            one.ends_at = clock()
    assert sam.get(address(cast)).status == 404


def test_the_database_holds_none_of_it_in_clear(at_work, cast, filled, hub_folder, database):
    if database == "sqlite":
        text = (hub_folder / "data" / "hub.db").read_bytes() + (
            hub_folder / "data" / "hub.db-wal"
        ).read_bytes()
        assert b"900123" not in text
        assert b"thursday" not in text


# --- whose number a text comes from -----------------------------------------------------------------------------------


def test_a_number_is_found_however_it_is_written(at_work, cast, filled):
    with at_work():
        assert whose_number("+44 7700 900123") == cast.amara
        assert whose_number("07700 900124") is None


def test_a_number_that_is_not_theirs_any_more_finds_nobody(at_work, cast, filled):
    with at_work():
        SafeContact.fill(cast.amara, Lines(**asdict(A_CARD) | {"number": "07700 900777"}), cast.sam)
        assert whose_number("07700 900123") is None


def test_a_phone_that_two_share_is_nobodys(at_work, cast, filled):
    with at_work():
        SafeContact.fill(cast.ruth, A_CARD, cast.sam)
        assert whose_number("07700 900123") is None


def test_the_word_in_the_tab_is_theirs(at_door, sam, cast, at_work):
    sam.post(address(cast), SAID | {"door_word": "Diary"})
    phone = at_door("young").sign_in_as(cast.amara)
    assert phone.get("/").tree.findtext(".//title") == "Diary"
    assert at_door("family").sign_in_as(cast.ruth).get("/").tree.findtext(".//title") == "Planner"


def test_the_other_doors_word_is_nobodys_to_choose(sam, cast, at_work):
    sam.post(address(cast), SAID | {"door_word": "Planner"})
    with at_work():
        assert session.get_one(Person, cast.amara).door_word is None


def test_stopped_on_the_phone_the_other_ways_stay(at_work, cast, lines_of):
    with at_work():
        SafeContact.fill(cast.amara, Lines(**asdict(A_CARD) | {"ways": ("text", "letter")}), cast.sam)
        stop_phone(cast.amara)
        assert SafeContact.standing(cast.amara).said == ON_PHONE
    assert lines_of(cast.amara).ways == ("letter",)


def test_a_form_of_an_older_version_is_refused(at_work, cast, filled):
    with at_work(), pytest.raises(ChangedMeanwhile):
        SafeContact.fill(cast.amara, Lines(), cast.sam, seen=0)


# --- wherever somebody is about to get in touch ---------------------------------------------------------------------------


def test_beside_what_she_said_it_stands(sam, cast, filled, at_work):
    with at_work():
        voice_id = a_voice(cast.amara).id
    assert "Safe contact: Amara" in sam.get(f"/voices/{voice_id}").main


def test_beside_what_her_mother_said_stands_her_mothers(sam, cast, filled, at_work):
    with at_work():
        a_return(cast.amara, hours_ago=30)
        safe_home(cast.ruth, cast.amara, cast.sam)
        SafeContact.fill(cast.ruth, A_CARD, cast.sam)
    page = sam.get(f"/young-people/{cast.amara}/home").main
    assert "Safe contact: Ruth Obi" in page
    assert "Safe contact: Amara" not in page


def test_beside_an_alert_it_stands_for_whoever_may_open_it(at_door, cast, filled, at_work):
    """The duty worker rings somebody whom they do not hold."""
    with at_work():
        alert_id = an_alert(cast.amara).id
    page = at_door("staff").sign_in_as(cast.dee).get(f"/alerts/{alert_id}")
    assert "Safe contact: Amara" in page.main
    assert "Asked, still so" not in page.main


@pytest.mark.parametrize("where", ["/young-people/{0}", "/young-people/{0}/home"])
def test_the_tap_goes_back_to_where_it_stood(sam, cast, filled, at_work, where):
    back = where.format(cast.amara)
    sam.get(back)
    assert asked(sam, cast, at_work, back=back).location == back
