"""Days and times as British lists write them."""

from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.episodes.moments import Unreadable, day_of, instant, time_of, years_between, zoned

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "19/11/2026", "19/11/26", "19-11-2026", "19.11.2026", "19 11 2026", "2026-11-19", "2026/11/19", "20261119",
        "19112026", "19-Nov-26", "19 Nov 2026", "19 November 2026", "19th November 2026", "19NOV2026", "Nov 19, 2026",
        "Thursday 19 November 2026", "Thu 19/11/2026",
    ],
)  # fmt: skip
def test_one_day_is_written_in_many_ways(text):
    assert day_of(text, TODAY) == (date(2026, 11, 19), "")


@pytest.mark.parametrize(
    "text",
    [
        "19/11/2026 14:05",
        "2026-11-19T14:05",
        "19-Nov-26 1405",
        "19 November 2026 at 14:05",
        "19/11/2026, 2:05 pm",
    ],
)
def test_a_time_may_follow_the_day(text):
    day, rest = day_of(text, TODAY)
    assert (day, time_of(rest)) == (date(2026, 11, 19), time(14, 5))


def test_the_day_comes_before_the_month():
    assert day_of("04/05/2014", TODAY, born=True)[0] == date(2014, 5, 4)
    with pytest.raises(Unreadable, match="no such month"):
        day_of("11/19/2026", TODAY)


@pytest.mark.parametrize("text", ["31/02/2026", "00/01/2026", "31 June 2026", "30-02-26"])
def test_a_day_that_does_not_exist_is_said_to_be_so(text):
    with pytest.raises(Unreadable, match="does not exist"):
        day_of(text, TODAY)


@pytest.mark.parametrize(
    "text", ["soon", "19", "19/11", "1/1/0001", "01/01/9999", "19/11/202", "99999999", "²/¹/2026"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Unreadable):
        day_of(text, TODAY)


def test_a_birthday_of_two_digits_lies_in_the_past():
    assert day_of("02/01/11", TODAY, born=True)[0].year == 2011
    assert day_of("02/01/98", TODAY, born=True)[0].year == 1998


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("14:00", time(14)), ("1400", time(14)), ("14.00 hrs", time(14)), ("2:00 pm", time(14)), ("2pm", time(14)),
        ("14:00:30", time(14, 0, 30)), ("12:15 am", time(0, 15)), ("12:15 p.m.", time(12, 15)), ("900", time(9)),
        ("0030hrs", time(0, 30)), ("00:00", time(0)),
    ],
)  # fmt: skip
def test_one_time_is_written_in_many_ways(text, at):
    assert time_of(text) == at


@pytest.mark.parametrize("text", ["25:61", "2400", "14:60", "13:00 pm", "0:30 am", "9", "late", "14:0"])
def test_a_time_that_cannot_be_is_refused(text):
    with pytest.raises(Unreadable):
        time_of(text)


def test_local_times_become_utc_by_the_season():
    assert instant(date(2026, 7, 1), time(14)).at == datetime(2026, 7, 1, 13, tzinfo=UTC)
    assert instant(date(2026, 11, 19), time(14)).at == datetime(2026, 11, 19, 14, tzinfo=UTC)


def test_of_a_time_that_comes_twice_the_earlier_is_taken():
    assert instant(date(2026, 10, 25), time(1, 30)) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        True,
        False,
    )


def test_a_time_that_the_clocks_skip_is_told_apart():
    assert instant(date(2026, 3, 29), time(1, 30)) == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), False, True)


def test_a_zone_behind_a_time_counts():
    text, zone = zoned("14:00+01:00")
    assert instant(date(2026, 7, 1), time_of(text), zone).at == datetime(2026, 7, 1, 13, tzinfo=UTC)
    assert zoned("14:00Z")[1] == zoned("14:00")[1] or zoned("14:00")[1] is None


def test_a_birthday_on_the_29th_of_february_is_reached_on_the_first_of_march():
    assert years_between(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert years_between(date(2008, 2, 29), date(2026, 3, 1)) == 18


@given(st.text())
def test_no_text_is_too_odd_to_be_refused_in_a_sentence(text):
    for read in (lambda: day_of(text, TODAY), lambda: time_of(zoned(text)[0])):
        with suppress(Unreadable):
            assert read() is not None


@given(
    st.dates(date(1902, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d%b%Y"]),
)
def test_every_day_is_read_as_it_was_written(day, form):
    assert day_of(day.strftime(form), TODAY) == (day, "")
