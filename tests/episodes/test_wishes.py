"""On the page of a return stands exactly how the young person would rather talk; it never reads as a refusal."""

import pytest

from portal.accounts.pauses import Pause
from portal.db import new_id, session
from portal.episodes.models import InterviewTask
from portal.episodes.wishes import NOT_NOW, TALK, TalkWish
from tests.factories import a_return

LINES = [("When is better?", "At the weekend"), ("Where?", "Out, on a walk")]


@pytest.fixture
def task_id(at_work, cast):
    with at_work():
        task = a_return(cast.amara)
        task.take(cast.sam)
        return task.id


@pytest.fixture
def says(at_work, cast, task_id):
    def say(choice=NOT_NOW, lines=LINES, child=None):
        with at_work():
            TalkWish.say(child or cast.amara, choice, lines, new_id(), new_id())

    return say


@pytest.fixture
def page_of(at_door, task_id):
    return lambda person_id: at_door("staff").sign_in_as(person_id).get(f"/returns/{task_id}")


def test_the_worker_reads_exactly_what_was_said(says, page_of, cast):
    says()
    page = page_of(cast.sam).main
    assert "They said “not now” on their own pages. It is not a no." in page
    assert "At the weekend" in page
    assert "Out, on a walk" in page


@pytest.mark.parametrize("word", ["declined", "refused", "They said no,"])
def test_it_never_reads_as_a_refusal(says, page_of, cast, word):
    says()
    assert word not in page_of(cast.sam).main.partition("Log an attempt")[0]


def test_the_coordinator_sees_the_return_and_none_of_it(says, page_of, cast):
    """Words that a young person did not agree to are not theirs."""
    says()
    page = page_of(cast.cory)
    assert (page.status, "At the weekend" in page.main) == (200, False)


def test_whoever_is_paused_sees_none_of_it(says, page_of, cast, at_work):
    says()
    with at_work():
        Pause.begin(cast.amara, cast.sam, new_id())
    assert "At the weekend" not in page_of(cast.sam).main


def test_what_was_seen_to_says_by_whom_and_when(says, page_of, cast, at_work, at_door, task_id):
    says(TALK)
    sam = at_door("staff").sign_in_as(cast.sam)
    wish = sam.get(f"/returns/{task_id}").field("wish")
    sam.post(f"/returns/{task_id}/wishes", {"wish": wish})
    assert "Sam saw to it on Tue 24 Nov 2026, 10:00." in sam.follow().main


def test_another_childs_wish_is_not_seen_to_here(says, cast, at_work, at_door, task_id):
    """Seen red with a wish that was fetched by its id alone."""
    says(child=cast.jo)
    with at_work():
        jos = TalkWish.of_child(cast.jo)[0].id
    sam = at_door("staff").sign_in_as(cast.sam)
    sam.get(f"/returns/{task_id}")
    sam.post(f"/returns/{task_id}/wishes", {"wish": str(jos)})
    with at_work():
        assert session.get_one(TalkWish, jos).taken_up_at is None


def test_the_return_stays_offered(says, task_id, at_work, cast):
    with at_work():
        session.get_one(InterviewTask, task_id).log(cast.amara, "here", "not now")
    says()
    with at_work():
        assert session.get_one(InterviewTask, task_id).state == "offered"


def test_without_any_the_page_says_nothing_of_it(page_of, cast):
    assert "would rather talk" not in page_of(cast.sam).main
