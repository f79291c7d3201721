"""Stopping the removal of everything about one young person: the page."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.admin.holds import Hold
from portal.db import new_id, session


@pytest.fixture
def priya(doors, cast):
    return doors.staff.sign_in_as(cast.priya)


def address(cast):
    return f"/young-people/{cast.amara}/hold"


def test_a_manager_holds_it_and_the_reason_is_kept(priya, cast, at_work):
    priya.get(address(cast))
    answer = priya.post(address(cast), {"kind": "court", "reason": "The family court, FC/1", "until": ""})
    assert answer.status == 303
    with at_work():
        hold = session.scalars(select(Hold)).one()
        assert (hold.person_id, hold.reason, hold.by_id) == (cast.amara, "The family court, FC/1", cast.priya)


def test_sent_twice_it_is_one_hold(priya, cast, at_work):
    priya.get(address(cast))
    with at_work():
        key = str(new_id())
    for _ in range(2):
        priya.post(address(cast), {"kind": "court", "reason": "FC/1", "until": "", "form_key": key})
    with at_work():
        assert len(session.scalars(select(Hold)).all()) == 1


def test_what_is_wrong_comes_back_with_what_was_typed(priya, cast):
    priya.get(address(cast))
    page = priya.post(address(cast), {"kind": "", "reason": "FC/1", "until": "2020-01-01"})
    assert page.status == 422
    assert "Choose what stops it" in page.main
    assert "Enter today or a later day" in page.main
    assert page.field("reason") == "FC/1"


def test_a_worker_places_none(doors, cast):
    assert doors.staff.sign_in_as(cast.sam).get(address(cast)).status == 404
