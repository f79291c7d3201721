"""Whoever something may be about reads nothing that the young person says, until a manager has ended that.

Seen red with `may_reach` as it was before pauses: Sam read the voice, and gave Amara a way in whose PIN he knew.
"""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.accounts.holders import worker_id_of, workers_around
from portal.accounts.pauses import Pause
from portal.audit import AuditEvent
from portal.db import session
from tests.factories import a_return, a_voice


@pytest.fixture
def paused(at_work, cast):
    """`paused(cast.sam)`: they may not read what Amara says."""

    def begin(staff_id):
        with at_work():
            Pause.begin(cast.amara, staff_id, uuid4())

    return begin


@pytest.fixture
def voice_id(at_work, cast):
    with at_work():
        return a_voice(by=cast.amara).id


def test_the_worker_does_not_read_what_was_said(doors, cast, paused, voice_id):
    sam = doors.staff.sign_in_as(cast.sam)
    assert sam.get(f"/voices/{voice_id}").status == 200
    paused(cast.sam)
    assert sam.get(f"/voices/{voice_id}").status == 404
    assert "Amara" not in sam.get("/voices").main


def test_the_worker_can_give_no_way_in_whose_pin_they_would_know(doors, cast, paused):
    paused(cast.sam)
    assert doors.staff.sign_in_as(cast.sam).get(f"/young-people/{cast.amara}/way-in").status == 404


def test_the_name_and_the_return_stay_on_the_workers_lists_as_before(doors, at_work, cast, paused):
    """Whoever vanished from a list would be betrayed by it."""
    with at_work():
        task = a_return(cast.amara)
        task.take(cast.sam)
        task_id = task.id
    paused(cast.sam)
    sam = doors.staff.sign_in_as(cast.sam)
    assert "Amara Obi" in sam.get("/young-people").main
    assert sam.get(f"/returns/{task_id}").status == 200


def test_a_manager_who_is_paused_does_not_read_it_either(doors, cast, paused, voice_id):
    paused(cast.priya)
    assert doors.staff.sign_in_as(cast.priya).get(f"/voices/{voice_id}").status == 404


def test_the_duty_worker_reads_it_while_the_only_worker_may_not(doors, cast, paused, voice_id):
    paused(cast.sam)
    assert doors.staff.sign_in_as(cast.dee).get(f"/voices/{voice_id}").status == 200


def test_other_young_people_are_read_as_before(doors, at_work, cast, paused):
    with at_work():
        jos = a_voice(by=cast.jo).id
    paused(cast.lee)
    assert doors.staff.sign_in_as(cast.lee).get(f"/voices/{jos}").status == 200


def test_no_page_of_the_child_names_a_paused_worker_as_the_one_who_reads(at_work, cast, paused):
    paused(cast.sam)
    with at_work():
        assert worker_id_of(cast.amara) is None
        assert workers_around(cast.amara) == []


def test_begun_twice_it_runs_once_and_ended_it_is_over(at_work, cast, paused, doors, voice_id):
    paused(cast.sam)
    paused(cast.sam)
    with at_work():
        session.scalars(select(Pause)).one().end("It was about somebody else.", cast.priya)
    assert doors.staff.sign_in_as(cast.sam).get(f"/voices/{voice_id}").status == 200
    with at_work():
        acts = (
            select(AuditEvent.act, func.count())
            .where(AuditEvent.act.like("pause.%"))
            .group_by(AuditEvent.act)
        )
        assert dict(session.execute(acts).all()) == {"pause.begun": 1, "pause.ended": 1}
