"""By when an alert is to be held: office hours are Europe/London's, and nobody is promised at night."""

from datetime import UTC, datetime

import pytest

from portal.alerts.office import due
from tests.conftest import HUB, write_hub

TUESDAY, FRIDAY = (2026, 11, 24), (2026, 11, 27)


def at(day, hour, minute=0):
    year, month, day_of_month = day
    return datetime(year, month, day_of_month, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raised", "within", "is_due"),
    [
        (at(TUESDAY, 10), "5 minutes", at(TUESDAY, 10, 5)),
        (at(TUESDAY, 10), "1 hour", at(TUESDAY, 11)),
        (at(TUESDAY, 10), "same day", at(TUESDAY, 17)),
        (at(TUESDAY, 3), "5 minutes", at(TUESDAY, 9, 5)),
        (at(TUESDAY, 22), "1 hour", at((2026, 11, 25), 10)),
        (at(TUESDAY, 22), "same day", at((2026, 11, 25), 17)),
        (at(FRIDAY, 16, 45), "1 hour", at((2026, 11, 30), 10)),
        (at((2026, 11, 28), 12), "5 minutes", at((2026, 11, 30), 9, 5)),
    ],
)
def test_the_time_counts_from_the_opening(hub_file, raised, within, is_due):
    assert due(raised, within, hub_file) == is_due


def test_what_comes_just_before_closing_is_not_put_off_until_the_morning(hub_file):
    assert due(at(TUESDAY, 16, 58), "5 minutes", hub_file) == at(TUESDAY, 17, 3)


def test_the_closing_second_itself_is_closed(hub_file):
    assert due(at(TUESDAY, 17), "5 minutes", hub_file) == at((2026, 11, 25), 9, 5)


def test_in_summer_the_office_opens_an_hour_earlier_in_utc(hub_file):
    assert due(at((2026, 7, 7), 3), "5 minutes", hub_file) == at((2026, 7, 7), 8, 5)


def test_the_morning_after_the_clocks_went_back_opens_at_nine_in_london(hub_file):
    assert due(at((2026, 10, 25), 12), "1 hour", hub_file) == at((2026, 10, 26), 10)


def test_a_bank_holiday_is_no_office_day(hub_folder):
    hub = write_hub(hub_folder, HUB.replace("[doors]", "bank_holidays = [2026-11-25]\n[doors]"))
    assert due(at(TUESDAY, 22), "5 minutes", hub) == at((2026, 11, 26), 9, 5)


def test_a_hub_that_never_opens_again_still_has_a_time(hub_folder):
    days = ", ".join(
        f"2026-{month}-{day:02d}" for month, last in ((11, 30), (12, 31)) for day in range(1, last + 1)
    )
    more = ", ".join(f"2027-01-{day:02d}" for day in range(1, 32))
    hub = write_hub(hub_folder, HUB.replace("[doors]", f"bank_holidays = [{days}, {more}]\n[doors]"))
    assert due(at(TUESDAY, 10), "5 minutes", hub) == at(TUESDAY, 10, 5)
