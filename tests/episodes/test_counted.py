"""How the last weeks are counted: each return by its conversation, by the rule that stands on the page."""

import re

import pytest

from portal.db import session
from portal.episodes.models import InterviewTask
from portal.episodes.words import COUNTING_RULE


@pytest.fixture
def cory(doors, cast):
    return doors.staff.sign_in_as(cast.cory)


def test_it_is_one_press_from_the_clocks(cory):
    assert cory.get("/returns/clocks").tree.xpath("//a[@href='/returns/counted']")


def test_one_conversation_over_three_returns_counts_three_and_one(a_return, cory, cast, at_work):
    """The rule stands on the page in one sentence, and the numbers above it follow it."""
    task_id, *_ = (a_return(of=cast.amara, hours_ago=hours) for hours in (60, 40, 20))
    a_return(of=cast.jo)
    with at_work():
        session.get_one(InterviewTask, task_id).log(cast.sam, "in person", "held")
    page = cory.get("/returns/counted")
    assert COUNTING_RULE in page.main
    said = re.sub(r"\s+", " ", page.main)
    assert "Returns4Offered a conversation3 of 4Interviewed3 of 4Conversations held1" in said


def test_a_form_alone_is_neither_offered_nor_interviewed(a_return, cory, cast, at_work):
    task_id = a_return(of=cast.amara)
    with at_work():
        session.get_one(InterviewTask, task_id).take(cast.sam)
        session.get_one(InterviewTask, task_id).mark_form_received()
    assert "Offered a conversation0 of 1Interviewed0 of 1" in cory.get("/returns/counted").main


@pytest.mark.parametrize("who", ["sam", "dee", "noor", "ade", "aud"])
def test_who_does_not_coordinate_does_not_find_it(doors, cast, who):
    assert doors.staff.sign_in_as(getattr(cast, who)).get("/returns/counted").status == 404
