"""By when a person reads what was said: a promise that is always kept, told in plain words."""

from datetime import UTC, date, datetime

import pytest

from portal import i18n
from portal.trail.promise import promise, promise_words


def london(text):
    """The instant of a London wall-clock time in winter, when it is UTC too."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "promised"),
    [
        ("2026-11-24 10:00", "2026-11-25 17:00"),  # Tuesday morning: there is a whole Wednesday
        ("2026-11-24 08:59", "2026-11-24 17:00"),  # before the day begins: that whole day
        ("2026-11-24 23:30", "2026-11-25 17:00"),
        ("2026-11-26 16:00", "2026-11-27 16:30"),  # Friday closes earlier
        ("2026-11-27 09:01", "2026-11-30 17:00"),  # over the weekend
        ("2026-11-28 12:00", "2026-11-30 17:00"),
    ],
)
def test_a_whole_working_day_lies_before_what_is_promised(said, promised, hub_file):
    assert promise(london(said), hub_file) == london(promised)


def test_a_bank_holiday_is_no_working_day(hub_file):
    closed = hub_file.model_copy(update={"bank_holidays": (date(2026, 12, 25), date(2026, 12, 28))})
    assert promise(london("2026-12-24 12:00"), closed) == london("2026-12-29 17:00")


def test_over_a_change_of_the_clocks_the_promise_is_still_five_in_london(hub_file):
    # Friday in summer time; by Monday the clocks have gone back.
    assert promise(datetime(2026, 10, 23, 9, 0, tzinfo=UTC), hub_file) == london("2026-10-26 17:00")


def test_the_promise_is_said_in_words():
    words = promise_words(london("2026-11-25 17:00"), london("2026-11-24 10:00"))
    assert words == "A person reads this by Wednesday, 5 in the afternoon."


def test_half_past_four_is_said_too():
    words = promise_words(london("2026-11-27 16:30"), london("2026-11-26 10:00"))
    assert words == "A person reads this by Friday, 4:30 in the afternoon."


def test_a_promise_further_off_than_a_week_names_the_date():
    words = promise_words(london("2026-12-31 17:00"), london("2026-12-24 10:00"))
    assert words == "A person reads this by Thursday 31 December, 5 in the afternoon."


def test_the_promise_is_translated():
    with i18n.speaking("eo"):
        assert promise_words(london("2026-11-25 17:00"), london("2026-11-24 10:00")).startswith("[Á pér")
