"""What never comes on the record raises an alarm, is told again each week, and is not removed.

Seen red with `overdue` that asked only for `closed_at`, with the first fifty overdue looked at whoever had been told,
and with a step where a look was enough.
"""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from portal.admin import alarms
from portal.admin.alarms import KIND, raise_alarms
from portal.config import Hub, Keeping
from portal.db import session
from portal.outbox import OutboxMessage
from tests.factories import a_voice


@pytest.fixture
def told(hub_file, clock, at_work):
    """`told()`: who has been told so far, after one more look."""

    def look():
        raise_alarms(Hub(hub_file, clock=clock))
        with at_work():
            return list(session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.kind == KIND)))

    return look


def test_nobody_is_told_before_ninety_days(told, clock, at_work, cast):
    with at_work():
        a_voice(cast.amara)
    clock.forward(days=90)
    assert told() == []


def test_the_worker_and_the_managers_are_told(told, clock, at_work, cast):
    with at_work():
        a_voice(cast.amara)
    clock.forward(days=91)
    assert set(told()) == {cast.sam, cast.priya}


def test_each_is_told_once_a_week_however_much_is_late(told, clock, at_work, cast):
    with at_work():
        a_voice(cast.amara)
        a_voice(cast.amara)
    clock.forward(days=91)
    assert len(told()) == len(told()) == 2
    clock.forward(days=8)
    assert len(told()) == 4


def test_however_much_is_late_with_one_another_is_told_too(told, clock, at_work, cast):
    with at_work():
        for _ in range(alarms.AT_ONCE + 1):
            a_voice(cast.amara)
    clock.forward(minutes=1)
    with at_work():
        a_voice(cast.jo)
    clock.forward(days=91)
    told()
    assert set(told()) == {cast.sam, cast.lee, cast.priya}


def test_where_all_have_been_told_no_writer_is_kept_waiting(
    told, clock, at_work, cast, monkeypatch, hub_file
):
    with at_work():
        a_voice(cast.amara)
    clock.forward(days=91)
    told()
    monkeypatch.setattr(alarms, "step", None)
    assert raise_alarms(Hub(hub_file, clock=clock)) == 0


def test_what_is_on_the_record_raises_none(told, on_record, clock):
    on_record()
    clock.forward(days=91)
    assert told() == []


def test_what_was_sent_is_not_let_go_of_within_the_week_by_which_it_counts():
    with pytest.raises(ValidationError):
        Keeping(sent_days=6)
