"""Amara's worker asks on her phone who may have what she said; one press answers."""

from uuid import uuid4

import pytest

from portal.db import session
from portal.trail import shares
from portal.trail.models import Voice
from tests.voices.conftest import WORDS


@pytest.fixture
def asked(at_work, cast, said):
    """Sam asked about the panel; the id of what it is about."""
    with at_work():
        shares.ask(session.get_one(Voice, said), "panel", cast.sam)
    return said


def wishes(at_work, said):
    with at_work():
        return shares.wishes_of(session.get_one(Voice, said))


def test_her_first_page_has_a_question_and_no_more(amara, asked):
    page = amara.get("/")
    assert "A question for you" in page.main
    assert "panel" not in page.html


def test_the_question_says_with_whom_and_none_of_her_words(amara, asked):
    page = amara.get(f"/asked/{asked}")
    assert "With: The meeting of people who plan how to help (the panel)" in page.main
    assert WORDS not in page.html


@pytest.mark.parametrize("wish", ["ok", "only worker", "ask first"])
def test_one_press_answers_it(amara, asked, at_work, wish):
    amara.get(f"/asked/{asked}")
    amara.post(f"/asked/{asked}", {"whom": "panel", "wish": wish})
    assert wishes(at_work, asked) == {"panel": wish}
    assert amara.follow().location == "/"


def test_pressed_twice_the_first_press_counts(amara, asked, at_work):
    amara.get(f"/asked/{asked}")
    for wish in ("only worker", "ok"):
        assert amara.post(f"/asked/{asked}", {"whom": "panel", "wish": wish}).status == 303
    assert wishes(at_work, asked) == {"panel": "only worker"}


@pytest.mark.parametrize(
    "sent", [{}, {"whom": "panel"}, {"whom": "police", "wish": "ok"}, {"whom": "panel", "wish": "x"}]
)
def test_anything_else_changes_nothing(amara, asked, at_work, sent):
    amara.get(f"/asked/{asked}")
    assert amara.post(f"/asked/{asked}", sent).status == 303
    assert wishes(at_work, asked) == {}


def test_of_two_questions_the_other_comes_next(amara, asked, at_work, cast):
    with at_work():
        shares.ask(session.get_one(Voice, asked), "school", cast.sam)
    amara.get(f"/asked/{asked}")
    amara.post(f"/asked/{asked}", {"whom": "panel", "wish": "ok"})
    assert "With: School" in amara.follow().main


def test_answered_it_is_gone_from_the_first_page(amara, asked, at_work):
    with at_work():
        shares.wish(session.get_one(Voice, asked), "panel", "ok")
    assert "A question for you" not in amara.get("/").main
    assert amara.get(f"/asked/{asked}").location == "/"


def test_kept_in_person_it_is_gone_and_not_hinted_at(amara, asked, at_work, cast):
    with at_work():
        session.get_one(Voice, asked).keep_in_person(cast.sam)
    assert "There is nothing new today." in amara.get("/").main
    assert amara.get(f"/asked/{asked}").status == 404


def test_to_jo_it_looks_like_a_random_id(young, cast, asked, at_work):
    jo = young(cast.jo)
    hers, random = (jo.get(f"/asked/{one}") for one in (asked, uuid4()))
    assert (hers.status, hers.main) == (404, random.main)
    assert jo.post(f"/asked/{asked}", {"whom": "panel", "wish": "ok"}).status == 404
    assert wishes(at_work, asked) == {}
