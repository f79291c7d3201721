"""Who takes a return by the rules: independence of their care, continuity, and whoever covers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.cover import Cover
from portal.accounts.models import Person, end_allocation, join_adult
from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.choosing import NotIndependent


def test_a_worker_of_the_council_that_cares_for_a_child_is_refused(a_return, at_work, cast, task_in):
    """Seen red with `is_independent` handing out True."""
    task_id = a_return(of=cast.jo, living="our child")
    with at_work(), pytest.raises(NotIndependent):
        task_in(task_id).take(cast.sam)


def test_unless_the_child_prefers_them_and_then_it_is_on_the_record(a_return, at_work, cast, task_in):
    task_id = a_return(of=cast.jo, living="our child")
    with at_work():
        task_in(task_id).take(cast.sam, childs_choice=True)
    with at_work():
        task = task_in(task_id)
        assert (task.taker_id, task.chosen_by, task.of_their_care) == (cast.sam, "child", True)
        note = session.scalars(select(AuditEvent).where(AuditEvent.act == "task.taken")).one()
        assert '"of_their_care": true' in note.detail


def test_a_provider_is_independent_of_the_council(a_return, at_work, cast, task_in):
    task_id = a_return(of=cast.jo, living="our child")
    with at_work():
        task_in(task_id).take(cast.dan)
        assert (task_in(task_id).chosen_by, task_in(task_id).of_their_care) == ("hub", False)


def test_whoever_works_for_the_home_where_a_child_lives_is_refused(a_return, at_work, cast, task_in):
    """A home that belongs to the provider: its workers care for the children who live there."""
    task_id = a_return(of=cast.jo, living="our child")
    with at_work():
        provider = session.get_one(Person, cast.dan).organisation_id
        session.get_one(Person, cast.carol).organisation_id = provider
        join_adult(cast.carol, cast.jo, "residential")
    with at_work(), pytest.raises(NotIndependent):
        task_in(task_id).take(cast.dan)


def test_at_home_the_councils_workers_take_the_return(a_return, at_work, cast, task_in):
    task_id = a_return(of=cast.jo)
    with at_work():
        task_in(task_id).take(cast.sam)
        assert task_in(task_id).of_their_care is False


def test_continuity_proposes_nobody_who_is_not_independent(a_return, task_of, cast):
    task = task_of(a_return(of=cast.amara, living="our child"))  # whom Sam of the council holds
    assert (task.taker_id, task.reason) == (None, "care")


def test_whoever_talked_with_them_last_time_is_proposed(a_return, at_work, task_of, cast, task_in):
    first = a_return(of=cast.amara, hours_ago=90)
    with at_work():
        task_in(first).log(cast.lee, "in person", "held")
        end_allocation(cast.amara)
    task = task_of(a_return(of=cast.amara))
    assert (task.taker_id, task.reason) == (cast.lee, "met")


def test_a_colleague_who_has_left_is_not_proposed(a_return, at_work, task_of, cast, task_in, clock):
    first = a_return(of=cast.amara, hours_ago=90)
    with at_work():
        task_in(first).log(cast.lee, "in person", "held")
        end_allocation(cast.amara)
        session.get_one(Person, cast.lee).ended_at = clock()
    assert task_of(a_return(of=cast.amara)).taker_id is None


def test_what_is_proposed_to_whoever_is_away_is_theirs_who_covers(
    a_return, at_work, task_of, doors, cast, clock
):
    task_id = a_return(of=cast.amara)
    with at_work():
        Cover.give(cast.sam, cast.lee, clock(), clock() + timedelta(days=2), by=cast.sam)
    lee = doors.staff.sign_in_as(cast.lee)
    assert "Amara Obi" in lee.get("/returns/proposed").main
    lee.post(f"/returns/{task_id}/take")
    assert task_of(task_id).taker_id == cast.lee
