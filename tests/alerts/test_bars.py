"""The bar on every staff page: an alert has waited and nobody has it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.alerts.models import Alert
from portal.db import engines_of, session
from tests.statements import before_each, statements_of


@pytest.fixture
def waits_half_an_hour(says, climbs, clock):
    """An alert of this rule that has climbed to its last rung; its id."""

    def wait(rule="not safe", **more):
        alert = says(rule, **more)
        clock.forward(minutes=60 if rule == "about a worker" else 30)
        climbs()
        return alert

    return wait


@pytest.mark.parametrize("who", ["sam", "lee", "dan", "dee", "cory", "priya", "noor", "ade", "aud"])
def test_after_30_minutes_it_stands_on_everybodys_page_and_names_nobody(waits_half_an_hour, doors, cast, who):
    waits_half_an_hour()
    page = doors.staff.sign_in_as(getattr(cast, who)).get("/")
    assert "An alert has waited 30 minutes and nobody has it." in page.text
    assert "alert-banner" in page.html


def test_before_that_there_is_none(says, climbs, doors, clock, cast):
    says("not safe")
    clock.forward(minutes=29)
    climbs()
    assert "nobody has it" not in doors.staff.sign_in_as(cast.dee).get("/").text


def test_who_may_open_every_alert_has_a_link_and_the_others_a_number(waits_half_an_hour, at_door, cast):
    waits_half_an_hour()
    assert "Look at the alerts" in at_door("staff").sign_in_as(cast.dee).get("/").text
    assert "Tell the duty team: 0161 496 0101." in at_door("staff").sign_in_as(cast.noor).get("/").text


def test_once_somebody_has_it_it_is_gone(waits_half_an_hour, doors, at_work, cast):
    alert = waits_half_an_hour()
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    assert "nobody has it" not in doors.staff.sign_in_as(cast.dee).get("/").text


def test_what_was_said_at_night_with_nobody_there_is_first_on_every_page_at_the_opening(
    says, doors, clock, cast
):
    clock.at = datetime(2026, 11, 24, 22, tzinfo=UTC)
    says("not safe")
    clock.forward(hours=11)
    assert "An alert has waited 11 hours" in doors.staff.sign_in_as(cast.noor).get("/").text


def test_what_may_be_about_staff_is_a_bar_for_managers_alone(waits_half_an_hour, at_door, cast):
    """Seen red with a count over every rule."""
    waits_half_an_hour("about a worker")
    for who, there in ((cast.sam, False), (cast.dee, False), (cast.noor, False), (cast.priya, True)):
        text = at_door("staff").sign_in_as(who).get("/").text
        assert ("nobody has it" in text) is there


def test_the_manager_whom_it_is_about_sees_no_bar(waits_half_an_hour, doors, cast):
    waits_half_an_hour("about a worker", about=cast.priya)
    assert "nobody has it" not in doors.staff.sign_in_as(cast.priya).get("/").text


@pytest.mark.sqlite_file
def test_it_is_asked_of_what_waits_and_not_of_every_alert_there_was(says, hub_file, doors, cast):
    """Seen red without "not closed", which alone lets SQLite walk the small index: it read the whole table."""
    says("not safe")
    browser, asked = doors.staff.sign_in_as(cast.dee), []

    def note(connection, cursor, statement, parameters, *_):
        if "bar_from <=" in statement:
            asked.append((statement, parameters))

    with before_each(hub_file, note):
        browser.get("/")
    ((statement, parameters),) = asked
    with engines_of(hub_file).reading.connect() as look:
        plan = str(look.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
    assert plan.count("alert USING INDEX ix_alert_") == 2, plan  # how many, and since when


def test_it_stands_beside_the_bar_of_messages_that_do_not_leave(waits_half_an_hour, doors, at_work, cast):
    waits_half_an_hour()
    text = doors.staff.sign_in_as(cast.dee).get("/").text
    assert "Messages are not leaving" in text
    assert "nobody has it" in text
    with at_work():
        assert session.scalars(select(Alert.bar_from)).one() is not None


def test_both_bars_together_cost_every_page_one_statement(waits_half_an_hour, doors, cast, hub_file):
    """Seen red with a statement for each."""
    waits_half_an_hour()
    dee = doors.staff.sign_in_as(cast.dee)
    with statements_of(*engines_of(hub_file)) as seen:
        page = dee.get("/alerts")
    assert page.text.index("nobody has it") < page.text.index("Messages are not leaving")
    assert len([one for one in seen if "bar_from <=" in one or "sender_beat" in one]) == 1
