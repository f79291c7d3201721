"""Returns that nobody took yet, each before those to whom it is proposed, with the reason."""

import pytest

from portal.accounts.models import Person
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask


@pytest.fixture
def of_nobody(at_work, clock):
    """`of_nobody("home")`: somebody came back who has no worker yet."""

    def _of_nobody(living):
        with at_work():
            child = Person.enter("child", "Bo Green", roles=("young person",), living=living)
            episode = Episode.enter(
                child, number="N1", missing_at=clock(), returned_at=clock(), living=living, details={}
            )
            session.flush()
            return episode.task_id

    return _of_nobody


def _main(doors, person):
    return doors.staff.sign_in_as(person).get("/returns/proposed").main


def test_who_lives_at_home_is_proposed_to_the_councils_workers(of_nobody, doors, cast):
    of_nobody("home")
    assert "Bo Green" in _main(doors, cast.sam)
    assert "They live at home." in doors.staff.page.main
    assert "Bo Green" not in _main(doors, cast.dan)


def test_our_children_are_proposed_to_the_independent_provider(of_nobody, doors, cast):
    of_nobody("our child")
    assert "Bo Green" in _main(doors, cast.dan)
    assert "Bo Green" not in _main(doors, cast.sam)


def test_whom_a_worker_knows_is_proposed_to_that_worker(a_return, doors, cast):
    a_return(of=cast.amara)
    assert "They have a worker whom they know already." in _main(doors, cast.sam)
    assert "Amara" not in _main(doors, cast.lee)


@pytest.mark.parametrize("who", ["cory", "dee", "priya"])
def test_whoever_gives_returns_out_sees_them_all(a_return, of_nobody, doors, cast, who):
    a_return(of=cast.amara)
    of_nobody("our child")
    said = _main(doors, getattr(cast, who))
    assert "Amara Obi" in said
    assert "Bo Green" in said


def test_an_empty_page_says_so(doors, cast):
    assert "Every return was taken by somebody." in _main(doors, cast.sam)


def test_what_was_taken_is_gone(a_return, doors, cast):
    task_id = a_return(of=cast.amara)
    doors.staff.sign_in_as(cast.sam).post(f"/returns/{task_id}/take")
    assert "Every return was taken" in doors.staff.get("/returns/proposed").main


@pytest.mark.parametrize("who", ["cory", "dee", "priya", "sam", "dan"])
def test_every_link_opens(a_return, of_nobody, doors, cast, who):
    """Dee gives out the returns of young people whom she may not see: theirs is another page than Cory's."""
    a_return(of=cast.amara)
    a_return(of=cast.jo, living="other authority")
    for living in ("home", "our child", "other authority"):
        of_nobody(living)
    browser = doors.staff.sign_in_as(getattr(cast, who))
    links = browser.get("/returns/proposed").tree.xpath("//tbody//a/@href")
    assert {browser.get(link).status for link in links} <= {200}
    assert len(links) == (0 if who in ("sam", "dan") else 5)


def test_who_sees_nobody_elses_is_told_only_what_the_list_says(a_return, doors, cast):
    task_id = a_return(of=cast.jo, living="other authority")
    dee = doors.staff.sign_in_as(cast.dee)
    assert dee.get(f"/returns/{task_id}").status == 404
    assert "MFH7" not in dee.get(f"/returns/{task_id}/take").main


def test_nobody_here_takes_what_another_authority_looks_after(of_nobody, doors, cast, at_work):
    task_id = of_nobody("other authority")
    doors.staff.sign_in_as(cast.dee).post(f"/returns/{task_id}/take", {"worker": str(cast.lee)})
    with at_work():
        assert session.get_one(InterviewTask, task_id).taker_id is None
