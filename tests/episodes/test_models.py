"""Episodes, interviews and attempts: who takes a return, when it is due, and what counts as held."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.access import STAFF, SignedIn
from portal.accounts.holders import worker_of
from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.db import new_id, session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask, waiting_for
from portal.episodes.words import team_name


def _enter(child_id, *, living="home", back=datetime(2026, 11, 23, 9, tzinfo=UTC), number="MFH1"):
    return Episode.enter(
        session.get_one(Person, child_id), number=number, missing_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
        returned_at=back, living=living, details={"remarks": "came back alone"},
    )  # fmt: skip


def _a_child(living):
    return Person.enter("child", "Bo Green", roles=("young person",), living=living).id


def test_who_is_still_missing_needs_no_interview_yet(at_work, cast):
    with at_work():
        assert _enter(cast.amara, back=None).task_id is None


def test_the_worker_whom_a_child_knows_takes_the_return(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        assert (task.taker_id, task.reason, task.state) == (cast.sam, "knows", "proposed")


@pytest.mark.parametrize(
    ("living", "team"),
    [
        ("home", "Missing from Home Team"),
        ("our child", "the independent provider"),
        ("other authority", "The placing authority"),
        ("", "The duty team"),
    ],
)
def test_without_a_known_worker_the_place_decides(at_work, cast, living, team):
    with at_work():
        task = session.get_one(InterviewTask, _enter(_a_child(living), living=living).task_id)
        assert (team_name(task), task.taker_id) == (team, None)


def test_another_authoritys_child_is_not_given_to_our_worker(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara, living="other authority").task_id)
        assert (task.taker_id, task.reason) == (None, "placing")


def test_an_interview_is_due_72_hours_after_the_return(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        assert task.due_at == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_second_return_before_the_conversation_joins_the_first(at_work, cast):
    with at_work():
        first, second = (
            _enter(cast.amara),
            _enter(cast.amara, back=datetime(2026, 11, 24, 9, tzinfo=UTC), number="2"),
        )
        assert first.task_id == second.task_id
        assert session.get_one(InterviewTask, first.task_id).due_at == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_return_after_the_conversation_is_asked_for_anew(at_work, cast, clock):
    with at_work():
        first = _enter(cast.amara)
        session.get_one(InterviewTask, first.task_id).log(cast.sam, "phone", "held")
        assert _enter(cast.amara, number="2").task_id != first.task_id


def test_a_return_that_a_later_list_brings_proposes_the_interview_and_reached_us_then(at_work, cast, clock):
    with at_work():
        episode = _enter(cast.amara, back=None)
    clock.forward(hours=5)
    with at_work():
        episode = session.get_one(Episode, episode.id)
        episode.change(
            number="MFH1",
            missing_at=episode.missing_at,
            returned_at=clock(),
            living="home",
            details={"risk": "Low"},
        )
        assert episode.task_id is not None
        assert episode.reached_us_at == clock()
        assert episode.texts == {"remarks": "came back alone", "risk": "Low"}


def test_taking_a_return_lets_the_worker_hold_the_child(at_work, cast):
    with at_work():
        child_id = _a_child("home")
        task = session.get_one(InterviewTask, _enter(child_id).task_id)
        task.take(cast.lee)
        assert (task.state, worker_of(child_id).id) == ("open", cast.lee)


def test_who_takes_a_return_does_not_take_the_child_from_their_worker(at_work, cast, clock):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        clock.forward(minutes=1)
        task.take(cast.lee)
        for worker_id in (cast.sam, cast.lee):
            worker = SignedIn(worker_id, new_id(), STAFF, "", frozenset({"worker"}))
            assert session.scalar(InterviewTask.visible_to(worker)) is task


def test_lee_sees_no_return_of_amaras(at_work, cast):
    with at_work():
        _enter(cast.amara)
        lee = SignedIn(cast.lee, new_id(), STAFF, "Lee", frozenset({"worker"}))
        assert session.scalars(InterviewTask.visible_to(lee)).all() == []
        assert session.scalars(Episode.visible_to(lee)).all() == []


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (["no answer"], "open"),
        (["offered"], "offered"),
        (["no answer", "not now"], "offered"),
        (["offered", "declined"], "declined"),
        (["declined", "no answer"], "declined"),
        (["declined", "offered"], "offered"),
        (["offered", "held"], "held"),
        (["held", "no answer"], "held"),
    ],
)
def test_what_happened_last_decides_and_a_conversation_stays_held(at_work, cast, clock, outcomes, state):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        for outcome in outcomes:
            clock.forward(minutes=1)
            task.log(cast.sam, "phone", outcome)
        assert task.state == state


def test_a_form_alone_is_never_a_conversation(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        task.take(cast.sam)
        task.mark_form_received()
        assert task.state == "form only"
        task.log(cast.sam, "in person", "held")
        assert task.state == "held"


@pytest.mark.parametrize(
    ("outcomes", "waits"),
    [
        (["offered"], True),
        (["declined"], False),
        (["declined", "no answer"], False),
        (["declined", "offered"], True),
    ],
)
def test_who_sent_a_form_and_said_no_is_waited_for_no_more(at_work, cast, clock, outcomes, waits):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        task.take(cast.sam)
        task.mark_form_received()
        for outcome in outcomes:
            clock.forward(minutes=1)
            task.log(cast.sam, "phone", outcome)
        session.flush()
        assert task.state == "form only"
        assert (
            session.scalars(select(InterviewTask.id).where(InterviewTask.left())).all() == [task.id] * waits
        )


def test_a_no_that_was_a_slip_is_waited_for_again(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        task.mark_form_received()
        task.take_back(task.log(cast.sam, "phone", "declined"))
        session.flush()
        assert session.scalars(select(InterviewTask.id).where(InterviewTask.left())).all() == [task.id]


def test_a_slip_of_the_thumb_can_be_taken_back(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        slip = task.log(cast.sam, "phone", "held")
        task.take_back(slip)
        assert (task.state, task.attempts()) == ("open", [])


def test_a_way_that_nobody_knows_is_refused(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        with pytest.raises(ValueError, match="no such way"):
            task.log(cast.sam, "pigeon", "held")


def test_a_child_may_answer_once_somebody_took_the_return(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        assert waiting_for(cast.amara) is None
        task.take(cast.sam)
        assert waiting_for(cast.amara) is task
        task.log(cast.sam, "phone", "declined")
        assert waiting_for(cast.amara) is None


def test_the_first_attempt_takes_a_proposed_return(at_work, cast):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        task.log(cast.sam, "phone", "no answer")
        assert (task.state, task.taker_id) == ("open", cast.sam)


def test_every_act_is_in_the_trail(at_work, cast, clock):
    with at_work():
        task = session.get_one(InterviewTask, _enter(cast.amara).task_id)
        task.take(cast.sam)
        task.log(cast.sam, "phone", "offered")
        task.mark_form_received()
        task.tell_authority("Stockport's own team")
    with at_work():
        acts = {event.act for event in session.query(AuditEvent).filter_by(subject_id=cast.amara)}
    assert acts >= {
        "episode.entered", "task.proposed", "task.taken", "attempt.logged", "task.form_received", "task.authority_told",
    }  # fmt: skip


@pytest.mark.sqlite_file
def test_no_word_of_a_list_lies_open_in_the_database(at_work, cast, hub_folder):
    with at_work():
        _enter(cast.amara, number="CANARY4711")
        session.get_one(InterviewTask, _enter(cast.amara).task_id).tell_authority("CANARY Nan")
    written = b"".join(path.read_bytes() for path in (hub_folder / "data").iterdir())
    assert b"CANARY" not in written
    assert b"came back alone" not in written


def test_reach_is_asked_of_the_ability_that_is_named(at_work, cast):
    with at_work():
        cory = SignedIn(cast.cory, new_id(), STAFF, "Cory", frozenset({"coordinator"}))
        task_id = _enter(cast.amara).task_id
        assert [task.id for task in session.scalars(InterviewTask.visible_to(cory))] == [task_id]
