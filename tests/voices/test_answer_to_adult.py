"""What a parent said, read by staff apart from what the child said, and what came back at the families' door."""

from __future__ import annotations

import pytest

from portal.db import session
from portal.questionnaires.models import Given
from portal.trail import translations
from portal.trail.models import Voice
from tests.factories import a_parents_voice, a_return, a_voice, safe_home

WORDS = "she came back with a new phone"
CAME_BACK = "You said there is a new phone. We ask the school about it on Thursday."


@pytest.fixture
def said(at_work, cast):
    """The id of what Ruth said about Amara."""
    with at_work():
        safe_home(cast.ruth, cast.amara, cast.sam)
        a_return(cast.amara)
        return a_parents_voice(
            cast.ruth, cast.amara, {"noticed": Given((), WORDS), "reach": Given(("here",))}
        ).id


@pytest.fixture
def answered(at_work, said, cast):
    with at_work():
        session.get_one(Voice, said).answer(CAME_BACK, cast.sam)
    return said


@pytest.fixture
def ruth(at_door, cast):
    return at_door("family").sign_in_as(cast.ruth)


# --- staff --------------------------------------------------------------------------------------------------------


def test_sam_reads_it_as_ruths_and_about_amara(staff, said, cast):
    page = staff(cast.sam).get(f"/voices/{said}")
    assert WORDS in page.main
    assert "These are the words of Ruth Obi, parent." in page.main


def test_in_the_list_it_names_both(staff, said, cast):
    assert "Ruth Obi, parent, about Amara Obi" in staff(cast.sam).get("/voices").main


@pytest.mark.parametrize("who", ["lee", "dan"])
def test_nobody_elses_worker_finds_it(who, staff, said, cast):
    browser = staff(getattr(cast, who))
    assert browser.get(f"/voices/{said}").status == 404
    assert "Ruth" not in browser.get("/voices").main


def test_a_duty_worker_reads_no_parent_of_a_young_person_who_is_held(staff, said, cast):
    assert staff(cast.dee).get(f"/voices/{said}").status == 404
    assert "Ruth" not in staff(cast.dee).get("/voices").main


def test_on_the_young_persons_page_it_stands_apart(staff, said, cast, at_work):
    with at_work():
        a_voice(cast.amara)
    main = staff(cast.sam).get(f"/young-people/{cast.amara}").main
    assert (
        main.index("What they said")
        < main.index("What parents and carers said")
        < main.index("Ruth Obi (parent)")
    )


def test_the_copy_for_the_record_says_whose_words_it_has(staff, said, cast):
    page = staff(cast.sam).get(f"/voices/{said}/copy")
    assert "Amara Obi: what Ruth Obi, parent, said" in page.main


def test_a_parent_is_asked_in_person_who_may_have_it(staff, said, cast):
    """No page at the families' door would show the question."""
    page = staff(cast.sam).get(f"/voices/{said}/sharing")
    assert "I asked them in person" in page.main
    assert "Ask them on their phone" not in page.main


# --- and the families' door -----------------------------------------------------------------------------------------


def test_what_came_back_stands_at_her_door_and_is_opened_by_a_press(ruth, answered):
    page = ruth.get("/")
    assert "Something new for you" in page.main
    assert CAME_BACK not in page.html
    ruth.post(f"/answer/{answered}")
    assert CAME_BACK in ruth.follow().main


def test_opened_it_has_reached_her(ruth, answered, at_work):
    ruth.get("/")
    ruth.post(f"/answer/{answered}")
    with at_work():
        assert session.get_one(Voice, answered).reached_at is not None


def test_looking_opens_nothing(ruth, answered, at_work):
    assert ruth.get(f"/answer/{answered}").location == "/"
    with at_work():
        assert session.get_one(Voice, answered).reached_at is None


def test_after_the_day_it_is_put_away(ruth, answered, clock, at_door, cast):
    ruth.get("/")
    ruth.post(f"/answer/{answered}")
    clock.forward(days=1)
    again = at_door("family").sign_in_as(cast.ruth)
    assert again.get(f"/answer/{answered}").status == 404
    assert "new for you" not in again.get("/").main


def test_what_was_put_into_her_language_is_what_she_reads(ruth, answered, at_work, cast):
    with at_work():
        voice = session.get_one(Voice, answered)
        reply = voice.waiting_reply()
        translations.translate(voice, reply.id, "", "eo", "Ni legis ĝin.", "An interpreter", cast.sam)
    ruth.post(f"/answer/{answered}")
    assert "Ni legis ĝin." in ruth.follow().main


def test_her_own_words_are_not_shown_again(ruth, answered):
    ruth.post(f"/answer/{answered}")
    assert WORDS not in ruth.follow().html


@pytest.mark.parametrize("who", ["carol", "amara"])
def test_nobody_else_finds_it(who, answered, at_door, cast):
    door = "young" if who == "amara" else "family"
    browser = at_door(door).sign_in_as(getattr(cast, who))
    assert browser.get(f"/answer/{answered}").status == 404
    assert browser.post(f"/answer/{answered}").status == 404
