"""The numbers of the demonstration year, before any database: they add up, and have the shape they should."""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from portal.config import LONDON
from portal.demonstration.histories import TimeAway, times_away
from portal.demonstration.year import SHORT, WHOLE, Year, years_of
from portal.episodes.living import OTHER_AUTHORITY

P = 0.8629


def children_with(first: int, last: int) -> int:
    return sum(children for times, children in WHOLE.children_by_times.items() if first <= times <= last)


def every_time(year: Year) -> list[list[TimeAway]]:
    rng = Random("any")
    return [
        list(times_away(child, year, rng, told=child.living == OTHER_AUTHORITY))
        for child in years_of(year, rng)
    ]


def test_the_published_totals_are_met():
    assert (WHOLE.children, WHOLE.episodes) == (1350, 4277)
    assert sum(ends.held for ends in WHOLE.ends.values()) == 2684
    assert sum(ends.all for ends in WHOLE.ends.values()) == WHOLE.episodes


def test_children_are_missing_as_often_as_the_table_says():
    bands = ((1, 1), (2, 3), (4, 9), (10, 19), (20, 34), (34, 34))

    assert [children_with(*band) for band in bands] == [586, 398, 287, 68, 11, 1]
    assert max(WHOLE.children_by_times) == 34


def test_the_79_missing_most_often_make_26_and_a_half_percent_of_all():
    often = {times: children for times, children in WHOLE.children_by_times.items() if times >= 10}

    assert sum(often.values()) == 79
    assert round(100 * sum(n * children for n, children in often.items()) / WHOLE.episodes, 1) == 26.5


def test_it_is_a_log_series_to_within_one_child():
    scale = -WHOLE.children / math.log(1 - P)
    apart = [abs(WHOLE.children_by_times[n] - scale * P**n / n) for n in range(1, 20)]

    assert max(apart) < 1


@pytest.mark.parametrize(("living", "percent"), [("home", 70), ("our child", 95)])
def test_conversations_are_held_in_time_as_often_as_the_table_says(living: str, percent: int):
    ends = WHOLE.ends[living]

    assert round(100 * ends.in_time / ends.held) == percent


def test_87_percent_are_offered():
    assert round(100 * sum(ends.offered for ends in WHOLE.ends.values()) / WHOLE.episodes, 1) == 87.0


@pytest.mark.parametrize("year", [WHOLE, SHORT])
def test_the_same_seed_makes_the_same_year_and_another_another(year: Year):
    one, same, other = (years_of(year, Random(seed)) for seed in ("a", "a", "b"))

    assert one == same
    assert one != other


def test_no_time_missing_begins_before_the_last_one_is_settled():
    for times in every_time(WHOLE):
        for before, after in pairwise(times):
            done = [tried.at for tried in before.tries] + [before.taken_at]
            assert max(done) < after.missing_at


def test_everything_lies_in_the_year_and_in_its_order():
    first, end = WHOLE.bounds
    for away in (away for times in every_time(WHOLE) for away in times):
        tried = [tried.at for tried in away.tries]
        in_order = [first, away.missing_at, away.returned_at, away.reached_us_at, away.taken_at, *tried, end]
        assert in_order == sorted(in_order)


def test_in_time_is_within_72_hours_of_the_return_and_late_is_not():
    for away in (away for times in every_time(WHOLE) for away in times if away.end in ("in time", "late")):
        took = away.tries[-1].at - away.returned_at
        assert (took <= timedelta(hours=72)) is (away.end == "in time")


def test_staff_try_when_they_are_at_work():
    for at in (tried.at for times in every_time(SHORT) for away in times for tried in away.tries):
        there = at.astimezone(LONDON)
        assert there.weekday() < 5
        assert 9 <= there.hour < 17
