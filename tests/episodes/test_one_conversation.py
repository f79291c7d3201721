"""One conversation over several returns: put together or apart before it is held, and nothing lost on the way."""

import pytest
from sqlalchemy import func, select

from portal.audit import AuditEvent
from portal.db import session
from portal.episodes import clock as clocks
from portal.episodes.episode import Episode, episodes_of
from portal.episodes.models import Attempt, InterviewTask
from portal.episodes.one_conversation import CannotMove, put_apart, put_under


@pytest.fixture
def two(a_return, at_work, cast):
    """Two returns of Amara's under one conversation that Sam took; the interview's id."""
    task_id, _ = (a_return(of=cast.amara, hours_ago=hours) for hours in (60, 20))
    with at_work():
        session.get_one(InterviewTask, task_id).take(cast.sam)
    return task_id


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def _of(task_id):
    return session.get_one(InterviewTask, task_id)


def _tasks(at_work, child_id):
    with at_work():
        return list(
            session.scalars(
                select(InterviewTask).where(InterviewTask.child_id == child_id).order_by(InterviewTask.due_at)
            )
        )


def _apart(browser, at_work, task_id):
    with at_work():
        episode_id = episodes_of(_of(task_id))[0].id
    return browser.post(f"/returns/{task_id}/returns", {"episode": str(episode_id), "under": ""}), episode_id


def test_a_worker_puts_a_return_apart(two, sam, at_work, cast):
    page, _ = _apart(sam, at_work, two)
    first, second = _tasks(at_work, cast.amara)
    assert page.location == f"/returns/{second.id}"
    assert (second.taker_id, second.state, second.chosen_by) == (cast.sam, "open", first.chosen_by)
    with at_work():
        assert [len(episodes_of(_of(task.id))) for task in (first, second)] == [1, 1]


def test_each_is_then_due_by_its_own_return(two, sam, at_work, cast):
    _apart(sam, at_work, two)
    for task in _tasks(at_work, cast.amara):
        with at_work():
            (episode,) = episodes_of(_of(task.id))
            assert episode.returned_at is not None
            assert task.due_at == clocks.due_at(episode.returned_at)


def test_and_under_the_other_again(two, sam, at_work, cast):
    _, episode_id = _apart(sam, at_work, two)
    first, second = _tasks(at_work, cast.amara)
    assert "Put it under the conversation due by" in sam.get(f"/returns/{second.id}").main
    page = sam.post(f"/returns/{second.id}/returns", {"episode": str(episode_id), "under": str(first.id)})
    assert page.location == f"/returns/{first.id}"
    with at_work():
        assert len(episodes_of(_of(first.id))) == 2
        assert (_of(second.id).state, _of(second.id).joined_to_id) == ("joined", first.id)
    assert sam.get(f"/returns/{second.id}").location == f"/returns/{first.id}"
    assert len(sam.get("/returns").tree.findall(".//tbody/tr")) == 1


def test_what_was_done_about_it_goes_along(two, sam, at_work, cast):
    _, episode_id = _apart(sam, at_work, two)
    first, second = _tasks(at_work, cast.amara)
    with at_work():
        _of(second.id).log(cast.sam, "phone", "offered")
        _of(second.id).mark_form_received()
    sam.post(f"/returns/{second.id}/returns", {"episode": str(episode_id), "under": str(first.id)})
    with at_work():
        assert session.scalars(select(Attempt.task_id)).all() == [first.id]
        assert (_of(first.id).state, _of(first.id).form_at) == ("form only", _of(second.id).form_at)


def test_a_form_for_what_was_put_under_another_counts_there(two, sam, at_work, cast):
    _, episode_id = _apart(sam, at_work, two)
    first, second = _tasks(at_work, cast.amara)
    sam.post(f"/returns/{second.id}/returns", {"episode": str(episode_id), "under": str(first.id)})
    with at_work():
        _of(second.id).mark_form_received()
    with at_work():
        assert (_of(first.id).state, _of(second.id).state) == ("form only", "joined")


def test_a_second_press_changes_nothing_and_leads_to_where_it_is(two, sam, at_work, cast):
    _, episode_id = _apart(sam, at_work, two)
    page = sam.post(f"/returns/{two}/returns", {"episode": str(episode_id), "under": ""})
    assert page.location == f"/returns/{two}"
    assert len(_tasks(at_work, cast.amara)) == 2


def test_the_last_return_of_a_conversation_is_not_put_apart(a_return, sam, at_work, cast):
    task_id = a_return(of=cast.amara)
    page, _ = _apart(sam, at_work, task_id)
    assert page.location == f"/returns/{task_id}"
    assert len(_tasks(at_work, cast.amara)) == 1
    assert "Talk about this return apart" not in sam.get(f"/returns/{task_id}").main


def test_what_was_held_stays_as_it_was_held(two, sam, at_work, cast):
    with at_work():
        _of(two).log(cast.sam, "in person", "held")
    with at_work(), pytest.raises(CannotMove):
        put_apart(episodes_of(_of(two))[0], _of(two), cast.sam)
    assert "Talk about this return apart" not in sam.get(f"/returns/{two}").main


def test_no_return_is_put_under_another_childs_conversation(two, a_return, at_work, sam, cast):
    """Seen red without the comparison of the two children."""
    jos = a_return(of=cast.jo)
    with at_work():
        episode = episodes_of(_of(two))[0]
        episode_id = episode.id
    with at_work(), pytest.raises(CannotMove):
        put_under(session.get_one(Episode, episode_id), _of(two), _of(jos), cast.sam)
    sam.post(f"/returns/{two}/returns", {"episode": str(episode_id), "under": str(jos)})
    with at_work():
        assert session.get_one(Episode, episode_id).child_id == cast.amara
        assert len(episodes_of(_of(jos))) == 1


def test_it_is_in_the_trail(two, sam, at_work, cast):
    _apart(sam, at_work, two)
    with at_work():
        moved = session.scalars(select(AuditEvent).where(AuditEvent.act == "episode.moved")).one()
        assert (moved.actor_id, moved.subject_id) == (cast.sam, cast.amara)


def test_lee_moves_nothing_of_amaras(two, doors, at_work, cast):
    lee = doors.staff.sign_in_as(cast.lee)
    lee.get("/")
    page, _ = _apart(lee, at_work, two)
    assert page.status == 404
    with at_work():
        assert session.scalar(select(func.count()).select_from(InterviewTask)) == 1
