"""A carer's form after a return: when they came back, and how they were."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.alerts.models import Alert
from portal.db import session
from portal.episodes.episode import Episode
from portal.trail.models import Voice


def test_a_carer_is_asked_when_they_came_back_and_it_stands_beside_the_lists_time(carol, at_work, cast):
    assert carol.begins().field("screen") == "home-time"
    page = carol.presses(go="on", answer="2026-11-22", more="21:40")
    assert page.field("screen") == "came-back"
    carol.sends()
    with at_work():
        episode = session.get(Episode, carol.episode)
        assert episode.home_returned_at == datetime(2026, 11, 22, 21, 40, tzinfo=UTC)
        assert episode.home_said_by_id == cast.carol
        assert episode.returned_at != episode.home_returned_at
        assert session.scalars(select(Voice.kind)).one() == "carer"


def test_when_they_came_back_stands_on_the_check_page_as_people_say_it(carol):
    carol.begins()
    page = carol.presses(go="on", answer="2026-11-22", more="21:40")
    while page.field("screen") != "check":
        page = carol.presses(go="skip")
    assert ("Sunday 22 November, 21:40" in page.main, "2026-11-22" in page.main) == (True, False)


@pytest.mark.parametrize(
    ("day", "time"), [("2026-02-31", "10:00"), ("yesterday", "10:00"), ("2026-11-22", ""), ("", "21:40"), ("2026-12-24", "10:00")]
)  # fmt: skip
def test_what_is_no_moment_comes_back_with_what_was_typed(day, time, carol):
    carol.begins()
    page = carol.presses(go="on", answer=day, more=time)
    assert page.status == 422
    assert "Enter the day and the time when they came back" in page.main
    assert page.field("answer") == day
    assert page.field("more") == time


@pytest.mark.parametrize(("day", "time"), [("22/11/2026", "9.40 pm"), ("22.11.26", "2140")])
def test_a_day_and_a_time_may_be_typed_as_people_write_them(day, time, carol, at_work):
    carol.begins()
    assert carol.presses(go="on", answer=day, more=time).status == 200
    carol.sends()
    with at_work():
        assert session.get(Episode, carol.episode).home_returned_at == datetime(
            2026, 11, 22, 21, 40, tzinfo=UTC
        )


def test_going_back_with_half_a_moment_breaks_nothing(carol):
    carol.begins()
    carol.presses(go="skip")
    carol.presses(go="back")
    assert carol.browser.page.field("screen") == "home-time"
    carol.browser.post(
        carol.path, {"screen": "check.home-time", "go": "back", "answer": "2026-13-01", "more": "x"}
    )
    assert carol.sends().status == 200


def test_skipped_home_says_nothing(carol, at_work):
    carol.begins()
    carol.sends()
    with at_work():
        assert session.get(Episode, carol.episode).home_returned_at is None


def test_a_child_hurt_or_unwell_on_coming_back_is_a_worry(carol, at_work):
    carol.goes_to("came-back")
    carol.presses(go="on", answer=["hurt", "tired"])
    with at_work():
        assert session.scalars(select(Alert.rule)).one() == "adult worry"
