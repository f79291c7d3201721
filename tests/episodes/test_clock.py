"""The 72-hour clock, and the words in which staff are told."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.config import LONDON
from portal.episodes.clock import due_at, gone_in_words, in_words, late_when_it_reached_us

NOON_BEFORE_THE_CLOCKS_GO_BACK = datetime(2026, 10, 24, 12, tzinfo=LONDON)
MONDAY_NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_an_hour_gained_in_october_is_not_given_to_the_clock():
    due = due_at(NOON_BEFORE_THE_CLOCKS_GO_BACK.astimezone(UTC))
    assert due.astimezone(LONDON).isoformat() == "2026-10-27T11:00:00+00:00"


def test_an_hour_lost_in_march_is_not_taken_from_the_clock():
    returned = datetime(2027, 3, 27, 12, tzinfo=LONDON).astimezone(UTC)
    assert due_at(returned).astimezone(LONDON).isoformat() == "2027-03-30T13:00:00+01:00"


def test_a_return_in_local_time_is_refused():
    with pytest.raises(ValueError, match="UTC"):
        due_at(NOON_BEFORE_THE_CLOCKS_GO_BACK)


def test_a_return_that_reached_the_hub_more_than_a_day_after_it_says_so():
    returned = MONDAY_NINE - timedelta(hours=24, seconds=1)
    assert late_when_it_reached_us(returned, MONDAY_NINE)
    assert not late_when_it_reached_us(returned + timedelta(seconds=1), MONDAY_NINE)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (24, ""),
        (25, "25 of the 72 hours were gone"),
        (71, "71 of the 72 hours were gone"),
        (72, "the 72 hours were over: 72 hours had gone"),
        (100, "the 72 hours were over: 100 hours had gone"),
    ],
)
def test_how_much_of_the_72_hours_was_gone_is_told(hours, words):
    assert gone_in_words(MONDAY_NINE - timedelta(hours=hours), MONDAY_NINE) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=20), "due in 1 minute"),
        (timedelta(minutes=40), "due in 40 minutes"),
        (timedelta(hours=1), "due in 1 hour"),
        (timedelta(hours=5, minutes=59), "due in 5 hours"),
        (timedelta(hours=14), "due today 23:00"),
        (timedelta(hours=26), "due tomorrow 11:00"),
        (timedelta(hours=50), "due Wednesday 11:00"),
        (timedelta(days=8), "due 1 December 09:00"),
        (timedelta(0), "late by 1 minute"),
        (timedelta(minutes=-40), "late by 40 minutes"),
        (timedelta(hours=-3), "late since 06:00"),
        (timedelta(hours=-12), "late since yesterday 21:00"),
        (timedelta(days=-6), "late since Tuesday"),
        (timedelta(days=-30), "late since 24 October"),
        (timedelta(days=-330), "late since 28 December 2025"),
    ],
)
def test_staff_are_told_in_words(left, words):
    assert in_words(MONDAY_NINE + left, MONDAY_NINE) == words


def test_days_are_those_of_london_and_not_of_utc():
    now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert in_words(now + timedelta(hours=12), now) == "due tomorrow 11:30"
    assert in_words(now + timedelta(hours=25), now) == "due Friday 00:30"
