"""Silence is an alarm: every staff page says when messages do not leave."""

from portal.db import session
from portal.notify.bars import waited
from portal.outbox import OutboxMessage

BAR = "Messages are not leaving"


def test_there_is_no_bar_while_nothing_waits(doors, cast):
    assert BAR not in doors.staff.sign_in_as(cast.sam).get("/alerts").text


def test_there_is_no_bar_in_the_first_minute(waits, doors, cast, clock):
    waits()
    clock.forward(seconds=60)
    assert BAR not in doors.staff.sign_in_as(cast.sam).get("/alerts").text


def test_after_a_minute_every_staff_page_has_the_bar(waits, doors, cast, clock):
    waits()
    clock.forward(minutes=3)
    page = doors.staff.sign_in_as(cast.sam).get("/alerts")
    assert f"{BAR}: the oldest has waited 3 minutes." in page.text


def test_who_may_not_see_alerts_is_told_what_to_do_without_a_link(waits, doors, cast, clock):
    waits()
    clock.forward(minutes=3)
    page = doors.staff.sign_in_as(cast.noor).get("/")
    assert "Tell the duty team in person." in page.text
    assert "/alerts" not in page.html


def test_the_bar_goes_when_the_message_has_left(waits, at_work, doors, cast, clock):
    message = waits()
    clock.forward(minutes=3)
    with at_work() as hub:
        session.get_one(OutboxMessage, message).delivered_at = hub.now()
    assert BAR not in doors.staff.sign_in_as(cast.sam).get("/alerts").text


def test_no_family_sees_the_bar(waits, doors, cast, clock):
    waits()
    clock.forward(minutes=3)
    assert BAR not in doors.family.sign_in_as(cast.ruth).get("/").text


def test_how_long_is_said_in_words():
    assert [waited(s) for s in (30, 61, 119, 7200, 200_000)] == [
        "less than a minute", "1 minute", "1 minute", "2 hours", "2 days",
    ]  # fmt: skip
