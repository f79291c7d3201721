"""When each rung is due: minutes for "not safe", the time that a slower rule leaves for the others."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.alerts.ladder import LADDER, highest_due, opens_again_at, planned
from portal.alerts.office import due

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday, office hours until 17:00


def minutes(rung, within, file, raised=TEN):
    return (planned(rung, raised, due(raised, within, file), within) - raised) // timedelta(minutes=1)


def test_it_is_the_table_of_the_safety_paper():
    assert [(rung.minutes, rung.office, rung.night) for rung in LADDER] == [
        (0, "whom the rule names", "emergency duty team"),
        (5, "duty team", "second person"),
        (15, "managers", "emergency duty manager"),
        (30, "director on call", "director on call"),
    ]


@pytest.mark.parametrize(
    ("within", "rungs"),
    [
        ("5 minutes", [0, 5, 15, 30, 60, 90]),
        ("1 hour", [0, 30, 45, 60, 90, 120]),
        ("same day", [0, 360, 390, 420, 450, 480]),
    ],
)
def test_each_rule_climbs_so_that_the_last_rung_stands_when_its_time_is_over(hub_file, within, rungs):
    assert [minutes(rung, within, hub_file) for rung in range(6)] == rungs


def test_what_comes_just_before_closing_climbs_no_faster_than_not_safe(hub_file):
    raised = TEN + timedelta(hours=6, minutes=50)
    assert [minutes(rung, "same day", hub_file, raised) for rung in range(4)] == [0, 5, 15, 30]


def test_after_a_silence_it_goes_on_where_the_clock_stands(hub_file):
    at = TEN + timedelta(minutes=47)
    assert highest_due(1, TEN, TEN + timedelta(minutes=5), "5 minutes", at) == 3


@pytest.mark.parametrize(("due_in", "opens"), [(5, 30), (60, 60)])
def test_without_an_outcome_it_opens_after_30_minutes_but_not_before_it_is_due(due_in, opens):
    assert opens_again_at(TEN, TEN + timedelta(minutes=due_in)) == TEN + timedelta(minutes=opens)
