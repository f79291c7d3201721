"""In a language that nobody has checked yet, the English of what safety hangs on stands beside it."""

from __future__ import annotations

import pytest

from portal.accounts.models import end_allocation
from portal.config import read_hub
from portal.questionnaires.deal import NEWEST
from tests.browsing import Page


@pytest.fixture
def hub_file(hub_folder):
    """The hub, with Arabic instead of the pseudo-locales."""
    path = hub_folder / "hubs" / "testhub.toml"
    path.write_text(path.read_text().replace('["en_GB", "eo", "dv"]', '["en_GB", "ar"]'))
    return read_hub(path)


@pytest.fixture
def in_arabic(doors):
    """Both family doors, in Arabic."""
    for door in ("young", "family"):
        getattr(doors, door).client.set_cookie("l", "ar", domain=f"{door}.localhost")
    return doors


def english(page: Page) -> list[str]:
    """The words of the page that are marked as English."""
    return ["".join(part.itertext()) for part in page.tree.findall(".//main//*[@lang='en']")]


def test_each_button_of_the_safety_screen_says_in_english_too_what_it_does(in_arabic, cast):
    said = english(in_arabic.young.sign_in_as(cast.amara).get("/now"))
    assert "Are you safe right now?" in said
    assert "No, tell Sam and the duty team now" in said
    assert "No, just show me numbers" in said
    assert "I'd rather not say" in said
    assert "Ring me" in said


def test_the_english_beside_a_text_is_english_alone(in_arabic, cast, at_work):
    with at_work():
        end_allocation(cast.amara)
    said = english(in_arabic.young.sign_in_as(cast.amara).get("/now"))
    assert "No, tell your worker and the duty team now" in said
    assert {letter for letter in "".join(said) if not letter.isascii()} <= set("“”")


def test_what_is_true_after_a_no_stands_in_english_too(in_arabic, cast):
    phone = in_arabic.young.sign_in_as(cast.amara)
    phone.get("/now")
    phone.post("/now", {"safe": "ring"})
    page = phone.get("/now")
    said = " ".join(english(page))
    assert "What you said is saved." in said
    assert "Nobody has said yet that they have it." in said
    assert "We asked someone here to ring you by Tuesday 24 November, 17:00." in said
    assert page.tree.getroot().get("lang") == "ar"


def test_the_deal_stands_in_english_too(in_arabic, cast):
    phone = in_arabic.young.sign_in_as(cast.amara)
    phone.get("/side")
    phone.post("/side", {"screen": "ok-now", "go": "now"})
    said = english(phone.get("/side"))
    assert len(said) == len(NEWEST.paragraphs)
    assert said[0].startswith("What you tell us goes on your record. Sam and their team read it.")


@pytest.mark.parametrize("door", ["young", "family"])
def test_help_names_each_number_in_english_too(in_arabic, door):
    said = english(getattr(in_arabic, door).get("/help"))
    assert "Emergency: 999. Police, ambulance or fire. Free. Day and night." in said
    assert any("Nobody watches these pages at night." in words for words in said)


@pytest.mark.parametrize("address", ["/now", "/help"])
def test_they_are_told_that_they_can_be_rung_in_their_language(in_arabic, cast, address):
    page = in_arabic.young.sign_in_as(cast.amara).get(address)
    assert "You can ask us to ring you in your language." in " ".join(english(page))


def test_a_question_stays_small_and_has_no_english_beside_it(in_arabic, cast):
    assert english(in_arabic.young.sign_in_as(cast.amara).get("/side")) == []


def test_english_has_nothing_beside_it(doors, cast):
    page = doors.young.sign_in_as(cast.amara).get("/now")
    assert english(page) == []
    assert "in your language" not in page.main
