"""How somebody may be reached, on their own phone: less at once, more only face to face, and shown only in private."""

import pytest

from portal.accounts import private_phone
from portal.accounts.safe_contact import SafeContact
from tests.factories import a_card


@pytest.fixture
def amara(at_door, cast):
    return at_door("young").sign_in_as(cast.amara)


@pytest.fixture
def carded(at_work, cast):
    """Amara's card: texts and letters, and a line of what never."""
    with at_work():
        a_card(cast.amara, cast.sam, ways=("text", "letter"), never="Never the house phone")


@pytest.fixture
def private(at_work, cast):
    with at_work():
        private_phone.say_private(cast.amara, cast.sam)


@pytest.fixture
def lines(at_work, cast):
    """`lines()`: what stands on Amara's card."""

    def look():
        with at_work():
            card = SafeContact.standing(cast.amara)
            return card.lines if card else None

    return look


def without_tokens(page):
    return [
        (node.tag, (node.text or "").strip())
        for node in page.tree.find(".//main").iter()
        if node.get("type") != "hidden"
    ]


def test_a_phone_that_is_not_private_shows_nothing_of_the_card(at_door, cast, amara, carded):
    jo = at_door("young").sign_in_as(cast.jo)  # who has none
    page = amara.get("/reach")
    assert "house phone" not in page.source()
    assert without_tokens(page) == without_tokens(jo.get("/reach"))


def test_a_private_phone_shows_it(amara, carded, private):
    page = amara.get("/reach").main
    assert "Never the house phone" in page
    assert "A text, A letter" in page


def test_one_press_stops_texts_and_calls_and_nothing_else(amara, carded, lines):
    amara.get("/reach")
    amara.post("/reach", {"do": "stop"})
    assert "Texts and calls are off your safe ways now." in amara.follow().main
    assert lines().ways == ("letter",)
    assert (lines().reminders, lines().new_here) == (False, False)
    assert lines().never == "Never the house phone"


def test_pressed_twice_it_is_stopped_once(amara, carded, at_work, cast):
    amara.get("/reach")
    for key in ("a", "b"):
        amara.post("/reach", {"do": "stop", "form_key": key})
    with at_work():
        assert len(SafeContact.versions_of(cast.amara)) == 2


@pytest.mark.parametrize(
    "made",
    [
        {"do": "fill", "ways": "call"},
        {"ways": "call", "number": "07700 900777"},
        {"do": "stop", "ways": "call"},
    ],
)
def test_no_form_made_by_hand_asks_for_more(amara, carded, private, lines, made):
    """Whoever forces the PIN cannot have them reached by another way or at another number."""
    amara.get("/reach")
    amara.post("/reach", made)
    assert "call" not in lines().ways
    assert lines().number == "07700 900123"


def test_the_word_they_choose_stands_in_their_tab(amara):
    amara.get("/reach")
    amara.post("/reach", {"do": "word", "word": "Lists"})
    assert amara.follow().tree.findtext(".//title") == "Lists"
    assert amara.get("/").tree.findtext(".//title") == "Lists"


@pytest.mark.parametrize("word", ["Planner", "Council", ""])
def test_another_word_is_not_theirs_to_choose(amara, word):
    amara.get("/reach")
    amara.post("/reach", {"do": "word", "word": word})
    assert amara.get("/").tree.findtext(".//title") == "Notes"


def test_choosing_a_word_makes_nobody_look_asked(amara, carded, clock, at_work, cast):
    clock.forward(days=31)
    amara.sign_in_as(cast.amara)
    amara.get("/reach")
    amara.post("/reach", {"do": "word", "word": "Lists"})
    with at_work():
        card = SafeContact.standing(cast.amara)
        assert card is not None
        assert card.said == "on phone"


def test_a_parents_page_is_the_same_whatever_the_childs_card_says(at_door, cast, at_work):
    ruth = at_door("family").sign_in_as(cast.ruth)
    before = without_tokens(ruth.get("/reach"))
    with at_work():
        a_card(cast.amara, cast.sam, never="Never my mother", door_word="Lists")
    assert without_tokens(ruth.get("/reach")) == before
    assert ruth.get("/").tree.findtext(".//title") == "Planner"


def test_on_the_workers_tablet_it_is_nobodys_private_phone(tablet, carded, private):
    assert "house phone" not in tablet.young.get("/reach").source()


def test_put_away_there_is_no_such_page(amara, at_work):
    amara.get("/")
    amara.post("/away")
    assert amara.get("/reach").status == 404


def test_the_first_page_leads_there(amara):
    assert amara.get("/").tree.find(".//a[@href='/reach']") is not None
